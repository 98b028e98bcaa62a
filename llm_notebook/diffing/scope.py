"""Whether edits stay within what an ask in place may change."""

from __future__ import annotations

from collections.abc import Sequence

from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Scope


def out_of_scope(snapshot: Snapshot, edits: Sequence[Edit], scope: Scope) -> str | None:
    """What an edit does that it may not, as one sentence; None where all is well.

    Parameters
    ----------
    snapshot : Snapshot
        What the edits apply to.
    edits : sequence of Edit
    scope : Scope
        Its cells may be replaced, deleted and moved, and new ones may stand
        directly before and behind them. Where lines are selected, only those
        may change, and nothing else.
    """
    labels = {cell.id: f"c{place}" for place, cell in enumerate(snapshot.cells, 1)}
    places = _places(snapshot, scope)
    for edit in edits:
        if isinstance(edit, Insert):
            if scope.first is not None:
                return "It adds a cell, where only the selected lines may change."
            if edit.after not in places and edit.cell_id not in scope.cells:
                return "It adds a cell that is not directly before or behind a selected one."
            places.add(edit.cell_id)
        elif edit.cell_id not in scope.cells:
            verb = {"replace": "changes", "delete": "deletes", "move": "moves"}
            name = labels.get(edit.cell_id, "a cell")
            return f"It {verb[str(edit.__struct_config__.tag)]} {name}, which was not selected."
        elif scope.first is not None:
            cell = snapshot.find(edit.cell_id)
            if not (cell and isinstance(edit, Replace) and _only_lines(cell, edit, scope)):
                return (
                    f"It changes more of {labels[edit.cell_id]} than the selected lines, "
                    f"{scope.first} to {scope.last}."
                )
    return None


def _places(snapshot: Snapshot, scope: Scope) -> set[str | None]:
    """Behind what a new cell may stand."""
    places: set[str | None] = set(scope.cells)
    previous: str | None = None
    for cell in snapshot.cells:
        if cell.id in scope.cells:
            places.add(previous)
        previous = cell.id
    return places


def _only_lines(cell: Cell, edit: Replace, scope: Scope) -> bool:
    """Whether all before and behind the selected lines stands as it did."""
    old, new = cell.source.split("\n"), edit.source.split("\n")
    first, last = (scope.first or 1) - 1, scope.last or len(old)
    head, tail = old[:first], old[last:]
    return (
        cell.type == edit.cell_type
        and len(new) >= len(head) + len(tail)
        and new[: len(head)] == head
        and new[len(new) - len(tail) :] == tail
    )
