"""Long replies in parts: together they do what the whole does, and each is short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Leash
from llm_notebook.diffing import apply, cut

LONG = "\n".join(f"line_{n} = {n}" for n in range(30))
NB = Snapshot((Cell("a", "code", LONG), Cell("b", "code", "b")))


def flat(parts: tuple[object, ...]) -> list[Edit]:
    return [edit for part in parts for edit in part.edits]  # type: ignore[attr-defined]


def test_a_short_reply_is_one_part() -> None:
    edits = (Replace("b", NB.cells[1].hash, "code", "c"), Insert("n", "b", "code", "n"))
    (part,) = cut(NB, edits, Leash())
    assert (part.edits, part.over) == (edits, 0)
    assert cut(NB, (), Leash()) == ()


def test_cells_and_lines_are_counted() -> None:
    edits = [Insert(f"n{n}", "b", "code", "1\n2") for n in range(5)]
    assert [len(part.edits) for part in cut(NB, edits, Leash(2, 100))] == [2, 2, 1]
    assert [len(part.edits) for part in cut(NB, edits, Leash(100, 7))] == [3, 2]
    assert len(cut(NB, edits, Leash(0, 0))) == 10  # no leash is shorter than a line


def test_a_long_change_is_cut_between_its_hunks() -> None:
    lines = LONG.split("\n")
    for at in range(0, 30, 3):
        lines[at] = lines[at].upper()
    after = "\n".join(lines)
    edit = Replace("a", NB.cells[0].hash, "code", after)
    parts = cut(NB, [edit, Move("a", cell_hash("code", after), "b")], Leash(5, 8))
    assert [len(part.edits) for part in parts] == [1, 1, 2]
    assert not any(part.over for part in parts)
    now = NB
    for part in parts:
        now = apply(now, part.edits)
    assert now == apply(NB, flat(parts))
    assert now.cells == (NB.cells[1], Cell("a", "code", after))


def test_what_cannot_be_cut_stays_whole_and_alone() -> None:
    edits = [
        Insert("n", "b", "code", "n"),
        Delete("a", NB.cells[0].hash),
        Insert("m", "n", "code", "m"),
    ]
    parts = cut(NB, edits, Leash(5, 8))
    assert [part.over for part in parts] == [0, 30, 0]
    assert flat(parts) == edits


SOURCES = [
    ("code", "import os\n\n# about f\n@wraps\ndef f():\n    return 1\n\n\nx = f()\ny = x", 4),
    ("code", "%time x = 1\n!ls\ny = 2\nif y:\n    !pwd\nz = 3", 2),
    ("markdown", "# One\n\nText\nmore\n\n```\na\n\nb\n```\n\nEnd", 4),
]


@pytest.mark.parametrize(("cell_type", "source", "limit"), SOURCES)
def test_a_long_cell_is_cut_where_one_thing_ends(cell_type: str, source: str, limit: int) -> None:
    parts = cut(
        NB,
        [Insert("n", "b", cell_type, source), Insert("m", "n", "code", "last")],
        Leash(10, limit),
    )
    cells = apply(NB, flat(parts)).cells[2:]
    assert len(cells) > 2
    assert cells[-1] == Cell("m", "code", "last")
    assert cells[0].id == "n"
    # Nothing but blank lines is lost, in this order.
    text = "\n".join(cell.source for cell in cells[:-1]).replace("\n", "")
    assert text == source.replace("\n", "")
    if cell_type == "code":
        for cell in cells:
            plain = cell.source.replace("!ls", "pass").replace("%time ", "").replace("!pwd", "pass")
            compile(plain, "cell", "exec")


@pytest.mark.parametrize(
    ("cell_type", "source"),
    [
        ("code", "%%bash\n" + "ls\n" * 9),
        ("code", "x = (\n" * 9),
        ("code", "a = 1\r\n" * 9),
        ("raw", "text\n" * 9),
    ],
)
def test_a_long_cell_that_has_no_seam(cell_type: str, source: str) -> None:
    edit = Insert("n", "b", cell_type, source)
    (part,) = cut(NB, [edit], Leash(10, 4))
    assert part.edits == (edit,)
    assert part.over == len(source.split("\n"))


@given(st.data())
def test_the_parts_do_what_the_whole_does(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    edits: list[Edit] = []
    anchors = ["a", "b"]
    for n in range(count):
        source = "\n".join(f"v{n}_{k} = {k}" for k in range(data.draw(st.integers(1, 12))))
        edits.append(Insert(f"n{n}", data.draw(st.sampled_from(anchors)), "code", source))
        anchors.append(f"n{n}")
    changed = [line + " #" if data.draw(st.booleans()) else line for line in LONG.split("\n")]
    if (after := "\n".join(changed)) != LONG:
        edits.append(Replace("a", NB.cells[0].hash, "code", after))
    leash = Leash(data.draw(st.integers(1, 4)), data.draw(st.integers(1, 12)))
    parts = cut(NB, edits, leash)
    whole, cells = apply(NB, edits), apply(NB, flat(parts)).cells
    assert "\n".join(cell.source for cell in cells) == "\n".join(c.source for c in whole.cells)
    for part in parts:
        assert len({edit.cell_id for edit in part.edits}) <= leash.cells
        assert not part.over or len(part.edits) == 1
