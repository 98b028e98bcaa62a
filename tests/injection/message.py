"""A message to a model, taken apart: what of it is data, and what is not."""

from __future__ import annotations

import re


def key_of(content: str) -> str:
    """The key of the message's data: that of the first piece, before which all is ours."""
    found = re.search(r"^<data-([0-9a-f]+) ", content, re.M)
    assert found
    return found[1]


def parts(content: str) -> tuple[list[tuple[str, str]], str]:
    """The pieces of data, each with what it is called; and all that stands outside of them."""
    key = key_of(content)
    pieces: list[tuple[str, str]] = []
    rest: list[str] = []
    inside: tuple[str, list[str]] | None = None
    for line in content.split("\n"):
        if inside is None and (found := re.fullmatch(f"<data-{key} (.*)>", line)):
            inside = (found[1], [])
        elif inside is not None and line == f"</data-{key}>":
            pieces.append((inside[0], "\n".join(inside[1])))
            inside = None
        elif inside is not None:
            inside[1].append(line)
        else:
            rest.append(line)
    assert inside is None, "a piece of data is not closed"
    return pieces, "\n".join(rest)
