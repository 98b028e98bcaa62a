"""The same laws on real notebooks: as people edited them, and as chance does."""

from __future__ import annotations

import random

from corpora import edit_pairs, needs_corpora, readable_notebooks
from strategies import without_ids

from llm_notebook.core.edits import Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.diffing import apply, apply_hunks, diff, invert, line_hunks

pytestmark = needs_corpora


def assert_laws(before: Snapshot, after: Snapshot) -> None:
    proposal = diff(before, after)
    result = apply(before, proposal)
    assert result.content() == after.content()
    if before.has_ids and after.has_ids:
        assert result.cells == after.cells
    assert apply(result, invert(proposal, before)) == before
    sources = {cell.id: cell.source for cell in before.cells}
    for edit in proposal.edits:
        if isinstance(edit, Replace):
            old = sources[edit.cell_id]
            count = len(line_hunks(old, edit.source))
            assert apply_hunks(old, edit.source, range(count)) == edit.source
            assert apply_hunks(old, edit.source, ()) == old


def mutated(snapshot: Snapshot, rng: random.Random) -> Snapshot:
    cells = list(snapshot.cells)
    for number in range(rng.randint(1, 8)):
        at = rng.randrange(len(cells) + 1)
        if not cells or rng.random() < 0.2:
            cells.insert(at, Cell(f"new-{number}", "code", f"print({number})\n"))
            continue
        cell = cells.pop(rng.randrange(len(cells)))
        if (chance := rng.random()) < 0.2:
            continue
        if chance < 0.6:
            lines = cell.source.split("\n")
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(["", "x = 1", "\u2028", "é\r"]))
            cell = Cell(cell.id, rng.choice([cell.type, cell.type, "raw"]), "\n".join(lines))
        cells.insert(rng.randrange(len(cells) + 1), cell)
    return Snapshot(tuple(cells), has_ids=snapshot.has_ids)


def test_mutations_of_every_readable_notebook() -> None:
    notebooks = readable_notebooks()
    assert len(notebooks) > 100
    for seed, before in enumerate(notebooks):
        rng = random.Random(seed)
        for _ in range(3):
            after = mutated(before, rng)
            assert_laws(before, after)
            assert_laws(without_ids(before), without_ids(after))


def test_every_edit_pair() -> None:
    pairs = edit_pairs()
    assert len(pairs) >= 156
    for before, after in pairs:
        assert_laws(before, after)
        assert_laws(after, before)
        assert_laws(without_ids(before), without_ids(after))


def test_matching_agrees_with_ids_that_survived() -> None:
    """Where people's edits kept the ids, the pairing found without them is the same."""
    right = wrong = 0
    for before, after in edit_pairs():
        truth = {cell.id: place for place, cell in enumerate(before.cells)}
        if not (before.has_ids and after.has_ids):
            continue
        old, new = without_ids(before), without_ids(after)
        result = apply(old, diff(old, new))
        for was, cell in zip(after.cells, result.cells, strict=True):
            if was.id in truth and cell.id.startswith("cell-"):
                good = cell.id == old.cells[truth[was.id]].id
                right += good
                wrong += not good
    assert right > 1000
    assert wrong <= right // 100
