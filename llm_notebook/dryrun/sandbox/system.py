"""Raw Linux system calls, through ctypes."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any

from llm_notebook.dryrun.sandbox.numbers import NUMBERS

# linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4


@cache
def libc() -> Any:
    """The C library of this process."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    library.mmap.restype = ctypes.c_void_p
    library.mmap.argtypes = [
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_int,
        ctypes.c_int,
        ctypes.c_int,
        ctypes.c_long,
    ]
    library.mremap.restype = ctypes.c_void_p
    return library


def check(result: int, what: str) -> int:
    """Return `result`, or raise OSError where it says that a call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(name: str, *arguments: object) -> int:
    """Make the system call of this name.

    Integers are passed as 64 bits wide, bytes and ctypes objects by address.

    Raises
    ------
    OSError
        If it fails, or if this machine's number for it is not known.
    """
    if name not in NUMBERS:
        raise OSError(38, f"{name}: not known on this machine")
    wide = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return check(libc().syscall(ctypes.c_long(NUMBERS[name]), *wide), name)


def prctl(option: int, second: int = 0, third: int = 0) -> int:
    """Make a ``prctl`` call; OSError where it fails."""
    return call("prctl", option, second, third, 0, 0)
