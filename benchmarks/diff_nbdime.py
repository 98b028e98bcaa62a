"""Our diff beside nbdime's: real edits, large notebooks, and cells that move.

``python benchmarks/diff_nbdime.py FOLDER`` reads pairs ``before.ipynb`` and ``after.ipynb`` below
a folder; their cells make the large notebooks and the seeded pairs, too. It needs nbdime 4 where
it runs. Both engines get what they work on, read beforehand, and take turns. nbdime is measured
as it comes, with outputs and metadata, and told to look at sources alone, as ours does.
"""

from __future__ import annotations

import argparse
import copy
import gc
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import nbdime  # noqa: E402
import nbformat  # noqa: E402
from nbdime.diffing.notebooks import (  # noqa: E402
    reset_notebook_differ,
    set_notebook_diff_targets,
)

from llm_notebook.core.notebook import Cell, Snapshot  # noqa: E402
from llm_notebook.diffing import apply, diff, invert  # noqa: E402
from llm_notebook.diffing.matching import match  # noqa: E402
from llm_notebook.files import read  # noqa: E402

MOVING_PAIRS = 40
BATCH = 0.02


def main() -> int:
    """Measure, print the tables; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("before.ipynb"))
    if not paths:
        sys.exit(f"There are no pairs below {options.folder}.")
    good = [
        edit_pairs(paths, options.runs),
        large(paths, options.runs),
        moving(paths),
    ]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    versions = ", ".join(f"{name} {version(name)}" for name in ("nbdime", "rapidfuzz", "msgspec"))
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"\n{versions}; Python {platform.python_version()}; {machine}; load {load}.")
    return 0 if all(good) else 1


def sources_only(on: bool) -> None:
    """Whether nbdime looks at sources alone."""
    reset_notebook_differ()
    if on:
        names = ("outputs", "attachments", "metadata", "identifier", "details")
        set_notebook_diff_targets(sources=True, **dict.fromkeys(names, False))


def taken(call: Callable[[], object]) -> float:
    """Seconds of the processor for one call, of as many as take 20 ms together."""
    gc.collect()  # what the other engine left behind is not this one's work
    count, began = 0, time.process_time()
    while (spent := time.process_time() - began) < BATCH:
        call()
        count += 1
    return spent / count


def measured(
    ours: tuple[Snapshot, Snapshot], theirs: Sequence[Any], runs: int
) -> tuple[float, float, float]:
    """Medians of seconds: ours, nbdime as it comes, nbdime with sources alone."""
    times: list[tuple[float, float, float]] = []
    for _ in range(runs):
        one = taken(lambda: diff(*ours))
        sources_only(False)
        two = taken(lambda: nbdime.diff_notebooks(*theirs))
        sources_only(True)
        three = taken(lambda: nbdime.diff_notebooks(*theirs))
        times.append((one, two, three))
    a, b, c = (statistics.median(column) for column in zip(*times, strict=True))
    return a, b, c


def round_trips(before: Snapshot, after: Snapshot) -> bool:
    proposal = diff(before, after)
    there = apply(before, proposal)
    back = apply(there, invert(proposal, before))
    return there.content() == after.content() and back.cells == before.cells


def edit_pairs(paths: Sequence[Path], runs: int) -> bool:
    """Real edits, as stored."""
    rows, kept = [], 0
    for path in paths:
        files = (path, path.with_name("after.ipynb"))
        ours = (read(files[0]), read(files[1]))
        theirs = tuple(nbformat.reader.reads(file.read_text(encoding="utf-8")) for file in files)
        kept += round_trips(*ours)
        rows.append(measured(ours, theirs, runs))
    print(f"{len(rows)} edit pairs, {kept} of them round-trip, both ways\n")
    print("| | ours | nbdime as it comes | ratio | nbdime, sources alone | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    whole = sorted(two / one for one, two, _ in rows)
    alone = sorted(three / one for one, _, three in rows)
    medians = [statistics.median(column) * 1e3 for column in zip(*rows, strict=True)]
    print(
        f"| median | {medians[0]:.2f} ms | {medians[1]:,.1f} ms | {statistics.median(whole):,.0f} "
        f"| {medians[2]:,.1f} ms | {statistics.median(alone):,.0f} |"
    )
    slowest = max(rows)
    print(
        f"| the pair that is slowest for us | {slowest[0] * 1e3:.2f} ms "
        f"| {slowest[1] * 1e3:,.1f} ms | {slowest[1] / slowest[0]:,.0f} "
        f"| {slowest[2] * 1e3:,.1f} ms | {slowest[2] / slowest[0]:,.0f} |"
    )
    print(f"| the least ratio | | | {whole[0]:,.1f} | | {alone[0]:,.1f} |")
    return statistics.median(whole) >= 100 and whole[0] >= 1 and kept == len(rows)


def pool_of(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Distinct cells of the pairs with something in them."""
    found: dict[tuple[str, str], None] = {}
    for path in paths:
        for cell in read(path):
            if cell.source.strip():
                found[cell.type, cell.source] = None
    return list(found)


def notebook_of(cells: Sequence[Cell], *, with_ids: bool = True) -> Any:
    """The same for nbdime, which pairs by ids where there are some."""
    return nbformat.from_dict(
        {
            "cells": [
                {
                    "cell_type": cell.type,
                    **({"id": cell.id} if with_ids else {}),
                    "metadata": {},
                    "source": cell.source,
                    **({"outputs": [], "execution_count": None} if cell.type == "code" else {}),
                }
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5 if with_ids else 4,
        }
    )


def large(paths: Sequence[Path], runs: int) -> bool:
    """Large notebooks with ids, one cell in a hundred edited."""
    pool, rng = pool_of(paths), random.Random(0)
    print("\n| cells, 1 % edited, with ids | ours | nbdime | ratio | sources alone | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    good = True
    for count in (1_000, 5_000):
        cells = []
        for number in range(count):
            kind, source = rng.choice(pool)
            cells.append(Cell(f"id{number}", kind, f"{source}\n# {number}"))
        edited = list(cells)
        for at in rng.sample(range(count), count // 100):
            edited[at] = Cell(cells[at].id, cells[at].type, cells[at].source + "\nprint(1)")
        pair = Snapshot(tuple(cells)), Snapshot(tuple(edited))
        assert round_trips(*pair)
        one, two, three = measured(
            pair, (notebook_of(cells), notebook_of(edited)), runs if count < 5_000 else 3
        )
        print(
            f"| {count:,} | {one * 1e3:.2f} ms | {two * 1e3:,.0f} ms | {two / one:,.0f} "
            f"| {three * 1e3:,.0f} ms | {three / one:,.0f} |"
        )
        good &= two / one >= 300
    return good


def moving(paths: Sequence[Path]) -> bool:
    """Cells that move, move and change, or are written anew; nobody is told ids."""
    pool = [cell for cell in pool_of(paths) if len(cell[1]) >= 40]
    counts = {"ours": [0, 0, 0], "nbdime": [0, 0, 0]}
    for seed in range(MOVING_PAIRS):
        rng = random.Random(seed)
        before = [Cell(f"cell-{n}", *cell) for n, cell in enumerate(rng.sample(pool, 30))]
        after, moved = shuffled(before, pool, rng)
        truth = [n for n, _ in after]
        cells = [Cell(f"cell-{n}", c.type, c.source) for n, (_, c) in enumerate(after)]
        one = Snapshot(tuple(before), has_ids=False), Snapshot(tuple(cells), has_ids=False)
        assert round_trips(*one)
        found = {
            "ours": list(match(*one)),
            "nbdime": nbdime_pairs(before, cells),
        }
        for name, pairs in found.items():
            tally = counts[name]
            tally[0] += sum(truth[j] in moved and i == truth[j] for j, i in enumerate(pairs))
            tally[1] += sum(i is not None and i != truth[j] for j, i in enumerate(pairs))
            tally[2] += len(moved)
    print(f"\n| {MOVING_PAIRS} seeded pairs, without ids | moved cells found | wrong pairings |")
    print("| --- | ---: | ---: |")
    for name, (right, wrong, of) in counts.items():
        print(f"| {name} | {right} of {of} | {wrong} |")
    right, wrong, of = counts["ours"]
    return right == of and wrong == 0


def shuffled(
    before: list[Cell], pool: list[tuple[str, str]], rng: random.Random
) -> tuple[list[tuple[int | None, Cell]], set[int | None]]:
    """Cells with where they come from; and which of them moved."""
    order: list[int] = list(range(len(before)))
    chosen = rng.sample(order, 5)
    rewritten = set(rng.sample([n for n in order if n not in chosen], 2))
    for n in chosen:
        order.remove(n)
    for n in chosen:
        # Not back between the neighbours that it had.
        places = [at for at in range(len(order) + 1) if abs(at - n) > 3]
        order.insert(rng.choice(places), n)
    used = {cell.source for cell in before}
    after: list[tuple[int | None, Cell]] = []
    for n in order:
        cell = copy.copy(before[n])
        if n in chosen[:3]:
            lines = cell.source.split("\n")
            lines.insert(rng.randrange(len(lines) + 1), f"note = {rng.randrange(1000)}")
            cell = Cell(cell.id, cell.type, "\n".join(lines))
        if n in rewritten:
            kind, source = rng.choice([c for c in pool if c[1] not in used])
            used.add(source)
            cell = Cell(cell.id, kind, source)
        after.append((n, cell))
    return after, set(chosen)


def nbdime_pairs(before: list[Cell], after: list[Cell]) -> list[int | None]:
    """For each cell after, the one before that nbdime takes it for."""
    sources_only(True)
    found = nbdime.diff_notebooks(
        notebook_of(before, with_ids=False), notebook_of(after, with_ids=False)
    )
    changes = next((entry.diff for entry in found if entry.key == "cells"), [])
    pairs: list[int | None] = []
    at = 0
    for entry in sorted(changes, key=lambda entry: (entry.key, entry.op != "addrange")):
        pairs += range(at, max(at, entry.key))
        at = max(at, entry.key)
        if entry.op == "addrange":
            pairs += [None] * len(entry.valuelist)
        elif entry.op == "removerange":
            at += entry.length
        else:
            pairs.append(at)
            at += 1
    return [*pairs, *range(at, len(before))]


if __name__ == "__main__":
    sys.exit(main())
