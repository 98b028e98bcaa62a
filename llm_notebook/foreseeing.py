"""What is known of a dry run before it starts, and what uses what it was seen to change."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from llm_notebook.core.edits import Edit
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import Downstream, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun
from llm_notebook.diffing import apply
from llm_notebook.dryrun.allowance import headroom
from llm_notebook.dryrun.costs import estimate, is_long
from llm_notebook.dryrun.durations import Durations
from llm_notebook.dryrun.flow import downstream
from llm_notebook.planning import from_nothing, idle_reason, is_runnable, planned
from llm_notebook.ports import Workspace

Timing = tuple[str, str, float]
"""A cell that ran live: its id, its source and the seconds that it took."""


class Foreseen(msgspec.Struct, frozen=True):
    """A preview before its run, and its plan; None where nothing is to be run."""

    preview: Preview
    plan: Plan | None


def foreseen(
    message: DryRun,
    proposal: Proposal,
    workspace: Workspace,
    preview: Preview,
    timings: Iterable[Timing] = (),
    *,
    is_live: bool = True,
) -> Foreseen:
    """Plan a dry run. What nobody asked for is not planned where it looks long.

    Parameters
    ----------
    is_live : bool
        Whether a kernel holds what the earlier cells made; else they run first.

    Raises
    ------
    StaleError, InvalidProposalError
        The proposal does not fit the notebook.
    """
    found = planned(message.snapshot, proposal.edits)
    uses = downstream(message.snapshot.cells, found.after.cells)
    preview = _with(preview, downstream=uses)
    if not found.cells:
        reason = idle_reason(proposal.edits)
        return Foreseen(_with(preview, status="previewed", reason=reason), None)
    setup: tuple[PlannedCell, ...] = ()
    cells = found.cells
    if not is_live:
        setup, cells = from_nothing(found, [use.cell for use in uses])
    if message.downstream:
        ids = {cell.cell for cell in cells}
        cells += tuple(cell for cell in _later(found.after, uses) if cell.cell not in ids)
    guess = estimate(
        found.cells,
        _durations(timings),
        workspace.namespace(),
        workspace.folder(),
        memory=headroom() // 2,
    )
    preview = _with(preview, estimate=guess)
    if message.automatic and is_long(guess, message.budget) and not message.sample:
        why = f"It looks long: {guess.why}." if guess else ""
        return Foreseen(_with(preview, status="expensive", reason=why), None)
    plan = Plan(
        proposal_id=proposal.id,
        edits_hash=message.edits_hash,
        cells=cells,
        setup=setup,
        budget=message.budget,
        sample=message.sample,
        readable=message.readable,
    )
    return Foreseen(preview, plan)


def observed(before: Snapshot, edits: tuple[Edit, ...], preview: Preview) -> tuple[Downstream, ...]:
    """What uses what a dry run was seen to change, where it ran to its end; else as foreseen."""
    if preview.status != "previewed":
        return preview.downstream
    try:
        after = apply(before, edits)
    except (StaleError, InvalidProposalError):
        return preview.downstream
    return downstream(before.cells, after.cells, preview.changes)


def _durations(timings: Iterable[Timing]) -> Durations:
    found = Durations()
    for cell, source, seconds in timings:
        found.record(cell, source, seconds)
    return found


def _later(after: Snapshot, uses: tuple[Downstream, ...]) -> tuple[PlannedCell, ...]:
    ids = {found.cell for found in uses}
    return tuple(
        PlannedCell(cell.id, cell.source, downstream=True)
        for cell in after
        if cell.id in ids and is_runnable(cell)
    )


def _with(preview: Preview, **changes: object) -> Preview:
    return msgspec.structs.replace(preview, **changes)
