"""Find the edits that lead from one notebook to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace, edits_hash
from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.patch import Patch
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing.matching import match
from llm_notebook.diffing.patches import patch
from llm_notebook.diffing.sequences import increasing


def diff(before: Snapshot, after: Snapshot) -> Patch:
    """The proposal that turns `before` into `after`.

    Deletes come first; then `after` is written from its top, each cell behind
    the one that it follows there. As few cells as possible move.

    Parameters
    ----------
    before, after : Snapshot

    Returns
    -------
    Patch
        A proposal with the cells that it was made from; without edits where the
        two are equal. It is a pure function of its input: the id is the hash of
        the edits, and `created` is 0. Whoever keeps the proposal stamps it.

    Raises
    ------
    InvalidProposalError
        Two cells of one notebook have the same id.
    """
    for snapshot, which in ((before, "first"), (after, "second")):
        if len({cell.id for cell in snapshot.cells}) != len(snapshot.cells):
            raise InvalidProposalError(
                f"Two cells of the {which} notebook have the same id, "
                "so edits could not tell them apart.",
                next="Save it once in Jupyter, which gives them new ids, and try again.",
            )
    edits = tuple(_edits(before, after, match(before, after)))
    proposal = Proposal(
        id=edits_hash(edits),
        origin=Origin(prompt="", model="", face="file"),
        created=0.0,
        status="pending",
        title=_title(edits),
        edits=edits,
    )
    return patch(proposal, before)


def edits_between(before: Snapshot, after: Snapshot) -> tuple[Edit, ...]:
    """The edits from `before` to `after`, where a cell is the same one only by its id."""
    at = {cell.id: place for place, cell in enumerate(before.cells)}
    return tuple(_edits(before, after, [at.get(cell.id) for cell in after.cells]))


def _edits(before: Snapshot, after: Snapshot, counterparts: Sequence[int | None]) -> list[Edit]:
    kept = [i for i in counterparts if i is not None]
    gone = sorted(set(range(len(before.cells))).difference(kept))
    edits: list[Edit] = [Delete(before.cells[i].id, before.cells[i].hash) for i in gone]
    moving: set[int] = set()
    if kept != sorted(kept):
        stay = increasing(kept)
        moving = {i for position, i in enumerate(kept) if position not in stay}
    rename = before.has_ids and after.has_ids
    ids = _NewIds(before, keep=after.has_ids)
    previous: str | None = None
    for new, i in zip(after.cells, counterparts, strict=True):
        if i is None:
            cell_id = ids.take(new)
            edits.append(Insert(cell_id, previous, new.type, new.source))
            previous = cell_id
            continue
        old = before.cells[i]
        if old == new and i not in moving:
            previous = old.id
            continue
        if i in moving:
            edits.append(Move(old.id, old.hash, previous))
        new_id = new.id if rename and new.id != old.id else None
        if new_id or old.source != new.source or old.type != new.type:
            edits.append(Replace(old.id, old.hash, new.type, new.source, new_id))
        previous = new_id or old.id
    return edits


class _NewIds:
    """Ids for inserted cells that no cell has or had.

    A made-up id means nothing in another notebook, so one is derived from the
    content there, in the form that nbformat gives to new cells.
    """

    def __init__(self, before: Snapshot, *, keep: bool) -> None:
        self._taken = {cell.id for cell in before.cells}
        self._keep = keep
        self._next: dict[str, int] = {}

    def take(self, cell: Cell) -> str:
        if self._keep and cell.id not in self._taken:
            cell_id = cell.id
        else:
            base = cell_id = cell.hash[:8]
            count = self._next.get(base, 1)
            while cell_id in self._taken:
                count += 1
                cell_id = f"{base}-{count}"
            self._next[base] = count
        self._taken.add(cell_id)
        return cell_id


def _title(edits: Iterable[Edit]) -> str:
    """What happens, in a few words; a moved and edited cell is both."""
    words = {Insert: "new", Replace: "changed", Delete: "deleted", Move: "moved"}
    counts = {word: sum(type(edit) is op for edit in edits) for op, word in words.items()}
    parts = [f"{count} {word}" for word, count in counts.items() if count]
    return ", ".join(parts) if parts else "No changes"
