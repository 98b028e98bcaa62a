"""Edits written into a notebook's JSON text; what they do not touch keeps every character.

Cells are cut out of the text and put together again. A cell that no edit touches is the
text that it was, wherever it stands afterwards, and so are the outputs and the metadata of
one that is changed, and the lines of its source that stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from llm_notebook.core.edits import Delete, Edit, Replace
from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.proposal import PROVENANCE_KEY
from llm_notebook.diffing import apply, shown
from llm_notebook.diffing.sequences import common_pairs
from llm_notebook.files.reading import VALID_ID
from llm_notebook.files.spans import Item, items, last, members, skip
from llm_notebook.files.style import Style, indent_at, style_of

TYPES = ("code", "markdown", "raw")

Marks = Mapping[str, Mapping[str, Any]]
"""What cells remember of where they come from, by id."""


def rewrite(
    text: str, before: Snapshot, edits: Sequence[Edit], *, with_ids: bool, marks: Marks
) -> str:
    """The text of a notebook in format 4 with edits applied.

    Parameters
    ----------
    text : str
        JSON; a byte-order mark may stand before it.
    before : Snapshot
        What `text` holds, cell by cell.
    with_ids : bool
        Whether new cells get an id.
    marks : mapping
        Provenance to write into the metadata of cells.

    Raises
    ------
    StaleError, InvalidProposalError
        As `llm_notebook.diffing.apply`.
    """
    after = apply(before, edits)
    origins = _origins(before, edits)
    top = skip(text, 1 if text.startswith("\ufeff") else 0)
    member = last(members(text, top), "cells")
    assert member is not None  # it was read
    whole = member.item
    old = items(text, whole.start)
    rows: list[tuple[int | None, str]] = []
    model = _Model(text, top, whole, old)
    for cell in after.cells:
        place = origins.get(cell.id)
        mark = marks.get(cell.id)
        if place is None or cell.type != before.cells[place].type:
            _known_type(cell)
        if place is None:
            if with_ids and not VALID_ID.fullmatch(cell.id):
                raise InvalidProposalError(
                    f"A new cell has the id “{shown(cell.id)[:80]}”, which the notebook format "
                    "does not allow.",
                    kept="Nothing was written.",
                    next="Ids are up to 64 letters, digits, hyphens and underscores.",
                )
            rows.append((None, model.new(cell, with_ids=with_ids, mark=mark)))
        elif cell == before.cells[place] and mark is None:
            rows.append((place, text[old[place].start : old[place].end]))
        else:
            rows.append((place, model.changed(old[place], before.cells[place], cell, mark)))
    return text[: whole.start] + _assembled(text, whole, old, rows, model) + text[whole.end :]


def _known_type(cell: Cell) -> None:
    if cell.type not in TYPES:
        raise InvalidProposalError(
            f"A cell would be of the type “{shown(cell.type)[:80]}”, which the notebook format "
            "does not have.",
            kept="Nothing was written.",
            next=f"Types are {', '.join(TYPES)}.",
        )


def _origins(before: Snapshot, edits: Sequence[Edit]) -> dict[str, int]:
    """Which cell of the file each cell is, by its id after the edits."""
    origins = {cell.id: place for place, cell in enumerate(before.cells)}
    for edit in edits:
        if isinstance(edit, Delete):
            del origins[edit.cell_id]
        elif isinstance(edit, Replace) and edit.new_id and edit.cell_id in origins:
            origins[edit.new_id] = origins.pop(edit.cell_id)
    return origins


def _assembled(
    text: str, whole: Item, old: list[Item], rows: list[tuple[int | None, str]], model: _Model
) -> str:
    """The list of cells, with the blanks and line ends between them that were there."""
    if not rows:
        return "[]" if old else text[whole.start : whole.end]
    if old:
        head = text[whole.start : old[0].start]
        tail = text[old[-1].end : whole.end]
        gaps = [text[one.end : two.start] for one, two in pairwise(old)]
        usual = Counter(gaps).most_common(1)[0][0] if gaps else f",{head[1:]}"
    else:
        head = "[" + model.lead
        tail = model.tail + "]"
        gaps, usual = [], "," + (model.lead or " ")
    out = [head]
    for number, (place, cell) in enumerate(rows):
        if number:
            previous = rows[number - 1][0]
            follows = place is not None and previous is not None and place == previous + 1
            out.append(gaps[place - 1] if follows and place is not None else usual)
        out.append(cell)
    return "".join([*out, tail])


class _Model:
    """How cells are written in this notebook: as one that is there, else as its top level."""

    def __init__(self, text: str, top: int, whole: Item, old: list[Item]) -> None:
        self._text = text
        self.as_list = True
        if old:
            self._indent = indent_at(text, old[0].start)
            self._style, self._inner = style_of(text, old[0].start, self._indent)
            source = last(members(text, old[0].start), "source")
            self.as_list = source is None or text[source.item.start] == "["
            self.lead = self.tail = ""
            return
        self._style, outer = style_of(text, top, indent_at(text, top))
        self._indent = outer + self._style.unit
        self._inner = self._indent + self._style.unit
        self.lead, self.tail = self._style.between(self._indent), self._style.between(outer)

    def new(self, cell: Cell, *, with_ids: bool, mark: Mapping[str, Any] | None) -> str:
        """A new cell, its keys in the order in which Jupyter writes them."""
        body: dict[str, Any] = {
            "cell_type": cell.type,
            "metadata": {PROVENANCE_KEY: dict(mark)} if mark else {},
            "source": cell.source.splitlines(keepends=True) if self.as_list else cell.source,
        }
        if with_ids:
            body["id"] = cell.id
        if cell.type == "code":
            body |= {"execution_count": None, "outputs": []}
        parts = [self._member(self._style, key, body[key], self._inner) for key in sorted(body)]
        return self._style.joined("{}", parts, self._inner, self._indent)

    def changed(self, at: Item, was: Cell, cell: Cell, mark: Mapping[str, Any] | None) -> str:
        """The text of a cell with its source, type, id or provenance changed."""
        indent = indent_at(self._text, at.start) or self._indent
        style, inner = style_of(self._text, at.start, indent)
        found = {member.key: member for member in members(self._text, at.start)}
        changes: dict[str, str | None] = {}
        if cell.id != was.id and "id" in found:
            changes["id"] = style.dump(cell.id, inner)
        if cell.source != was.source:
            changes["source"] = self._source(found["source"].item, cell.source, style, inner)
        if cell.type != was.type:
            changes["cell_type"] = style.dump(cell.type, inner)
            if cell.type == "code":
                changes |= {"attachments": None, "execution_count": "null", "outputs": "[]"}
            elif was.type == "code":
                changes |= {"execution_count": None, "outputs": None}
        if mark is not None:
            metadata = found.get("metadata")
            if metadata is None or not isinstance(metadata.item.value, dict):
                changes["metadata"] = style.dump({PROVENANCE_KEY: dict(mark)}, inner)
            else:
                start, deeper = metadata.item.start, inner + style.unit
                if metadata.item.value:
                    own, deeper = style_of(self._text, start, inner)
                else:
                    own = style
                value = own.dump(dict(mark), deeper)
                changes["metadata"] = _edited(
                    self._text, metadata.item, {PROVENANCE_KEY: value}, own, deeper, inner
                )
        return _edited(self._text, at, changes, style, inner, indent)

    def _source(self, at: Item, source: str, style: Style, indent: str) -> str:
        """A source as the old one was written; a line that stays keeps its spelling."""
        if self._text[at.start] != "[":
            return style.dump(source, indent)
        text, old = self._text, items(self._text, at.start)
        lines = source.splitlines(keepends=True)
        deeper = indent + style.unit
        spelled = {line.value: text[line.start : line.end] for line in old}
        parts = [spelled.get(line) or style.dump(line, deeper) for line in lines]
        if not old or not lines:
            return style.joined("[]", parts, deeper, indent)
        head = text[at.start : old[0].start]
        gaps = [text[one.end : two.start] for one, two in pairwise(old)]
        usual = gaps[0] if gaps else f",{head[1:]}"
        stays = {j: i for i, j in common_pairs([line.value for line in old], lines)}
        out = [head, parts[0]]
        for number, part in enumerate(parts[1:], 1):
            place = stays.get(number, 0)
            out += [gaps[place - 1] if place else usual, part]
        return "".join([*out, text[old[-1].end : at.end]])

    @staticmethod
    def _member(style: Style, key: str, value: Any, indent: str) -> str:
        return style.dump(key, indent) + style.colon + style.dump(value, indent)


def _edited(
    text: str, at: Item, changes: Mapping[str, str | None], style: Style, indent: str, outer: str
) -> str:
    """The text of an object with some values changed, added, or taken out (None)."""
    found = members(text, at.start)
    known = {member.key: member for member in found}
    if all(key in known and value is not None for key, value in changes.items()):
        out, position = [], at.start
        for member in sorted((known[key] for key in changes), key=lambda m: m.start):
            out += [text[position : member.item.start], changes[member.key] or ""]
            position = member.item.end
        return "".join([*out, text[position : at.end]])
    # One is added or goes, so the members are put together anew.
    parts: list[tuple[str, str]] = []
    for member in found:
        if member is not known[member.key]:
            continue
        value = changes.get(member.key, text[member.item.start : member.item.end])
        if value is not None:
            parts.append((member.key, text[member.start : member.item.start] + value))
    in_order = [key for key, _ in parts] == sorted(key for key, _ in parts)
    for key, value in changes.items():
        if key not in known and value is not None:
            parts.append((key, style.dump(key, indent) + style.colon + value))
    if in_order:
        parts.sort(key=lambda part: part[0])
    return style.joined("{}", [part for _, part in parts], indent, outer)
