"""What a dry run of a proposal is to run. Pure: nothing is run here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from llm_notebook.context.source import is_prompt
from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.plan import PlannedCell
from llm_notebook.diffing import apply


class Planned(msgspec.Struct, frozen=True):
    """What a proposal comes to.

    Attributes
    ----------
    after : Snapshot
        The notebook as it would be.
    cells : tuple of PlannedCell
        The code cells that it brings in or changes, in the order of `after`.
    before : dict of str to str
        The source that a replaced or deleted code cell has now, by id.
    """

    after: Snapshot
    cells: tuple[PlannedCell, ...]
    before: dict[str, str]


def planned(snapshot: Snapshot, edits: Sequence[Edit]) -> Planned:
    """Work out what there is to run.

    Raises
    ------
    StaleError
        A precondition no longer holds.
    InvalidProposalError
        An edit contradicts the notebook or another one.
    """
    after = apply(snapshot, edits)
    changed: set[str] = set()
    before: dict[str, str] = {}
    for edit in edits:
        if isinstance(edit, Insert):
            changed.add(edit.cell_id)
        elif isinstance(edit, Replace):
            changed.add(edit.new_id or edit.cell_id)
        if isinstance(edit, Replace | Delete):
            cell = snapshot.find(edit.cell_id)
            if cell is not None and cell.type == "code":
                before[cell.id] = cell.source
    cells = tuple(
        PlannedCell(cell.id, cell.source)
        for cell in after
        if cell.id in changed and is_runnable(cell)
    )
    return Planned(after, cells, before)


def from_nothing(
    found: Planned, uses: Iterable[str]
) -> tuple[tuple[PlannedCell, ...], tuple[PlannedCell, ...]]:
    """What must run first, and what is to be shown, where no kernel holds the earlier cells.

    A cell between those of the proposal that uses what they change cannot run
    before them: it is shown among them, so that those below find what they need.

    Parameters
    ----------
    found : Planned
    uses : iterable of str
        Ids of the cells that use what the proposal changes.

    Returns
    -------
    setup, cells : tuple of PlannedCell
    """
    own = {cell.cell for cell in found.cells}
    last = max((at for at, cell in enumerate(found.after) if cell.id in own), default=-1)
    later = set(uses)
    setup: list[PlannedCell] = []
    cells: list[PlannedCell] = []
    for cell in found.after.cells[: last + 1]:
        if is_runnable(cell):
            place = cells if cell.id in own | later else setup
            place.append(PlannedCell(cell.id, cell.source))
    return tuple(setup), tuple(cells)


def is_runnable(cell: Cell) -> bool:
    """Whether it is code. A ``%%llm`` cell is words for a model, which no dry run asks."""
    return cell.type == "code" and bool(cell.source.strip()) and not is_prompt(cell.source)


def idle_reason(edits: Sequence[Edit]) -> str:
    """Why there is nothing to run."""
    kinds = {type(edit) for edit in edits}
    if kinds and kinds <= {Delete, Move}:
        words = {Delete: "deleted", Move: "moved"}
        named = " or ".join(words[kind] for kind in (Delete, Move) if kind in kinds)
        stays = " What they defined stays until the kernel restarts." if Delete in kinds else ""
        return f"Nothing to run: cells are only {named}.{stays}"
    return "Nothing to run: only text changes."
