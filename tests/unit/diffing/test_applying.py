"""Applying edits: what each does, when it is refused, and what it says then."""

from __future__ import annotations

import pytest

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import InvalidProposalError, LLMNotebookError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import apply, check, invert

A, B, C = Cell("a", "code", "x = 1"), Cell("b", "markdown", "# B"), Cell("c", "code", "print(x)")
NB = Snapshot((A, B, C), path="n.ipynb")
NEW = Cell("n", "code", "y = 2")


def insert(cell: Cell, after: str | None) -> Insert:
    return Insert(cell.id, after, cell.type, cell.source)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([insert(NEW, None)], [NEW, A, B, C]),
        ([insert(NEW, "c")], [A, B, C, NEW]),
        (
            [insert(NEW, "a"), insert(Cell("m", "raw", ""), "n")],
            [A, NEW, Cell("m", "raw", ""), B, C],
        ),
        ([Replace("b", B.hash, "raw", "")], [A, Cell("b", "raw", ""), C]),
        ([Replace("b", B.hash, "markdown", "# B", "z")], [A, Cell("z", "markdown", "# B"), C]),
        ([Delete("a", A.hash), Delete("c", C.hash)], [B]),
        ([Move("c", C.hash, None)], [C, A, B]),
        ([Move("a", A.hash, "c")], [B, C, A]),
        ([Move("b", B.hash, "a")], [A, B, C]),
        ([Delete("a", A.hash), insert(A, "c")], [B, C, A]),
        (
            [Replace("a", A.hash, "code", "q"), Replace("a", cell_hash("code", "q"), "raw", "r")],
            [Cell("a", "raw", "r"), B, C],
        ),
        ([], [A, B, C]),
    ],
)
def test_edits_apply_in_order_and_come_back(edits: list[Edit], expected: list[Cell]) -> None:
    result = apply(NB, edits)
    assert result.cells == tuple(expected)
    assert (result.path, result.has_ids) == (NB.path, NB.has_ids)
    proposal = Proposal(id="p", origin=Origin("do", "m"), created=1.0, edits=tuple(edits))
    back = invert(proposal, NB)
    assert apply(result, back) == NB
    assert back.status == "pending"
    assert back.origin == proposal.origin


STALE = [
    (Replace("b", "0" * 16, "raw", ""), "Cell c2 “# B” has changed since this was proposed."),
    (Delete("b", "0" * 16), "Cell c2 “# B” has changed since this was proposed."),
    (Move("b", "0" * 16, None), "Cell c2 “# B” has changed since this was proposed."),
    (Delete("gone", "0" * 16), "The cell gone is no longer in the notebook."),
    (insert(NEW, "gone"), "The cell gone is no longer in the notebook."),
    (Move("b", B.hash, "gone"), "The cell gone is no longer in the notebook."),
    (insert(A, None), "Cell c1 “x = 1” has the id of a new cell already."),
    (Replace("b", B.hash, "raw", "", "a"), "Cell c1 “x = 1” has the id of a new cell already."),
]
INVALID = [
    ([insert(NEW, None), insert(NEW, "a")], "Two edits of this proposal use the id n."),
    ([Move("b", B.hash, "b")], "Cell c2 “# B” cannot be moved behind itself."),
    ([insert(Cell("", "code", ""), None)], "A new cell has no id."),
    ([insert(NEW, "n")], "The cell n is brought in by another edit"),
    (
        [insert(Cell("m", "code", ""), "n"), insert(NEW, None)],
        "The cell n is brought in by another",
    ),
    ([Delete("a", A.hash), insert(NEW, "a")], "Cell c1 “x = 1” is taken out by an earlier edit"),
    ([Delete("a", A.hash), Delete("a", A.hash)], "Cell c1 “x = 1” is taken out by an earlier edit"),
    (
        [Replace("a", A.hash, "code", "q"), Delete("a", A.hash)],
        "Cell c1 “q” is changed by an earlier edit",
    ),
]


@pytest.mark.parametrize(("edit", "says"), STALE)
def test_a_failed_precondition_is_stale(edit: Edit, says: str) -> None:
    with pytest.raises(StaleError) as caught:
        apply(NB, [Delete("c", C.hash), edit])
    problem = caught.value.problem
    assert problem.message == says
    assert problem.kept == "Nothing was applied."
    assert problem.next
    assert check(NB, [edit]) == (says,)


@pytest.mark.parametrize(("edits", "says"), INVALID)
def test_edits_that_contradict_each_other_are_invalid(edits: list[Edit], says: str) -> None:
    with pytest.raises(InvalidProposalError, match=says):
        apply(NB, edits)
    reason = check(NB, edits)[0 if says.startswith("The cell n") else -1]
    assert reason is not None
    assert reason.startswith(says)


def test_check_goes_on_behind_what_fails() -> None:
    edits = [Delete("a", "0" * 16), insert(NEW, "b"), Move("c", C.hash, "n"), Delete("n", "0")]
    first, second, third, fourth = check(NB, edits)
    assert first is not None
    assert second is third is None
    assert fourth is not None
    assert "changed by an earlier edit" in fourth


def test_only_some_edits() -> None:
    edits = [Delete("a", A.hash), insert(NEW, "b"), Move("c", C.hash, "n")]
    assert apply(NB, edits, only=[2, 1]).cells == (B, NEW, C)
    assert apply(NB, edits, only=()) == NB
    # What stood behind a cell that is left out takes its place.
    assert [cell.id for cell in apply(NB, [insert(NEW, "a"), Move("c", C.hash, "n")], [2])] == [
        *"acb"
    ]
    gone = [insert(NEW, "a"), Delete("a", A.hash), insert(Cell("m", "code", ""), "n")]
    assert [cell.id for cell in apply(NB, gone, only=[2, 3])] == [*"mbc"]
    written = [Replace("a", A.hash, "code", "2"), Move("a", cell_hash("code", "2"), "c")]
    assert [cell.id for cell in apply(NB, written, only=[2])] == [*"bca"]
    with pytest.raises(InvalidProposalError, match="brought in by another edit"):
        apply(NB, [insert(NEW, "a"), Delete("n", NEW.hash)], only=["2"])
    for name, says in [
        (4, "no edit 4: there are 3"),
        ("2-9", "no edit 9"),
        (0, "“0” is no number"),
        ("-1", "no number"),
        ("1.0", "no number"),
        ("2-1", "“2-1” runs backwards"),
        ("9-1", "no edit 9"),
        ("²", "no number"),
        (True, "no number"),
        ("1.1", "Edit 1 has no hunks"),
    ]:
        with pytest.raises(InvalidProposalError, match=says):
            apply(NB, edits, only=[name])


def test_only_some_hunks() -> None:
    before = Snapshot((Cell("a", "code", "1\n2\n3\n4\n5"), B))
    edits = [
        Replace("a", before.cells[0].hash, "code", "one\n2\n3\n4\nfive\nsix"),
        Move("a", cell_hash("code", "one\n2\n3\n4\nfive\nsix"), "b"),
    ]
    sources = {
        ("1.1",): ["one\n2\n3\n4\n5", B.source],
        ("1.2",): ["1\n2\n3\n4\nfive\nsix", B.source],
        # What follows a change expects what was really written.
        ("1.2", "2"): [B.source, "1\n2\n3\n4\nfive\nsix"],
        ("1.1", "1.2", "2"): [B.source, "one\n2\n3\n4\nfive\nsix"],
        ("1", "1.1"): ["one\n2\n3\n4\nfive\nsix", B.source],
    }
    for only, expected in sources.items():
        assert [c.source for c in apply(before, edits, only)] == expected, only
    with pytest.raises(InvalidProposalError, match="Edit 1 has no hunk 3: it has 2"):
        apply(before, edits, only=["1.3"])
    stale = Snapshot((Cell("a", "code", "mine"), B))
    with pytest.raises(StaleError):
        apply(stale, edits, only=["1.1"])


def test_a_notebook_with_a_repeated_id_is_refused_and_not_guessed_at() -> None:
    with pytest.raises(InvalidProposalError, match="same id"):
        apply(Snapshot((A, B, A)), [])


def test_a_cell_is_named_without_letting_it_deceive() -> None:
    cell = Cell("a", "code", "\n  " + "y" * 30 + "\u202e" + "z" * 30)
    with pytest.raises(LLMNotebookError) as caught:
        apply(Snapshot((cell,)), [Delete("a", "0")])
    assert "“" + "y" * 30 + "\\u202e" + "z" * 8 + "…”" in caught.value.problem.message
