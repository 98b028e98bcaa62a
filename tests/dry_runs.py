"""Dry runs by script: what a session is told of, without anything being run."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import CellRun, Isolation, Output, Preview

STRONG = Isolation("landlock", "Landlock and seccomp")
NONE = Isolation("none", "none", lacks=("This kernel's system has no Landlock.",))


class Begun:
    """One that was started, and waits to be told how it goes."""

    def __init__(self, plan: Plan, heard: Callable[[Preview], None]) -> None:
        self.plan = plan
        self.heard = heard
        self.is_cancelled = False
        self.preview = Preview(plan.proposal_id, plan.edits_hash, budget=plan.budget)

    def cancel(self) -> None:
        self.is_cancelled = True

    def tell(self, **changes: object) -> None:
        """As the engine's reader thread does it."""
        self.preview = msgspec.structs.replace(self.preview, **changes)
        thread = threading.Thread(target=self.heard, args=(self.preview,))
        thread.start()
        thread.join()

    def print(self, text: str) -> None:
        cell = self.plan.cells[0].cell
        run = CellRun(cell, "running", (Output("stdout", text),))
        self.tell(status="running", cells=(run,), isolation=STRONG)


class ScriptedRuns:
    """A `llm_notebook.ports.DryRuns` that runs nothing."""

    def __init__(self) -> None:
        self.tier = STRONG
        self.begun: list[Begun] = []
        self.fault: Exception | None = None
        self.is_closed = False

    def isolation(self) -> Isolation:
        return self.tier

    def start(self, plan: Plan, heard: Callable[[Preview], None]) -> Begun:
        if self.fault is not None:
            raise self.fault
        self.begun.append(Begun(plan, heard))
        return self.begun[-1]

    def close(self) -> None:
        self.is_closed = True
