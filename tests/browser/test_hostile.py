"""Notebooks made to do harm or to break things: opened, looked at, asked about, saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import PATIENCE, Lab, NotebookPage, start_lab
from tests.corpora import CORPORA, needs_corpora, notebook_paths

ALERT = "alert('it ran'); window.itRan = true"
STATUS = "application/vnd.llm-notebook.status+json"
INSERT = "title: Add one\n@@ insert first code\n```python\nadded = 1\n```\n@@ end\n"


def code(source: Any = "x = 1", id: Any = "a1", outputs: Any = (), **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "id": id,
        "outputs": list(outputs),
        "execution_count": None,
        **more,
    }


def book(*cells: Any, **more: Any) -> bytes:
    made = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(made).encode()


def shows(**data: Any) -> dict[str, Any]:
    bundle = {name.replace("__", "/").replace("_", "-"): value for name, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def says(value: Any) -> dict[str, Any]:
    data = {STATUS: value, "text/plain": "a saved line"}
    return {"output_type": "display_data", "metadata": {}, "data": data}


def nested(depth: int) -> Any:
    made: Any = {}
    for _ in range(depth):
        made = {"a": made}
    return made


SCRIPTS = [
    shows(text__html=f'<img src=x onerror="{ALERT}"><script>{ALERT}</script>'),
    shows(text__html=f'<iframe srcdoc="<script>parent.{ALERT}</script>"></iframe>'),
    shows(text__html=f'<svg onload="{ALERT}"></svg><details open ontoggle="{ALERT}">'),
    shows(application__javascript=ALERT),
    {
        **shows(),
        "data": {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{ALERT}\"/>"},
    },
    shows(text__markdown=f'<img src=x onerror="{ALERT}"> [a](javascript:{ALERT})'),
]
RUNS = f'<img src=x onerror="{ALERT}">'

MADE: dict[str, bytes] = {
    "bom": b"\xef\xbb\xbf" + book(code()),
    "lone-surrogate": book(code("x = '\ud800'"), code("y = '\udfff'", id="\ud800")),
    "ids-of-objects": book(
        *[code(f"x = {n}", id=id) for n, id in enumerate(["__proto__", "constructor", "toString"])]
    ),
    "ids-of-selectors": book(code("x = 1", id='a"] *'), code("y = 1", id="#a:b>c")),
    "our-metadata": book(
        code("x = 1", metadata={"llm_notebook": RUNS}),
        code("%%llm\nadd one", id="a2", metadata={"llm_notebook": 5}),
        code(
            "x = 2", id="a3", metadata={"llm_notebook": {"asked_in": {}, "prompt": 7, "hash": []}}
        ),
        code("x = 3", id="a4", metadata={"llm_notebook": {"proposal": ["x"], "asked_in": "a2"}}),
        code("x = 4", id="a5", metadata={"llm_notebook": None, "tags": "not a list"}),
        metadata={"llm_notebook": {"level": RUNS, "model": [1]}},
    ),
    "our-metadata-list": book(code(), metadata={"llm_notebook": [[]]}),
    "our-outputs": book(
        code(
            "%%llm\nadd one",
            outputs=[
                *[says(value) for value in (None, 7, "x", [], {}, {"proposal_id": RUNS})],
                says({"proposal_id": "x" * 100_000}),
                says({"proposal_id": {"__proto__": {"id": 1}}}),
            ],
        )
    ),
    "scripts": book(
        code(outputs=SCRIPTS), {"cell_type": "markdown", "metadata": {}, "source": RUNS, "id": "m1"}
    ),
    "scripts-said-to-be-trusted": book(
        code(metadata={"trusted": True}, outputs=SCRIPTS), metadata={"trusted": True}
    ),
    "deep-metadata": book(code(metadata=nested(300)), metadata=nested(300)),
    "null-source": book(code(None)),
    "carriage-returns": book(code("x = 1\r\ny = 2\rz = 3\n"), code("\0\x07\x1b[2J", id="a2")),
    "lines-unicode-knows": book(code("x = '\u2028\u2029\x85\x0b'\ny = 2")),
    "10000-lines": book(code("\n".join(f"x{n} = {n}" for n in range(10_000)))),
    "many-outputs": book(code(outputs=[shows(text__plain=str(n)) for n in range(2_000)])),
    "no-metadata": json.dumps({"cells": [code()], "nbformat": 4, "nbformat_minor": 5}).encode(),
    "kernel-that-is-not-there": book(
        code(), metadata={"kernelspec": {"name": "../../evil", "display_name": RUNS}}
    ),
    "language-that-is-not-there": book(
        code(), metadata={"language_info": {"name": RUNS, "codemirror_mode": {"name": []}}}
    ),
}

# Where what is asked about may matter: what opens in a JupyterLab, and is odd in its cells.
ASKED = (
    *("lone-surrogate", "ids-of-objects", "ids-of-selectors", "our-metadata", "our-metadata-list"),
    *("our-outputs", "deep-metadata", "carriage-returns", "lines-unicode-knows", "10000-lines"),
)


def hostile_files() -> dict[str, bytes]:
    """All of them, by a name for the file."""
    found = {f"made-{name}.ipynb": data for name, data in MADE.items()}
    if CORPORA.is_dir():
        for path in notebook_paths("pathological") + notebook_paths("notebooks/jupyter+nbformat"):
            found[path.name] = path.read_bytes()
    return found


@dataclass
class Opened:
    """A JupyterLab page in which files are opened one after the other."""

    page: Page
    lab: Lab
    problems: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, page: Page, lab: Lab) -> Opened:
        made = cls(page, lab)
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: made.problems.append(f"{error}\n{error.stack}"))
        page.on(
            "console",
            lambda message: (
                made.problems.append(f"{message.text}\n{message.location}")
                if message.type == "error"
                else None
            ),
        )
        page.on("dialog", lambda dialog: (made.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{lab.url}lab?token={lab.token}&reset")
        page.wait_for_function("() => !!window.jupyterapp")
        page.evaluate("() => window.jupyterapp.restored")
        return made

    def open(self, name: str, *, kernel: bool = False) -> str:
        """Open a file in a notebook, without a kernel unless told so: "open" or "refused"."""
        said = self.page.evaluate(
            """async ({name, kernel}) => {
              const files = [...jupyterapp.shell.widgets('left')].find(w => w.id === 'filebrowser');
              const panel = files.model.manager.open(
                name, 'Notebook', kernel ? {name: 'python3'} : undefined, undefined,
                {shouldStart: kernel, canStart: kernel, autoStartDefault: false,
                 shutdownOnDispose: true});
              if (!panel) return 'not opened';
              // A file that cannot be shown is said in a dialog, and `ready` then never comes.
              for (;;) {
                if (panel.context.isReady && panel.content.widgets.length) return 'open';
                const dialog = document.querySelector('.jp-Dialog');
                if (dialog && !panel.context.isReady) return 'refused';
                await new Promise(go => setTimeout(go, 20));
              }
            }""",
            {"name": name, "kernel": kernel},
        )
        self._put_dialogs_away()
        return str(said)

    def save(self, name: str) -> None:
        self.page.evaluate(
            """async name => {
              const panel = [...jupyterapp.shell.widgets('main')].find(
                w => w.context?.path === name);
              const saved = panel.context.save();
              // Such as: the file on the disk is of another format.
              for (let left = 500, done = false; !done && left; left--) {
                saved.then(() => (done = true), () => (done = true));
                await new Promise(go => setTimeout(go, 20));
                document.querySelector('.jp-Dialog .jp-mod-accept')?.click();
              }
            }""",
            name,
        )
        self._put_dialogs_away()

    def close(self, name: str) -> None:
        self.page.evaluate(
            """async name => {
              const panel = [...jupyterapp.shell.widgets('main')].find(
                w => w.context?.path === name);
              await panel?.sessionContext.shutdown().catch(() => undefined);
              panel?.dispose();
            }""",
            name,
        )
        self._put_dialogs_away()

    def _put_dialogs_away(self) -> None:
        for _ in range(5):
            if not self.page.locator(".jp-Dialog").count():
                return
            self.page.locator(".jp-Dialog button").last.click()
            self.page.wait_for_timeout(50)

    def ours(self) -> list[str]:
        """What went wrong in the front end's own code."""
        return [text for text in self.problems if "jupyterlab-llm-notebook" in text]

    def assert_nothing_ran(self) -> None:
        assert self.dialogs == []
        assert self.page.evaluate("() => window.itRan === undefined")


@pytest.fixture(scope="module")
def bare_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab as it is without the extension."""
    running = start_lab(tmp_path_factory.mktemp("bare"), extension=False)
    yield running
    running.stop()


def put(lab: Lab, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (lab.root / name).write_bytes(data)


def without_made_up_ids(saved: bytes, original: bytes) -> Any:
    """What was saved; ids that JupyterLab made up in place of missing ones are alike."""
    try:
        notebook = json.loads(saved)
    except ValueError:
        return saved
    known = original.decode(errors="replace")
    for number, cell in enumerate(notebook.get("cells", [])):
        if isinstance(cell, dict) and f'"{cell.get("id")}"' not in known:
            cell["id"] = f"made up {number}"
    return notebook


def test_a_save_leaves_what_it_leaves_without_the_extension(
    browser: Browser, lab: Lab, bare_lab: Lab
) -> None:
    files = hostile_files()
    came: list[dict[str, tuple[str, Any]]] = []
    pages = []
    for each in (bare_lab, lab):
        put(each, files)
        opened = Opened.load(browser.new_context().new_page(), each)
        pages.append(opened)
        if each is lab:
            assert opened.page.evaluate(
                "() => jupyterapp.hasPlugin('jupyterlab-llm-notebook:panel')"
            )
            opened.page.evaluate("() => jupyterapp.commands.execute('llm-notebook:open-panel')")
        results = {}
        for name, original in files.items():
            said = opened.open(name)
            if said == "open":
                opened.save(name)
            opened.close(name)
            path = each.root / name
            results[name] = (
                said,
                without_made_up_ids(path.read_bytes(), original),
            )
        came.append(results)
    bare, ours = came
    opens = [name for name, (said, _) in bare.items() if said == "open"]
    assert len(opens) >= 15
    print("refused:", sorted(set(files) - set(opens)))
    for name in files:
        assert ours[name][0] == bare[name][0], name
        assert ours[name][1] == bare[name][1], name
        if name not in opens:
            assert (lab.root / name).read_bytes() == files[name], name
    assert not pages[0].page.evaluate("() => 'llm-notebook:ask' in jupyterapp.commands._commands")
    pages[1].assert_nothing_ran()
    assert pages[1].ours() == []
    first_lines = [{text.split("\n")[0] for text in each.problems} for each in pages]
    for each in first_lines[0], first_lines[1]:
        each.difference_update({line for line in each if "Failed to load resource" in line})
    anonymous = [
        {re.sub(r"127[.]0[.]0[.]1:\d+|/\S+", "", line) for line in each} for each in first_lines
    ]
    assert anonymous[1] <= anonymous[0]
    for opened in pages:
        opened.page.context.close()


def test_each_can_be_asked_about(browser: Browser, lab: Lab) -> None:
    """A proposal comes, is accepted and taken back, or one sentence says why not."""
    files = {name: data for name, data in hostile_files().items() if is_asked(name)}
    put(lab, files)
    lab.says(INSERT)
    opened = Opened.load(browser.new_context().new_page(), lab)
    opened.page.evaluate("() => jupyterapp.commands.execute('llm-notebook:open-panel')")
    failed = {}
    for name in files:
        said = opened.open(name, kernel=True)
        if said == "open":
            try:
                ask_accept_and_take_back(opened, name)
            except Exception as error:  # all of them are told, not the first alone
                failed[name] = str(error)
                opened.page.screenshot(path=f"test-results/hostile-{name}.png")
        opened.close(name)
    assert failed == {}
    opened.assert_nothing_ran()
    assert opened.ours() == []
    opened.page.context.close()


def is_asked(name: str) -> bool:
    if name.startswith("made-"):
        return name.removeprefix("made-").removesuffix(".ipynb") in ASKED
    return (CORPORA / "pathological" / name).exists()


def ask_accept_and_take_back(opened: Opened, name: str) -> None:
    notebook = NotebookPage(opened.page, opened.lab, name)
    notebook.wait_for_idle()
    before = notebook.cells()
    notebook.js("window.jupyterapp.shell.activateById(nb.id)")
    notebook.ask("add one")
    card = opened.page.locator(".llm-Panel:visible .llm-Card").first
    expect(notebook.ghosts()).to_have_count(1)
    notebook.wait_until_armed()
    expect(card.get_by_role("button", name=re.compile("^Accept")).first).to_be_visible()
    assert notebook.cells() == before
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === n", n=len(before) + 1)
    after = notebook.cells()
    assert after[0]["source"] == "added = 1"
    assert after[1:] == before
    notebook.undo()
    notebook.wait_until("return nb.content.widgets.length === n", n=len(before))
    assert notebook.cells() == before


@needs_corpora
def test_the_corpus_is_among_them() -> None:
    assert len(hostile_files()) >= len(MADE) + 20


def test_asked_ones_exist() -> None:
    assert set(ASKED) <= set(MADE)
