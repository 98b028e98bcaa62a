"""In the child: run cells as the live kernel would, and know the line that is reached."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from llm_notebook.core.plan import PlannedCell
from llm_notebook.dryrun import wire
from llm_notebook.dryrun.telling import Teller

TIMED = "<timed exec>"
"""The file name of the code under ``%%time``; its first line is the cell's second."""


class Cells:
    """Run cells one after the other.

    Parameters
    ----------
    shell : InteractiveShell
    teller : Teller
    parent_pid : int
        Of the live kernel, whose name is in the file names of its cells.
    in_loop : bool
        Whether the live kernel runs its cells inside of a running loop.
    """

    def __init__(self, shell: Any, teller: Teller, parent_pid: int, *, in_loop: bool) -> None:
        self.shell = shell
        self.teller = teller
        self.exits: list[str] = []
        self._file = ""
        self._shift = 0
        self._in_loop = in_loop
        self._fresh: asyncio.AbstractEventLoop | None = None
        self._names(parent_pid)

    def _names(self, parent_pid: int) -> None:
        """Have the compiler name files as in the live kernel, and tell us the names."""
        compiler = self.shell.compile
        name_of, cache = compiler.get_code_name, compiler.cache
        folder = tempfile.gettempdir()

        def get_code_name(raw_code: str, code: str, number: int) -> Any:
            # The name has the temporary folder in it, which is another in the sandbox.
            own, tempfile.tempdir = tempfile.tempdir, folder
            try:
                name = str(name_of(raw_code, code, number))
            finally:
                tempfile.tempdir = own
            return name.replace(f"ipykernel_{os.getpid()}", f"ipykernel_{parent_pid}")

        def told_cache(*args: Any, **kwargs: Any) -> Any:
            name = cache(*args, **kwargs)
            if not self._file:
                self._file = str(name)
                self.teller.tell(wire.Named(self._file, self._shift))
            return name

        compiler.get_code_name, compiler.cache = get_code_name, told_cache

    # -- lines --------------------------------------------------------------------

    def line_in(self, frame: FrameType | None) -> int | None:
        """The line of the running cell that led to this frame."""
        found = None
        while frame is not None:
            found = self._line(frame.f_code.co_filename, frame.f_lineno) or found
            frame = frame.f_back
        return found

    def line_of(self, error: BaseException | None) -> int | None:
        """The line of the running cell in which an exception was raised."""
        if isinstance(error, SyntaxError) and error.filename == self._file and error.lineno:
            return error.lineno + self._shift
        trace: TracebackType | None = error.__traceback__ if error is not None else None
        found = None
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file == TIMED or found is None:
                found = self._line(file, trace.tb_lineno) or found
            trace = trace.tb_next
        return found

    def _line(self, file: str, line: int) -> int | None:
        if file == TIMED:
            return line + self._shift + 1
        return line + self._shift if file and file == self._file else None

    # -- running --------------------------------------------------------------------

    def run_all(self, cells: list[tuple[int, PlannedCell]], between: Callable[[int], None]) -> bool:
        """Run cells; whether all went well. `between` is called before each, with its index.

        Downstream cells go on past one that fails: each says for itself whether it would break.
        """
        if not self._in_loop:
            return self._in_turn(cells, between)

        # A kernel's cells run inside its running loop, so these do too: code that
        # asks for the loop, or may not start another, meets what it meets live.
        async def run() -> bool:
            went_well = True
            for index, cell in cells:
                between(index)
                went_well = await self._one_async(index, cell) and went_well
                await asyncio.sleep(0)
                if self._stop(went_well, cell):
                    break
            return went_well

        return self._loop().run_until_complete(run())

    def _loop(self) -> asyncio.AbstractEventLoop:
        """A loop of the child's own; the kernel's shares its descriptors with the kernel."""
        if self._fresh is None:
            asyncio._set_running_loop(None)
            self._fresh = asyncio.new_event_loop()
            asyncio.set_event_loop(self._fresh)
        return self._fresh

    def _in_turn(
        self, cells: list[tuple[int, PlannedCell]], between: Callable[[int], None]
    ) -> bool:
        went_well = True
        for index, cell in cells:
            between(index)
            self._begin(index, cell)
            result = self.shell.run_cell(cell.source, store_history=True, **self._id(cell))
            went_well = self._end(index, cell, result) and went_well
            if self._stop(went_well, cell):
                break
        return went_well

    def _stop(self, went_well: bool, cell: PlannedCell) -> bool:
        return bool(self.exits) or (not went_well and not cell.downstream)

    def _id(self, cell: PlannedCell) -> dict[str, Any]:
        import inspect

        known = inspect.signature(self.shell.run_cell).parameters
        takes = "cell_id" in known or any(p.kind is p.VAR_KEYWORD for p in known.values())
        return {"cell_id": cell.cell} if takes else {}

    async def _one_async(self, index: int, cell: PlannedCell) -> bool:
        shell, source = self.shell, cell.source
        self._begin(index, cell)
        caught = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, caught = source, sys.exc_info()
        if shell.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=caught
        ):
            result = None
            try:
                result = await shell.run_cell_async(
                    source,
                    store_history=True,
                    transformed_cell=transformed,
                    preprocessing_exc_tuple=caught,
                    **self._id(cell),
                )
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(source, store_history=True, **self._id(cell))
        return self._end(index, cell, result)

    def _begin(self, index: int, cell: PlannedCell) -> None:
        # IPython takes empty lines at the top away.
        stripped = cell.source.lstrip("\n \t\r")
        self._shift = cell.source[: len(cell.source) - len(stripped)].count("\n")
        self._file = ""
        self.teller.muted = index < 0
        self._figures = known_figures()
        self.teller.cut = 0
        self.teller.raised = False
        self.teller.tell(wire.Began(index))

    def _end(self, index: int, cell: PlannedCell, result: Any) -> bool:
        error = result.error_before_exec or result.error_in_exec
        broken = bool(getattr(self.shell, "_last_traceback_during_displayhook", False))
        show_left_open(self.shell, self._figures)
        ok = error is None and not broken
        self.teller.muted = False
        if error is not None and index >= 0 and not self.teller.raised:
            # A magic that was misused says so in plain text.
            told = wire.Raised(type(error).__name__, str(error), self.line_of(error), "")
            self.teller.tell(told)
        memory = isinstance(error, MemoryError)
        if index < 0 and not ok:
            name = type(error).__name__ if error is not None else "error"
            why = f"An earlier cell, which it needs, raised {name}: {error}"
            self.teller.tell(wire.Unable(why[:500]))
        self.teller.tell(wire.Finished(index, ok, self.teller.cut, memory))
        return ok


def _open_figures() -> list[Any]:
    helpers: Any = sys.modules.get("matplotlib._pylab_helpers")
    matplotlib: Any = sys.modules.get("matplotlib")
    if helpers is None or matplotlib is None:
        return []
    backend = str(matplotlib.rcParams._get("backend")).lower()
    if any(name in backend for name in ("inline", "ipympl", "nbagg", "widget")):
        return []
    return [manager.canvas.figure for manager in helpers.Gcf.get_all_fig_managers()]


def known_figures() -> list[Any]:
    """Figures that are open already; they are not shown unless a cell draws on them."""
    figures = _open_figures()
    for figure in figures:
        figure.stale = False
    return figures


def show_left_open(shell: Any, known: list[Any]) -> None:
    """Show figures that the cell made and left open, where no front end would show them.

    Under Agg a script's figures are seen by nobody; a preview is there to be looked at.
    """
    for figure in _open_figures():
        if not figure.stale and any(figure is other for other in known):
            continue
        import io

        picture = io.BytesIO()
        try:
            figure.savefig(picture, format="png", bbox_inches="tight")
        except Exception:
            continue  # a figure that cannot be drawn would not be seen live either
        figure.stale = False
        shell.display_pub.publish(
            {"image/png": b64encode(picture.getvalue()).decode(), "text/plain": repr(figure)},
            {"llm_notebook": {"figure": "left open"}},
        )


def stop_at(cells: Cells, signum: int, then: Callable[[], None]) -> None:
    """When the parent says that the time is over: tell the line, finish, and end."""

    def handler(_signum: int, frame: FrameType | None) -> None:
        signal.signal(signum, signal.SIG_IGN)
        line = cells.line_in(frame)

        def end() -> None:
            cells.teller.tell(wire.Reached(line))
            then()
            os._exit(0)

        cells.teller.between_lines(end)

    signal.signal(signum, handler)
