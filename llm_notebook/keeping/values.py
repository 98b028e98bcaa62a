"""What can be kept of a value and put back, by its exact type; no code of the user's is called.

A list, a dict and their like are kept as what they hold; what they hold is kept
in the same way. Putting back fills the same objects again, so whoever else
holds them sees it too. Arrays are filled again where shape and type are as they
were; a frame gets its former blocks. Anything else is kept by reference only,
which serves where a name is bound anew and not where a value is changed.
"""

from __future__ import annotations

import sys
import zlib
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PosixPath, PurePosixPath
from types import BuiltinFunctionType, EllipsisType, FunctionType, ModuleType, NoneType
from typing import Any, cast

_FIXED = frozenset(
    {
        int,
        float,
        complex,
        bool,
        str,
        bytes,
        NoneType,
        EllipsisType,
        range,
        slice,
        type,
        date,
        datetime,
        time,
        timedelta,
        Decimal,
        PosixPath,
        PurePosixPath,
        ModuleType,
        FunctionType,
        BuiltinFunctionType,
    }
)
"""Types of values that stay as they are; a function's own attributes are not looked at."""

_HOLDERS = frozenset({list, dict, set, bytearray, deque})
_MOST_PARTS = 200_000
"""Values inside of values that are looked at; a larger one would hold up the kernel."""


class CannotKeep(Exception):
    """Why a value cannot be kept; shown as it is."""


@dataclass(slots=True)
class Held:
    """One object and what it held."""

    value: Any
    content: Any
    digest: int = 0


@dataclass(slots=True)
class Holding:
    """All that is held of a step's values; an object is held once, whoever holds it.

    Attributes
    ----------
    room, used : int
        Bytes that may be taken, and that were.
    """

    room: int
    used: int = 0
    parts: int = 0
    held: dict[int, Held] = field(default_factory=dict)

    def hold(self, value: object) -> None:
        """Keep a value and all that it holds; raises `CannotKeep`, and then holds nothing new."""
        before, used, parts = dict(self.held), self.used, self.parts
        try:
            self._hold(value)
        except CannotKeep:
            self.held, self.used, self.parts = before, used, parts
            raise

    def _hold(self, value: object) -> None:
        left = [value]
        while left:
            one = left.pop()
            kind = type(one)
            if kind in _FIXED or id(one) in self.held or _is_scalar(kind):
                continue
            self.parts += 1
            if self.parts > _MOST_PARTS:
                raise CannotKeep("it holds too many values to look at")
            if kind in (tuple, frozenset):
                left.extend(cast("Iterable[object]", one))
                continue
            content, children, digest = _content(one, self)
            self.held[id(one)] = Held(one, content, digest)
            left.extend(children)

    def take(self, size: int) -> None:
        """Take room before it is filled."""
        if self.used + size > self.room:
            raise CannotKeep(f"it is too large ({_megabytes(size)} MB)")
        self.used += size


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f}" if size >= 1e6 else f"{size / 1e6:.2g}"


def _is_scalar(kind: type) -> bool:
    """A scalar of numpy or pandas."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and kind.__module__ == "numpy" and issubclass(kind, numpy.generic):
        return kind not in (numpy.void, numpy.object_)
    return pandas is not None and kind in (pandas.Timestamp, pandas.Timedelta, type(pandas.NA))


def _content(value: Any, holding: Holding) -> tuple[Any, list[Any], int]:
    """What an object holds, the values in it, and a digest where it holds no values."""
    kind = type(value)
    if kind in _HOLDERS:
        holding.take(sys.getsizeof(value))
        if kind is dict:
            items = list(value.items())
            return items, [part for item in items for part in item], 0
        content = bytes(value) if kind is bytearray else list(value)
        return content, [] if kind is bytearray else list(content), 0
    if _is_array(value):
        if value.dtype.hasobject:
            raise CannotKeep("it is an array of objects")
        holding.take(value.nbytes)
        return value.copy(), [], digest(value)
    if _is_frame(value):
        size = _frame_size(value)
        holding.take(size)
        return value.copy(deep=True), [], digest(value)
    raise CannotKeep(f"it is or holds a {kind.__name__}, which cannot be copied safely")


def _is_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray


def _is_frame(value: object) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(value) in (pandas.DataFrame, pandas.Series)


def _columns(frame: Any) -> list[Any]:
    """The arrays of a frame's columns and its index, without calling what a user defined."""
    if frame.ndim == 1:
        return [frame.array, frame.index.array]
    parts = [frame.iloc[:, at].array for at in range(frame.shape[1])]
    return [*parts, frame.index.array, frame.columns.array]


def _frame_size(frame: Any) -> int:
    import numpy

    size = 0
    for column in _columns(frame):
        if type(column.dtype).__module__.partition(".")[0] not in ("pandas", "numpy"):
            raise CannotKeep("it has a column of a type that is not of pandas")
        size += int(column.nbytes)
        plain = numpy.asarray(column)
        if plain.dtype.hasobject and type(column.dtype).__name__ != "StringDtype":
            if len(plain) > _MOST_PARTS:
                raise CannotKeep("it has a long column of Python objects")
            for item in plain.tolist():
                kind = type(item)
                if not (kind in _FIXED or _is_scalar(kind)):
                    raise CannotKeep(f"it has a column that holds a {kind.__name__}")
    return size


def digest(value: Any) -> int:
    """Of an array's or a frame's content, by which it is compared."""
    import numpy

    if _is_array(value):
        flat = numpy.ascontiguousarray(value).reshape(-1)
        return hash((str(value.dtype), value.shape, zlib.crc32(flat.view(numpy.uint8).data)))
    found: list[object] = [value.shape]
    for column in _columns(value):
        plain = numpy.asarray(column)
        if plain.dtype.hasobject:
            found.append(hash(tuple(map(_mark, plain.tolist()))))
        else:
            found.append(digest(plain))
    return hash(tuple(found))


def _mark(item: object) -> object:
    # Not a number is not equal to itself.
    return ("nan",) if item != item else (type(item).__name__, item)


def fill(held: Held) -> bool:
    """Put back what an object held; False where that object cannot hold it any more."""
    value, content = held.value, held.content
    kind = type(value)
    if kind is list or kind is bytearray:
        value[:] = content
    elif kind in (dict, set, deque):
        value.clear()
        if kind is deque:
            value.extend(content)
        else:
            value.update(content)
    elif _is_array(value):
        fits = value.shape == content.shape and value.dtype == content.dtype
        if not (fits and value.flags.writeable):
            return False
        value[...] = content
    else:
        put = getattr(value, "_update_inplace", None)
        if put is None:
            return False
        put(content.copy(deep=True))
    return is_as_held(held, value)


def is_as_held(held: Held, value: Any) -> bool:
    """Whether a value holds what was kept, by comparison."""
    if type(value) is not type(held.value):
        return False
    if type(value) is bytearray:
        return bytes(value) == bytes(held.content)
    if type(value) is dict:
        now = [part for item in value.items() for part in item]
        then = [part for item in held.content for part in item]
        return len(now) == len(then) and all(a is b for a, b in zip(now, then, strict=True))
    if type(value) is set:
        then_ids = {id(item) for item in held.content}
        return {id(item) for item in value} == then_ids
    if type(value) in (list, deque):
        now = list(value)
        return len(now) == len(held.content) and all(
            a is b for a, b in zip(now, held.content, strict=True)
        )
    return bool(digest(value) == held.digest)
