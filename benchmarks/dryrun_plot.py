"""What a dry run of a plot cell costs, with 0 to 4 GB of live data.

In a real kernel, for each amount of live data: the plot cell as the shell runs
it, and its dry run from the start to its last preview, take turns. The other
peer is what there is without a fork: a fresh kernel that runs the cell that
makes the data, then the plot. With ``--csv`` the data comes from a file, as an
analyst's mostly does, which is a table of its own. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402

INSIDE = "__import__('benchmarks._dryrun_kernel', fromlist=['x'])"
START = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt, numpy as np, pandas as pd\n"
    "data = np.random.default_rng(0).random({count})\n"
    "df = pd.DataFrame({{'x': np.arange(2000), 'y': np.sin(np.arange(2000) / 99)}})"
)
PLOT = (
    "figure, axes = plt.subplots(figsize=(7, 4))\naxes.plot(df.x, df.y)\n"
    "axes.hist(df.y, bins=40, alpha=0.4)\naxes.set_title('plot')\nplt.show()"
)
READ = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt, numpy as np, pandas as pd\n"
    "data = pd.read_csv({path!r})\n"
    "df = pd.DataFrame({{'x': np.arange(2000), 'y': np.sin(np.arange(2000) / 99)}})"
)
BARS = {0.0: 10, 4.0: 50}


class Kernel:
    """A real ipykernel, and its client."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(ROOT), env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def run(self, source: str, timeout: float = 600) -> None:
        """Run a cell and wait for its end."""
        reply = self.client.execute_interactive(source, timeout=timeout, output_hook=_quiet)
        assert reply["content"]["status"] == "ok", reply["content"]

    def value(self, expression: str, timeout: float = 600) -> Any:
        """What a Python expression that gives JSON gives."""
        # In a cell, since a dry run forks there at once.
        reply = self.client.execute_interactive(
            f"_found = {expression}",
            user_expressions={"v": "_found"},
            timeout=timeout,
            output_hook=_quiet,
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        found = reply["content"]["user_expressions"]["v"]
        assert found["status"] == "ok", found
        return json.loads(eval(found["data"]["text/plain"]))

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@contextmanager
def kernel() -> Iterator[Kernel]:
    """A fresh kernel."""
    made = Kernel()
    try:
        yield made
    finally:
        made.close()


def _quiet(_message: Any) -> None:
    pass


def main() -> int:
    """Measure and print; 1 where a bar is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=9, help="turns of each (default 9)")
    parser.add_argument("--fresh", type=int, default=3, help="fresh kernels (default 3)")
    parser.add_argument("--gigabytes", type=float, nargs="*", default=[0, 0.1, 1, 4])
    parser.add_argument("--csv", action="store_true", help="read the data from a CSV file")
    options = parser.parse_args()
    is_met = True
    print("| live data | plain | dry run | ratio | processor: plain | dry run | ratio | ", end="")
    print(f"fresh kernel, {'CSV read' if options.csv else 'replay'} | ratio |")
    print("| ---: |" + " ---: |" * 8)
    for size in options.gigabytes:
        with tempfile.TemporaryDirectory() as folder:
            start = START.format(count=int(size * 1e9 / 8))
            if options.csv:
                start = READ.format(path=written(Path(folder), size))
            with kernel() as made:
                made.run(start)
                call = f"{INSIDE}.turns(get_ipython(), {PLOT!r}, {options.runs})"
                found = made.value(call)
            fresh = statistics.median(replayed(start) for _ in range(options.fresh))
        ratio, gain = found["dry"] / found["plain"], fresh / found["dry"]
        is_met = is_met and ratio <= 1.5 and gain >= BARS.get(float(size), 0)
        plain, dry, plain_cpu, dry_cpu = (
            f"{found[name] * 1e3:,.0f} ms" for name in ("plain", "dry", "plain_cpu", "dry_cpu")
        )
        print(
            f"| {size} GB | {plain} | {dry} | {ratio:.2f} | {plain_cpu} | {dry_cpu} | "
            f"{found['dry_cpu'] / found['plain_cpu']:.2f} | {fresh * 1e3:,.0f} ms | {gain:.0f} |",
            flush=True,
        )
    print(
        f"\nMedians of {options.runs} turns and of {options.fresh} fresh kernels; load "
        f"{os.getloadavg()[0]:.1f}. Python {platform.python_version()}; {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores."
    )
    return 0 if is_met else 1


def written(folder: Path, size: float) -> str:
    """A CSV file of so many gigabytes of numbers once they are read: ten columns, random."""
    rows, block = int(size * 1e9 / 80), 20_000
    random = np.random.default_rng(0)
    path = folder / "data.csv"
    with path.open("w") as file:
        file.write(",".join(f"c{i}" for i in range(10)) + "\n")
        # The same rows over and over take as long to read as others would.
        text = [",".join(map(repr, row)) + "\n" for row in random.random((block, 10)).tolist()]
        for start in range(0, rows, block):
            file.writelines(text[: rows - start])
    return str(path)


def replayed(start: str) -> float:
    """Seconds for a fresh kernel, the cell that makes the data, and the plot."""
    begin = time.perf_counter()
    with kernel() as made:
        made.run(start)
        made.run(PLOT)
        return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
