"""Notebooks and edits as Hypothesis generates them.

They aim at what is hard: few distinct contents, hence duplicates; blank cells;
every character that some tool takes for a line end; text outside the basic
plane, and half of it.
"""

from __future__ import annotations

from hypothesis import strategies as st

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot

ODD = [
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\ud800",
    "\U0001f40d",
    "\u202e",
    "é",
]
LINES = ["", "x = 1", "x = 2", "print(x)", "    return x", "df.head()", "# a", "# a b c d e"]

types = st.sampled_from(["code", "code", "code", "markdown", "raw"])
line = st.one_of(
    st.sampled_from(LINES),
    st.builds("".join, st.lists(st.sampled_from(ODD + LINES), max_size=3)),
    st.text(st.characters(), max_size=8),
)
sources = st.one_of(
    st.sampled_from(["", "x = 1", "x = 1\n", "\n"]),
    st.lists(line, max_size=8).map("\n".join),
)


def _ids(count: int, prefix: str) -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


@st.composite
def snapshots(draw: st.DrawFn, prefix: str = "a", max_size: int = 10) -> Snapshot:
    cells = draw(st.lists(st.tuples(types, sources), max_size=max_size))
    ids = draw(st.permutations(_ids(len(cells), prefix)))
    return Snapshot(tuple(Cell(i, t, s) for i, (t, s) in zip(ids, cells, strict=True)))


@st.composite
def edited(draw: st.DrawFn, snapshot: Snapshot) -> Snapshot:
    """What a person might have made of it: cells dropped, moved, edited, retyped, added."""
    cells = [cell for cell in snapshot.cells if draw(st.integers(0, 4))]
    for number in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(cells)))
        what = draw(st.sampled_from(["insert", "copy", "edit", "retype", "move", "move+edit"]))
        if what == "insert" or not cells:
            cells.insert(at, Cell(f"n{number}", draw(types), draw(sources)))
            continue
        pick = draw(st.integers(0, len(cells) - 1))
        cell = cells[pick]
        if what == "copy":
            cells.insert(at, Cell(f"n{number}", cell.type, cell.source))
            continue
        if what == "retype":
            cell = Cell(cell.id, draw(types), cell.source)
        if "edit" in what:
            lines = cell.source.split("\n")
            lines[draw(st.integers(0, len(lines) - 1))] = draw(line)
            cell = Cell(cell.id, cell.type, "\n".join(lines))
        del cells[pick]
        cells.insert(draw(st.integers(0, len(cells))) if "move" in what else pick, cell)
    return Snapshot(tuple(cells))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Snapshot, Snapshot]:
    """Two notebooks, related or not, with ids kept, reissued or made up."""
    before = draw(snapshots())
    after = draw(st.one_of(edited(before), edited(before), snapshots(prefix="a")))
    ids = draw(st.sampled_from(["kept", "reissued", "some", "made up", "before", "after"]))
    if ids in ("reissued", "some"):
        after = Snapshot(
            tuple(
                Cell(
                    f"r-{c.id}" if ids == "reissued" or draw(st.booleans()) else c.id,
                    c.type,
                    c.source,
                )
                for c in after.cells
            )
        )
    # Made-up ids may be such as the other notebook has, and then mean nothing.
    if ids in ("made up", "before"):
        before = without_ids(before) if draw(st.booleans()) else unidentified(before)
    if ids in ("made up", "after"):
        after = without_ids(after) if draw(st.booleans()) else unidentified(after)
    return before, after


def without_ids(snapshot: Snapshot) -> Snapshot:
    return Snapshot(
        tuple(Cell(f"cell-{n}", c.type, c.source) for n, c in enumerate(snapshot.cells, 1)),
        has_ids=False,
    )


def unidentified(snapshot: Snapshot) -> Snapshot:
    return Snapshot(snapshot.cells, has_ids=False)


@st.composite
def edit_lists(draw: st.DrawFn, snapshot: Snapshot) -> tuple[Edit, ...]:
    """Edits as any client might send them: many good ones, and nonsense."""
    known = [c.id for c in snapshot.cells] + ["n0", "n1", "gone", ""]
    hashes = {c.id: c.hash for c in snapshot.cells}
    out: list[Edit] = []
    for _ in range(draw(st.integers(0, 6))):
        cell_id = draw(st.sampled_from(known))
        after = draw(st.sampled_from([None, *known]))
        expects = hashes.get(cell_id, "0" * 16)
        content = (draw(types), draw(sources))
        new_id = draw(st.sampled_from([None, None, *known]))
        out.append(
            draw(
                st.sampled_from(
                    [
                        Insert(cell_id, after, *content),
                        Replace(cell_id, expects, *content, new_id),
                        Delete(cell_id, expects),
                        Move(cell_id, expects, after),
                    ]
                )
            )
        )
    return tuple(out)
