"""The shared mappings of this process, from ``/proc/self/maps``.

A kernel from 6.11 on is asked for these alone (``PROCMAP_QUERY`` in ``linux/fs.h``);
others write out all mappings, of which there are a thousand.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
from typing import NamedTuple

_LINE = re.compile(
    rb"^([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])([x-])s "
    rb"([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) *(.*)$",
    re.M,
)
_ASK = 0xC0686611
_IS_SHARED, _OR_NEXT = 0x08, 0x10
_PROTECTION = 7
_LONGEST = 1 << 12


class Shared(NamedTuple):
    """A mapping; `protection` as for ``mmap``."""

    start: int
    size: int
    protection: int
    offset: int
    device: tuple[int, int]
    inode: int
    path: str


class _Query(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint64),
        ("wanted", ctypes.c_uint64),
        ("address", ctypes.c_uint64),
        ("start", ctypes.c_uint64),
        ("end", ctypes.c_uint64),
        ("flags", ctypes.c_uint64),
        ("page", ctypes.c_uint64),
        ("offset", ctypes.c_uint64),
        ("inode", ctypes.c_uint64),
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("name_size", ctypes.c_uint32),
        ("build_size", ctypes.c_uint32),
        ("name", ctypes.c_uint64),
        ("build", ctypes.c_uint64),
    ]


def listed() -> list[Shared]:
    """All of them, in the order of their addresses."""
    with open("/proc/self/maps", "rb", buffering=0) as file:
        try:
            return asked(file.fileno())
        except OSError:
            return written(file.readall())


def asked(maps: int) -> list[Shared]:
    """As the kernel answers.

    Raises
    ------
    OSError
        Where it does not know the question.
    """
    found: list[Shared] = []
    name = ctypes.create_string_buffer(_LONGEST)
    query = _Query(ctypes.sizeof(_Query), _IS_SHARED | _OR_NEXT)
    while True:
        query.name, query.name_size = ctypes.addressof(name), _LONGEST
        try:
            fcntl.ioctl(maps, _ASK, query)
        except OSError as error:
            if error.errno == errno.ENOENT:  # none from here on
                return found
            raise
        found.append(
            Shared(
                query.start,
                query.end - query.start,
                query.flags & _PROTECTION,
                query.offset,
                (query.major, query.minor),
                query.inode,
                os.fsdecode(name.value) if query.name_size else "",
            )
        )
        query.address = query.end


def written(maps: bytes) -> list[Shared]:
    """As the file says."""
    found = []
    for fields in _LINE.findall(maps):
        start, end, read, write, execute, offset, major, minor, inode, path = fields
        found.append(
            Shared(
                int(start, 16),
                int(end, 16) - int(start, 16),
                (read == b"r") * 1 | (write == b"w") * 2 | (execute == b"x") * 4,
                int(offset, 16),
                (int(major, 16), int(minor, 16)),
                int(inode),
                os.fsdecode(path),
            )
        )
    return found
