"""Shared memory that a fork has inherited, made its own.

A fork copies private memory on write. What is mapped shared (a memmap of a
file, `multiprocessing.shared_memory`, an array between processes) is not
copied: a write there is a write in the live kernel. So each such mapping is
replaced, at its address, by a private one with the same content.
"""

from __future__ import annotations

import ctypes
import os

from llm_notebook.dryrun.sandbox.policy import SandboxError
from llm_notebook.dryrun.sandbox.shared import Shared, listed
from llm_notebook.dryrun.sandbox.system import check, libc

_PRIVATE, _FIXED, _ANONYMOUS = 2, 0x10, 0x20
_MOVE, _MOVE_FIXED = 1, 2
_READ, _WRITE = 1, 2


def privatize(limit: int) -> tuple[str, ...]:
    """Replace all shared mappings of this process.

    Parameters
    ----------
    limit : int
        Bytes that may be copied for it, where no file can be mapped again; 0: any number.

    Returns
    -------
    tuple of str
        What was emptied instead, because it is memory of a device.

    Raises
    ------
    SandboxError
        If it would take more copying than allowed, or fails.
    """
    shared = listed()
    if not shared:
        return ()
    emptied = []
    files = _open_files()
    for mapping in shared:
        fd = _file(mapping, files)
        if fd is not None:
            try:
                _map(mapping, _PRIVATE, fd)
                continue
            except OSError:
                pass
            finally:
                os.close(fd)
        if not mapping.protection & _READ or _of_device(mapping.path):
            _map(mapping._replace(protection=0), _PRIVATE | _ANONYMOUS, -1)
            emptied.append(mapping.path)
            continue
        if limit and mapping.size > limit:
            raise SandboxError(
                f"{mapping.size >> 20} MB of shared memory would have to be copied.",
                kept="Nothing was run.",
                next="Run it without a preview, or free that memory first.",
            )
        limit = max(limit - mapping.size, 1) if limit else 0
        _copy(mapping)
    return tuple(emptied)


def _of_device(path: str) -> bool:
    return path.startswith(("/dev/", "anon_inode:")) and not path.startswith(
        ("/dev/shm/", "/dev/zero")
    )


def _open_files() -> dict[tuple[int, int, int], int]:
    """Descriptors of this process by the device and inode of their file."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            state = os.fstat(int(name))
        except OSError:
            continue
        key = (os.major(state.st_dev), os.minor(state.st_dev), state.st_ino)
        found[key] = int(name)
    return found


def _file(mapping: Shared, files: dict[tuple[int, int, int], int]) -> int | None:
    """The mapped file, opened for reading, or None where it has none any more."""
    key = (*mapping.device, mapping.inode)
    ways = [mapping.path] if mapping.path.startswith("/") else []
    if key in files:
        ways.append(f"/proc/self/fd/{files[key]}")
    for way in ways:
        try:
            fd = os.open(way, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            continue
        state = os.fstat(fd)
        if (os.major(state.st_dev), os.minor(state.st_dev), state.st_ino) == key:
            return fd
        os.close(fd)
    return None


def _map(mapping: Shared, flags: int, fd: int) -> None:
    got = libc().mmap(
        mapping.start, mapping.size, mapping.protection, flags | _FIXED, fd, mapping.offset
    )
    _checked(got)


def _checked(address: int | None) -> int:
    if address is None or address == ctypes.c_void_p(-1).value:
        check(-1, "mmap")
    return int(address or 0)


def _copy(mapping: Shared) -> None:
    """Copy the content elsewhere, then move that over the mapping."""
    got = libc().mmap(None, mapping.size, _READ | _WRITE, _PRIVATE | _ANONYMOUS, -1, 0)
    other = _checked(got)
    ctypes.memmove(other, mapping.start, mapping.size)
    wide = [ctypes.c_size_t(number) for number in (other, mapping.size)]
    check(libc().mprotect(*wide, mapping.protection), "mprotect")
    moved = libc().mremap(
        *wide,
        ctypes.c_size_t(mapping.size),
        _MOVE | _MOVE_FIXED,
        ctypes.c_void_p(mapping.start),
    )
    _checked(moved)
