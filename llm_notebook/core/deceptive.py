"""What in a text may fool its reader: characters that hide, reorder or pretend, and far places.

The front end has the same rules in ``src/deceptive.ts``, over the same tables and
held to the same vectors (`tools/schema.py`). Nothing is taken away: whoever shows
a text shows each `Span` for what it is.

Letters are judged by the word that they stand in, since most of the world does
not write in ASCII. In a word that also holds ASCII letters every look-alike is
marked. A word of look-alikes alone, such as a Cyrillic ``сор``, is marked unless
a word of the same language stands beside it with nothing but a space between:
two names side by side are never code.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from llm_notebook.core import characters

Kind = Literal["hidden", "space", "mark", "alike", "gap"]
"""Unseen or reordering; not the common space; drawn over; another's look; a long blank."""

GAP = 60
"""Blanks in a row, within a line, that may push the rest of it out of sight."""

_MOST_MARKS = 4
_JOINED = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x1000, 0x109F))
_PLAIN = re.compile(r"(?:[\t\n -~]|\r\n)*")
_GAPS = re.compile(rf"(?:[ \t]{{{GAP},}}|\t{{12,}})(?=[^ \t\r\n])")
_KEYCAPS = "#*0123456789"


class Span(NamedTuple):
    """A stretch of a text that is not what it seems.

    Attributes
    ----------
    start, end : int
    kind : {"hidden", "space", "mark", "alike", "gap"}
    looks : str
        What it looks like, or is read as by Python; of an ``alike`` only.
    """

    start: int
    end: int
    kind: Kind
    looks: str = ""


class _Ranges:
    """Code points of a packed table."""

    def __init__(self, packed: str) -> None:
        pairs = [part.split("-") for part in packed.split()]
        self._first = [int(pair[0], 16) for pair in pairs]
        self._last = [int(pair[-1], 16) for pair in pairs]

    def __contains__(self, char: object) -> bool:
        if not isinstance(char, str) or not char:
            return False
        at = bisect.bisect_right(self._first, ord(char)) - 1
        return at >= 0 and ord(char) <= self._last[at]


class _Tables(NamedTuple):
    hidden: _Ranges
    spaces: _Ranges
    marks: _Ranges
    overlays: _Ranges
    emoji: _Ranges
    alike: dict[str, str]
    folded: dict[str, str]


@cache
def _tables() -> _Tables:
    """Read when the first text is looked at that is not plain ASCII."""
    return _Tables(
        hidden=_Ranges(characters.HIDDEN),
        spaces=_Ranges(characters.SPACES),
        marks=_Ranges(characters.MARKS),
        overlays=_Ranges(characters.OVERLAYS),
        emoji=_Ranges(characters.EMOJI),
        alike=_unpacked(characters.ALIKE),
        folded=_unpacked(characters.FOLDED),
    )


def _unpacked(packed: str) -> dict[str, str]:
    found = {}
    for part in packed.split():
        points, _, text = part.partition("=")
        first, _, last = points.partition("-")
        start = int(first, 16)
        for point in range(start, int(last or first, 16) + 1):
            found[chr(point)] = text if not last else chr(ord(text) + point - start)
    return found


def spans(text: str, *, prose: bool = False) -> list[Span]:
    """What in a text may fool its reader, in order.

    Parameters
    ----------
    text : str
    prose : bool
        Whether it is written for a person to read: then spaces of any width and
        the joiners that Arabic and Indic writing needs are what they should be.
    """
    gaps = [Span(*match.span(), "gap") for match in _GAPS.finditer(text)]
    if _PLAIN.fullmatch(text):
        return gaps
    return sorted([*gaps, *_single(text, prose), *_words(text)])


def _single(text: str, prose: bool) -> Iterator[Span]:
    """Characters that are marked whatever word they stand in."""
    tables = _tables()
    marks = 0
    for at, char in enumerate(text):
        if "\x20" <= char <= "\x7e" or char in "\t\n":
            marks = 0
            continue
        before = text[at - 1] if at else ""
        after = text[at + 1 : at + 2]
        if char in tables.marks:
            marks += 1
            base = text[at - marks] if at >= marks else ""
            if _is_odd_mark(char, base, before, marks):
                yield Span(at, at + 1, "mark")
            continue
        marks = 0
        if char in tables.hidden:
            if not _is_in_place(char, before, after, prose):
                yield Span(at, at + 1, "hidden")
        elif char in tables.spaces and not prose:
            yield Span(at, at + 1, "space")


def _is_odd_mark(char: str, base: str, before: str, count: int) -> bool:
    if char in _tables().overlays:
        is_keycap = char == "\u20e3" and before and before in f"{_KEYCAPS}\ufe0f"
        return not is_keycap
    on_nothing = not base or (base.isascii() and not base.isalpha())
    return on_nothing or count > _MOST_MARKS


def _is_in_place(char: str, before: str, after: str, prose: bool) -> bool:
    """Whether a character that is not seen does what it is there for."""
    emoji = _tables().emoji
    if char == "\r":
        return after == "\n"
    if char in "\ufe0e\ufe0f":
        return before in emoji or (bool(before) and before in _KEYCAPS and after == "\u20e3")
    if char == "\u200d" and (before in emoji or before == "\ufe0f") and after in emoji:
        return True
    return char in "\u200c\u200d" and prose and _is_joined(before) and _is_joined(after)


def _is_joined(char: str) -> bool:
    return bool(char) and any(first <= ord(char) <= last for first, last in _JOINED)


class _Word(NamedTuple):
    start: int
    end: int
    is_number: bool
    has_ascii: bool
    is_other: bool
    """Some letter of it looks like none of ASCII."""
    alike: tuple[int, ...]
    folded: tuple[int, ...]


def _words(text: str) -> Iterator[Span]:
    """Letters that look like others."""
    tables = _tables()
    words = list(_split(text))
    for number, word in enumerate(words):
        # Wide digits behind letters of another language are how people write there.
        is_latin = word.has_ascii or any(text[at].isalpha() for at in word.folded)
        if is_latin and not word.is_number:
            for at in word.folded:
                yield Span(at, at + 1, "alike", tables.folded[text[at]])
        if not word.alike:
            continue
        if not is_latin:
            is_name = any(text[at].isalpha() for at in word.alike)
            if word.is_other or not is_name or _is_among_its_own(text, words, number):
                continue
        for at in word.alike:
            yield Span(at, at + 1, "alike", tables.alike[text[at]])


def _is_among_its_own(text: str, words: list[_Word], number: int) -> bool:
    """Whether a word beside it, a space away, is of letters that look like no others."""
    word = words[number]
    if number:
        before = words[number - 1]
        if before.is_other and _is_blank(text[before.end : word.start]):
            return True
    if number + 1 < len(words):
        after = words[number + 1]
        return after.is_other and _is_blank(text[word.end : after.start])
    return False


def _is_blank(text: str) -> bool:
    return bool(text) and all(char == " " or char in _tables().spaces for char in text)


def _split(text: str) -> Iterator[_Word]:
    start = -1
    for at, char in enumerate(f"{text}\n"):
        if _is_of_word(char):
            start = at if start < 0 else start
        elif start >= 0 and char not in _tables().hidden:
            yield _word(text, start, at)
            start = -1


def _is_of_word(char: str) -> bool:
    return (
        char.isalnum() or char == "_" or (char > "\x7f" and unicodedata.category(char)[0] in "NM")
    )


def _word(text: str, start: int, end: int) -> _Word:
    tables = _tables()
    first = tables.folded.get(text[start], text[start])[0]
    places = range(start, end)
    alike = tuple(at for at in places if text[at] in tables.alike)
    folded = tuple(at for at in places if text[at] in tables.folded)
    return _Word(
        start,
        end,
        is_number=unicodedata.category(first)[0] == "N",
        has_ascii=any(text[at].isascii() and text[at].isalpha() for at in places),
        is_other=any(
            text[at] > "\x7f"
            and text[at].isalpha()
            and text[at] not in tables.alike
            and text[at] not in tables.folded
            for at in places
        ),
        alike=alike,
        folded=folded,
    )
