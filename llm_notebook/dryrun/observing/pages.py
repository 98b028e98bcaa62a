"""Which parts of memory were written since a fork, from ``/proc/self/pagemap``.

Linux tells for each page whether this process alone maps it (bit 56, see
``Documentation/admin-guide/mm/pagemap.rst``). A page that was shared at a fork
is copied by whoever writes to it first, so a page that is still shared holds
what it held. As long as a third process shares the memory, a write by the
parent does not make a page look like one of ours.

That a page is no longer shared is no proof that its content differs. So these
are candidates, and their bytes are compared.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b

PAGE = mmap.PAGESIZE
# Bits 63, 62, 61 and 56 of an entry, in its upper eight.
_PRESENT, _SWAPPED, _OF_FILE, _ALONE = 1 << 7, 1 << 6, 1 << 5, 1 << 0
# So that the memory for it is used again instead of taken anew.
_AT_ONCE = 1 << 12
_RUNS = re.compile(rb"\x01+|\x02+")

SHARED, ABSENT, WRITTEN = 0, 1, 2
"""What is known of a page: still shared, never touched or read, or written."""

Run = tuple[int, int, int]
"""What is known of some bytes, their address, and how many they are."""


class Pagemap:
    """What this process can learn of its own pages.

    Attributes
    ----------
    is_readable : bool
        False where the file is not there or may not be read; then every page is
        taken to be written.
    """

    def __init__(self) -> None:
        self._file = -1
        with suppress(OSError):
            self._file = os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
        # A page that nobody but us writes, and that is written when every fork is made.
        self._own = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._own))
        self.is_readable = self._file >= 0
        self._known: dict[int, list[tuple[int, int, int]]] = {}

    def mark(self) -> None:
        """Call right after the fork whose state is the one before."""
        self._own[0] = 1
        # A kernel may hide these bits: then nothing that was written looks like it.
        self.is_readable = self.is_readable and self.is_exact()

    def is_exact(self) -> bool:
        """Whether no process that was forked after `mark` shares this memory.

        Such a process makes pages that were written before it look untouched.
        """
        try:
            return self._read(self._address, 1)[0] == WRITTEN
        except OSError:
            return False

    def runs(self, address: int, size: int) -> Iterator[Run]:
        """The bytes from `address` that are not surely as they were, in order.

        Each page is asked for once: this is called after the run, for a frame and then for
        its columns.

        Raises
        ------
        OSError
            The page map cannot be read.
        """
        end = address + size
        for number in range(address // PAGE // _AT_ONCE, (end - 1) // PAGE // _AT_ONCE + 1):
            for kind, first, length in self._not_shared(number):
                low = max(address, first * PAGE)
                high = min(end, (first + length) * PAGE)
                if low < high:
                    yield kind, low, high - low

    def _not_shared(self, number: int) -> list[tuple[int, int, int]]:
        """Of so many pages together: what is known, the first page, how many."""
        known = self._known.get(number)
        if known is None:
            start = number * _AT_ONCE
            groups = _grouped(self._read(start * PAGE, _AT_ONCE))
            known = [(kind, start + first, length) for kind, first, length in groups]
            self._known[number] = known
        return known

    def _read(self, address: int, pages: int) -> bytes:
        data = os.pread(self._file, 8 * pages, address // PAGE * 8)
        if len(data) < 8 * pages:
            raise OSError("the page map is shorter than the memory")
        return data[_UPPER::8].translate(_KINDS)


def _kind(flags: int) -> int:
    """One of the three for the upper eight bits of an entry."""
    if not flags & (_PRESENT | _SWAPPED):
        return ABSENT
    # A page of a file that was written to privately is no longer the file's.
    is_shared = flags & _PRESENT and (not flags & _ALONE or flags & _OF_FILE)
    return SHARED if is_shared else WRITTEN


_KINDS = bytes(map(_kind, range(256)))
_UPPER = 7 if sys.byteorder == "little" else 0


def _grouped(kinds: bytes) -> Iterator[tuple[int, int, int]]:
    """Runs of the same kind: the kind, where it begins, how long it is."""
    # Nearly all is shared, and to strip that is quicker than to look for the rest in it.
    rest = kinds.lstrip(b"\0")
    place = len(kinds) - len(rest)
    for run in _RUNS.finditer(rest.rstrip(b"\0")):
        yield rest[run.start()], place + run.start(), run.end() - run.start()


def is_absent(address: int, size: int) -> bool:
    """Whether no page of this memory was ever touched. Asks without ``/proc``."""
    first = address // PAGE * PAGE
    count = (address + size - 1) // PAGE - first // PAGE + 1
    there = (ctypes.c_ubyte * count)()
    libc = ctypes.PyDLL(None)
    if libc.mincore(ctypes.c_void_p(first), ctypes.c_size_t(count * PAGE), there):
        return False
    return not any(there)


def read(address: int, size: int) -> memoryview:
    """Some bytes of this process, without a copy. The memory must be there."""
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


def digest(address: int, size: int) -> bytes:
    """A digest of some bytes of this process."""
    return blake2b(read(address, size), digest_size=12).digest()
