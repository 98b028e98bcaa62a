"""Two changes of one text, brought together line by line."""

from __future__ import annotations

from llm_notebook.diffing.hunks import line_hunks


def merge(before: str, one: str, two: str) -> str | None:
    """What both changes of `before` come to; None where they touch the same place.

    A change that both make counts once. Nothing is guessed: new lines of both
    at one place, and changes that overlap, are no merge.
    """
    if one == two or two == before:
        return one
    if one == before:
        return two
    mine = line_hunks(before, one)
    known = {(hunk.start, hunk.removed, hunk.added) for hunk in mine}
    theirs = [
        hunk
        for hunk in line_hunks(before, two)
        if (hunk.start, hunk.removed, hunk.added) not in known
    ]
    old = before.split("\n")
    lines: list[str] = []
    position, start = 0, -1
    for hunk in sorted([*mine, *theirs], key=lambda hunk: (hunk.start, len(hunk.removed))):
        if hunk.start < position or hunk.start == start:
            return None
        start = hunk.start
        lines += old[position:start]
        lines += hunk.added
        position = start + len(hunk.removed)
    return "\n".join(lines + old[position:])
