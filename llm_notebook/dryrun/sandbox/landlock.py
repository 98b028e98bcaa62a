"""Landlock: which files may be read and written, by rules that nothing can take back.

See ``Documentation/userspace-api/landlock.rst`` of the kernel. Versions ("ABI")
1 to 7 differ in what they cover; what one leaves out, `seccomp` must refuse.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache

from llm_notebook.dryrun.sandbox.system import call

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE = 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK = 1 << 6, 1 << 7, 1 << 8, 1 << 9
MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = 1 << 10, 1 << 11, 1 << 12
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15

READ = EXECUTE | READ_FILE | READ_DIR
# Device files stay out: nobody's data analysis makes one.
WRITE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | MAKE_FIFO
WRITE |= MAKE_SOCK | REFER | TRUNCATE
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
# The rights that each version knows.
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL = (1 << 16) - 1

_NET_ALL = 3  # bind and connect of TCP
_SCOPE_ALL = 3  # abstract Unix sockets, signals


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("fs", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scope", ctypes.c_uint64),
    ]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


@cache
def version() -> int:
    """The version that the kernel has; 0 where it has none, or has it switched off."""
    try:
        return call("landlock_create_ruleset", 0, 0, 1)
    except OSError:
        return 0


def signals_held() -> bool:
    """Whether Landlock keeps signals inside (version 6, Linux 6.12)."""
    return version() >= 6


class Ruleset:
    """Rules in the making; everything that no rule allows will be refused.

    Parameters
    ----------
    network : bool
        Whether TCP is refused, where the version covers it.
    """

    def __init__(self, *, network: bool) -> None:
        known = version()
        self._rights = _KNOWN.get(known, _ALL)
        attributes = _Ruleset(self._rights, 0, 0)
        size = 8
        if known >= 4:
            attributes.net, size = (_NET_ALL if network else 0), 16
        if known >= 6:
            attributes.scope, size = _SCOPE_ALL, 24
        self._fd = call("landlock_create_ruleset", ctypes.byref(attributes), size, 0)

    def allow(self, path: str, rights: int) -> bool:
        """Allow `rights` at and below a path; False where there is none.

        A symbolic link is not followed: what it points to has its own rule or none.
        """
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            return self.allow_open(fd, rights)
        finally:
            os.close(fd)

    def allow_open(self, fd: int, rights: int) -> bool:
        """Allow `rights` at and below what a descriptor stands for."""
        kind = os.fstat(fd).st_mode & 0o170000
        if kind == 0o120000:
            return False
        if kind != 0o040000:
            rights &= _OF_FILES
        rule = _PathRule(rights & self._rights, fd)
        if not rule.allowed:
            return False
        call("landlock_add_rule", self._fd, 1, ctypes.byref(rule), 0)
        return True

    def enforce(self) -> None:
        """Confine this process and all that it starts, for good. Needs no-new-privs."""
        call("landlock_restrict_self", self._fd, 0)
        os.close(self._fd)
