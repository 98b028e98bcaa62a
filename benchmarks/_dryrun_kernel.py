"""The side of the benchmarks of dry runs that lives in the kernel under test."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import resource
import statistics
import threading
import time
from typing import Any

from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import OVER, Preview
from llm_notebook.dryrun.runs import ForkedRuns

_made: dict[str, Any] = {}


def runs(shell: Any) -> ForkedRuns:
    """The dry runs of this kernel."""
    if "runs" not in _made:
        _made["runs"] = ForkedRuns(shell)
    return _made["runs"]  # type: ignore[no-any-return]


def dry(shell: Any, source: str, budget: float = 20.0) -> tuple[float, Preview]:
    """Seconds from the start of a dry run to its last preview, and that preview."""
    last: list[Preview] = []
    over = threading.Event()

    def heard(preview: Preview) -> None:
        if preview.status in OVER:
            last.append(preview)
            over.set()

    start = time.perf_counter()
    plan = Plan("p", "h", (PlannedCell("c", source),), budget=budget)
    _made["run"] = runs(shell).start(plan, heard)
    assert over.wait(budget + 30)
    return time.perf_counter() - start, last[0]


def plain(shell: Any, source: str) -> float:
    """Seconds that the shell takes to run a cell, its figures sent out."""
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        result = shell.run_cell(source)
    assert result.success, result
    return time.perf_counter() - start


def turns(shell: Any, source: str, rounds: int) -> str:
    """Medians of both in turns, as JSON: seconds by the clock, and of the processor."""
    taken: dict[str, list[float]] = {"plain": [], "dry": [], "plain_cpu": [], "dry_cpu": []}
    for turn in range(rounds + 2):
        # The first run after a fork pays for the pages that both had, so it is not the peer.
        plain(shell, source)
        before = _processor()
        seconds = plain(shell, source)
        found = {"plain": seconds, "plain_cpu": _processor() - before}
        before = _processor()
        found["dry"], preview = dry(shell, source)
        assert preview.status == "previewed", preview
        kinds = {k for cell in preview.cells for out in cell.outputs for k in out.data}
        assert "image/png" in kinds, kinds
        _made["run"].wait(30)  # its process is gone then, and counted
        found["dry_cpu"] = _processor() - before
        if turn > 1:  # the first two warm up
            for name, value in found.items():
                taken[name].append(value)
    return json.dumps({name: statistics.median(times) for name, times in taken.items()})


def _processor() -> float:
    """Processor seconds of this process and of those that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def hundred(shell: Any, source: str, count: int) -> str:
    """The kernel's own speed and memory before and after many dry runs, as JSON."""
    dry(shell, source)
    gc.collect()
    before, memory = _speed(), _memory()
    for _ in range(count):
        dry(shell, source)
    gc.collect()
    after = _speed()
    return json.dumps({"before": before, "after": after, "growth": _memory() - memory})


def _speed() -> float:
    """Median processor seconds of a piece of work with many small objects."""
    times = []
    for _ in range(25):
        start = time.process_time()
        table: dict[int, list[int]] = {}
        for i in range(60_000):
            table.setdefault(i % 997, []).append(i)
        sum(sum(part) for part in table.values())
        times.append(time.process_time() - start)
    return statistics.median(times)


def _memory() -> int:
    """Bytes that are this process's own."""
    with open("/proc/self/smaps_rollup") as file:
        lines = dict(line.split(":") for line in list(file)[1:])
    return int(lines["Pss"].split()[0]) * 1024


def busy(shell: Any, source: str) -> Any:
    """Start a dry run that goes on until it is cancelled."""
    plan = Plan("p", "h", (PlannedCell("c", source),), budget=120.0)
    return runs(shell).start(plan, lambda preview: None)
