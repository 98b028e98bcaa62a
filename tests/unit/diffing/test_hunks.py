"""Line hunks: where lines end, and what a hunk is."""

from __future__ import annotations

import pytest

from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.diffing import Hunk, apply_hunks, line_hunks


@pytest.mark.parametrize(
    ("before", "after", "hunks"),
    [
        ("a", "a", []),
        ("", "a", [Hunk(0, ("",), 0, ("a",))]),
        ("a", "a\n", [Hunk(1, (), 1, ("",))]),
        ("a\nb\nc", "a\nc", [Hunk(1, ("b",), 1, ())]),
        ("a\nb\nc", "x\nb\ny\nz", [Hunk(0, ("a",), 0, ("x",)), Hunk(2, ("c",), 2, ("y", "z"))]),
        ("a\r\nb", "a\nb", [Hunk(0, ("a\r",), 0, ("a",))]),
        (
            "a\x0bb\u2028c\rd",
            "a\x0bb\u2028c\re",
            [Hunk(0, ("a\x0bb\u2028c\rd",), 0, ("a\x0bb\u2028c\re",))],
        ),
    ],
)
def test_hunks(before: str, after: str, hunks: list[Hunk]) -> None:
    assert line_hunks(before, after) == tuple(hunks)


def test_each_hunk_can_be_taken_alone() -> None:
    before, after = "a\nb\nc\nd\ne", "A\nb\nc\nd\nE\nf"
    assert apply_hunks(before, after, [0]) == "A\nb\nc\nd\ne"
    assert apply_hunks(before, after, [1]) == "a\nb\nc\nd\nE\nf"


@pytest.mark.parametrize("index", [-1, 1])
def test_a_hunk_that_does_not_exist_is_refused(index: int) -> None:
    with pytest.raises(InvalidProposalError, match="there are 1"):
        apply_hunks("a", "b", [index])


def test_beyond_the_table_unique_lines_still_anchor() -> None:
    # 60,000 lines a side are too many for one table; the marks are unique.
    before = [line for n in range(30) for line in [f"mark {n}", *["x"] * 1000, *["y"] * 1000]]
    after = list(before)
    after[10_500] = "changed"
    after[50_500:50_500] = ["added"]
    hunks = line_hunks("\n".join([*before, "z"]), "\n".join(["new", *after]))
    assert [len(h.removed) + len(h.added) for h in hunks] == [1, 2, 1, 1]
