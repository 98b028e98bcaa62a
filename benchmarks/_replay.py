"""Run a notebook's cells twice whole and once from a context alone, and compare the values.

`context_size` starts this in a process of its own for each notebook. Cells run
in forks of one IPython shell, each in an empty folder, without a network and
without shell commands, and each cell with a time limit. The result is one line
of JSON for each target.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import io
import json
import os
import pickle
import re
import signal
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llm_notebook.context import build_context
from llm_notebook.context.source import read_source
from llm_notebook.core.notebook import Snapshot
from llm_notebook.files import read

CELL_SECONDS = 8
RUN_SECONDS = 40
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def main(path: str, targets: list[int], budget: int) -> int:
    """Print, for each target, whether it can be compared and whether its values were the same."""
    book = read(Path(path))
    shell = _shell()
    whole = [_forked(lambda: _run_whole(shell, book, targets, budget)) for _ in range(2)]
    if None in whole:
        return 0
    for target in targets:
        first, second = (run.get(str(target)) for run in whole)
        # What differs from run to run, or does not run, tells nothing about the context.
        if not first or not second or not first["values"] or first["values"] != second["values"]:
            continue
        shown = [*first["shown"], target]
        part = _forked(lambda shown=shown: _run_part(shell, book, shown)) or {}
        line = {
            "target": target,
            "tokens": first["tokens"],
            "schemas": first["schemas"],
            "same": part.get("values") == first["values"],
            "error": part.get("error", ""),
        }
        print("TARGET", json.dumps(line), flush=True)
    return 0


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    warnings.simplefilter("ignore")
    for module in ("numpy", "pandas", "matplotlib.pyplot", "sklearn", "seaborn"):
        with contextlib.suppress(ImportError):
            importlib.import_module(module)  # once, instead of in every fork
    shell = InteractiveShell.instance()
    shell.system = shell.system_piped = shell.system_raw = lambda *_: None
    shell.showtraceback = lambda *_, **__: None
    socket.socket.connect = _no_network  # type: ignore[method-assign]
    socket.getaddrinfo = _no_network
    return shell


def _no_network(*_: Any, **__: Any) -> Any:
    raise OSError("no network here")


def _run_whole(shell: Any, book: Snapshot, targets: list[int], budget: int) -> dict[str, Any]:
    found = {}
    wanted = set(targets)
    ends = time.monotonic() + RUN_SECONDS
    for index, cell in enumerate(book.cells[: max(targets) + 1]):
        if cell.type != "code":
            continue
        if time.monotonic() > ends:
            break
        if index not in wanted:
            _run(shell, cell.source)
            continue
        context = build_context(book, "", cell.id, shell.user_ns, budget=budget)
        # Code below the target is not part of what its values come from.
        places = [int(shown.label[1:]) - 1 for shown in context.cells]
        found[str(index)] = {
            "tokens": sum(piece.tokens for piece in context.pieces),
            "schemas": sum(p.tokens for p in context.pieces if p.kind == "variable"),
            "shown": [i for i in places if i < index],
            "values": _run(shell, cell.source, read=True)[0],
        }
    return found


def _run_part(shell: Any, book: Snapshot, shown: list[int]) -> dict[str, Any]:
    values: dict[str, str] = {}
    error = ""
    for index in shown:
        if book.cells[index].type == "code":
            is_target = index == shown[-1]
            values, error = _run(shell, book.cells[index].source, read=is_target)
    return {"values": values, "error": error}


def _run(shell: Any, source: str, *, read: bool = False) -> tuple[dict[str, str], str]:
    """Run a cell; digests of what it made, printed, returned and drew. Empty where it failed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        signal.signal(signal.SIGALRM, _too_long)
        signal.alarm(CELL_SECONDS)
        try:
            done = shell.run_cell(source, store_history=False, silent=False)
        finally:
            signal.alarm(0)
    error = done.error_in_exec or done.error_before_exec
    values: dict[str, str] = {}
    if read and error is None:
        facts = read_source(source)
        values = {name: shell.user_ns.get(name) for name in facts.defines | facts.touches}
        values = {name: _digest(value) for name, value in sorted(values.items())}
        values |= {"<result>": _digest(done.result), "<printed>": _digest(printed.getvalue())}
        values |= {"<drawn>": _figures()}
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    return values, "" if error is None else f"{type(error).__name__}: {error}"[:200]


def _too_long(*_: object) -> None:
    raise TimeoutError("a cell took too long")


def _figures() -> str:
    """A digest of the pixels of every open figure."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    found = hashlib.sha256()
    for number in pyplot.get_fignums() if pyplot else []:
        figure = pyplot.figure(number)
        figure.canvas.draw()
        found.update(bytes(figure.canvas.buffer_rgba()))
    return found.hexdigest()


def _digest(value: Any, depth: int = 0) -> str:
    """The same for equal values; of what cannot be compared, the type only."""
    cls = type(value)
    name = f"{cls.__module__}.{cls.__qualname__}"
    if cls in (list, tuple, set, frozenset, dict) and depth < 4 and len(value) < 10_000:
        parts = value.items() if cls is dict else value
        digests = [_digest(part, depth + 1) for part in parts]
        if cls in (set, frozenset):
            digests.sort()
        return hashlib.sha256(f"{name}{digests}".encode()).hexdigest()
    if callable(value) or name.startswith(("matplotlib.", "seaborn.")):
        return name
    if cls is str:
        return hashlib.sha256(_ADDRESS.sub("0x", value).encode("utf-8", "replace")).hexdigest()
    try:
        return f"{name}:{hashlib.sha256(pickle.dumps(value)).hexdigest()}"
    except Exception:
        return name


def _forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What some work returns that a child does in an empty folder; None where it failed."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(0)
        os.setpgid(0, 0)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            os.environ["HOME"] = folder
            try:
                found = json.dumps(work()).encode()
                with os.fdopen(writer, "wb") as pipe:
                    pipe.write(found)
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
            finally:
                os.chdir("/")
        os._exit(0)
    os.close(writer)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(RUN_SECONDS + 2 * CELL_SECONDS)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    signal.alarm(0)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return dict(json.loads(data)) if data else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])))
