"""Which files code creates, changes and deletes, from what Python reports before it tries.

What was reported did not always happen. So each path is looked at when it is
first named and again at the end, and where nothing happened although it should
have, the same is asked of the system once more, in a way that changes nothing.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable
from typing import Any, Literal

from llm_notebook.core.preview import FileEffect
from llm_notebook.dryrun.observing.reading import is_by_import

_MOST = 500
_NOISE = re.compile(r"^/(proc|dev|sys)(/|$)")
# Made wherever a package is used: compiled modules, and matplotlib's list of fonts.
_MADE = re.compile(r"/__pycache__(/[^/]+\.py[co](\.\d+)?)?$|/\.?matplotlib(/fontlist-[^/]+)?$")
_CACHES = (".cache/fontconfig", ".fontconfig", ".cache/jedi", ".ipython")
"""Below the home folder: where libraries keep what they can make again."""

Kind = Literal["created", "changed", "deleted"]
_Seen = tuple[int, int, int, int, int] | None
"""Inode, size, times of change, mode; None where there is no such file."""


class Files:
    """Keeps how the paths that are named looked at first.

    Parameters
    ----------
    noise : iterable of str
        Folders in which files come and go without meaning.
    """

    def __init__(self, noise: Iterable[str] = ()) -> None:
        self._start = os.getcwd()
        caches = (os.path.join(os.path.expanduser("~"), name) for name in _CACHES)
        self._noise = tuple(
            os.path.realpath(folder).rstrip("/") + "/" for folder in (*noise, *caches) if folder
        )
        self._by_import: set[str] = set()
        self._before: dict[str, _Seen] = {}
        self._meant: dict[str, Kind] = {}

    def opens(self, path: Any, *, is_new: bool) -> None:
        """It is opened for writing."""
        place = self._name(path)
        if place and (is_new or self._before[place] is not None):
            self._mean(place, "changed" if self._before[place] else "created")

    def makes(self, path: Any, folder: Any = -1) -> None:
        """A folder or a link is made."""
        place = self._name(path, folder)
        if place:
            self._mean(place, "created")

    def alters(self, path: Any, folder: Any = -1) -> None:
        """Its size, mode, owner or times are set."""
        place = self._name(path, folder)
        if place and self._before[place] is not None:
            self._mean(place, "changed")

    def removes(self, path: Any, folder: Any = -1) -> None:
        """It is deleted."""
        place = self._name(path, folder)
        if place and _seen(place) is not None:
            self._mean(place, "deleted")

    def renames(self, source: Any, target: Any, folder: Any = -1, other: Any = -1) -> None:
        """It gets another name, and what had that name is gone."""
        place, end = self._name(source, folder), self._name(target, other)
        if place and end and _seen(place) is not None:
            self._mean(place, "deleted")
            self._mean(end, "changed" if self._before[end] else "created")

    def may_write(self, path: Any) -> None:
        """A library has it now, and may or may not write."""
        if str(path) not in ("", ":memory:") and not str(path).startswith("file:"):
            self._name(path)

    def finish(self, known: tuple[FileEffect, ...] | None) -> tuple[FileEffect, ...]:
        """What became of them.

        Parameters
        ----------
        known : tuple of FileEffect or None
            All that did happen, where the sandbox knows; then only what was
            denied is added.
        """
        found = {e.path: e for e in known or () if not self._is_noise(self._absolute(e.path))}
        for place, before in self._before.items():
            effect = self._effect(place, before)
            if effect is not None and (known is None or effect.denied):
                found.setdefault(effect.path, effect)
        return tuple(found.values())

    def _effect(self, place: str, before: _Seen) -> FileEffect | None:
        after = _seen(place)
        path = self._shown(place)
        if before != after:
            if before is None:
                return FileEffect("created", path, _size(after))
            if after is None:
                return FileEffect("deleted", path)
            is_folder = stat.S_ISDIR(after[4])
            return None if is_folder else FileEffect("changed", path, _size(after))
        meant = self._meant.get(place)
        if meant is None or not _is_denied(place, meant, is_there=after is not None):
            return None
        return FileEffect(meant, path, denied=True)

    def _mean(self, place: str, kind: Kind) -> None:
        # What is written and removed again leaves nothing to be denied.
        if kind == "deleted" and self._meant.get(place) == "created":
            del self._meant[place]
        else:
            self._meant[place] = kind

    def _name(self, path: Any, folder: Any = -1) -> str:
        """The absolute path; empty where it is noise. How it looks is remembered."""
        if isinstance(path, int):
            return ""
        base = os.getcwd()
        if isinstance(folder, int) and folder >= 0:
            base = os.readlink(f"/proc/self/fd/{folder}")
        place = os.path.normpath(os.path.join(base, os.fsdecode(path)))
        if _MADE.search(place) and is_by_import(sys._getframe()):
            self._by_import.add(place)
        else:
            self._by_import.discard(place)
        if self._is_noise(place):
            return ""
        if place not in self._before:
            if len(self._before) >= _MOST:
                return ""
            self._before[place] = _seen(place)
        return place

    def _is_noise(self, place: str) -> bool:
        return (
            place in self._by_import
            or _NOISE.search(place) is not None
            or f"{place}/".startswith(self._noise)
        )

    def _absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._start, path))

    def _shown(self, place: str) -> str:
        below = os.path.relpath(place, self._start)
        return place if below.startswith("..") else below


def _seen(place: str) -> _Seen:
    try:
        found = os.lstat(place)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode


def _size(seen: _Seen) -> int | None:
    return seen[1] if seen and stat.S_ISREG(seen[4]) else None


def _is_denied(place: str, meant: Kind, *, is_there: bool) -> bool:
    """Whether the system refuses what was meant. Asks in a way that changes nothing."""
    if meant == "changed":
        try:
            os.close(os.open(place, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        except OSError:
            return not os.path.isdir(place)
        return False
    if meant == "deleted":
        return is_there
    # Without its folder a file cannot be made anywhere.
    return not is_there and os.path.isdir(os.path.dirname(place))
