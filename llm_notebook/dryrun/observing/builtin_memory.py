"""Where CPython keeps the pointers of a long list and the table of a large dict.

To walk over ten million entries would touch each, and each touch of a shared
page copies it. The memory of the container itself says whether an entry was
replaced. The places are those of CPython; each is tried once on a value whose
content is known, and is not used where it does not fit.
"""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from functools import cache

_WORD = ctypes.sizeof(ctypes.c_void_p)
# Counters in front of a dict's table, of which one changes when a cell is merely compiled.
_HEAD_OF_TABLE = 32


def of(value: object, base: type) -> tuple[int, int] | None:
    """Address and bytes of what a list or a dict points with; None where that is not known."""
    if not _fits(base):
        return None
    return _list(value) if base is list else _dict(value)


def _word(address: int) -> int:
    return int.from_bytes(ctypes.string_at(address, _WORD), sys.byteorder)


def _list(value: object) -> tuple[int, int]:
    # The last two fields: the pointers, and how many there is room for.
    address = _word(id(value) + list.__basicsize__ - 2 * _WORD)
    return address, _WORD * list.__len__(value)  # type: ignore[arg-type]


def _dict(value: object) -> tuple[int, int] | None:
    # The last two fields: the table, and the values where the keys are shared.
    if _word(id(value) + dict.__basicsize__ - _WORD):
        return None
    address = _word(id(value) + dict.__basicsize__ - 2 * _WORD) + _HEAD_OF_TABLE
    size = dict.__sizeof__(value) - dict.__basicsize__ - _HEAD_OF_TABLE
    return (address, size) if size > 0 else None


@cache
def _fits(base: type) -> bool:
    is_known = sys.implementation.name == "cpython" and sys.version_info < (3, 15)
    if not is_known or sysconfig.get_config_var("Py_GIL_DISABLED") or hasattr(sys, "getobjects"):
        return False
    things = [object() for _ in range(40)]
    if base is list:
        found: tuple[int, int] | None = _list(things)
    elif base is dict:
        table = {thing: thing for thing in things}
        found = _dict(table)
    else:
        return False
    if found is None or not 0 < found[1] < 1 << 16 or found[0] < 4096 or found[0] % _WORD:
        return False
    data = ctypes.string_at(*found)
    return all(id(thing).to_bytes(_WORD, sys.byteorder) in data for thing in things)
