"""Cells, snapshots and the hash that preconditions are made of."""

from __future__ import annotations

import hashlib

import pytest

from llm_notebook.core.notebook import Cell, Snapshot, cell_hash


def test_hash_is_the_start_of_sha256_over_type_and_source() -> None:
    expected = hashlib.sha256("code\nx = 'é🐍'".encode()).hexdigest()[:16]
    assert cell_hash("code", "x = 'é🐍'") == expected
    assert Cell("any", "code", "x = 'é🐍'").hash == expected


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("code", "x"), ("markdown", "x")),
        (("code", "x"), ("code", "x\n")),
        (("code", "x\n"), ("code", "x\r\n")),
        (("code", ""), ("raw", "")),
    ],
)
def test_hash_tells_contents_apart(one: tuple[str, str], two: tuple[str, str]) -> None:
    assert cell_hash(*one) != cell_hash(*two)


@pytest.mark.parametrize("half", ["\ud800", "x\udfff", "a\udc00b"])
def test_a_lone_surrogate_counts_as_the_replacement_character(half: str) -> None:
    # As a browser's TextEncoder has it.
    whole = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in half)
    assert cell_hash("code", half) == cell_hash("code", whole)


def test_two_halves_in_a_row_are_one_character() -> None:
    # A browser cannot tell them from the character itself, so neither may we.
    assert cell_hash("code", "\ud83d\udc0d") == cell_hash("code", "\U0001f40d")


def test_a_snapshot_is_its_cells_in_order() -> None:
    one, two = Cell("a", "code", "1"), Cell("b", "markdown", "2")
    snapshot = Snapshot((one, two))
    assert list(snapshot) == [one, two]
    assert len(snapshot) == 2
    assert snapshot.find("b") is two
    assert snapshot.find("c") is None
    assert snapshot.content() == (("code", "1"), ("markdown", "2"))


def test_records_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Cell("a", "code", "1").source = "2"  # type: ignore[misc]
