"""Kernel truth for the faces: the log of the live kernel, and what it says of a notebook."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.truth import RunLog, kernel_truth
from llm_notebook.truth.log import Run

if TYPE_CHECKING:
    from llm_notebook.core.truth import Because, KernelTruth
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.truth.trace import Outcome

_PLAIN = (int, float, complex, bool, str, bytes, type(None), range)


class Truths:
    """What one kernel can say of a notebook.

    Parameters
    ----------
    live : LiveKernel
    """

    def __init__(self, live: LiveKernel) -> None:
        self._live = live
        self._log = RunLog()
        self._told = 0
        self._lock = threading.RLock()

    def log(self) -> RunLog:
        """What ran until now."""
        with self._lock:
            runs = self._live.runs
            while self._told < len(runs):
                cell, source, outcome, label, seconds, line, frames = runs[self._told]
                self._told += 1
                ended = cast("Outcome", outcome)
                self._log.ran(Run(cell, source, ended, label, seconds, line, frames))
            return self._log

    def of(self, cells: Sequence[Cell], because: Because = "") -> KernelTruth:
        """Hold a notebook against the kernel."""
        alive = {
            name: not isinstance(value, _PLAIN) for name, value in self._live.namespace().items()
        }
        return kernel_truth(cells, self.log(), alive, because)

    def notebook(self, shown: Snapshot | None) -> Snapshot:
        """The notebook as a page showed it, or what can be known of it by what ran.

        Where no page shows it, it is taken to hold each cell as it ran last, in
        the order in which they ran first.
        """
        if shown is not None:
            return shown
        cells: dict[str, str] = {}
        for run in self.log().runs:
            cells[run.cell] = run.source
        return Snapshot(tuple(Cell(cell, "code", source) for cell, source in cells.items()))
