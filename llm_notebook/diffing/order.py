"""The cells of a notebook while edits are applied one after the other.

Their order is a linked list, so that each edit costs the same however long the
notebook is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import InvalidProposalError, LLMNotebookError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.diffing.text import excerpt, shown

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
            if at in self.cells:
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
                return invalid(
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
                return invalid(f"{self.name(cell.id)} cannot be moved behind itself.")
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

    def leave_out(self, edit: Insert) -> None:
        """Keep the place of a cell that is not brought in, for those that stand behind it."""
        if edit.cell_id not in self._next and edit.after in self._next:
            self._link(edit.cell_id, edit.after)

    def standing(self, cell_id: str | None) -> str | None:
        """The cell; where only its place was kept, the nearest one before it (None: none)."""
        while cell_id is not None and cell_id not in self.cells and cell_id in self._previous:
            cell_id = self._previous[cell_id]
        return cell_id

    def name(self, cell_id: str) -> str:
        """A cell as a person knows it: its place in the notebook, and how it begins."""
        place = self.places.get(cell_id)
        cell = self.cells.get(cell_id) or (self._snapshot.cells[place - 1] if place else None)
        begins = excerpt(cell.source) if cell else ""
        label = f"Cell c{place}" if place else "The new cell"
        return f"{label} “{begins}”" if begins else label

    def _link(self, cell_id: str, after: str | None) -> None:
        if cell_id in self._next:  # its place was kept for one that was left out
            self._unlink(cell_id)
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
            return invalid("A new cell has no id.")
        if cell_id not in self.cells:
            return None
        if cell_id in self._changed or cell_id not in self.places:
            return invalid(f"Two edits of this proposal use the id {shown(cell_id)}.")
        return StaleError(
            f"{self.name(cell_id)} has the id of a new cell already.",
            kept=_KEPT,
            next="If this proposal was accepted before, there is nothing to do; else ask again.",
        )

    def _no_anchor(self, after: str | None) -> LLMNotebookError | None:
        return None if after in self._next else self._missing(after or "")

    def _missing(self, cell_id: str) -> LLMNotebookError:
        if cell_id in self._deleted:
            return invalid(
                f"{self.name(cell_id)} is taken out by an earlier edit of this proposal."
            )
        if cell_id in self._brought and cell_id not in self.places:
            return invalid(
                f"The cell {shown(cell_id)} is brought in by another edit, which was not applied "
                "before this one.",
                _CHOOSE,
            )
        return StaleError(
            f"The cell {shown(cell_id)} is no longer in the notebook.",
            kept=_KEPT,
            next="Ask again, or undo its deletion.",
        )


def invalid(message: str, next: str = "Ask again.") -> InvalidProposalError:
    """An error of edits that contradict the notebook or each other."""
    return InvalidProposalError(message, kept=_KEPT, next=next)
