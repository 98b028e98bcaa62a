"""What is left of edits when others of them are left out, or came out otherwise.

Edits of one proposal stand on each other: an insert behind a cell that an
earlier one brings, a change of what an earlier one has written. Where a person
takes only some, or takes them changed, the others are put on what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.diffing.merging import merge


def reanchor(edits: Iterable[Edit], left_out: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits as they stand where `left_out`, of the same proposal, are not applied.

    What stood behind a cell that is not brought in stands behind that one's own
    anchor. What expected a content that is not written expects the one before.
    """
    anchors: dict[str, str | None] = {}
    contents: dict[tuple[str, str], str] = {}
    for edit in left_out:
        if isinstance(edit, Insert):
            anchors[edit.cell_id] = edit.after
        elif isinstance(edit, Replace):
            new_id = edit.new_id or edit.cell_id
            contents[new_id, cell_hash(edit.cell_type, edit.source)] = edit.expects
            if new_id != edit.cell_id:
                anchors[new_id] = edit.cell_id
    return tuple(_put(edit, anchors, contents) for edit in edits)


def follow(
    edits: Sequence[Edit],
    old: Sequence[Edit],
    new: Sequence[Edit],
    base: Snapshot | None = None,
) -> tuple[Edit, ...]:
    """Edits that were to come after `old`, as they stand after `new`.

    A changed cell is merged where both changes are apart. Where they are not,
    or where the text before is not known, the edit stays as it is: it is stale
    then, and a person sees that.

    Parameters
    ----------
    edits, old, new : sequence of Edit
    base : Snapshot, optional
        The notebook before `old`.
    """
    base = base or Snapshot(())
    was, now = _Outcome(old, base, new), _Outcome(new, base, old)
    anchors = _anchors(base, was, now)
    contents: dict[tuple[str, str], str] = {}
    for cell_id in {*was.hashes, *now.hashes}:
        expected, there = was.hashes.get(cell_id), now.hashes.get(cell_id)
        if expected and there and expected != there:
            contents[cell_id, expected] = there
    result: list[Edit] = []
    for edit in edits:
        if isinstance(edit, Replace) and (edit.cell_id, edit.expects) in contents:
            one, two = was.cells.get(edit.cell_id), now.cells.get(edit.cell_id)
            source = (
                merge(one.source, two.source, edit.source)
                if one and two and one.hash == edit.expects
                else None
            )
            if source is None:
                result.append(edit)
                continue
            merged = msgspec.structs.replace(edit, source=source)
            contents[edit.cell_id, cell_hash(edit.cell_type, edit.source)] = cell_hash(
                edit.cell_type, source
            )
            edit = merged
            if two and (two.type, two.source) == (edit.cell_type, source):
                continue  # it is there already
        result.append(_put(edit, anchors, contents))
    return tuple(result)


def _put(edit: Edit, anchors: dict[str, str | None], contents: dict[tuple[str, str], str]) -> Edit:
    changes: dict[str, str | None] = {}
    if isinstance(edit, Insert | Move):
        after, seen = edit.after, {edit.cell_id}
        while after is not None and after in anchors and after not in seen:
            seen.add(after)
            after = anchors[after]
        if after != edit.after and after != edit.cell_id:
            changes["after"] = after
    if not isinstance(edit, Insert):
        expects, known = edit.expects, set[str]()
        while (edit.cell_id, expects) in contents and expects not in known:
            known.add(expects)
            expects = contents[edit.cell_id, expects]
        if expects != edit.expects:
            changes["expects"] = expects
    return msgspec.structs.replace(edit, **changes) if changes else edit


class _Outcome:
    """What edits leave of the cells that they, or `others`, touch."""

    def __init__(self, edits: Sequence[Edit], base: Snapshot, others: Sequence[Edit]) -> None:
        self.brought: dict[str, str | None] = {}
        self.gone: set[str] = set()
        self.cells: dict[str, Cell] = {}
        self.hashes: dict[str, str] = {}
        # What neither has touched yet, as far as it is known: by its hash at least.
        inserted = {e.cell_id for e in (*edits, *others) if isinstance(e, Insert)}
        for edit in (*others, *edits):
            if isinstance(edit, Insert) or edit.cell_id in inserted | self.hashes.keys():
                continue
            self.hashes[edit.cell_id] = edit.expects
            cell = base.find(edit.cell_id)
            if cell is not None and cell.hash == edit.expects:
                self.cells[edit.cell_id] = cell
        for edit in edits:
            if isinstance(edit, Insert):
                self.brought[edit.cell_id] = edit.after
            if isinstance(edit, Insert | Replace):
                cell = Cell(edit.cell_id, edit.cell_type, edit.source)
                self.cells[cell.id], self.hashes[cell.id] = cell, cell.hash
                self.gone.discard(cell.id)
            elif isinstance(edit, Delete):
                self.gone.add(edit.cell_id)
                self.cells.pop(edit.cell_id, None)
                self.hashes.pop(edit.cell_id, None)


def _anchors(base: Snapshot, was: _Outcome, now: _Outcome) -> dict[str, str | None]:
    """What to stand behind, instead of cells that were to be there and are not."""
    anchors = {cell_id: was.brought[cell_id] for cell_id in was.brought.keys() - now.brought.keys()}
    gone = now.gone - was.gone
    previous: str | None = None
    for cell in base.cells if gone else ():
        if cell.id in gone:
            anchors[cell.id] = previous
        previous = cell.id
    return anchors
