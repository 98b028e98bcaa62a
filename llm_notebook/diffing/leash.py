"""A long reply, cut into proposals that a person can take in one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Snapshot, cell_hash
from llm_notebook.core.origin import Leash
from llm_notebook.diffing.hunks import apply_hunks, line_hunks


class Cut(msgspec.Struct, frozen=True):
    """One part of a reply: its edits apply once those of the parts before have.

    Attributes
    ----------
    edits : tuple of Edit
    over : int
        Lines of an edit that is over the leash and could not be cut; 0 where
        there is none.
    """

    edits: tuple[Edit, ...]
    over: int = 0


def cut(snapshot: Snapshot, edits: Sequence[Edit], leash: Leash) -> tuple[Cut, ...]:
    """Parts of at most so many cells and changed lines, in the order of the edits.

    A change of one cell that is too long is cut between its hunks, a new cell
    between statements or paragraphs. What cannot be cut stays whole.
    """
    most_cells, most_lines = max(1, leash.cells), max(1, leash.lines)
    parts: list[Cut] = []
    now: list[Edit] = []
    cells: set[str] = set()
    lines = 0
    for edit, count in _pieces(snapshot, edits, most_lines):
        over = count if count > most_lines else 0
        full = len(cells | {edit.cell_id}) > most_cells or lines + count > most_lines
        if now and full:
            parts.append(Cut(tuple(now)))
            now, cells, lines = [], set(), 0
        now.append(edit)
        cells.add(edit.cell_id)
        lines += count
        if over:
            parts.append(Cut(tuple(now), over))
            now, cells, lines = [], set(), 0
    if now:
        parts.append(Cut(tuple(now)))
    return tuple(parts)


def _pieces(snapshot: Snapshot, edits: Sequence[Edit], limit: int) -> Iterator[tuple[Edit, int]]:
    """The edits, those that are too long in pieces, each with its count of lines."""
    sources = {cell.id: cell.source for cell in snapshot.cells}
    taken = {*sources, *(edit.cell_id for edit in edits)}
    behind: dict[str | None, str] = {}
    for edit in edits:
        if isinstance(edit, Insert | Move) and edit.after in behind:
            edit = msgspec.structs.replace(edit, after=behind[edit.after])
        before = sources.get(edit.cell_id, "")
        if isinstance(edit, Insert):
            for piece in _cut_insert(edit, limit, taken):
                yield piece, _count(piece.source)
                if piece.cell_id != edit.cell_id:
                    behind[edit.cell_id] = piece.cell_id
                sources[piece.cell_id] = piece.source
        elif isinstance(edit, Replace):
            yield from _cut_replace(edit, before, limit)
            sources[edit.new_id or edit.cell_id] = edit.source
        else:
            yield edit, _count(before) if isinstance(edit, Delete) else 0


def _count(source: str) -> int:
    return source.count("\n") + 1 if source else 0


def _cut_replace(edit: Replace, before: str, limit: int) -> Iterator[tuple[Edit, int]]:
    counts = [len(hunk.removed) + len(hunk.added) for hunk in line_hunks(before, edit.source)]
    if sum(counts) <= limit or edit.new_id is not None:
        yield edit, sum(counts)
        return
    expects, first = edit.expects, 0
    for end in _grouped(counts, limit):
        source = apply_hunks(before, edit.source, range(end))
        yield Replace(edit.cell_id, expects, edit.cell_type, source), sum(counts[first:end])
        expects, first = cell_hash(edit.cell_type, source), end


def _cut_insert(edit: Insert, limit: int, taken: set[str]) -> Iterator[Insert]:
    after, cell_id = edit.after, edit.cell_id
    for number, source in enumerate(_cut_source(edit.cell_type, edit.source, limit), 1):
        if number > 1:
            after, cell_id = cell_id, f"{edit.cell_id[:56]}-{number}"
            while cell_id in taken:
                cell_id += "x"
            taken.add(cell_id)
        yield Insert(cell_id, after, edit.cell_type, source)


def _cut_source(cell_type: str, source: str, limit: int) -> list[str]:
    if _count(source) <= limit:
        return [source]
    lines = source.split("\n")
    starts = _statements(lines) if cell_type == "code" else _paragraphs(lines)
    bounds = [0, *starts, len(lines)]
    ends = _grouped([b - a for a, b in pairwise(bounds)], limit)
    pieces, first = [], 0
    for end in ends:
        piece = "\n".join(lines[first : bounds[end]]).strip("\n")
        first = bounds[end]
        if piece.strip():
            pieces.append(piece)
    return pieces if len(pieces) > 1 else [source]


def _grouped(counts: Sequence[int], limit: int) -> Iterator[int]:
    """Where each group ends, so that none is over the limit if it has more than one."""
    total = 0
    for index, count in enumerate(counts):
        if total and total + count > limit:
            yield index
            total = 0
        total += count
    yield len(counts)


def _statements(lines: Sequence[str]) -> list[int]:
    """Lines at which a statement begins, with the comment above it; none where that is unclear."""
    if lines[0].startswith("%%") or any("\r" in line for line in lines):
        return []
    # A line magic is a statement of its own.
    plain = [
        line[: len(line) - len(line.lstrip())] + "pass" if line.lstrip()[:1] in ("%", "!") else line
        for line in lines
    ]
    try:
        body = ast.parse("\n".join(plain)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    starts = set()
    for statement in body:
        decorators = getattr(statement, "decorator_list", [])
        start = min([statement.lineno, *(d.lineno for d in decorators)]) - 1
        while start and lines[start - 1].startswith("#"):
            start -= 1
        starts.add(start)
    return sorted(starts - {0})


def _paragraphs(lines: Sequence[str]) -> list[int]:
    """Lines behind a blank one at which text begins, outside fences."""
    starts, in_fence = [], False
    for index, line in enumerate(lines):
        if index and line.strip() and not lines[index - 1].strip() and not in_fence:
            starts.append(index)
        if line.lstrip().startswith(("```", "~~~")):
            in_fence = not in_fence
    return starts
