"""A variable at one moment, for a person: shape, columns, dtypes, nulls, a short text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from llm_notebook.context.nulls import Reading, count_nulls, weight_of
from llm_notebook.context.typeinfo import is_one_of
from llm_notebook.context.values import show
from llm_notebook.context.variables import describe_one
from llm_notebook.core.preview import ColumnState, VariableState
from llm_notebook.dryrun.observing import columns

MAX_COLUMNS = 100
_LONGEST = 80
_ITEMS = 5
_PAIRS: dict[Any, str] = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", dict: "{}"}
# A gigabyte of numbers, and no longer than a person waits.
_CELLS = 150_000_000
_SECONDS = 0.25
_LARGE = 4_000_000


def state_of(
    value: object, seconds: float = _SECONDS, places: Collection[int] | None = None
) -> VariableState:
    """Describe a value without calling code of the person's. Never raises.

    Parameters
    ----------
    value : object
    seconds : float
        For counting nulls; what cannot be counted in it stays None.
    places : collection of int, optional
        Of a large pandas frame, the columns whose nulls are counted.
    """
    if places is not None and _is_large(value):
        return _counted(state_of(value, 0.0), value, places)
    reading = Reading(nulls=True, seconds=seconds, cells=_CELLS)
    found = describe_one("", value, reading)
    rows = found.shape[0] if found.shape else 0
    # Nulls of the first rows alone would read as if they were all.
    is_counted = found.counted == rows
    columns = tuple(
        ColumnState(column.name, column.dtype, column.nulls if is_counted else None)
        for column in found.columns[:MAX_COLUMNS]
    )
    name = found.kind if found.kind in ("module", "class") else found.type.rpartition(".")[2]
    try:
        text = "" if found.kind in ("table", "series", "array", "module") else short(value)
    except Exception:  # a container that another thread still writes to
        text = ""
    nulls = found.nulls if is_counted else None
    return VariableState(name, found.shape, found.dtype, columns, nulls, text)


def _is_large(value: Any) -> bool:
    try:
        arrays = columns.arrays(value)
        return sum(len(array) for array in arrays or ()) > _LARGE
    except Exception:
        return False


def _counted(state: VariableState, value: Any, places: Collection[int]) -> VariableState:
    arrays = columns.arrays(value) or []
    counted = [
        msgspec.structs.replace(column, nulls=count_nulls(arrays[place], len(arrays[place])))
        if place in places and weight_of(arrays[place]) <= 1
        else column
        for place, column in enumerate(state.columns)
    ]
    return msgspec.structs.replace(state, columns=tuple(counted))


def short(value: object, depth: int = 2) -> str:
    """A plain value or a small container of them as text; empty for anything else."""
    cls: Any = type(value)
    if is_one_of(cls, tuple(_PAIRS)):
        return _container(value, cls, depth)
    if cls is str:
        return _cut(repr(value[: _LONGEST + 1]))  # type: ignore[index]
    if cls is float or cls is complex:
        return repr(value)
    text = show(value)
    return "" if text.startswith("<") else _cut(text)


def _container(value: Any, cls: type, depth: int) -> str:
    if not depth or len(value) > 50:
        return ""
    parts = []
    for item in list(value)[:_ITEMS]:
        part = short(item, depth - 1)
        if not part:
            return ""
        if cls is dict:
            inner = short(value[item], depth - 1) if type(item) in (str, int, float, bool) else ""
            if not inner:
                return ""
            part = f"{part}: {inner}"
        parts.append(part)
    if len(value) > _ITEMS:
        parts.append("…")
    ends = _PAIRS[cls]
    return _cut(f"{ends[0]}{', '.join(parts)}{ends[1]}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
