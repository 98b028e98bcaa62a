"""Edits of which others are left out, and texts that are brought together."""

from __future__ import annotations

import pytest

from llm_notebook.core.edits import Delete, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.diffing import follow, merge, reanchor

A, B = Cell("a", "code", "a = 1"), Cell("b", "code", "b = 1")
ONE = Insert("one", "a", "code", "1")
TWO = Insert("two", "one", "code", "2")
THREE = Insert("three", "two", "code", "3")


def test_what_stood_behind_one_that_is_left_out() -> None:
    assert reanchor([THREE], [ONE, TWO]) == (Insert("three", "a", "code", "3"),)
    assert reanchor([TWO, THREE], [ONE]) == (Insert("two", "a", "code", "2"), THREE)
    assert reanchor([Move("b", B.hash, "two")], [TWO, ONE]) == (Move("b", B.hash, "a"),)
    assert reanchor([ONE], [TWO]) == (ONE,)


def test_what_expected_a_content_that_is_not_written() -> None:
    change = Replace("a", A.hash, "code", "a = 2")
    move = Move("a", cell_hash("code", "a = 2"), "b")
    assert reanchor([move], [change]) == (Move("a", A.hash, "b"),)
    assert reanchor([change], [move]) == (change,)


def test_what_comes_after_edits_that_came_out_otherwise() -> None:
    old = [Replace("a", A.hash, "code", "a = 2"), ONE]
    gone = cell_hash("code", "a = 2")
    base = Snapshot((A, B))
    assert follow([Delete("a", gone), TWO], old, (), base) == (
        Delete("a", A.hash),
        Insert("two", "a", "code", "2"),
    )
    assert follow([Move("a", gone, "one")], old, [ONE], base) == (Move("a", A.hash, "one"),)
    assert follow([TWO], old, old, base) == (TWO,)


def test_a_cell_that_is_gone_is_no_anchor() -> None:
    behind_b = Insert("n", "b", "code", "")
    deleted = [Delete("b", B.hash)]
    assert follow([behind_b], [], deleted, Snapshot((A, B))) == (Insert("n", "a", "code", ""),)


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [
        ("A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("A\nb\nc", "a\nB\nc", "A\nB\nc"),
        ("A\nb\nc", "A\nb\nC", "A\nb\nC"),
        ("b\nc", "a\nb\nc\nd", "b\nc\nd"),
        ("A\nb\nc", "X\nb\nc", None),
        ("a\nx\nb\nc", "a\ny\nb\nc", None),
        ("a\nc", "a\nB\nc", None),
        ("a\nb\nc", "a\nB\nc", "a\nB\nc"),
        ("a\nB\nc", "a\nb\nc", "a\nB\nc"),
    ],
)
def test_two_changes_of_one_text(one: str, two: str, both: str | None) -> None:
    assert merge("a\nb\nc", one, two) == both
    assert merge("a\nb\nc", two, one) == both
