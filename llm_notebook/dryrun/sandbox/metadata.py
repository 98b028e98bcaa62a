"""Changing modes and times of files where the sandbox allows it through a descriptor only.

The interpreter's own file stays reachable through ``/proc/self/exe`` in the
mounts of the live kernel. Where the user owns that file, a change of mode by
path could reach it, so the filter refuses such calls; by a descriptor it
cannot, since what can be opened is known. Python's functions go by path, so
here they go the other way when they are refused.
"""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable
from typing import Any

_NAMES = ("chmod", "utime", "setxattr", "removexattr")


def by_descriptor() -> None:
    """Let ``os.chmod`` and its like open the file first where a path is refused."""
    for name in _NAMES:
        original = getattr(os, name)
        replaced = _through(original)
        for known in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks):
            if original in known:
                known.add(replaced)
        setattr(os, name, replaced)


def _through(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(path: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return original(path, *arguments, **named)
        except PermissionError as error:
            if error.errno != errno.EPERM or isinstance(path, int):
                raise
            flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
            if not named.pop("follow_symlinks", True):
                flags |= os.O_NOFOLLOW
            try:
                fd = os.open(path, flags, dir_fd=named.pop("dir_fd", None))
            except OSError:
                raise error from None
        try:
            return original(fd, *arguments, **named)
        finally:
            os.close(fd)

    return call
