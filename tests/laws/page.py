"""A page in Python: the document with its undo, and what the person does with proposals.

It applies and splits edits by `llm_notebook.diffing`, as the real page does by its
own code, and holds what came of it against a second opinion: a plain list of
cells to which each edit is applied by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from llm_notebook.core.edits import Delete, Edit, Insert, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.diffing import apply, apply_hunks, follow, line_hunks, reanchor


def by_hand(cells: Sequence[Cell], edits: Sequence[Edit]) -> list[Cell]:
    """Each edit in the plainest way; nothing is checked."""
    now = list(cells)

    def at(cell_id: str | None) -> int:
        return next((n for n, cell in enumerate(now) if cell.id == cell_id), -1)

    for edit in edits:
        if isinstance(edit, Insert):
            now.insert(at(edit.after) + 1, Cell(edit.cell_id, edit.cell_type, edit.source))
        elif isinstance(edit, Replace):
            now[at(edit.cell_id)] = Cell(edit.cell_id, edit.cell_type, edit.source)
        elif isinstance(edit, Delete):
            del now[at(edit.cell_id)]
        else:
            cell = now.pop(at(edit.cell_id))
            now.insert(at(edit.after) + 1, cell)
    return now


Split = tuple[tuple[Edit, ...], tuple[Edit, ...]]
"""What is applied or dropped, and what waits then."""


def take_edit(edits: tuple[Edit, ...], index: int, notebook: Snapshot) -> Split:
    others = edits[:index] + edits[index + 1 :]
    done = reanchor([edits[index]], others)
    return done, follow(others, (), done, notebook)


def drop_edit(edits: tuple[Edit, ...], index: int) -> Split:
    others = edits[:index] + edits[index + 1 :]
    return (edits[index],), reanchor(others, [edits[index]])


def hunks_of(edit: Edit, notebook: Snapshot) -> int:
    """How many hunks a person can decide on one by one."""
    cell = notebook.find(edit.cell_id)
    if not isinstance(edit, Replace) or cell is None or cell.hash != edit.expects:
        return 0
    return len(line_hunks(cell.source, edit.source)) if cell.type == edit.cell_type else 0


def take_hunk(edits: tuple[Edit, ...], index: int, hunk: int, notebook: Snapshot) -> Split:
    edit, before = _replace(edits, index, notebook)
    source = apply_hunks(before, edit.source, [hunk])
    done = msgspec.structs.replace(edit, source=source)
    others = edits[:index] + edits[index + 1 :]
    rest = list(follow(others, (), [done], notebook))
    if source != edit.source:
        waits = msgspec.structs.replace(edit, expects=cell_hash(edit.cell_type, source))
        rest.insert(index, waits)
    return (done,), tuple(rest)


def drop_hunk(edits: tuple[Edit, ...], index: int, hunk: int, notebook: Snapshot) -> Split:
    edit, before = _replace(edits, index, notebook)
    count = len(line_hunks(before, edit.source))
    source = apply_hunks(before, edit.source, [n for n in range(count) if n != hunk])
    if source == before:
        return drop_edit(edits, index)
    waits = msgspec.structs.replace(edit, source=source)
    others = edits[:index] + edits[index + 1 :]
    rest = list(follow(others, [edit], [waits], notebook))
    rest.insert(index, waits)
    dropped = apply_hunks(before, edit.source, [hunk])
    return (msgspec.structs.replace(edit, source=dropped),), tuple(rest)


def _replace(edits: tuple[Edit, ...], index: int, notebook: Snapshot) -> tuple[Replace, str]:
    edit, cell = edits[index], notebook.find(edits[index].cell_id)
    assert isinstance(edit, Replace)
    assert cell is not None
    return edit, cell.source


def rejoined(waiting: tuple[Edit, ...], back: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """What waits once `back` was taken out of the notebook again."""
    joined: list[Edit] = []
    further = list(waiting)
    for edit in back:
        if isinstance(edit, Replace):
            written = cell_hash(edit.cell_type, edit.source)
            known = False
            for n, other in enumerate(further):
                if not isinstance(other, Insert) and (other.cell_id, other.expects) == (
                    edit.cell_id,
                    written,
                ):
                    further[n] = msgspec.structs.replace(other, expects=edit.expects)
                    known |= isinstance(other, Replace)
            if known:
                continue
        joined.append(edit)
    return (*joined, *further)


class Step(msgspec.Struct):
    """One step of the document's undo history.

    Attributes
    ----------
    kind : {"person", "accept", "take back"}
    of : Step or None
        The accept that was taken back.
    edits_before : tuple of Edit
        What waited of the proposal before the accept.
    """

    kind: Literal["person", "accept", "take back"]
    before: Snapshot
    after: Snapshot
    proposal: str = ""
    done: tuple[Edit, ...] = ()
    edits_before: tuple[Edit, ...] = ()
    rest: tuple[Edit, ...] = ()
    of: Step | None = None
    is_in: bool = True
    """Whether what was accepted is in the notebook now."""


class Document:
    """Cells with undo and redo."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.now = Snapshot(tuple(cells), "nb")
        self.undone: list[Step] = []
        self.steps: list[Step] = []
        self.forget: Callable[[Snapshot], None] = lambda _: None
        """Told what can no longer be reached by redo."""

    def apply(self, edits: Sequence[Edit]) -> Snapshot:
        """The cells with edits applied. Raises where a precondition fails; nothing changes."""
        after = apply(self.now, edits)
        assert list(after.cells) == by_hand(self.now.cells, edits)
        return after

    def do(self, step: Step) -> None:
        for undone in self.undone:
            self.forget(undone.after)
        self.undone = []
        self.steps.append(step)
        self.now = step.after

    def undo(self) -> Step:
        step = self.steps.pop()
        self.undone.append(step)
        self.now = step.before
        return step

    def redo(self) -> Step:
        step = self.undone.pop()
        self.steps.append(step)
        self.now = step.after
        return step

    def history(self) -> list[Snapshot]:
        """Every state that undo and redo still reach."""
        steps = [*self.steps, *self.undone]
        return [self.now, *(s.before for s in steps), *(s.after for s in steps)]
