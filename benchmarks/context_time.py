"""What building a context costs in a notebook of 300 cells beside a frame of 1 GB.

The peer is one `df.describe()` of that frame. Both take turns in one process;
the medians are compared. Each build starts cold: what was read of the cells is
forgotten first, as after an edit of every cell. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from llm_notebook.context import build_context, look  # noqa: E402
from llm_notebook.context import source as cells_read  # noqa: E402
from llm_notebook.core.notebook import Cell, Snapshot  # noqa: E402

CELLS = 300
ROWS = 2_500_000

Times = dict[str, list[tuple[float, float]]]
"""Seconds by the clock and of the processor."""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default 7)")
    options = parser.parse_args()
    frame = make_frame()
    size = frame.memory_usage(deep=False).sum() / 1e9
    book = make_notebook()
    names: dict[str, object] = {"orders": frame, "pd": pd, "np": np}
    names |= {f"x{i}": float(i) for i in range(CELLS)}
    target = book.cells[-1].id
    prompt = "plot the mean of f3 by city, as in @c120, for @orders"

    def build(*, values: bool) -> None:
        cells_read._read.cache_clear()
        context = build_context(book, prompt, target, names, values=values)
        assert any(variable.counted for variable in context.variables)

    many = Snapshot(tuple(Cell(f"m{i}", "code", f"value_{i} = {i}") for i in range(1000)))
    tasks: dict[str, Callable[[], object]] = {
        "`df.describe()`": frame.describe,
        "building the context": lambda: build(values=False),
        "the same with a few values": lambda: build(values=True),
        "`@` search in 1,000 cells": lambda: look("value_99", many, names, None),
    }
    taken: Times = {name: [] for name in tasks}
    for run in range(options.runs + 1):
        print(f"run {run} of {options.runs}", file=sys.stderr, flush=True)
        for name, task in tasks.items():
            wall, cpu = time.perf_counter(), time.process_time()
            task()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if run:  # the first warms up
                taken[name].append((wall, cpu))
    print(report(taken, size))
    return 0


def make_frame() -> pd.DataFrame:
    """Numbers, dates, text and Python objects, some of them missing."""
    random = np.random.default_rng(0)
    data: dict[str, object] = {f"f{i}": random.random(ROWS) for i in range(46)}
    frame = pd.DataFrame(data)
    frame.loc[::7, "f3"] = np.nan
    frame["id"] = np.arange(ROWS)
    frame["when"] = pd.date_range("2020", periods=ROWS, freq="s")
    frame["city"] = pd.Series(random.choice(["Oslo", "Rome", None], ROWS))
    frame["note"] = pd.Series(random.choice(["a", "b", None], ROWS), dtype=object)
    return frame


def make_notebook() -> Snapshot:
    """Cells that each need the one before, with a heading now and then."""
    cells = [Cell("c0", "code", "import pandas as pd\nimport numpy as np\norders = load()\nx0 = 0")]
    for i in range(1, CELLS):
        if i % 10 == 5:
            cells.append(Cell(f"c{i}", "markdown", f"## Step {i}\n\nWhat comes next is step {i}."))
            continue
        before = i - 1 if (i - 1) % 10 != 5 else i - 2
        lines = [f"x{i} = x{before} + orders['f{i % 46}'].mean()"]
        lines += [f"print({j}, x{i} * {j}, orders.shape, 'a line of output')" for j in range(8)]
        cells.append(Cell(f"c{i}", "code", "\n".join(lines)))
    return Snapshot(tuple(cells))


def report(taken: Times, size: float) -> str:
    """The table and what it was measured with."""
    medians = {
        name: [statistics.median(run[i] for run in runs) for i in range(2)]
        for name, runs in taken.items()
    }
    peer = next(iter(medians.values()))
    rows = ["| what | by the clock | ratio | its processor time | ratio |"]
    rows += ["| --- |" + " ---: |" * 4]
    for name, median in medians.items():
        cells = []
        for ours, theirs in zip(median, peer, strict=True):
            cells += [f"{ours * 1e3:,.0f} ms", "" if median is peer else f"1/{theirs / ours:,.0f}"]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    count = len(next(iter(taken.values())))
    return "\n".join(
        [
            *rows,
            "",
            f"Medians of {count} interleaved runs; {CELLS} cells, a frame of {size:.2f} GB. "
            f"pandas {pd.__version__}, numpy {np.__version__}; Python "
            f"{platform.python_version()}; {machine}.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
