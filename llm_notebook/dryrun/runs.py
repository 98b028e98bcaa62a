"""Dry runs of one shell: when each starts, and that only one runs at a time."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import Isolation, Preview
from llm_notebook.dryrun import sandbox
from llm_notebook.dryrun.cutting import cell_installs, without_installs
from llm_notebook.dryrun.idle import MainThread
from llm_notebook.dryrun.run import Run
from llm_notebook.dryrun.sandbox.reaping import Warden


class ForkedRuns:
    """Dry runs in forks of the kernel that `shell` lives in.

    Implements `llm_notebook.ports.DryRuns`.

    Parameters
    ----------
    shell : InteractiveShell
        The live shell, used as it is: no part of this package imports IPython.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.main = MainThread(shell)
        self._running: set[Run] = set()
        self._waiting: list[Run] = []
        self._lock = threading.Lock()
        self._isolation: Isolation | None = None
        self._closed = False
        self._pid = os.getpid()
        self.warden = Warden()

    def isolation(self) -> Isolation:
        """What a dry run here would have."""
        if self._isolation is None:
            self._isolation = self._probed()
        return self._isolation

    def _probed(self) -> Isolation:
        if sys.platform != "linux":
            return Isolation(
                "none", "no dry run", lacks=("Previews need Linux; there are none here yet.",)
            )
        return sandbox.probe()

    def start(self, plan: Plan, heard: Callable[[Preview], None]) -> Run:
        """Start one and return at once; called from the main thread in a cell, it has forked.

        Where another one runs, this one begins when that has ended.
        """
        setup = tuple(
            msgspec.structs.replace(cell, source=without_installs(cell.source))
            for cell in plan.setup
        )
        plan = msgspec.structs.replace(plan, setup=setup)
        run = Run(self.shell, self.main, self.warden, plan, heard, self._ended)
        run.start()
        if self._closed or os.getpid() != self._pid:
            run.refuse("Previews have ended here.")
            return run
        reason = self._refusal(plan)
        if reason:
            run.refuse(reason)
            return run
        if self.main.here() and (self.main.loop is None or self.main.in_cell()):
            run.in_place = True
            run.begin()
            return run
        if self.main.loop is None:
            run.refuse(
                "Without a kernel a preview starts from the prompt: type %llm preview, "
                "since only the main thread can be forked safely."
            )
            return run
        with self._lock:
            self._waiting.append(run)
        self._next()
        return run

    def close(self) -> None:
        """End every dry run."""
        self._closed = True
        with self._lock:
            runs = [*self._running, *self._waiting]
        for run in runs:
            run.cancel()
        for run in runs:
            run.wait(5)
        self.main.close()
        self.warden.close()

    # -- one after the other ----------------------------------------------------------

    def _next(self) -> None:
        with self._lock:
            self._waiting = [run for run in self._waiting if run.wanted]
            if self._running or not self._waiting:
                return
            run = self._waiting.pop(0)
            self._running.add(run)
        self.main.when_idle(run.begin, lambda: run.wanted)

    def _ended(self, run: Run) -> None:
        with self._lock:
            self._running.discard(run)
        if not self._closed:
            self._next()

    def _refusal(self, plan: Plan) -> str:
        isolation = self.isolation()
        if isolation.tier == "none":
            return " ".join(isolation.lacks) or "There is no sandbox here."
        for planned in plan.cells:
            found = cell_installs(planned.source)
            if found:
                return (
                    f"A cell installs packages ({found[:200]}), and a preview installs none. "
                    "Accept and run that cell first."
                )
        return ""
