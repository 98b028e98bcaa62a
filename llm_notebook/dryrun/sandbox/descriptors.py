"""Descriptors that a fork has inherited: none of them leads out of the sandbox.

A descriptor that was opened before the sandbox was entered is not checked
again, and shares its offset with the live kernel. So regular files are opened
anew, each at the place where it stood: for reading, or, where code may write to
it, as a copy of its own. All else is replaced by one that leads nowhere, save
harmless devices and what is to be kept.
"""

from __future__ import annotations

import fcntl
import os
import stat

_HARMLESS = {(1, 3), (1, 5), (1, 7), (1, 8), (1, 9)}  # null, zero, full, random, urandom
_COPIED = 2 << 20
"""Bytes of a file that are copied at most, so that an open log can be written on."""


def isolate(keep: frozenset[int], *, by_path: bool = False) -> None:
    """Replace every descriptor but those in `keep`.

    Parameters
    ----------
    by_path : bool
        Open files by their path, so that they lie in the mounts as they are
        now; else by the descriptor itself.
    """
    dead = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    for fd in _open_now():
        if fd in keep or fd == dead:
            continue
        try:
            state = os.fstat(fd)
            flags = fcntl.fcntl(fd, fcntl.F_GETFD)
        except OSError:
            continue
        if stat.S_ISCHR(state.st_mode) and _device(state) in _HARMLESS:
            continue
        anew = _again(fd, state, by_path)
        os.dup2(dead if anew is None else anew, fd, inheritable=not flags & fcntl.FD_CLOEXEC)
        if anew is not None:
            os.close(anew)
    os.close(dead)


def _open_now() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc/self/fd"))


def _device(state: os.stat_result) -> tuple[int, int]:
    return os.major(state.st_rdev), os.minor(state.st_rdev)


def _again(fd: int, state: os.stat_result, by_path: bool) -> int | None:
    """The same file or folder, opened so that nothing outside is reached; None for nothing."""
    try:
        if stat.S_ISDIR(state.st_mode):
            return _opened(fd, state, os.O_DIRECTORY, by_path)
        if not stat.S_ISREG(state.st_mode):
            return None
        mode = fcntl.fcntl(fd, fcntl.F_GETFL)
        written = mode & os.O_ACCMODE != os.O_RDONLY and state.st_size <= _COPIED
        # What has no name any more, memory files too, could be opened for writing again by
        # whoever holds it, since no rule about paths covers it.
        if not state.st_nlink or (written and not by_path):
            return _copied(fd, state, mode)
        if written:
            # Into the overlay, where it exists; elsewhere this fails.
            return _at_place(fd, _opened(fd, state, mode & (os.O_ACCMODE | os.O_APPEND), by_path))
    except OSError:
        pass
    try:
        return _at_place(fd, _opened(fd, state, os.O_RDONLY, by_path))
    except OSError:
        try:
            return _copied(fd, state, os.O_RDONLY)
        except OSError:
            return None


def _opened(fd: int, state: os.stat_result, flags: int, by_path: bool) -> int:
    here = f"/proc/self/fd/{fd}"
    if by_path:
        here = os.readlink(here)
        now = os.stat(here)
        # An overlay keeps the numbers of files, not of folders.
        same = now.st_ino == state.st_ino or stat.S_ISDIR(state.st_mode)
        if not same or stat.S_IFMT(now.st_mode) != stat.S_IFMT(state.st_mode):
            raise FileNotFoundError(here)
    return os.open(here, flags | os.O_CLOEXEC)


def _at_place(fd: int, anew: int) -> int:
    os.lseek(anew, os.lseek(fd, 0, os.SEEK_CUR), os.SEEK_SET)
    return anew


def _copied(fd: int, state: os.stat_result, mode: int) -> int | None:
    """A copy in memory, of this process's own."""
    if state.st_size > _COPIED:
        return None
    source = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    copy = os.memfd_create("copy", os.MFD_CLOEXEC)
    try:
        place = 0
        while part := os.pread(source, 1 << 20, place):
            place += os.pwrite(copy, part, place)
            if place > _COPIED:
                break
    finally:
        os.close(source)
    if mode & os.O_APPEND:
        fcntl.fcntl(copy, fcntl.F_SETFL, os.O_APPEND)
    return _at_place(fd, copy)
