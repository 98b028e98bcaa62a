"""Proposals that carry what they were made from."""

from __future__ import annotations

import re

import msgspec

from llm_notebook.core.edits import Edit, Insert, Move
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.patch import Patch, Was
from llm_notebook.core.proposal import Proposal

MADE_UP = re.compile(r"cell-\d+-*")
"""Ids that `llm_notebook.files.read` makes up."""

MOST_CELLS = 1_000_000
_UNKNOWN = "\0"


def patch(proposal: Proposal, snapshot: Snapshot) -> Patch:
    """The proposal with those cells of `snapshot` that it touches or refers to.

    They suffice to show it, and to take it back once it was applied: what an
    edit takes out of a place remembers the cell before that place.
    """
    touched = {edit.cell_id for edit in proposal.edits if not isinstance(edit, Insert)}
    anchors = {edit.after for edit in proposal.edits if isinstance(edit, Insert | Move)}
    before: list[Was] = []
    previous: Cell | None = None

    def mark(place: int, cell: Cell) -> Was:
        # An id that was made up says nothing of which cell is meant; its content does.
        return Was(place, cell.id, cell.type, None if snapshot.has_ids else cell.source)

    for place, cell in enumerate(snapshot.cells, 1):
        if cell.id in touched:
            if previous is not None and (not before or before[-1].id != previous.id):
                before.append(mark(place - 1, previous))
            before.append(Was(place, cell.id, cell.type, cell.source))
        elif cell.id in anchors:
            before.append(mark(place, cell))
        previous = cell
    fields = {name: getattr(proposal, name) for name in Proposal.__struct_fields__}
    known = tuple(was for was in before if not was.id.startswith(_UNKNOWN))
    return Patch(**fields, before=known)


def known_before(proposal: Proposal) -> tuple[Snapshot, dict[str, int]]:
    """What a proposal knows of the notebook: some of its cells, and their places.

    The cells that only mark a place come with an empty source, which no edit looks at.
    """
    before = proposal.before if isinstance(proposal, Patch) else ()
    cells = tuple(Cell(was.id, was.type, was.source or "") for was in before)
    return Snapshot(cells), {was.id: was.place for was in before}


def all_places(proposal: Patch) -> Snapshot:
    """What a patch knows of the notebook, with empty cells where it knows nothing.

    So that a cell's place here is its place there.
    """
    most = max((was.place for was in proposal.before), default=0)
    if not 0 <= most <= MOST_CELLS or any(was.place < 1 for was in proposal.before):
        raise InvalidProposalError(
            f"This proposal says that a cell stood at place {most}, which cannot be.",
            kept="Nothing was applied.",
        )
    cells = {place: Cell(f"{_UNKNOWN}{place}", "", "") for place in range(1, most + 1)}
    for was in proposal.before:
        cells[was.place] = Cell(was.id, was.type, was.source or "")
    has_ids = any(was.source is None for was in proposal.before)
    return Snapshot(tuple(cells.values()), has_ids=has_ids)


def placed(proposal: Proposal, snapshot: Snapshot) -> Proposal:
    """A patch with the ids that the cells at its places have in `snapshot`.

    For cells without ids: those are made up from places each time that the file
    is read, and a cell that was put in shifts them. Where another content stands
    at a place, it is stale.

    Raises
    ------
    StaleError
    """
    if not isinstance(proposal, Patch) or _is_there(proposal, snapshot):
        return proposal
    ids: dict[str, str] = {}
    for was in proposal.before:
        there = snapshot.cells[was.place - 1] if 1 <= was.place <= len(snapshot) else None
        if there is None or (
            was.source is not None and (there.type, there.source) != (was.type, was.source)
        ):
            raise StaleError(
                "The notebook has changed since this was proposed, and its cells have no ids "
                "by which they could be known.",
                kept="Nothing was applied.",
                next="Make the proposal anew, or save the notebook in Jupyter, which gives ids.",
            )
        ids[was.id] = there.id
    brought = {edit.cell_id for edit in proposal.edits if isinstance(edit, Insert)}
    taken = {cell.id for cell in snapshot.cells}
    for cell_id in brought - ids.keys():
        ids[cell_id] = cell_id
        while ids[cell_id] in taken:
            ids[cell_id] += "-"
        taken.add(ids[cell_id])
    edits = tuple(_renamed(edit, ids) for edit in proposal.edits)
    before = tuple(msgspec.structs.replace(was, id=ids[was.id]) for was in proposal.before)
    return msgspec.structs.replace(proposal, edits=edits, before=before)


def _is_there(proposal: Patch, snapshot: Snapshot) -> bool:
    """Whether the ids are to be taken as they are."""
    cells = {cell.id: cell for cell in snapshot.cells}
    for was in proposal.before:
        cell = cells.get(was.id)
        same = cell is not None and (
            was.source is None or (cell.type, cell.source) == (was.type, was.source)
        )
        if not same and (not snapshot.has_ids or MADE_UP.fullmatch(was.id)):
            return False
    brought = {edit.cell_id for edit in proposal.edits if isinstance(edit, Insert)}
    return not any(MADE_UP.fullmatch(cell_id) for cell_id in brought & cells.keys())


def _renamed(edit: Edit, ids: dict[str, str]) -> Edit:
    changes: dict[str, str | None] = {"cell_id": ids.get(edit.cell_id, edit.cell_id)}
    if isinstance(edit, Insert | Move):
        changes["after"] = ids.get(edit.after or "", edit.after)
    return msgspec.structs.replace(edit, **changes)
