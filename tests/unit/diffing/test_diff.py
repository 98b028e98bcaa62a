"""Which edits `diff` finds."""

from __future__ import annotations

import random

import pytest

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace, edits_hash
from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.diffing import apply, diff, edits_between, line_hunks

LOAD = "import pandas as pd\ndf = pd.read_csv('trips.csv')\ndf.head()"
PLOT = "fig, ax = plt.subplots()\nax.plot(df['day'], df['count'])\nax.set_title('Trips')"
FIT = "model = LinearRegression()\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))"
FIT_OTHERWISE = "model = Ridge()\nmodel.fit(X, y_train)\nprint(model.score(X, y_test))"
NOTE = "## Results\n\nThe model explains most of the variance."


def cells(*sources: str, ids: str | None = None) -> Snapshot:
    """Code cells; without `ids` they are made up."""
    names = list(ids) if ids else [f"cell-{n}" for n, _ in enumerate(sources, 1)]
    pairs = zip(names, sources, strict=True)
    return Snapshot(tuple(Cell(i, "code", s) for i, s in pairs), has_ids=ids is not None)


def h(source: str) -> str:
    return cell_hash("code", source)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            cells("1", "2", "3", ids="abc"),
            cells("3", "2!", "4", ids="cbd"),
            [
                Delete("a", h("1")),
                Move("c", h("3"), None),
                Replace("b", h("2"), "code", "2!"),
                Insert("d", "b", "code", "4"),
            ],
            id="by id, deletes first",
        ),
        pytest.param(
            cells(LOAD, PLOT, ids="ab"),
            cells(PLOT + "\nplt.show()", LOAD, ids="ba"),
            [
                Move("b", h(PLOT), None),
                Replace("b", h(PLOT), "code", PLOT + "\nplt.show()"),
            ],
            id="moved and edited, both with the hash before",
        ),
        pytest.param(
            cells(LOAD, PLOT, FIT),
            cells(FIT + " # R2", LOAD, PLOT),
            [
                Move("cell-3", h(FIT), None),
                Replace("cell-3", h(FIT), "code", FIT + " # R2"),
            ],
            id="moved and edited, without ids",
        ),
        pytest.param(
            cells(LOAD, PLOT, FIT),
            cells(FIT_OTHERWISE, LOAD, PLOT),
            [
                Move("cell-3", h(FIT), None),
                Replace("cell-3", h(FIT), "code", FIT_OTHERWISE),
            ],
            id="moved and much edited, without ids",
        ),
        pytest.param(
            cells("twice", "twice", LOAD, PLOT, FIT),
            cells(LOAD, PLOT, FIT, "twice", "twice"),
            [
                Move("cell-1", h("twice"), "cell-5"),
                Move("cell-2", h("twice"), "cell-1"),
            ],
            id="duplicates that move keep their order",
        ),
        pytest.param(
            cells(LOAD, PLOT),
            cells(LOAD, PLOT, FIT),
            [Insert(h(FIT)[:8], "cell-2", "code", FIT)],
            id="a made-up id of the other file is not taken over",
        ),
        pytest.param(
            cells("", LOAD, "", PLOT, ""),
            cells("", LOAD, "", "", PLOT, ""),
            [Insert(h("")[:8], "cell-3", "code", "")],
            id="duplicates pair in order",
        ),
        pytest.param(
            cells("e", "x = 1", "e", "y = 2"),
            cells("x = 1", "e", "y = 2"),
            [Delete("cell-1", h("e"))],
            id="a duplicate is not moved where it can stay",
        ),
        pytest.param(
            cells(LOAD, ids="a"),
            cells(LOAD, ids="b"),
            [Replace("a", h(LOAD), "code", LOAD, "b")],
            id="a reissued id",
        ),
        pytest.param(
            cells(LOAD, PLOT),
            cells(LOAD, NOTE),
            [Delete("cell-2", h(PLOT)), Insert(h(NOTE)[:8], "cell-1", "code", NOTE)],
            id="what is not alike is not paired",
        ),
        pytest.param(
            cells(LOAD, "", PLOT),
            cells("", LOAD, PLOT),
            [Delete("cell-2", h("")), Insert(h("")[:8], None, "code", "")],
            id="a blank cell does not move",
        ),
    ],
)
def test_edits(before: Snapshot, after: Snapshot, expected: list[Edit]) -> None:
    assert list(diff(before, after).edits) == expected


def test_a_type_change_is_a_replace() -> None:
    before = cells(LOAD, NOTE)
    after = Snapshot((before.cells[0], Cell("x", "markdown", NOTE)), has_ids=False)
    assert diff(before, after).edits == (Replace("cell-2", h(NOTE), "markdown", NOTE),)


def test_an_id_that_survived_says_which_cell_it_is() -> None:
    edits = diff(cells(LOAD, PLOT, ids="ab"), cells(NOTE, PLOT, ids="ab")).edits
    assert edits == (Replace("a", h(LOAD), "code", NOTE),)


@pytest.mark.parametrize("shuffle", [False, True], ids=["in place", "moved"])
def test_many_edited_cells_are_all_found(shuffle: bool) -> None:
    """More than are compared each with each: by place, and by words that are rare."""
    sources = [f"name_{n} = load('file_{n}.csv')\nprint(name_{n}.shape)" for n in range(60)]
    order = list(range(60))
    if shuffle:
        random.Random(3).shuffle(order)
    before = cells(*sources)
    result = apply(before, diff(before, cells(*(f"{sources[n]}\nprint(1)" for n in order))))
    assert [cell.id for cell in result.cells] == [f"cell-{n + 1}" for n in order]


def test_as_few_cells_as_possible_move() -> None:
    sources = [f"step_{n} = {n}" for n in range(30)]
    rng = random.Random(7)
    for _ in range(20):
        order = sources[:]
        moved = rng.sample(sources, 3)
        for source in moved:
            order.remove(source)
            order.insert(rng.randrange(len(order) + 1), source)
        edits = diff(cells(*sources), cells(*order)).edits
        assert all(isinstance(edit, Move) for edit in edits)
        assert len(edits) <= 3


def test_the_proposal_is_a_pure_function_of_its_input() -> None:
    before, after = cells(LOAD, ids="a"), cells(LOAD, PLOT, ids="ab")
    proposal = diff(before, after)
    assert proposal == diff(before, after)
    assert proposal.id == edits_hash(proposal.edits)
    assert (proposal.status, proposal.created, proposal.origin.face) == ("pending", 0.0, "file")
    assert proposal.title == "1 new"
    assert diff(before, before).title == "No changes"


def test_a_repeated_id_is_refused() -> None:
    good, bad = cells("1", "2", ids="ab"), cells("1", "2", ids="aa")
    for pair, which in (((bad, good), "first"), ((good, bad), "second")):
        with pytest.raises(InvalidProposalError, match=f"{which} notebook"):
            diff(*pair)


def numbered(count: int, text: str) -> Snapshot:
    return cells(*(f"{text} {n} = compute({n})" for n in range(count)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            cells(*["x = 1"] * 2000),
            cells("new", *["x = 1"] * 1000, "mid", *["x = 1"] * 1500),
            id="2,000 equal cells",
        ),
        pytest.param(numbered(5000, "a"), numbered(5000, "b"), id="5,000 cells, all edited"),
        pytest.param(
            cells("\n".join(f"line {n}" for n in range(10_000))),
            cells("\n".join(f"line {n * 7 % 10_000}" for n in range(10_000))),
            id="10,000 lines, shuffled",
        ),
        pytest.param(
            cells("\n".join("abc"[n % 3] for n in range(60_000))),
            cells("\n".join("abc"[n * n % 3] for n in range(60_000))),
            id="60,000 lines of three kinds",
        ),
        pytest.param(cells("x" * 1_000_000), cells("x" * 999_999 + "y"), id="a line of 1 MB"),
        pytest.param(
            cells(*("w " * 20_000 + str(n) for n in range(60))),
            cells(*("w " * 20_000 + str(n) for n in range(60, 120))),
            id="60 long cells that are nearly equal",
        ),
    ],
)
@pytest.mark.timeout(60)  # quadratic work would take minutes or hours
def test_hard_inputs_end(before: Snapshot, after: Snapshot) -> None:
    proposal = diff(before, after)
    assert apply(before, proposal).content() == after.content()
    sources = {cell.id: cell.source for cell in before.cells}
    for edit in proposal.edits[:50]:
        if isinstance(edit, Replace):
            assert line_hunks(sources[edit.cell_id], edit.source)


def test_between_notebooks_of_one_descent_only_ids_count() -> None:
    before = Snapshot((Cell("a", "code", "x = 1"), Cell("b", "code", "y = 1")))
    after = Snapshot((Cell("b", "code", "y = 2"), Cell("n", "code", "x = 1")))
    edits = edits_between(before, after)
    assert apply(before, edits) == after
    assert edits == (
        Delete("a", before.cells[0].hash),
        Replace("b", before.cells[1].hash, "code", "y = 2"),
        Insert("n", "b", "code", "x = 1"),
    )
