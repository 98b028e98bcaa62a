"""The one adapter that knows the live IPython shell."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.notebook import Cell, Snapshot

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

MESSAGE_LIMIT = 2000
"""Characters of an error message that are kept."""


MOST_TIMINGS = 500
"""Cells of which it is kept how long they took."""

RanCell = tuple[str, str, str, str, float | None, int | None, frozenset[str]]
"""As `llm_notebook.truth.log.Run`, which is made of it when somebody asks."""

COLLABORATIVE = "RTC:"
"""The drive under which jupyter-collaboration opens a file."""


class LiveKernel:
    """A shell as a session's `Workspace`, and what else the faces ask of it.

    Parameters
    ----------
    shell : InteractiveShell
        The running shell; a terminal's or an ipykernel's.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self._error: ErrorInfo | None = None
        self._began = 0.0
        # Only kept here: what it says is worked out with the first dry run.
        self._timings: deque[tuple[str, str, float]] = deque(maxlen=MOST_TIMINGS)
        self.runs: list[RanCell] = self._runs_before()
        self._after: list[Callable[[], None]] = []
        self._root: Path | None = None
        shell.events.register("pre_run_cell", self._begins)
        shell.events.register("post_run_cell", self._ran)

    # -- Workspace ----------------------------------------------------------

    def namespace(self) -> Mapping[str, object]:
        """The user's variables; a copy, since a running cell may change them meanwhile."""
        hidden: Mapping[str, object] = self.shell.user_ns_hidden
        return {
            name: value
            for name, value in dict(self.shell.user_ns).items()
            if not (name in hidden and hidden[name] is value)
        }

    def last_error(self) -> ErrorInfo | None:
        """What the last executed cell ended in, or None where it succeeded."""
        return self._error

    def folder(self) -> Path | None:
        """The working folder, or None where it was deleted."""
        try:
            return Path.cwd()
        except OSError:
            return None

    def timings(self) -> tuple[tuple[str, str, float], ...]:
        """The last cells that ran to their end: id, source and the seconds that each took."""
        return tuple(self._timings)

    def hooks(self) -> tuple[str, ...]:
        """What of the notebook's own runs together with every cell, in words."""
        from llm_notebook.faces.hooks import hooks_of

        return hooks_of(self.shell)

    def _begins(self, _: Any) -> None:
        self._began = time.monotonic()

    def _ran(self, result: Any) -> None:
        error = result.error_in_exec or result.error_before_exec
        text = str(getattr(result.info, "raw_cell", ""))
        is_ours = text.lstrip().startswith(("%llm", "%%llm"))
        if text.strip() and not is_ours and result.error_before_exec is None:
            self._record(result, text)
        if self._began and error is None and text.strip() and not is_ours:
            cell = getattr(result.info, "cell_id", None) or self.cell_id() or ""
            self._timings.append((cell, text, time.monotonic() - self._began))
        self._began = 0.0
        waiting, self._after = self._after, []
        for work in waiting:
            work()
        if error is None:
            # A line about us says nothing about the person's last error.
            if not is_ours:
                self._error = None
            return
        cell = getattr(result.info, "cell_id", None) or self.cell_id()
        if cell is None and isinstance(result.execution_count, int):
            cell = f"in-{result.execution_count}"  # as `history` names it
        self._error = msgspec.structs.replace(_describe(error), cell=cell)

    def _runs_before(self) -> list[RanCell]:
        """What ran before anybody listened: whether it succeeded and where is not known."""
        inputs = self.shell.user_ns.get("In", [])
        done = list(inputs)[1 : self.shell.execution_count]
        return [
            (f"in-{number}", source, "ran", f"[{number}]", None, None, frozenset())
            for number, source in enumerate(done, 1)
            if isinstance(source, str) and source.strip()
        ]

    def _record(self, result: Any, text: str) -> None:
        count = result.execution_count
        label = f"[{count}]" if isinstance(count, int) else ""
        cell = getattr(result.info, "cell_id", None) or self.cell_id() or f"in-{count}"
        error = result.error_in_exec
        outcome = "ran"
        if error is not None:
            outcome = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        seconds = time.monotonic() - self._began if self._began else None
        frames = _frames(self.shell.user_ns)
        self.runs.append((cell, text, outcome, label, seconds, _line(error), frames))

    # -- what only faces need ------------------------------------------------

    def when_idle(self, work: Callable[[], None]) -> None:
        """Do this now, or as soon as the cell that runs has ended."""
        if self._began:
            self._after.append(work)
        else:
            work()

    @property
    def kernel(self) -> Any | None:
        """The ipykernel that runs the shell, or None in a terminal."""
        return getattr(self.shell, "kernel", None)

    def cell_id(self) -> str | None:
        """Id of the notebook cell that is running, where its host names it."""
        found = self.parent().get("metadata", {}).get("cellId")
        return found if isinstance(found, str) else None

    def parent(self) -> dict[str, Any]:
        """The request being handled; empty in a terminal."""
        get_parent = getattr(self.shell, "get_parent", None)
        found = get_parent() if get_parent is not None else None
        return found if isinstance(found, dict) else {}

    def notebook_name(self, reported: str = "") -> str:
        """What the notebook is called in the store: its absolute path where it is known.

        Jupyter's server tells a kernel its notebook's path once, at start. A
        front end reports the present path, relative to a root that the kernel
        does not know. As long as the two end alike, what stands before is the
        root; it holds after a rename or a move. Where a front end speaks up for
        the first time after a rename, the folder of the one and the name of the
        other are right.
        """
        told = os.environ.get("JPY_SESSION_NAME", "")
        reported = reported.removeprefix(COLLABORATIVE)
        if not (told and reported):
            return told or reported
        if Path(told).parts[-len(Path(reported).parts) :] == Path(reported).parts:
            self._root = Path(*Path(told).parts[: -len(Path(reported).parts)])
        if self._root is not None:
            return str(self._root / reported)
        return str(Path(told).with_name(Path(reported).name))

    def history(self) -> Snapshot:
        """The inputs so far as cells: the notebook of a host that shows us none."""
        inputs = self.shell.user_ns.get("In", [])
        cells = [
            Cell(f"in-{number}", "code", source)
            for number, source in enumerate(inputs)
            if isinstance(source, str)
            and source.strip()
            and not source.lstrip().startswith(("%llm", "%%llm", "%load_ext llm_notebook"))
        ]
        return Snapshot(tuple(cells), path=self.notebook_name())


def _frames(names: Mapping[str, object]) -> frozenset[str]:
    """Names of frames and series of pandas and polars."""
    return frozenset(
        name
        for name, value in dict(names).items()
        if type(value).__name__ in ("DataFrame", "Series")
        and type(value).__module__.partition(".")[0] in ("pandas", "polars")
    )


def _line(error: BaseException | None) -> int | None:
    """The line of the cell that an error came out of."""
    trace = None if error is None else error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "ipykernel_" in name or name.startswith("<ipython-input"):
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def _describe(error: BaseException) -> ErrorInfo:
    """Type, message, line and frame of an error, without calling code of the user's.

    An exception's ``str`` may be the user's own method, so it is used for
    builtin exceptions only; for others the textual arguments stand in.
    """
    if type(error).__module__ == "builtins":
        message = str(error)
    else:
        message = ", ".join(arg for arg in error.args if type(arg) is str)
    kind, message = type(error).__name__, message[:MESSAGE_LIMIT]
    if isinstance(error, SyntaxError):
        frame = f"line {error.lineno}" if error.lineno else ""
        return ErrorInfo(kind, message, (error.text or "").strip(), frame)
    line = frame = ""
    trace = error.__traceback__
    import linecache

    while trace is not None:
        # The last frame that is the person's own code, not a library's.
        code = trace.tb_frame.f_code
        if "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-input"):
            line = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            is_bare = code.co_name.startswith(("<module>", "<cell line"))
            where = "" if is_bare else f"{code.co_name}, "
            frame = f"{where}line {trace.tb_lineno}"
        trace = trace.tb_next
    return ErrorInfo(kind, message, line, frame)
