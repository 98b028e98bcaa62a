"""A real JupyterLab in a home of its own, and a notebook in it as a test sees it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Locator, Page

REPO = Path(__file__).resolve().parents[2]
BUNDLE = REPO / "llm_notebook" / "labextension"
RESULTS = REPO / "test-results"
EXTENSION = "jupyterlab-llm-notebook"

START_SECONDS = 90
PATIENCE = 30_000
"""How long a wait in the page may take, in milliseconds: a slow machine passes, a hang does not."""

NOTEBOOK_SETTINGS = "@jupyterlab/notebook-extension:tracker"
THEME_SETTINGS = "@jupyterlab/apputils-extension:themes"
# Installed for the tests of it, and in the way of all others: most people do not have it.
COLLABORATION_IN_THE_PAGE = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
COLLABORATION_IN_THE_SERVER = ("jupyter_server_ydoc", "jupyter_server_fileid")
OUR_SERVER_PART = "llm_notebook.faces.server"
OUR_SETTINGS = "jupyterlab-llm-notebook:plugin"
QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}


def cell(
    source: str, cell_type: str = "code", id: str = "", outputs: Sequence[Any] = ()
) -> dict[str, Any]:
    """A cell for `write_notebook`."""
    made: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": source}
    if id:
        made["id"] = id
    if cell_type == "code":
        made |= {"execution_count": None, "outputs": list(outputs)}
    return made


def write_notebook(path: Path, cells: Sequence[str | dict[str, Any]]) -> Path:
    """Write cells as JupyterLab itself would, with the ids ``c1``, ``c2`` … where none is given."""
    made = []
    for number, item in enumerate(cells, 1):
        each = cell(item) if isinstance(item, str) else dict(item)
        made.append({"id": f"c{number}"} | each)
    content = {
        "cells": made,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"mimetype": "text/x-python", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


@dataclass
class Lab:
    """A running JupyterLab."""

    root: Path
    url: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path
    script: Path
    """What the scripted model says; it is chosen when the server starts."""

    def says(self, reply: str, **options: Any) -> None:
        """Let the scripted model answer every ask from now on with `reply`."""
        self.script.write_text(json.dumps({"reply": reply, **options}) + "\n")

    def address(self, path: str) -> str:
        """The address that opens a file in a fresh workspace."""
        return f"{self.url}lab/tree/{path}?token={self.token}&reset"

    def configure(self, plugin: str, values: dict[str, Any]) -> None:
        """Set a plugin's settings as a person would; pages opened from now on see them."""
        body = json.dumps({"raw": json.dumps(values)}).encode()
        request = urllib.request.Request(
            f"{self.url}lab/api/settings/{plugin}",
            data=body,
            method="PUT",
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=30).close()

    def settings(self) -> dict[str, Any]:
        """Our plugin's settings as they are when the server starts: see `quiet_settings`."""
        return quiet_settings(self.script)

    def stop(self) -> None:
        """End the server and its kernels."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def quiet_settings(script: Path) -> dict[str, Any]:
    """The scripted model at level Propose.

    A person begins at Preview. Most tests are not about previews, and a dry run of
    each of their proposals would cost them time and say nothing: those that are
    set level 3 themselves.
    """
    return {"model": f"scripted:{script}", "level": 2}


def start_lab(
    place: Path,
    *,
    bundle: Path | None = None,
    environment: dict[str, str] | None = None,
    extension: bool = True,
    collaboration: bool = False,
) -> Lab:
    """Start JupyterLab with nothing of this machine's user in it.

    Parameters
    ----------
    place : Path
        An empty folder: home, settings and notebooks go below it.
    bundle : Path, optional
        The built front end; it wins over one that is installed.
    environment : dict of str to str, optional
        Added to the server's environment, which the kernels inherit.
    extension : bool, optional
        False for a JupyterLab that does not have ours, to compare with.
    collaboration : bool, optional
        True for a document that all windows share through the server (jupyter-collaboration).
    """
    bundle = bundle or BUNDLE
    if not (bundle / "package.json").is_file():
        raise RuntimeError(
            "The front end is not built. Run `npm ci && npm run build` in labextension/ first."
        )
    root = place / "notebooks"
    extensions = place / "labextensions"
    for folder in (root, extensions):
        folder.mkdir(parents=True)
    disabled = {} if collaboration else dict.fromkeys(COLLABORATION_IN_THE_PAGE, True)
    if extension:
        (extensions / EXTENSION).symlink_to(bundle, target_is_directory=True)
    else:
        # Also the one that is installed, in the environment of `dev.py`.
        disabled[EXTENSION] = True
    _configure(place / "config", disabled, collaboration=collaboration)
    settings = place / "settings"
    script = place / "script.jsonl"
    chosen = {OUR_SETTINGS: quiet_settings(script)}
    for plugin, values in (QUIET | chosen).items():
        package, _, name = plugin.rpartition(":")
        file = settings / package / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    port = _free_port()
    token = secrets.token_hex(16)
    log = place / "jupyterlab.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"),
                *(f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"),
                f"--IdentityProvider.token={token}",
                f"--ServerApp.root_dir={root}",
                "--LabApp.expose_app_in_browser=True",
                f"--LabApp.extra_labextensions_path={extensions}",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=root,
            env=_environment(place, settings) | (environment or {}),
        )
    lab = Lab(root, f"http://127.0.0.1:{port}/", token, process, log, script)
    _wait_until_up(lab)
    return lab


def _configure(config: Path, disabled: dict[str, bool], *, collaboration: bool) -> None:
    """What an administrator would set."""
    labconfig = config / "labconfig"
    labconfig.mkdir(parents=True)
    (labconfig / "page_config.json").write_text(json.dumps({"disabledExtensions": disabled}))
    enabled = dict.fromkeys(COLLABORATION_IN_THE_SERVER, collaboration)
    # An install puts this into the environment's own configuration.
    enabled[OUR_SERVER_PART] = True
    server = {"ServerApp": {"jpserver_extensions": enabled}}
    (config / "jupyter_server_config.json").write_text(json.dumps(server))


def _environment(place: Path, settings: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "TMPDIR"}
    }
    home = place / "home"
    home.mkdir()
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(place / "config"),
        "JUPYTER_DATA_DIR": str(place / "data"),
        "JUPYTER_RUNTIME_DIR": str(place / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(place / "workspaces"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PYTHONPATH": str(REPO),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(lab: Lab) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and lab.process.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{lab.url}api?token={lab.token}", timeout=5).close()
            return
        time.sleep(0.2)
    lab.stop()
    raise RuntimeError(f"JupyterLab did not start:\n{lab.log.read_text()[-4000:]}")


# Finds the notebook of a path in the page, as `nb`.
_FIND = """
  const nb = [...window.jupyterapp.shell.widgets('main')]
    .find(w => w.context && w.context.localPath === path);
"""


@dataclass
class NotebookPage:
    """An open notebook: what a person sees and does, and what is in the document."""

    page: Page
    lab: Lab
    path: str
    problems: list[str] = field(default_factory=list)

    @classmethod
    def open(
        cls, page: Page, lab: Lab, path: str, *, kernel: bool = True, query: str = ""
    ) -> NotebookPage:
        """Open a file; waits for the notebook, and for an idle kernel unless told not to."""
        made = cls(page, lab, path)
        page.on("pageerror", made._failed)
        page.on("console", made._note)
        page.set_default_timeout(PATIENCE)
        page.goto(lab.address(path) + query)
        made._wait_until_open()
        if kernel:
            made.wait_for_idle()
        return made

    def reload(self, *, kernel: bool = True, workspace: bool = False) -> None:
        """Load the page anew, as a person would; with the workspace that it had, if told to."""
        address = self.lab.address(self.path)
        self.page.goto(address.replace("&reset", "") if workspace else address)
        self._wait_until_open()
        if workspace:
            # What JupyterLab puts back takes the focus as it comes.
            self.page.evaluate("() => window.jupyterapp.restored")
        if kernel:
            self.wait_for_idle()

    def js(self, body: str, **values: Any) -> Any:
        """Run the body of an async function in the page; `nb` is the notebook's panel."""
        names = ", ".join(values)
        script = f"async ({{path, {names}}}) => {{ {_FIND} {body} }}"
        return self.page.evaluate(script, {"path": self.path, **values})

    def wait_until(self, body: str, **values: Any) -> None:
        """Wait until the body of a function returns something true."""
        names = ", ".join(values)
        script = f"({{path, {names}}}) => {{ {_FIND} {body} }}"
        self.page.wait_for_function(script, arg={"path": self.path, **values}, timeout=PATIENCE)

    def wait_for_idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.wait_until("return nb.sessionContext.session?.kernel?.status === 'idle'")

    def ask(self, prompt: str, *, at: int = 0, settled: bool = True) -> None:
        """Ask in the panel with a cell active; waits until it is no longer being written."""
        known = self.page.locator(".llm-Card").count()
        self.activate(at)
        self.js("await window.jupyterapp.commands.execute('llm-notebook:focus-prompt')")
        self.page.get_by_text("Ready", exact=True).wait_for()
        prompt_box = self.page.locator(".llm-Panel textarea")
        prompt_box.fill(prompt)
        prompt_box.press("Control+Enter")
        self.page.locator(".llm-Card").nth(known).wait_for()
        if settled:
            self.page.wait_for_function(
                "() => !document.querySelector('.llm-Card.llm-mod-drafting')"
            )

    def ghosts(self) -> Locator:
        """All ghosts of the visible notebook that are in the page."""
        return self.page.locator(".jp-NotebookPanel:visible .llm-Ghost")

    def wait_until_armed(self) -> None:
        """Wait until the buttons of every pending proposal in view work."""
        self.page.wait_for_function(
            """() => {
              const found = [...document.querySelectorAll(
                '.llm-Ghost:not(.llm-mod-stale) .llm-mod-accept')].filter(b => b.offsetParent);
              return found.length && found.every(b => b.ariaDisabled === 'false');
            }"""
        )

    def review(self) -> None:
        """Turn to the next proposal, and wait until its ghost has the focus."""
        self.js("await window.jupyterapp.commands.execute('llm-notebook:enter-review')")
        self.wait_for_ghost_focus()

    def wait_for_ghost_focus(self) -> None:
        """Wait until a ghost has the focus."""
        self.page.wait_for_function("() => document.activeElement?.classList.contains('llm-Ghost')")

    def said(self) -> str:
        """The last sentence for a screen reader about what the keys act on."""
        return str(self.js("return nb.node.querySelector('.llm-Announcer').textContent"))

    def wait_until_marked(self, hunk: int | None, key: str | None = None) -> None:
        """Wait until the keyboard is on a ghost and this hunk, or cell, or nothing is marked."""
        self.page.wait_for_function(
            """([hunk, key]) => {
              const ghost = document.activeElement?.closest('.llm-Ghost');
              if (!ghost || (key !== null && ghost.dataset.llmKey !== key)) return false;
              const bar = document.querySelector('.llm-HunkBar.llm-mod-marked');
              const cell = document.querySelector('.llm-Ghost.llm-mod-marked');
              return hunk !== null
                ? bar?.dataset.hunk === String(hunk) && ghost.contains(bar)
                : key !== null ? cell === ghost && !bar : !cell && !bar;
            }""",
            arg=[hunk, key],
        )

    def cells(self) -> list[dict[str, Any]]:
        """The cells of the shared model, as they would be saved."""
        # As text: what is nested deeply has no other way out of the page.
        found = self.js(
            "return JSON.stringify(nb.content.model.sharedModel.cells.map(cell => cell.toJSON()))"
        )
        return list(json.loads(found))

    def sources(self) -> list[str]:
        """The sources of the shared model, in order."""
        return [item["source"] for item in self.cells()]

    def save(self) -> bytes:
        """Save, and give back the file's bytes."""
        self.js("await nb.context.save()")
        return self.file()

    def file(self) -> bytes:
        """The file's bytes."""
        return (self.lab.root / self.path).read_bytes()

    def activate(self, index: int) -> None:
        """Make a cell the active one in command mode, with the focus on it."""
        self.js(
            """
            const content = nb.content;
            content.deselectAll();
            content.activeCellIndex = index;
            content.mode = 'command';
            await content.scrollToItem(index, 'auto').catch(() => undefined);
            content.activeCell.node.focus();
            """,
            index=index,
        )

    def active(self) -> dict[str, Any]:
        """Index and id of the active cell, the mode, and whether the cell itself has the focus."""
        found = self.js(
            """
            const cell = nb.content.activeCell;
            return {index: nb.content.activeCellIndex, id: cell?.model.id, mode: nb.content.mode,
                    focused: document.activeElement === cell?.node};
            """
        )
        return dict(found)

    def run_cell(self, index: int) -> None:
        """Run a cell with Shift+Enter and wait for the kernel."""
        self.activate(index)
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_timeout(50)
        self.wait_for_idle()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def undo(self) -> None:
        """Undo in the document, as Z in command mode does."""
        self.js("nb.content.model.sharedModel.undo()")

    def cell(self, cell_id: str) -> Locator:
        """A cell's node, once it is drawn."""
        index = self.js(
            "return nb.content.widgets.findIndex(w => w.model.id === id)",
            id=cell_id,
        )
        return self.page.locator(
            f'.jp-NotebookPanel:visible .jp-Notebook-cell[data-windowed-list-index="{index}"]'
        )

    def scroll_to(self, index: int) -> None:
        """Scroll a cell to the middle."""
        self.js(
            "await nb.content.scrollToItem(index, 'center').catch(() => undefined)", index=index
        )

    def shot(self, name: str, *, of: Locator | None = None) -> Path:
        """Keep a picture under ``test-results/``."""
        path = RESULTS / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', name)}.png"
        path.parent.mkdir(exist_ok=True)
        (of or self.page).screenshot(path=str(path), animations="disabled")
        return path

    def _note(self, message: ConsoleMessage) -> None:
        # What JupyterLab says of requests, or of a debugger cut off by a reload, is not ours.
        # Nor is what it says of a comm that another window has closed.
        not_ours = (
            "Failed to load resource",
            "Could not restore the debugger state",
            "Comm not found for comm id",
        )
        if message.type == "error" and not message.text.startswith(not_ours):
            self.problems.append(message.text)

    def _failed(self, error: Error) -> None:
        """Keep what failed, but for JupyterLab's own slip where no kernel can be started."""
        is_labs = "reading 'kernel'" in error.message and error.stack is not None
        if not is_labs or "jupyterlab-llm-notebook" in error.stack:
            self.problems.append(error.message)

    def _wait_until_open(self) -> None:
        for last in (False, True):
            self.page.wait_for_function("() => !!window.jupyterapp", timeout=PATIENCE)
            try:
                self.page.evaluate("() => window.jupyterapp.started")
                break
            except Error:
                # A second window is sent on to a workspace of its own.
                if last:
                    raise
        self.wait_until("return !!nb && nb.context.isReady && nb.content.widgets.length > 0")
