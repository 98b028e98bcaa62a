"""Apply, check and take back edits.

What is returned is new; a snapshot is never changed, and a failing edit raises
before anything is returned.
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.patch import Patch
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing.choosing import Chosen, choose
from llm_notebook.diffing.order import Order
from llm_notebook.diffing.patches import all_places, patch


def apply(
    snapshot: Snapshot,
    proposal: Proposal | Sequence[Edit],
    only: Chosen | None = None,
) -> Snapshot:
    """The notebook with a proposal's edits applied, in order: all or nothing.

    Parameters
    ----------
    snapshot : Snapshot
    proposal : Proposal or sequence of Edit
    only : iterable of int or str, optional
        The edits and hunks to take, by the numbers that `render` prints: ``2``
        or ``"2"`` is the second edit, ``"2.1"`` its first hunk, ``"2-4"`` three
        edits. All by default. What stood behind a cell that is left out takes
        its place.

    Raises
    ------
    StaleError
        A precondition no longer holds.
    InvalidProposalError
        An edit contradicts another one, or touches a cell that was left out;
        a number names nothing.
    """
    order = Order(snapshot, _edits(proposal))
    for edit in _edits(proposal) if only is None else choose(snapshot, proposal, only):
        if refused := order.refusal(edit):
            raise refused
        order.do(edit)
    return order.snapshot()


def check(snapshot: Snapshot, edits: Sequence[Edit]) -> tuple[str | None, ...]:
    """Say of each edit why it cannot be applied: one sentence, or None.

    Each is held against the notebook after the edits before it, those that
    cannot be applied left out.
    """
    order = Order(snapshot, edits)
    reasons: list[str | None] = []
    for edit in edits:
        refused = order.refusal(edit)
        reasons.append(refused.problem.message if refused else None)
        if not refused:
            order.do(edit)
    return tuple(reasons)


def invert(proposal: Proposal, snapshot: Snapshot) -> Patch:
    """The proposal that takes `proposal` back, where it was applied to `snapshot`.

    Its id derives from its edits, and `created` is 0: whoever keeps it stamps it.

    Raises
    ------
    StaleError, InvalidProposalError
        As `apply` does: what cannot be applied cannot be taken back.
    """
    order = Order(snapshot, proposal.edits)
    back: list[Edit] = []
    for edit in proposal.edits:
        if refused := order.refusal(edit):
            raise refused
        back.append(order.do(edit))
    edits = tuple(reversed(back))
    inverse = Proposal(
        id=edits_hash(edits),
        origin=proposal.origin,
        created=0.0,
        status="pending",
        title=f"Take back: {proposal.title}" if proposal.title else "Take back",
        edits=edits,
    )
    return patch(inverse, order.snapshot())


def taken_back(proposal: Patch) -> Patch:
    """The proposal that takes a patch back, worked out from what the patch knows.

    Raises
    ------
    StaleError, InvalidProposalError
        Where it does not know enough, or contradicts itself.
    """
    return invert(proposal, all_places(proposal))


def _edits(proposal: Proposal | Sequence[Edit]) -> Sequence[Edit]:
    return proposal.edits if isinstance(proposal, Proposal) else proposal
