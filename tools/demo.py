"""JupyterLab on `examples/`, with state of its own, until a signal says stop."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from pathlib import Path

from tools import console, env
from tools.console import DEV, ROOT, Trouble, say

EXAMPLES = ROOT / "examples"
NOTEBOOK = "first-five-minutes.ipynb"
STATE = DEV / "demo"
SERVER_LOG = DEV / "jupyterlab.log"
START_WITHIN = 120.0
STOP_WITHIN = 8.0


def run(arguments: list[str]) -> int:
    """Serve until stopped; the exit code.

    ``PORT`` sets the port and ``BROWSER=none`` opens no browser.
    """
    port = _port(os.environ.get("PORT", ""))
    # In a file that only this person can read: a command line is public on the machine.
    token = secrets.token_urlsafe(24)
    _write_settings(port, token)
    url = f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}?token={token}&llm-notebook=open"
    began = time.monotonic()
    with SERVER_LOG.open("wb") as out:
        server = subprocess.Popen(
            [env.PYTHON, "-m", "jupyterlab", *arguments],
            cwd=EXAMPLES,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # Its own group: Ctrl-C is for us, and we end it in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    try:
        _wait_until_up(server, url)
        say(f"JupyterLab is up ({time.monotonic() - began:.1f} s). Ctrl-C stops it.")
        say(f"READY {url}")
        _open_browser(url)
        server.wait()
    except KeyboardInterrupt:
        _stop(server)
        say("\nStopped.")
        return 0
    except BaseException:
        _stop(server)
        raise
    raise Trouble(_ended(server))


def _port(wanted: str) -> int:
    if wanted and not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise Trouble(f"PORT must be a number from 1 to 65535, and it is {wanted!r}.")
    with socket.socket() as probe:
        # As the server will, so that a port it used a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(wanted or 0)))
        except OSError as error:
            why = {
                errno.EADDRINUSE: "is taken by another program",
                errno.EACCES: "may only be used by root",
            }.get(error.errno or 0, f"cannot be used ({error.strerror})")
            raise Trouble(
                f"Port {wanted} {why}. Choose another with PORT=…, or leave PORT out and a free "
                "one is found."
            ) from None
        return int(probe.getsockname()[1])


def _write_settings(port: int, token: str) -> None:
    """Write Jupyter's configuration for this start, and JupyterLab's settings once."""
    for folder in ("config", "data", "runtime", "settings", "workspaces", "ipython"):
        (STATE / folder).mkdir(parents=True, exist_ok=True)
    server = {
        "ServerApp": {
            "allow_root": os.geteuid() == 0,
            "ip": "127.0.0.1",
            "open_browser": False,
            "port": port,
            "port_retries": 0,
            "root_dir": str(EXAMPLES),
            # The tests bring it along; who tries the demo has one window and needs none of it.
            "jpserver_extensions": {"jupyter_server_ydoc": False, "jupyter_server_fileid": False},
        },
        "IdentityProvider": {"token": token},
        "KernelManager": {"shutdown_wait_time": 2.0},
        "LabApp": {
            "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
            "news_url": None,
            "user_settings_dir": str(STATE / "settings"),
            "workspaces_dir": str(STATE / "workspaces"),
        },
    }
    config = STATE / "config" / "jupyter_server_config.json"
    config.unlink(missing_ok=True)
    descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(server, file, indent=1)
    page = STATE / "config" / "labconfig" / "page_config.json"
    page.parent.mkdir(exist_ok=True)
    shared = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
    page.write_text(json.dumps({"disabledExtensions": dict.fromkeys(shared, True)}))
    news = STATE / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    if not news.exists():
        news.parent.mkdir(parents=True, exist_ok=True)
        news.write_text('{"fetchNews": "false", "checkForUpdates": false}\n', encoding="utf-8")


def _environ() -> dict[str, str]:
    """Nothing of the person's own Jupyter: not its settings, not its kernels, not its data."""
    environ = {
        name: value
        for name, value in env.environ().items()
        if not name.startswith(("JUPYTER", "IPYTHON", "JPY_")) and name not in ("PORT", "BROWSER")
    }
    for name, folder in (
        ("JUPYTER_CONFIG_DIR", "config"),
        ("JUPYTER_DATA_DIR", "data"),
        ("JUPYTER_RUNTIME_DIR", "runtime"),
        ("IPYTHONDIR", "ipython"),
    ):
        environ[name] = str(STATE / folder)
    return environ


def _die_with_parent() -> None:
    """Between fork and exec: ask Linux for a SIGTERM when this command is killed outright."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _wait_until_up(server: subprocess.Popen[bytes], url: str) -> None:
    """Return once the very address that a browser will open answers."""
    # No proxy: it would be asked for our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    line = console.Line("Starting JupyterLab")
    while line.seconds < START_WITHIN:
        if server.poll() is not None:
            raise Trouble(_ended(server))
        with contextlib.suppress(OSError), opener.open(url, timeout=10) as answer:
            if answer.status == 200:
                line.close()
                return
        line.tick()
        time.sleep(0.1)
    raise Trouble(
        f"JupyterLab did not answer within {START_WITHIN:.0f} s. What it printed is in "
        f"{SERVER_LOG}."
    )


def _ended(server: subprocess.Popen[bytes]) -> str:
    printed = SERVER_LOG.read_text(encoding="utf-8", errors="replace")
    return (
        f"{console.tail(printed)}\n\nJupyterLab ended by itself with code {server.returncode}. "
        f"What it printed is in {SERVER_LOG}."
    )


def _open_browser(url: str) -> None:
    if os.environ.get("BROWSER", "").lower() == "none":
        return
    try:
        opened = webbrowser.open(url)
    except webbrowser.Error:
        opened = False
    if not opened:
        say("No browser could be opened here: open the address above in one.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, its kernels and their workers; a second signal ends them at once."""
    hurry = False

    def insist(_number: int, _frame: object) -> None:
        nonlocal hurry
        hurry = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, insist)
    family = _family(server.pid)
    server.terminate()
    deadline = time.monotonic() + STOP_WITHIN
    while server.poll() is None and time.monotonic() < deadline and not hurry:
        time.sleep(0.05)
    # Workers end by themselves when their kernel is gone.
    deadline = time.monotonic() + 1
    while _alive(family) and time.monotonic() < deadline and not hurry:
        time.sleep(0.05)
    for pid in _alive(family):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.wait()


def _family(root: int) -> dict[int, str]:
    """All descendants of a process, each with its start time, and the process itself."""
    children: dict[int, list[int]] = {}
    started: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(entry.name)):
            started[int(entry.name)] = fields[19]
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    family: dict[int, str] = {}
    queue = [root]
    while queue:
        pid = queue.pop()
        if pid in started:
            family[pid] = started[pid]
        queue.extend(children.get(pid, []))
    return family


def _alive(family: dict[int, str]) -> list[int]:
    """Those that still run; a process id that was given to another is not one of them."""
    return [
        pid
        for pid, start in family.items()
        if (fields := _stat(pid)) and fields[19] == start and fields[0] != "Z"
    ]


def _stat(pid: int) -> list[str]:
    """State, parent, …: the fields of /proc/PID/stat after the name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
