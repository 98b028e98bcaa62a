"""What a decision costs beside the dry run that it stands on.

Cells as they are proposed every day are previewed and judged in turns, in an IPython
with tables, functions and a plotting library loaded. Each is judged twice, as in a session:
when it comes, and when its dry run is over. That is all of it: following the live names,
predicting effects, every approver, and what goes into the store, which a thread of its
own writes while the decision is told.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from session_world import Scripted  # noqa: E402

from llm_notebook.core.edits import Insert  # noqa: E402
from llm_notebook.core.notebook import Snapshot  # noqa: E402
from llm_notebook.core.origin import Origin  # noqa: E402
from llm_notebook.core.preview import OVER  # noqa: E402
from llm_notebook.core.proposal import Proposal  # noqa: E402
from llm_notebook.core.protocol import DryRun  # noqa: E402
from llm_notebook.judging import Judging, traced  # noqa: E402
from llm_notebook.previewing import Previewing  # noqa: E402
from llm_notebook.session import Session  # noqa: E402
from llm_notebook.store import Store  # noqa: E402

BAR = 0.05
SETUP = """
import numpy as np
import pandas as pd
import matplotlib
matplotlib.use('agg')
import matplotlib.pyplot as plt
rng = np.random.default_rng(1)
df = pd.DataFrame({'year': rng.integers(2000, 2020, 10_000), 'price': rng.random(10_000)})
def clean(frame, low=0.1):
    kept = frame[frame.price > low]
    return kept.assign(log=np.log(kept.price))
def summary(frame):
    return clean(frame).groupby('year').agg(['mean', 'count'])
"""
CELLS = {
    "a line": "df.describe()",
    "functions of the notebook": "table = summary(df)\ntable.head()",
    "a plot": """\
fig, ax = plt.subplots()
clean(df).groupby('year').price.mean().plot(ax=ax)
ax.set_title('Price')""",
    "forty lines": "\n".join(
        f"x{n} = df.price.rolling({n + 2}).mean().iloc[-1]" for n in range(40)
    ),
}


def main() -> int:
    """Measure and print; 1 where the bar is not met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--runs", type=int, default=15, help="runs of each (default 15)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_DATA_DIR"] = folder
        bench = Bench(Path(folder))
        taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in CELLS}
        for run in range(options.runs + 1):
            for name, source in CELLS.items():
                times = bench.measure(f"{name}-{run}".replace(" ", "-"), f"{source}\n# {run}")
                if run:  # the first warms up
                    taken[name].append(times)
        bench.close()
    print(
        "| cell | dry run | first look | decision | both, of the dry run |\n| --- |" + " ---: |" * 4
    )
    worst = 0.0
    for name, rows in taken.items():
        seen, first, took = (statistics.median(times) for times in zip(*rows, strict=True))
        share = (first + took) / seen
        worst = max(worst, share)
        cells = f"{seen * 1e3:,.0f} ms | {first * 1e3:,.1f} ms | {took * 1e3:,.1f} ms"
        print(f"| {name} | {cells} | {share:.1%} |")
    print(
        f"\nMedians of {options.runs} interleaved runs; load {os.getloadavg()[0]:.1f}. Python "
        f"{platform.python_version()}; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores."
    )
    return 0 if worst <= BAR else 1


class Bench:
    """A session over a live IPython."""

    def __init__(self, folder: Path) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        from llm_notebook.dryrun import ForkedRuns
        from llm_notebook.faces.kernel import LiveKernel

        config = Config()
        config.HistoryManager.enabled = False
        make: Any = InteractiveShell.instance
        shell = make(config=config)
        shell.run_cell(SETUP).raise_error()
        self._name = str(folder / "n.ipynb")
        self._store = Store(folder / "store.sqlite")
        live = LiveKernel(shell)
        self._live = live
        self._runs = ForkedRuns(shell)
        self._folder = folder

    def measure(self, name: str, source: str) -> tuple[float, ...]:
        """Seconds of a dry run, of the look before it and of the decision after it."""
        edits = (Insert("n", None, "code", source),)
        proposal = Proposal(name, Origin("do", "m"), 1.0, "pending", edits=edits, untrusted=())
        self._store.save(self._name, proposal, "proposed")
        session = Session(Scripted(), self._live, self._store, self._name)
        session.open_notebook(self._name)
        previewing = Previewing(session, self._runs)
        over = threading.Event()
        previewing.listen(lambda preview: over.set() if preview.status in OVER else None)
        message = DryRun(name, proposal.hash, Snapshot(()), level=3, budget=60)
        judging = Judging(previewing, self._live.hooks)
        _ = judging.more
        begun = time.perf_counter()
        judging.decide(name)
        first = time.perf_counter() - begun
        begun = time.perf_counter()
        previewing.start(message)
        over.wait()
        seen = time.perf_counter() - begun
        begun = time.perf_counter()
        decision = judging.decide(name)
        session.note(name, "judged", **traced(decision))
        took = time.perf_counter() - begun
        assert decision.ruling == "ALLOW", decision
        session.decide(name, "rejected", proposal.hash)
        return seen, first, took

    def close(self) -> None:
        self._runs.close()


if __name__ == "__main__":
    sys.exit(main())
