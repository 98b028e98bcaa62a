"""Arrays and buffers whose memory belongs to a file, or to other processes too.

A dry run has a copy of such memory, so it cannot see that the file would change.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
from functools import lru_cache
from typing import Any, NamedTuple

from llm_notebook.context.typeinfo import derives, library_class
from llm_notebook.rules.live.sorts import module_of

_WRITABLE = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) .w.s [0-9a-f]+ [0-9a-f:]+ \d+ *(.*)$", re.MULTILINE
)
_SHARED = ("/dev/shm/", "/dev/zero", "/memfd:", "/SYSV")
_OPAQUE = frozenset("torch tensorflow jaxlib cupy PIL polars cv2 ctypes _ctypes".split())  # noqa: SIM905
"""Libraries whose buffers may be anybody's, and do not say whose."""

_LONGEST_CHAIN = 50


class Mapping(NamedTuple):
    """Memory of this process that is written back, and where to."""

    start: int
    end: int
    text: str


def forget() -> None:
    """Have the mappings read again; at the beginning of each look."""
    _mappings.cache_clear()


@lru_cache(maxsize=1)
def _mappings() -> tuple[Mapping, ...] | None:
    """All that are writable and not private; None where the system does not list them."""
    try:
        with open("/proc/self/maps", "rb") as file:
            text = file.read()
    except OSError:
        return None
    return tuple(
        Mapping(int(start, 16), int(end, 16), _named(os.fsdecode(path)))
        for start, end, path in _WRITABLE.findall(text)
    )


def _named(path: str) -> str:
    if path.startswith(_SHARED) or not path:
        return "is memory that other processes share"
    return f"is kept in the file {path}"


_SOMEWHERE = "is kept in a file"


def kept(value: Any) -> str:
    """Whose memory a value is: the end of a sentence; empty where it is its own."""
    kind = type(value)
    if kind is memoryview:
        return _of_view(value)
    if derives(kind, mmap.mmap):
        return _of_map(value)
    array = library_class("numpy", "ndarray")
    if array is not None and derives(kind, array):
        return _of_array(value, array)
    if module_of(kind).startswith("numpy"):
        return _of_part(value, kind)
    roots = {module_of(base).partition(".")[0] for base in type.__dict__["__mro__"].__get__(kind)}
    return _of_opaque() if roots & _OPAQUE else ""


def _at(address: int) -> str:
    """What is written back from an address."""
    found = _mappings()
    if found is None:
        return _SOMEWHERE
    return next((one.text for one in found if one.start <= address < one.end), "")


def _of_opaque() -> str:
    found = _mappings()
    return found[0].text.replace("is ", "may be ", 1) if found else ""


def _of_map(value: Any) -> str:
    if type(value) is not mmap.mmap:  # of the notebook: asking it for its memory may run code
        return _SOMEWHERE
    try:
        with memoryview(value) as view:
            if view.readonly:
                return ""
        return _at(ctypes.addressof(ctypes.c_char.from_buffer(value)))
    except ValueError:  # closed
        return ""


def _of_view(value: memoryview) -> str:
    try:
        if value.readonly:
            return ""
        owner = value.obj
    except ValueError:  # released
        return ""
    if type(owner) is bytearray or module_of(type(owner)) == "array":
        return ""
    return kept(owner) or ("" if _is_told(owner) else _of_opaque())


def _is_told(owner: object) -> bool:
    array = library_class("numpy", "ndarray")
    kind = type(owner)
    return kind is mmap.mmap or (array is not None and derives(kind, array))


def _of_array(value: Any, array: Any) -> str:
    names = array.__dict__
    at = value
    for _ in range(_LONGEST_CHAIN):
        base = names["base"].__get__(at)
        if base is None:
            if names["flags"].__get__(at).owndata:
                return ""
            break
        if not derives(type(base), array):
            if type(base) in (bytes, bytearray):
                return ""
            break
        at = base
    is_map = derives(type(base), mmap.mmap)
    if _mappings() is None and not is_map:
        return ""
    return _at(names["__array_interface__"].__get__(value)["data"][0])


def _of_part(value: Any, kind: type) -> str:
    """A row of an array, or what goes over one."""
    row, flat, several = (library_class("numpy", n) for n in ("void", "flatiter", "nditer"))
    if row is not None and derives(kind, row):
        base: Any = row.__dict__.get("base", library_class("numpy", "generic").__dict__["base"])
        owner = base.__get__(value)
        return kept(owner) if owner is not None else ""
    if kind is flat:
        return kept(value.base)
    if kind is several:
        try:
            return next(filter(None, map(kept, value.operands)), "")
        except ValueError:  # closed
            return ""
    return ""
