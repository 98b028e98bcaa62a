"""What previews cost the live kernel: its answers meanwhile, its speed and memory afterwards.

The round trip of an empty cell is taken while a preview runs that computes all
the time, while a process does that which has nothing to do with the kernel, and
while neither does, in turns. Then a hundred previews of a plot, with the speed of
a piece of Python before and after, in processor time, and how much the kernel's
own memory has grown. Prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.dryrun_plot import INSIDE, PLOT, START, Kernel, kernel  # noqa: E402

BUSY = "n = 0\nwhile True:\n    n += 1"


def main() -> int:
    """Measure and print; 1 where a bar is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--turns", type=int, default=6, help="with and without (default 6)")
    parser.add_argument("--previews", type=int, default=100, help="of the plot (default 100)")
    options = parser.parse_args()
    with kernel() as made:
        made.run(START.format(count=1000))
        idle: list[float] = []
        during: list[float] = []
        beside: list[float] = []
        for _ in range(options.turns):
            idle += trips(made)
            with_preview(made, during)
            with_process(made, beside)
        call = f"{INSIDE}.hundred(get_ipython(), {PLOT!r}, {options.previews})"
        found = made.value(call)
    trip = statistics.median(during) / statistics.median(idle)
    other = statistics.median(beside) / statistics.median(idle)
    speed = found["after"] / found["before"]
    growth = found["growth"] / 1e6
    print("| what | before or idle | after or meanwhile | ratio |\n| --- | ---: | ---: | ---: |")
    print(
        f"| round trip of a cell | {statistics.median(idle) * 1e3:.1f} ms | "
        f"{statistics.median(during) * 1e3:.1f} ms | {trip:.2f} |"
    )
    print(
        f"| the same, beside another process | | {statistics.median(beside) * 1e3:.1f} ms | "
        f"{other:.2f} |"
    )
    print(
        f"| a piece of Python, {options.previews} previews between | "
        f"{found['before'] * 1e3:.1f} ms | {found['after'] * 1e3:.1f} ms | {speed:.2f} |"
    )
    print(f"| the kernel's memory | | {growth:+.1f} MB | |")
    print(
        f"\nMedians of {len(idle)} round trips each in {options.turns} turns; load "
        f"{os.getloadavg()[0]:.1f}. Python {platform.python_version()}; {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores."
    )
    return 0 if trip <= 1.2 and speed <= 1.05 and growth < 20 else 1


def trips(made: Kernel, count: int = 40) -> list[float]:
    """Seconds of the round trips of empty cells."""
    found = []
    for _ in range(count):
        start = time.perf_counter()
        made.run("0")
        found.append(time.perf_counter() - start)
    return found


def with_preview(made: Kernel, found: list[float]) -> None:
    """The same while a preview runs."""
    made.run(f"_running = {INSIDE}.busy(get_ipython(), {BUSY!r})")
    time.sleep(0.3)
    found += trips(made)
    made.run("assert not _running._over.is_set()\n_running.cancel()\n_running.wait(20)")


def with_process(made: Kernel, found: list[float]) -> None:
    """The same while a process computes that is none of ours."""
    with subprocess.Popen([sys.executable, "-c", BUSY]) as other:
        time.sleep(0.3)
        found += trips(made)
        other.kill()


if __name__ == "__main__":
    sys.exit(main())
