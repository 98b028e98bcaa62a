"""What it costs to see that one value of a frame of 1 GB has changed, beside a hash of the frame.

Each round is a fork of this process, as a dry run is: the watch is made, one
value is written at random, the watch is finished. Both its parts count, with
the description of the frame before and after. The peers hash the same frame in
a fork too: all of its bytes by SHA-256 and by BLAKE2, and its rows by pandas.
A hash would be needed twice, before and after; it counts once. They take turns.
Beside the time by the clock stands the processor's, of all processes that take part.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from llm_notebook.dryrun.observing import Watch, warm  # noqa: E402

BAR = 20
Times = tuple[float, float]
"""Seconds by the clock and of the processor."""

_WALL = 0x40000000  # `waitpid(2)`: children of any kind
OURS = "state delta: watch, describe before and after"


def main() -> int:
    """Measure and print; 1 where the bar is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default 7)")
    parser.add_argument("--gigabytes", type=float, default=1.0, help="of the frame (default 1)")
    options = parser.parse_args()
    frame = make_frame(int(options.gigabytes * 1e9))
    warm()  # as the kernel does before a dry run is forked, when modules have come
    tasks: dict[str, Callable[[], Times]] = {
        OURS: lambda: watched(frame),
        "SHA-256 of its bytes": lambda: hashed(frame, hashlib.sha256),
        "BLAKE2b of its bytes": lambda: hashed(frame, hashlib.blake2b),
        "`pd.util.hash_pandas_object`": lambda: hashed_by_pandas(frame),
    }
    taken: dict[str, list[Times]] = {name: [] for name in tasks}
    for run in range(options.runs + 1):
        for name, task in tasks.items():
            times = in_fork(task)
            if run:  # the first warms up
                taken[name].append(times)
    medians = {
        name: [statistics.median(run[i] for run in runs) for i in range(2)]
        for name, runs in taken.items()
    }
    wall, cpu = medians.pop(OURS)
    size = frame.memory_usage().sum() / 1e9
    print("| what | by the clock | ratio | processor time | ratio |\n| --- |" + " ---: |" * 4)
    print(f"| {OURS} | {wall * 1e3:,.0f} ms | | {cpu * 1e3:,.0f} ms | |")
    for name, (clock, used) in medians.items():
        cells = f"{clock * 1e3:,.0f} ms | {clock / wall:,.0f} | {used * 1e3:,.0f} ms"
        print(f"| {name} | {cells} | {used / cpu:,.0f} |")
    print(
        f"\nMedians of {options.runs} interleaved runs; {size:.2f} GB, {len(frame):,} rows of "
        f"{frame.shape[1]}; load {os.getloadavg()[0]:.1f}. pandas {pd.__version__}, numpy "
        f"{np.__version__}; Python {platform.python_version()}; {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores."
    )
    return 0 if min(used for _, used in medians.values()) / cpu >= BAR else 1


def make_frame(size: int) -> pd.DataFrame:
    """Numbers of two kinds, as after reading a file."""
    random = np.random.default_rng(1)
    rows = size // 8 // 20
    data = {f"f{i}": random.random(rows) for i in range(15)}
    return pd.DataFrame(data | {f"i{i}": random.integers(0, 99, rows) for i in range(5)})


def in_fork(task: Callable[[], Times]) -> Times:
    """What a task says it took, in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, json.dumps(task()).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        clock, used = json.loads(pipe.read())
    os.waitpid(child, 0)
    return clock, used


def timed(work: Callable[[], object]) -> Times:
    """Seconds by the clock and of the processor."""
    clock, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - used


def watched(frame: pd.DataFrame) -> Times:
    """What the watch takes before and after the cell, in both its processes."""
    random = np.random.default_rng(os.getpid())
    made: list[Watch] = []
    before = timed(lambda: made.append(Watch({"df": frame})))
    row, column = int(random.integers(len(frame))), int(random.integers(frame.shape[1]))
    frame.iat[row, column] += 1
    after = timed(made[0].finish)
    changes, _ = made[0].finish()
    assert [change.name for change in changes] == ["df"], changes
    assert any(column.nulls is not None for column in changes[0].after.columns)
    os.waitpid(-1, _WALL)  # the witness, which no other wait would find
    other = resource.getrusage(resource.RUSAGE_CHILDREN)
    return before[0] + after[0], before[1] + after[1] + other.ru_utime + other.ru_stime


def hashed(frame: pd.DataFrame, algorithm: Callable[[], hashlib._Hash]) -> Times:
    """What it takes to hash the frame's memory."""

    def work() -> str:
        found = algorithm()
        for block in frame._mgr.blocks:
            found.update(memoryview(block.values).cast("B"))
        return found.hexdigest()

    return timed(work)


def hashed_by_pandas(frame: pd.DataFrame) -> Times:
    """What pandas takes to hash each row, and the rows together."""
    return timed(lambda: int(pd.util.hash_pandas_object(frame).sum()))


if __name__ == "__main__":
    sys.exit(main())
