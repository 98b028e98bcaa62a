"""Line hunks inside one replaced cell.

A line ends at a line feed and nowhere else, as nbformat and JupyterLab have
it: a carriage return or a form feed belongs to its line.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.diffing.sequences import common_pairs


class Hunk(msgspec.Struct, frozen=True):
    """A run of changed lines. It can be accepted alone.

    Attributes
    ----------
    start : int
        Index of the first line that goes, in the source before; where none
        goes, of the line that the new ones come before.
    removed : tuple of str
        The lines that go, without their line feeds.
    added_start : int
        Index of the first new line, in the source after.
    added : tuple of str
    """

    start: int
    removed: tuple[str, ...]
    added_start: int
    added: tuple[str, ...]


def line_hunks(before: str, after: str) -> tuple[Hunk, ...]:
    """The changes from `before` to `after`, in order; empty where they are equal."""
    if before == after:
        return ()
    old, new = before.split("\n"), after.split("\n")
    hunks = []
    i = j = 0
    for x, y in [*common_pairs(old, new), (len(old), len(new))]:
        if i < x or j < y:
            hunks.append(Hunk(i, tuple(old[i:x]), j, tuple(new[j:y])))
        i, j = x + 1, y + 1
    return tuple(hunks)


def apply_hunks(before: str, after: str, chosen: Iterable[int]) -> str:
    """Take only some of the hunks from `before` to `after`.

    Parameters
    ----------
    chosen : iterable of int
        Indices into ``line_hunks(before, after)``.

    Returns
    -------
    str
        `before` with the chosen hunks in place: all of them give `after`,
        none of them `before`.

    Raises
    ------
    InvalidProposalError
        A hunk is chosen that does not exist.
    """
    hunks = line_hunks(before, after)
    wanted = set(chosen)
    if not wanted <= set(range(len(hunks))):
        raise InvalidProposalError(
            f"A change was chosen that does not exist: there are {len(hunks)}.",
            kept="Nothing was applied.",
        )
    old = before.split("\n")
    lines: list[str] = []
    position = 0
    for index, hunk in enumerate(hunks):
        end = hunk.start + len(hunk.removed)
        lines += old[position : hunk.start]
        lines += hunk.added if index in wanted else hunk.removed
        position = end
    return "\n".join(lines + old[position:])
