"""What ``@`` in a prompt stands for: cells, variables, files and folders.

``@c5`` is the fifth cell, ``@"heading words"`` the section under a heading,
``@name`` a variable, and ``@data/prices.csv`` or ``@data/`` a path beside the
notebook; quotes go around what has spaces. A mention that fits more than one
thing means them all, because a guess could be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from llm_notebook.core.notebook import Cell

MAX_MENTIONS = 20
_MENTION = re.compile(
    # Not the at sign of an address, nor of a decorator's line in pasted code.
    r"(?<![\w@.`])@(?:\"([^\"\n]{1,200})\"|([^\s\"'@,;:!?()\[\]{}<>`]{1,200}))"
)
_LABEL = re.compile(r"c([1-9]\d{0,5})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention, and what it could mean.

    Attributes
    ----------
    text : str
        As typed, without the ``@`` and quotes.
    cells : tuple of int
        Indices; of a heading, its cell and the section below it.
    variable : str
        A live variable's name, or empty.
    """

    text: str
    cells: tuple[int, ...] = ()
    variable: str = ""


def mentions_in(prompt: str) -> list[str]:
    """The mentions in a prompt, as typed, each once and in order."""
    found: dict[str, None] = {}
    for match in _MENTION.finditer(prompt):
        text = match[1] or match[2].rstrip(".")
        if text.strip():
            found.setdefault(text.strip())
    return list(found)[:MAX_MENTIONS]


def resolve(text: str, cells: Sequence[Cell], names: Collection[str]) -> Mention:
    """Cells and variables that a mention could mean. Paths are for `attach`."""
    found: list[int] = []
    label = _LABEL.fullmatch(text)
    if label and int(label[1]) <= len(cells):
        found.append(int(label[1]) - 1)
    for index, level in _headings(text, cells):
        found += range(index, _section_end(cells, index, level))
    root = re.split(r"[.\[]", text, maxsplit=1)[0]
    variable = text if text in names else root if root in names else ""
    return Mention(text, tuple(dict.fromkeys(found)), variable)


def headings_of(cell: Cell) -> list[tuple[int, str]]:
    """Level and words of each heading in a markdown cell."""
    if cell.type != "markdown":
        return []
    return [(len(match[1]), match[2]) for match in _HEADING.finditer(cell.source[:20_000])]


def _headings(text: str, cells: Sequence[Cell]) -> list[tuple[int, int]]:
    """Index and level of the heading that is meant: the same words, else the first with them."""
    wanted = _plain(text)
    if not wanted:
        return []
    partly = []
    for index, cell in enumerate(cells):
        for level, words in headings_of(cell):
            plain = _plain(words)
            if plain == wanted:
                return [(index, level)]
            if " " in wanted and f" {wanted} " in f" {plain} ":
                partly.append((index, level))
    return partly[:1]


def _section_end(cells: Sequence[Cell], index: int, level: int) -> int:
    """Index behind the section: where a heading of the same or a higher level begins."""
    for after in range(index + 1, len(cells)):
        if any(other <= level for other, _ in headings_of(cells[after])):
            return after
    return len(cells)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
