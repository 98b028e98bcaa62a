"""Apply, check and take back edits.

Edits apply one after the other to an order of cells that is kept as a linked
list, so that each costs the same however long the notebook is. What is
returned is new; a snapshot is never changed, and a failing edit raises before
anything is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from llm_notebook.core.errors import InvalidProposalError, LLMNotebookError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.proposal import (
    Delete,
    Edit,
    Insert,
    Move,
    Proposal,
    Replace,
    edits_hash,
)
from llm_notebook.diff.text import excerpt, shown

_KEPT = "Nothing was applied."
_CHOOSE = "Take that edit too, or ask again."


class Order:
    """The cells while edits are applied: by id, and each knows its neighbours."""

    def __init__(self, snapshot: Snapshot, edits: Sequence[Edit]) -> None:
        self._snapshot = snapshot
        self._edits = edits
        self.cells = {cell.id: cell for cell in snapshot.cells}
        if len(self.cells) != len(snapshot.cells):
            raise InvalidProposalError(
                "Two cells of this notebook have the same id, so edits cannot tell them apart.",
                kept=_KEPT,
                next="Save the notebook once in Jupyter, which gives them new ids, and try again.",
            )
        # None stands before the first cell and behind the last one.
        ids: list[str | None] = [None, *self.cells, None]
        self._next: dict[str | None, str | None] = dict(pairwise(ids))
        self._previous: dict[str | None, str | None] = {b: a for a, b in pairwise(ids)}
        self._changed: set[str] = set()
        self._deleted: set[str] = set()

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each cell stood before the edits; the first cell is 1."""
        return {cell.id: place for place, cell in enumerate(self._snapshot.cells, 1)}

    @cached_property
    def _brought(self) -> set[str | None]:
        """Ids that an edit brings in, whether it was applied or not."""
        return {
            edit.cell_id if isinstance(edit, Insert) else edit.new_id
            for edit in self._edits
            if isinstance(edit, Insert | Replace)
        } - {None}

    def snapshot(self) -> Snapshot:
        """The cells as they stand now."""
        cells = []
        at = self._next[None]
        while at is not None:
            cells.append(self.cells[at])
            at = self._next[at]
        return msgspec.structs.replace(self._snapshot, cells=tuple(cells))

    def refusal(self, edit: Edit) -> LLMNotebookError | None:
        """Why this edit cannot be applied now, or None."""
        if isinstance(edit, Insert):
            return self._taken(edit.cell_id) or self._no_anchor(edit.after)
        cell = self.cells.get(edit.cell_id)
        if cell is None:
            return self._missing(edit.cell_id)
        if cell.hash != edit.expects:
            if cell.id in self._changed:
                return _invalid(
                    f"{self.name(cell.id)} is changed by an earlier edit of this proposal, "
                    "which this edit does not know."
                )
            return StaleError(
                f"{self.name(cell.id)} has changed since this was proposed.",
                kept=_KEPT,
                next="Ask again, or put the cell back as it was.",
            )
        if isinstance(edit, Move):
            if edit.after == edit.cell_id:
                return _invalid(f"{self.name(cell.id)} cannot be moved behind itself.")
            return self._no_anchor(edit.after)
        if isinstance(edit, Replace) and edit.new_id is not None and edit.new_id != cell.id:
            return self._taken(edit.new_id)
        return None

    def do(self, edit: Edit) -> Edit:
        """Apply an edit that was not refused, and return the one that takes it back."""
        if isinstance(edit, Insert):
            self.cells[edit.cell_id] = Cell(edit.cell_id, edit.cell_type, edit.source)
            self._link(edit.cell_id, edit.after)
            self._changed.add(edit.cell_id)
            return Delete(edit.cell_id, cell_hash(edit.cell_type, edit.source))
        cell = self.cells[edit.cell_id]
        previous = self._previous[cell.id]
        if isinstance(edit, Delete):
            self._unlink(cell.id)
            del self.cells[cell.id]
            self._deleted.add(cell.id)
            return Insert(cell.id, previous, cell.type, cell.source)
        if isinstance(edit, Move):
            if edit.after != previous:
                self._unlink(cell.id)
                self._link(cell.id, edit.after)
            return Move(cell.id, edit.expects, previous)
        new = Cell(edit.new_id or cell.id, edit.cell_type, edit.source)
        if new.id != cell.id:
            self._unlink(cell.id)
            del self.cells[cell.id]
            self._deleted.add(cell.id)
            self._link(new.id, previous)
        self.cells[new.id] = new
        self._changed.add(new.id)
        back = cell.id if new.id != cell.id else None
        return Replace(new.id, new.hash, cell.type, cell.source, back)

    def name(self, cell_id: str) -> str:
        """A cell as a person knows it: its place in the notebook, and how it begins."""
        place = self.places.get(cell_id)
        cell = self.cells.get(cell_id) or (self._snapshot.cells[place - 1] if place else None)
        begins = excerpt(cell.source) if cell else ""
        label = f"Cell c{place}" if place else "The new cell"
        return f"{label} “{begins}”" if begins else label

    def _link(self, cell_id: str, after: str | None) -> None:
        behind = self._next[after]
        self._next[after] = self._previous[behind] = cell_id
        self._previous[cell_id] = after
        self._next[cell_id] = behind

    def _unlink(self, cell_id: str) -> None:
        previous, behind = self._previous.pop(cell_id), self._next.pop(cell_id)
        self._next[previous] = behind
        self._previous[behind] = previous

    def _taken(self, cell_id: str) -> LLMNotebookError | None:
        if not cell_id:
            return _invalid("A new cell has no id.")
        if cell_id not in self.cells:
            return None
        if cell_id in self._changed or cell_id not in self.places:
            return _invalid(f"Two edits of this proposal use the id {shown(cell_id)}.")
        return StaleError(
            f"{self.name(cell_id)} has the id of a new cell already.",
            kept=_KEPT,
            next="If this proposal was accepted before, there is nothing to do; else ask again.",
        )

    def _no_anchor(self, after: str | None) -> LLMNotebookError | None:
        return None if after is None or after in self.cells else self._missing(after)

    def _missing(self, cell_id: str) -> LLMNotebookError:
        if cell_id in self._deleted:
            return _invalid(
                f"{self.name(cell_id)} is taken out by an earlier edit of this proposal."
            )
        if cell_id in self._brought and cell_id not in self.places:
            return _invalid(
                f"The cell {shown(cell_id)} is brought in by another edit, which was not applied "
                "before this one.",
                _CHOOSE,
            )
        return StaleError(
            f"The cell {shown(cell_id)} is no longer in the notebook.",
            kept=_KEPT,
            next="Ask again, or undo its deletion.",
        )


def _invalid(message: str, next: str = "Ask again.") -> InvalidProposalError:
    return InvalidProposalError(message, kept=_KEPT, next=next)


def apply(
    snapshot: Snapshot,
    proposal: Proposal | Sequence[Edit],
    only: Iterable[int] | None = None,
) -> Snapshot:
    """The notebook with a proposal's edits applied, in order: all or nothing.

    Parameters
    ----------
    snapshot : Snapshot
    proposal : Proposal or sequence of Edit
    only : iterable of int, optional
        Indices of the edits to take; the others are left out. All by default.

    Raises
    ------
    StaleError
        A precondition no longer holds.
    InvalidProposalError
        An edit contradicts another one, or stands on one that was left out.
    """
    edits = _edits(proposal)
    wanted = range(len(edits)) if only is None else sorted(set(only))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < len(edits):
        raise _invalid(f"An edit was chosen that does not exist: there are {len(edits)}.", "")
    order = Order(snapshot, edits)
    for index in wanted:
        if refused := order.refusal(edits[index]):
            raise refused
        order.do(edits[index])
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


def invert(proposal: Proposal, snapshot: Snapshot) -> Proposal:
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
    return Proposal(
        id=edits_hash(edits),
        origin=proposal.origin,
        created=0.0,
        status="pending",
        title=f"Take back: {proposal.title}" if proposal.title else "Take back",
        edits=edits,
    )


def _edits(proposal: Proposal | Sequence[Edit]) -> Sequence[Edit]:
    return proposal.edits if isinstance(proposal, Proposal) else proposal
