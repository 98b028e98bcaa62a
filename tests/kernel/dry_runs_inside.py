"""The side of the tests of dry runs that lives in the kernel under test."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import Preview
from llm_notebook.dryrun.runs import ForkedRuns

_made: dict[str, Any] = {}


def runs() -> ForkedRuns:
    if "runs" not in _made:
        from IPython.core.getipython import get_ipython

        _made["runs"] = ForkedRuns(get_ipython())
    return _made["runs"]  # type: ignore[no-any-return]


def listen(shell: Any) -> None:
    """Start dry runs for messages too, on whatever thread they arrive."""
    runs()

    def opened(_comm: Any, message: Any) -> None:
        data = message["content"]["data"]
        go(data["plan"].encode(), data["path"], here=True)

    shell.kernel.comm_manager.register_target("dry-run-test", opened)


def go(plan: bytes, path: str, *, here: bool = False) -> None:
    """Start a dry run, from another thread once this cell is over; previews go to a file."""
    made = msgspec.json.decode(plan, type=Plan)

    def heard(preview: Preview) -> None:
        with open(path, "ab", buffering=0) as out:
            out.write(msgspec.json.encode(preview) + b"\n")

    def start() -> None:
        _made["last"] = runs().start(made, heard)

    runs()
    if here:
        start()
    else:
        threading.Thread(target=start).start()


def cancel() -> None:
    _made["last"].cancel()


def state(shell: Any) -> dict[str, Any]:
    """What a dry run must leave as it was, as far as a test can compare it."""
    import random

    threads = sorted(thread.name for thread in threading.enumerate())
    for _ in range(100):  # a thread that follows a dry run ends just after its last preview
        threads = sorted(thread.name for thread in threading.enumerate())
        if "preview" not in threads:
            break
        time.sleep(0.02)
    numpy: Any = sys.modules.get("numpy")
    gcf: Any = sys.modules.get("matplotlib._pylab_helpers")
    with contextlib.suppress(KeyError):
        del shell.user_ns["_tried"]
    return {
        "namespace": {
            name: (id(value), repr(value)[:200])
            for name, value in shell.user_ns.items()
            if name not in ("In", "Out", "_", "__", "___", "_dh", "_oh", "_ih", "exit", "quit")
        },
        "in_out": (list(shell.user_ns["In"]), repr(shell.user_ns["Out"])),
        "count": shell.execution_count,
        "modules": sorted(sys.modules),
        "cwd": os.getcwd(),
        "environ": dict(os.environ),
        "random": hash(random.getstate()),
        "numpy": numpy and hash(str(numpy.random.get_state())),
        "figures": gcf and list(gcf.Gcf.figs),
        "logging": [
            logging.getLogger().level,
            len(logging.getLogger().handlers),
            sorted(logging.Logger.manager.loggerDict),
        ],
        "threads": threads,
        "fds": _fds(),
        "hooks": (id(sys.displayhook), id(sys.excepthook), id(sys.stdout), id(sys.stdin)),
        "events": {k: len(v) for k, v in shell.events.callbacks.items()},
        "signals": _signals(),
        "frozen": gc.get_freeze_count(),
        "children": _children(),
        "history": list(shell.history_manager.input_hist_raw),
        "path": list(sys.path),
        "audit": sys.getrecursionlimit(),
    }


def _signals() -> dict[int, str]:
    import signal

    return {number: repr(signal.getsignal(number)) for number in range(1, 32)}


def _fds() -> list[str]:
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.append(f"{name} {os.readlink(f'/proc/self/fd/{name}')}")
    return sorted(line for line in found if "/proc/" not in line)


def _children() -> list[str]:
    """Command lines of what the kernel has started, save the warden, which stays."""
    found: list[str] = []
    for task in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError):
            for pid in Path(f"/proc/self/task/{task}/children").read_text().split():
                found.append(f"{pid} {Path(f'/proc/{pid}/cmdline').read_text()}")
    return [line for line in found if "warden.py" not in line]
