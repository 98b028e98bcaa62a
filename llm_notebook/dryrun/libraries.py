"""Which shared libraries this process has loaded, asked of the loader itself.

``/proc/self/maps`` tells it too, and the kernel takes milliseconds to write that.
The loader counts what it has loaded and unloaded, so mostly there is nothing to
be read at all (``man 3 dl_iterate_phdr``).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


class _Library(ctypes.Structure):
    _fields_ = [
        ("address", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("headers", ctypes.c_void_p),
        ("count", ctypes.c_uint16),
        ("loaded", ctypes.c_ulonglong),
        ("unloaded", ctypes.c_ulonglong),
    ]


_Visit = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Library), ctypes.c_size_t, ctypes.py_object)
_last: dict[Callable[[list[str]], list[Any]], tuple[tuple[int, int], list[Any]]] = {}


def _count(library: Any, size: int, into: list[tuple[int, int]]) -> int:
    into.append((library.contents.loaded, library.contents.unloaded))
    return 1  # the first one knows


def _name(library: Any, size: int, into: list[str]) -> int:
    into.append((library.contents.name or b"").decode("utf-8", "surrogateescape"))
    return 0


_COUNT, _NAME = _Visit(_count), _Visit(_name)


def remembered(choose: Callable[[list[str]], list[Any]]) -> list[Any]:
    """What `choose` makes of the paths of all libraries; asked anew once these have changed."""
    counts: list[tuple[int, int]] = []
    iterate = ctypes.PyDLL(None).dl_iterate_phdr
    iterate(_COUNT, ctypes.py_object(counts))
    known = _last.get(choose)
    if known is None or known[0] != counts[0]:
        paths: list[str] = []
        iterate(_NAME, ctypes.py_object(paths))
        known = _last[choose] = counts[0], choose(paths)
    return known[1]
