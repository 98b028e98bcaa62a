"""New cells that take the place of those which the same prompt made before."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.diffing.applying import apply
from llm_notebook.diffing.edits import edits_between
from llm_notebook.diffing.matching import Words


def in_place_of(
    snapshot: Snapshot, edits: Sequence[Edit], made: Collection[str]
) -> tuple[Edit, ...]:
    """Edits whose inserts replace the cells `made` before, in order and by likeness.

    Where there are fewer new cells than old ones, the others are deleted; where
    there are more, they are inserted beside. Old cells that an edit touches
    already, and all where nothing is inserted, are left to the edits.
    """
    touched = {edit.cell_id for edit in edits}
    brought = {edit.cell_id for edit in edits if isinstance(edit, Insert)}
    old = [cell for cell in snapshot.cells if cell.id in made and cell.id not in touched]
    new = [cell for cell in apply(snapshot, edits).cells if cell.id in brought]
    if not old or not new:
        return tuple(edits)
    pairs = {after.id: before for before, after in _paired(old, new)}
    result: list[Edit] = []
    for edit in edits:
        if isinstance(edit, Insert) and edit.cell_id in pairs:
            before = pairs[edit.cell_id]
            result.append(Replace(before.id, before.hash, edit.cell_type, edit.source))
        elif isinstance(edit, Insert | Move) and edit.after in pairs:
            result.append(msgspec.structs.replace(edit, after=pairs[edit.after].id))
        else:
            result.append(edit)
    kept = {cell.id for cell in pairs.values()}
    result += [Delete(cell.id, cell.hash) for cell in old if cell.id not in kept]
    return edits_between(snapshot, apply(snapshot, result))


def _paired(old: Sequence[Cell], new: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
    """As many pairs of one type as can be had in order, the most alike of all such choices."""
    from rapidfuzz.distance import Indel

    words = _words(old, new)
    # best[i][j]: of the first i old and j new cells, (score, whether the last two are a pair).
    best = [[(0.0, False)] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, before in enumerate(old, 1):
        for j, after in enumerate(new, 1):
            score = max(best[i - 1][j][0], best[i][j - 1][0])
            if before.type == after.type:
                alike = Indel.normalized_similarity(words[before.id], words[after.id])
                together = best[i - 1][j - 1][0] + len(new) + 1 + alike
                if together > score:
                    best[i][j] = (together, True)
                    continue
            best[i][j] = (score, False)
    pairs = []
    i, j = len(old), len(new)
    while i and j:
        score, together = best[i][j]
        if together:
            i, j = i - 1, j - 1
            pairs.append((old[i], new[j]))
        elif best[i - 1][j][0] == score:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _words(old: Sequence[Cell], new: Sequence[Cell]) -> dict[str, str]:
    words = Words(max(len(old), len(new)))
    return {cell.id: words.of(cell.source) for cell in (*old, *new)}
