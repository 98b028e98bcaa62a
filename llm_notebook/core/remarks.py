"""What a reviewer is told of a proposed text before they read it: where to look twice.

Said only of lines that the text brings in. The front end says the same
(``src/remarks.ts``), held to the same vectors (`tools/schema.py`).
"""

from __future__ import annotations

import re

from llm_notebook.core.deceptive import GAP, Span, spans

LONG_LINE = 400
EMPTY_LINES = 12
MANY_LINES = 400


LOADS = (
    r"!\[[^\]]*\]\(\s*<?(?!data:|attachment:)(?:[a-z][a-z0-9+.-]*:|[/\\]{2})",
    r"!\[[^\]]*\](?!\()",
    r"<[a-z][^>]*\s(?:src|srcset|poster|background|data|xlink:href)\s*=(?!\s*[\"']?data:)",
    r"<(?:style|link|base|meta|iframe|object|embed)\b|\burl\s*\(",
)
"""What in Markdown has a page fetch something; the front end has the same expressions."""

_LOADS = re.compile("|".join(LOADS), re.IGNORECASE)


def loads_when_drawn(markdown: str) -> int | None:
    """The first line, from 1, that fetches something from elsewhere once a page draws it."""
    found = _LOADS.search(markdown)
    return markdown.count("\n", 0, found.start()) + 1 if found else None


def remarks(text: str, before: str = "", *, prose: bool = False) -> tuple[str, ...]:
    """Sentences on what in a text is easily overlooked; none where there is nothing.

    Parameters
    ----------
    text : str
        What is proposed.
    before : str
        What stands there now; its lines are known.
    prose : bool
        As for `spans`.
    """
    known = set(before.split("\n"))
    lines = text.split("\n")
    odd: list[tuple[int, str, Span]] = []
    found: list[str] = []
    empty = 0
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t\r"):
            empty += 1
            continue
        if line not in known:
            if empty >= EMPTY_LINES:
                found.append(f"Line {number} stands behind {empty:,} empty lines.")
            if len(line) > LONG_LINE:
                found.append(f"Line {number} is {len(line):,} characters long.")
            odd += [(number, line, span) for span in spans(line.removesuffix("\r"), prose=prose)]
        empty = 0
    if len(lines) > MANY_LINES and len(lines) > 2 * len(known):
        found.append(f"It has {len(lines):,} lines.")
    at = loads_when_drawn(text) if prose else None
    if at is not None and lines[at - 1] not in known:
        found.insert(0, f"Line {at} loads something from elsewhere once the cell is drawn.")
    return (*_characters(odd), *found[:_MOST], *_more(len(found) - _MOST))


_MOST = 4


def _more(count: int) -> list[str]:
    return [f"And {count} more of this kind."] if count > 0 else []


def _characters(odd: list[tuple[int, str, Span]]) -> list[str]:
    found = []
    unseen = [item for item in odd if item[2].kind in ("hidden", "space", "mark")]
    alike = [item for item in odd if item[2].kind == "alike"]
    gaps = [item for item in odd if item[2].kind == "gap"]
    if unseen:
        found.append(f"{_counted(len(unseen), 'hidden or odd character')}, {_lines(unseen)}.")
    if alike:
        _, line, span = alike[0]
        one = f"U+{ord(line[span.start]):04X} looks like “{span.looks}”"
        found.append(f"{_counted(len(alike), 'look-alike letter')}, {_lines(alike)}: {one}.")
    if gaps:
        found.append(f"Text far to the right, behind {GAP} blanks or more, {_lines(gaps)}.")
    return found


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _lines(items: list[tuple[int, str, Span]]) -> str:
    numbers = list(dict.fromkeys(number for number, _, _ in items))
    if len(numbers) == 1:
        return f"in line {numbers[0]}"
    shown = ", ".join(map(str, numbers[:3]))
    return f"in lines {shown}" + (" and others" if len(numbers) > 3 else "")
