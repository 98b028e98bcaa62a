"""The child's own main: close the sandbox, then run what the plan says."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.dryrun import modules, wire
from llm_notebook.dryrun.allowance import policy
from llm_notebook.dryrun.capture import capture
from llm_notebook.dryrun.cells import Cells, stop_at
from llm_notebook.dryrun.charts import tell_as_data
from llm_notebook.dryrun.cutting import cut_ways_out, holders_of_system
from llm_notebook.dryrun.forking import Ends
from llm_notebook.dryrun.observing import Watch, warm
from llm_notebook.dryrun.sandbox import Entered, SandboxError, enter
from llm_notebook.dryrun.telling import Teller

TIME_IS_OVER = signal.SIGRTMIN + 7
"""Asks the child for the line that it has reached, and to finish."""

WHERE = signal.SIGRTMIN + 8
"""The same from a handler in C, which answers inside a library too."""


@dataclass(frozen=True)
class Live:
    """What the child must know of the live kernel, and cannot see any more."""

    pid: int
    in_loop: bool

    @classmethod
    def here(cls) -> Live:
        """Of this process, before the fork; what is dear to find in a fork is found now."""
        modules.folders()
        holders_of_system()
        warm()
        return cls(os.getpid(), asyncio._get_running_loop() is not None)


@dataclass(frozen=True)
class Fresh:
    """What a process that is no fork does once it is in the sandbox, and what is said of it."""

    prepare: Callable[[], None]
    note: str


def main(
    ends: Ends, shell: Any, plan: Plan, scratch: Path, live: Live, fresh: Fresh | None = None
) -> None:
    """Run a plan; never returns."""
    teller = Teller(ends.events, plan.output)
    try:
        cells = Cells(shell, teller, live.pid, in_loop=live.in_loop)
        capture(shell, teller, cells.line_of)
        tell_as_data(shell)
        cut_ways_out(shell, cells.exits)
        keep = (0, 1, 2, ends.events, ends.trace)
        entered = enter(policy(plan, scratch, keep, live.pid))
        isolation = entered.isolation
        if fresh is not None:
            lacks = (*isolation.lacks, fresh.note)
            isolation = msgspec.structs.replace(isolation, way="fresh", lacks=lacks)
        teller.tell(wire.Entered(isolation))
        if fresh is not None:
            fresh.prepare()
        faulthandler.register(WHERE, file=ends.trace, all_threads=False, chain=False)
        run(cells, plan, scratch, entered)
        teller.tell(wire.Over())
    except BaseException as error:
        teller.muted = False
        teller.tell(wire.Unable(_sentence(error)))
    finally:
        # Threads of the code may still write; what they write is not told.
        os._exit(0)


def run(cells: Cells, plan: Plan, scratch: Path, entered: Entered) -> None:
    """Run setup and cells, and tell what they changed."""
    shell, teller = cells.shell, cells.teller
    if plan.setup and not cells.run_all([(-1, cell) for cell in plan.setup], lambda index: None):
        return
    if plan.sample:
        from llm_notebook.dryrun.sampling import cut_to_sample

        teller.tell(wire.Sampled(cut_to_sample(shell.user_ns, shell.user_ns_hidden, plan.sample)))
    watch = Watch(
        shell.user_ns,
        shell.user_ns_hidden,
        [cell.source for cell in plan.cells],
        (str(scratch), "/dev/shm"),
    )
    finished = False

    def finish() -> None:
        nonlocal finished
        if not finished:
            finished = True
            teller.tell(wire.Delta(*watch.finish(entered.files())))

    stop_at(cells, TIME_IS_OVER, finish)

    def between(index: int) -> None:
        if plan.cells[index].downstream:
            finish()

    cells.run_all(list(enumerate(plan.cells)), between)
    finish()
    if cells.exits:
        teller.tell(wire.Unable("It calls exit(), which would end the kernel.", refused=False))


def _sentence(error: BaseException) -> str:
    if isinstance(error, SandboxError):
        return error.problem.text()
    text = str(error).strip().rstrip(".") or type(error).__name__
    return f"The preview could not be run: {text}."
