"""The digest by which an accept names what was on screen."""

from __future__ import annotations

import msgspec
import pytest

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace, edits_hash
from llm_notebook.core.errors import Problem
from llm_notebook.core.notebook import cell_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal

INSERT = Insert("n", None, "code", "x = 1")
REPLACE = Replace("c", "0" * 16, "code", "x = 2")
MOVE = Move("c", "0" * 16, "d")
DELETE = Delete("c", "0" * 16)


def test_one_line_an_edit() -> None:
    lines = [
        f"insert n - ^ {cell_hash('code', 'x = 1')}",
        f"replace c {'0' * 16} - {cell_hash('code', 'x = 2')}",
        f"move c {'0' * 16} d -",
        f"delete c {'0' * 16} - -",
    ]
    expected = cell_hash("edits", "\n".join(lines))
    edits = (INSERT, REPLACE, MOVE, DELETE)
    assert edits_hash(edits) == expected
    proposal = Proposal(id="p", origin=Origin("", ""), created=0.0, edits=edits)
    assert proposal.hash == expected


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (INSERT, {"cell_id": "m"}),
        (INSERT, {"after": "c"}),
        (INSERT, {"cell_type": "raw"}),
        (INSERT, {"source": "x = 1 "}),
        (REPLACE, {"cell_id": "d"}),
        (REPLACE, {"expects": "1" * 16}),
        (REPLACE, {"source": ""}),
        (MOVE, {"after": None}),
        (MOVE, {"expects": "1" * 16}),
        (DELETE, {"cell_id": "d"}),
    ],
)
def test_whatever_an_edit_does_is_in_the_digest(edit: Edit, change: dict[str, str]) -> None:
    assert edits_hash((edit,)) != edits_hash((msgspec.structs.replace(edit, **change),))


def test_order_and_number_are_in_the_digest() -> None:
    assert len({edits_hash(e) for e in ((), (MOVE,), (MOVE, DELETE), (DELETE, MOVE))}) == 4


def test_edits_survive_the_wire() -> None:
    edits: tuple[Edit, ...] = (INSERT, REPLACE, MOVE, DELETE)
    assert msgspec.json.decode(msgspec.json.encode(edits), type=tuple[Edit, ...]) == edits


def test_a_problem_reads_as_its_sentences() -> None:
    assert Problem("x", "It broke.", next="Try again.").text() == "It broke. Try again."
