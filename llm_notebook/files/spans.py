"""Where things stand in JSON text, so that one of them can be changed and the rest kept.

The values themselves are read by Python's own scanner. Only the objects and lists that
lead to a notebook's cells are walked here, one level at a time. What is walked has been
read as JSON before; text that is not JSON raises `ValueError`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

# What a number means is of no concern, and Python refuses to convert some.
_DECODER = json.JSONDecoder(parse_int=float, parse_float=float)
_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: where it begins, and behind it; and what it is."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its key, where that begins and ends, and its value."""

    key: str
    start: int
    key_end: int
    item: Item


def skip(text: str, at: int) -> int:
    """Behind the white space at `at`."""
    match = _SPACE.match(text, at)
    assert match is not None  # it matches nothing, too
    return match.end()


def item(text: str, at: int) -> Item:
    """The value that begins at `at`."""
    value, end = _DECODER.raw_decode(text, at)
    return Item(at, end, value)


def members(text: str, at: int) -> list[Member]:
    """The members of the object that begins at `at`, in order; a key may occur twice."""
    found: list[Member] = []
    at = _opened(text, at, "{")
    while text[at] != "}":
        key = item(text, at)
        colon = skip(text, key.end)
        if text[colon] != ":":
            raise ValueError(f"no colon at {colon}")
        value = item(text, skip(text, colon + 1))
        found.append(Member(key.value, at, key.end, value))
        at = _next(text, value.end, "}")
    return found


def items(text: str, at: int) -> list[Item]:
    """The items of the list that begins at `at`, in order."""
    found: list[Item] = []
    at = _opened(text, at, "[")
    while text[at] != "]":
        found.append(item(text, at))
        at = _next(text, found[-1].end, "]")
    return found


def last(found: list[Member], key: str) -> Member | None:
    """The member of this key that counts: the last one."""
    return next((member for member in reversed(found) if member.key == key), None)


def _opened(text: str, at: int, sign: str) -> int:
    if text[at] != sign:
        raise ValueError(f"no {sign} at {at}")
    return skip(text, at + 1)


def _next(text: str, at: int, close: str) -> int:
    at = skip(text, at)
    if text[at] == close:
        return at
    if text[at] != ",":
        raise ValueError(f"no comma at {at}")
    return skip(text, at + 1)
