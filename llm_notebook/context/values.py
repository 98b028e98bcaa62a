"""A few values as text, only where a person allows that. Exact types only, nothing nested."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

from llm_notebook.context.typeinfo import genuine, is_one_of, type_name

HEAD = 20
"""Rows of a table among which a few different values are looked for."""
_FEW = 3
# Whoever shows them redacts them first, and cuts them to what is shown then.
_LONGEST = 2000
_SHOWN = 40
_FLOATS = (float, complex)
_PLAIN = (int, bool, Decimal, type(None), datetime.date, datetime.time)
_ALSO_PLAIN = (datetime.datetime, datetime.timedelta)
_CONTAINERS = (list, tuple, dict, set, frozenset)
_LIBRARIES = ("numpy", "pandas")


def few(values: Iterable[Any]) -> tuple[str, ...]:
    """The first different values that are no nulls."""
    found: dict[str, None] = {}
    for value in islice(values, HEAD):
        shown = show(value)
        if shown and shown not in ("nan", "NaT", "<NA>", "None"):
            found.setdefault(shown)
        if len(found) == _FEW:
            break
    return tuple(found)


def of_builtin(value: Any) -> tuple[str, ...]:
    """Of a scalar its value, of a list or a dict its first entries."""
    if is_one_of(type(value), _CONTAINERS):
        return few(value)
    shown = show(value)
    return (shown,) if shown else ()


def show(value: Any) -> str:
    """One value as text; of what is not an exact known type, only the type's name."""
    cls = type(value)
    if cls is str:
        head = value[:_LONGEST]
        return head if head.isprintable() else "".join(c if c.isprintable() else " " for c in head)
    if is_one_of(cls, _FLOATS):
        return f"{value:.6g}"
    if cls is bytes:
        return repr(value[:_SHOWN])
    if cls is int and value.bit_length() > 200:
        return f"an int of {value.bit_length()} bits"
    if cls is Decimal and len(value.as_tuple().digits) > 200:
        return "a long Decimal"
    if is_one_of(cls, _PLAIN) or is_one_of(cls, _ALSO_PLAIN):
        return str(value)
    if genuine(cls, *_LIBRARIES) and type_name(cls).rpartition(".")[2] in _SCALARS:
        return str(value)
    return f"<{type_name(cls)}>"


_SCALARS = frozenset(
    "Timestamp Timedelta Period bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 "  # noqa: SIM905
    "float32 float64 datetime64 timedelta64 str_ NaTType NAType".split()
)


def shorten(text: str) -> str:
    """A value as it stands in a schema."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
