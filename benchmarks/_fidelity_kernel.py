"""In the kernel that is measured: what state it is in, and dry runs on demand.

`serve` answers on a Unix socket from a thread, so that no cell runs while a
dry run starts, as in a notebook.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import socket
import sys
import threading
import warnings
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import OVER, Preview

THREAD = "fidelity"
BIG = 200_000_000
"""Bytes of a pickled variable that are compared."""


def serve(path: str, shell: Any) -> None:
    """Listen, and return."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    threading.Thread(target=_answer, args=(listener, shell), name=THREAD, daemon=True).start()


def _answer(listener: socket.socket, shell: Any) -> None:
    from llm_notebook.dryrun import ForkedRuns

    runs = ForkedRuns(shell)
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as channel:
            request = json.loads(channel.readline())
            if request["do"] == "state":
                channel.write(json.dumps(state(shell)).encode() + b"\n")
            else:
                channel.write(msgspec.json.encode(previewed(runs, request)) + b"\n")


def previewed(runs: Any, request: dict[str, Any]) -> Preview:
    """A cell's preview, when it is over."""
    over = threading.Event()
    last: list[Preview] = []

    def heard(preview: Preview) -> None:
        last.append(preview)
        if preview.status in OVER:
            over.set()

    cell = PlannedCell(request["cell"], request["source"])
    running = runs.start(_plan(cell, request), heard)
    if not over.wait(request["budget"] + 30):
        running.cancel()
        over.wait(10)
    # The last preview is told before its process is cleared away.
    running.wait(30)
    return last[-1]


def _plan(cell: PlannedCell, request: dict[str, Any]) -> Plan:
    memory = request.get("memory", 0)
    return Plan("fidelity", "", (cell,), budget=request["budget"], memory=memory)


def state(shell: Any) -> dict[str, str]:
    """What a dry run must leave as it is: a digest of each."""
    space = shell.user_ns
    told = {
        f"variable {name}": _digest(value)
        for name, value in list(space.items())
        if name not in shell.user_ns_hidden and not name.startswith("_")
    }
    told |= {
        "random state": _digest(random.getstate()),
        "working folder": os.getcwd(),
        "environment": _digest(sorted(os.environ.items())),
        "modules": _digest(sorted(sys.modules)),
        "inputs": _digest(list(space.get("In", ()))),
        "outputs": _digest(sorted(space.get("Out", {}))),
        "execution count": str(shell.execution_count),
        "log handlers": _digest([repr(h) for h in logging.getLogger().handlers]),
        "warning filters": _digest([repr(f) for f in warnings.filters]),
        "excepthook": repr(sys.excepthook),
        "streams": f"{id(sys.stdout)} {id(sys.stderr)} {id(sys.displayhook)}",
        "import path": _digest(sys.path),
        "children": _children(),
    }
    if "numpy" in sys.modules:
        told["numpy's random state"] = _digest(sys.modules["numpy"].random.get_state())
    if "matplotlib.pyplot" in sys.modules:
        pyplot = sys.modules["matplotlib.pyplot"]
        told["figures"] = _digest(pyplot.get_fignums())
        told["figure settings"] = _digest(sorted((k, repr(v)) for k, v in pyplot.rcParams.items()))
    return told


def _digest(value: object) -> str:
    try:
        import cloudpickle

        data = cloudpickle.dumps(value, protocol=5)
    except Exception:
        return f"{type(value).__name__} {id(value)}"
    if len(data) > BIG:
        return f"{type(value).__name__} {id(value)} {len(data)}"
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _children() -> str:
    found = []
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/children") as file:
                found += file.read().split()
        except OSError:
            continue
    return " ".join(sorted(found))
