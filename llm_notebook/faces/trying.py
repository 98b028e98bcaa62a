"""``llm_notebook.preview``: what a proposal would do, without a session."""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.errors import PreviewError
from llm_notebook.core.levels import DEFAULT_LEVEL
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.preview import OVER, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun
from llm_notebook.diffing import choose
from llm_notebook.files import read
from llm_notebook.foreseeing import Timing, foreseen, observed
from llm_notebook.permitting import isolation_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llm_notebook.diffing.choosing import Chosen
    from llm_notebook.ports import DryRuns, Workspace

BUDGET = 60.0
LONGEST = 86_400
"""Seconds that a budget can have: limits of the system cannot hold any number."""
TICK = 0.25
"""Seconds between two calls of `progress`, at most."""


def preview(
    notebook: Snapshot | str | os.PathLike[str],
    proposal: Proposal | Sequence[Edit],
    only: Chosen | None = None,
    *,
    live: bool | None = None,
    budget: float = BUDGET,
    sample: int = 0,
    downstream: bool = False,
    readable: Sequence[str | os.PathLike[str]] = (),
    progress: Callable[[Preview], None] | None = None,
) -> Preview:
    """Run a proposal's cells in a sandbox, and tell what they would show and change.

    Nothing is applied, and no file, variable or host is touched. What could not
    be run is not an error: the preview's `status` and `reason` say it.

    Parameters
    ----------
    notebook : Snapshot or path
        The cells as they are.
    proposal : Proposal or sequence of Edit
    only : iterable of int or str, optional
        The edits and hunks to take, as for `apply`.
    live : bool, optional
        Run them in a fork of the IPython that calls this, with its variables.
        Otherwise a new process runs the notebook's earlier cells first, in the
        sandbox too. Default: where there is an IPython.
    budget : float, optional
        Seconds of wall time, the earlier cells included.
    sample : int, optional
        Rows to which frames are cut first; 0: not at all.
    downstream : bool, optional
        Run the later cells too that use what the proposal changes.
    readable : sequence of path, optional
        What may be read beside the notebook's folder and the packages.
    progress : callable, optional
        Gets the preview as it grows, several times a second.

    Ctrl-C ends the run, and the call returns what there was.

    Returns
    -------
    Preview

    Raises
    ------
    UnreadableNotebookError
        The notebook cannot be read.
    StaleError, InvalidProposalError
        The proposal does not fit it, as in `apply`.
    PreviewError
        `live` without an IPython, or a number that makes no sense.
    """
    if not (0 < budget <= LONGEST and sample >= 0):
        raise PreviewError(
            f"The budget is seconds above 0, up to {LONGEST:,} (a day); the sample is rows, "
            "0 or more."
        )
    snapshot = notebook if isinstance(notebook, Snapshot) else read(notebook)
    edits = _edits(snapshot, proposal, only)
    shell = _shell() if live is None or live else None
    if live and shell is None:
        raise PreviewError("There is no live IPython here.", next="Leave `live` out.")
    name = proposal.id if isinstance(proposal, Proposal) else ""
    message = DryRun(
        name,
        edits_hash(edits),
        snapshot,
        level=DEFAULT_LEVEL,
        budget=float(budget),
        sample=sample,
        downstream=downstream,
        readable=tuple(os.path.abspath(path) for path in readable),
    )
    runs, workspace, timings = _surroundings(shell, snapshot)
    found = Proposal(name, Origin("", ""), 0.0, "pending", edits=edits)
    return _tried(message, found, runs, workspace, timings, progress, is_live=shell is not None)


def _edits(
    snapshot: Snapshot, proposal: Proposal | Sequence[Edit], only: Chosen | None
) -> tuple[Edit, ...]:
    if only is not None:
        return choose(snapshot, proposal, only)
    return proposal.edits if isinstance(proposal, Proposal) else tuple(proposal)


def _shell() -> Any | None:
    """The IPython that calls; none is imported for it."""
    module = sys.modules.get("IPython.core.getipython")
    return None if module is None else module.get_ipython()


def _surroundings(
    shell: Any | None, snapshot: Snapshot
) -> tuple[DryRuns | None, Workspace, Iterable[Timing]]:
    if shell is not None:
        from llm_notebook.faces.attach import attach

        attachment = attach(shell)
        return attachment.dry_runs(), attachment.live, attachment.live.timings()
    from llm_notebook.faces.fresh_runs import FreshRuns

    folder = Path(snapshot.path or ".").resolve()
    folder = folder.parent if snapshot.path else folder
    return FreshRuns(folder), Nothing(folder), ()


class Nothing:
    """A workspace without a kernel.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def namespace(self) -> dict[str, object]:
        """No variables."""
        return {}

    def last_error(self) -> None:
        """No error."""

    def folder(self) -> Path:
        """Where the notebook lies."""
        return self._folder


def _tried(
    message: DryRun,
    proposal: Proposal,
    runs: DryRuns | None,
    workspace: Workspace,
    timings: Iterable[Timing],
    progress: Callable[[Preview], None] | None,
    *,
    is_live: bool,
) -> Preview:
    begun = Preview(message.proposal_id, message.edits_hash, budget=message.budget)
    plan = foreseen(message, proposal, workspace, begun, timings, is_live=is_live)
    if plan.plan is None:
        return plan.preview
    isolation = isolation_of(runs)
    if runs is None or isolation.tier == "none":
        reason = f"Nothing was run: it could not be isolated. {' '.join(isolation.lacks)}"
        return msgspec.structs.replace(plan.preview, status="refused", reason=reason)
    heard: queue.SimpleQueue[Preview] = queue.SimpleQueue()
    running = runs.start(plan.plan, heard.put)
    preview = plan.preview
    try:
        while preview.status not in OVER:
            try:
                told = heard.get(timeout=TICK)
                preview = msgspec.structs.replace(
                    told,
                    downstream=plan.preview.downstream,
                    estimate=told.estimate or plan.preview.estimate,
                )
            except queue.Empty:
                pass
            except KeyboardInterrupt:
                running.cancel()
            if progress is not None:
                progress(preview)
    finally:
        if preview.status not in OVER:
            running.cancel()
        if not is_live:
            runs.close()
    uses = observed(message.snapshot, proposal.edits, preview)
    return msgspec.structs.replace(preview, downstream=uses)
