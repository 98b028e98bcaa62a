"""When the kernel's main thread is idle, and how to get there from another thread."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

AGAIN = 0.05
"""Seconds until it is looked again whether a cell has ended."""

_RUNS = {"run_code", "run_cell", "_run_cell", "run_ast_nodes"}


class MainThread:
    """The main thread of one shell.

    Parameters
    ----------
    shell : InteractiveShell
        Its events tell which cell runs.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self.cell = ""
        """Id of the cell that runs, where it is known."""
        self.busy = False
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)

    def close(self) -> None:
        """Hear no more."""
        for event, heard in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            if heard in self._shell.events.callbacks[event]:
                self._shell.events.unregister(event, heard)

    def _before(self, info: Any) -> None:
        self.cell, self.busy = str(getattr(info, "cell_id", "") or ""), True

    def _after(self, result: Any) -> None:
        self.cell, self.busy = "", False

    def here(self) -> bool:
        """Whether the caller is the main thread."""
        return threading.current_thread() is threading.main_thread()

    def in_cell(self) -> bool:
        """Whether the caller is part of a cell that runs, such as a magic."""
        return self.here() and _runs(sys._getframe())

    @property
    def loop(self) -> Any | None:
        """The loop that the main thread sits in, as tornado wraps it; None without a kernel."""
        return getattr(getattr(self._shell, "kernel", None), "io_loop", None)

    def when_idle(self, call: Callable[[], None], wanted: Callable[[], bool]) -> None:
        """Have `call` called in the main thread once no cell runs, unless it is no longer wanted.

        A cell that awaits lets callbacks through, so it is looked whether one
        is under way, and again until none is.
        """
        loop = self.loop
        if loop is None:
            raise RuntimeError("there is no loop")

        def attempt() -> None:
            if not wanted():
                return
            if cell_under_way():
                loop.call_later(AGAIN, attempt)
            else:
                call()

        loop.add_callback(attempt)


def _runs(frame: FrameType | None) -> bool:
    while frame is not None:
        code = frame.f_code
        if code.co_name in _RUNS and code.co_filename.endswith("interactiveshell.py"):
            return True
        frame = frame.f_back
    return False


def cell_under_way() -> bool:
    """Whether a cell runs in any thread, or awaits something in the loop of this one."""
    if any(_runs(frame) for frame in sys._current_frames().values()):
        return True
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:
        return False
    for task in tasks:
        code = getattr(task.get_coro(), "cr_code", None)
        if code is not None and code.co_name == "run_cell_async":
            return True
    return False
