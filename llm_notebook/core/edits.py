"""Typed edits of one cell each, with the preconditions under which they apply.

The concurrency model is optimistic. A proposal is written against a snapshot
while the person goes on working. Each edit names what must still hold when it
is applied: the hash of the cell that it touches, and the anchor that it stands
behind. If one precondition fails, the whole proposal is stale and nothing is
applied. Edits apply in order, so an insert may stand behind a cell that an
earlier edit of the same proposal brought in.
"""

from __future__ import annotations

import msgspec

from llm_notebook.core.notebook import cell_hash


class Insert(msgspec.Struct, frozen=True, tag_field="op", tag="insert"):
    """Put a new cell behind `after` (None: before the first cell).

    Precondition: the anchor exists, and no cell has the id `cell_id`.
    """

    cell_id: str
    after: str | None
    cell_type: str
    source: str


class Replace(msgspec.Struct, frozen=True, tag_field="op", tag="replace"):
    """Give a cell a new source, and a new type where `cell_type` differs.

    Precondition: the cell exists and its content still hashes to `expects`.
    `new_id` is set only by `diff` between files in which a tool reissued ids.
    """

    cell_id: str
    expects: str
    cell_type: str
    source: str
    new_id: str | None = None


class Delete(msgspec.Struct, frozen=True, tag_field="op", tag="delete"):
    """Take a cell out. Precondition: it exists and still hashes to `expects`."""

    cell_id: str
    expects: str


class Move(msgspec.Struct, frozen=True, tag_field="op", tag="move"):
    """Put a cell behind `after` (None: before the first cell).

    Precondition: cell and anchor exist, and the cell still hashes to `expects`.
    """

    cell_id: str
    expects: str
    after: str | None


Edit = Insert | Replace | Delete | Move


def edits_hash(edits: tuple[Edit, ...]) -> str:
    """A digest of edits that Python and TypeScript compute alike.

    `cell_hash` over one line an edit: op, cell id, `expects`, `after` and the
    hash of the new content, separated by spaces, with ``-`` for what the edit
    does not have and ``^`` for an anchor before the first cell. Where a replace
    has a `new_id`, the cell id is ``old>new``.
    """
    lines = []
    for edit in edits:
        op = edit.__struct_config__.tag
        expects = "-" if isinstance(edit, Insert) else edit.expects
        after = (edit.after or "^") if isinstance(edit, Insert | Move) else "-"
        new = cell_hash(edit.cell_type, edit.source) if isinstance(edit, Insert | Replace) else "-"
        cell_id = edit.cell_id
        if isinstance(edit, Replace) and edit.new_id is not None:
            cell_id = f"{cell_id}>{edit.new_id}"
        lines.append(f"{op} {cell_id} {expects} {after} {new}")
    return cell_hash("edits", "\n".join(lines))
