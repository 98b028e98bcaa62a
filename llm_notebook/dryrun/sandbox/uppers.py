"""What was changed in overlays: read from their upper layers, whoever wrote there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from llm_notebook.core.preview import FileEffect

_MOST = 10_000
"""Files that are listed at most."""


class Layer(NamedTuple):
    """An overlay.

    Attributes
    ----------
    root : str
        Where it is mounted.
    number : int
        Name of its folder in the store.
    lower : int
        Descriptor of what was there before.
    shown : frozenset of str
        Paths in it at which something else is mounted, which nobody has made.
    """

    root: str
    number: int
    lower: int
    shown: frozenset[str] = frozenset()


def changes(store: int, layers: list[Layer], folder: str) -> tuple[FileEffect, ...] | None:
    """List every file that was created, changed or deleted.

    Parameters
    ----------
    store : int
        Descriptor of the folder that holds the upper layers.
    folder : str
        Paths in it are told relative to it.

    Returns
    -------
    tuple of FileEffect or None
        Sorted by path; None where the layers can no longer be read.
    """
    found: list[FileEffect] = []
    try:
        for layer in layers:
            upper = os.open(f"{layer.number}/up", os.O_RDONLY | os.O_DIRECTORY, dir_fd=store)
            try:
                for kind, path, size in _walk(layer, upper, ""):
                    full = os.path.join(layer.root, path)
                    if full.startswith(folder.rstrip("/") + "/"):
                        full = full.removeprefix(folder.rstrip("/") + "/")
                    found.append(FileEffect(kind, full, size))  # type: ignore[arg-type]
                    if len(found) > _MOST:
                        return None
            finally:
                os.close(upper)
    except OSError:
        return None
    return tuple(sorted(found, key=lambda effect: effect.path))


def _walk(layer: Layer, upper: int, inside: str) -> Iterator[tuple[str, str, int | None]]:
    """Kind, path in the layer, and size of each change below a folder of the upper layer."""
    for name in sorted(os.listdir(upper)):
        path = os.path.join(inside, name) if inside else name
        if os.path.join(layer.root, path) in layer.shown or name == "__pycache__":
            continue
        now = os.stat(name, dir_fd=upper, follow_symlinks=False)
        before = _before(layer, path)
        if stat.S_ISCHR(now.st_mode) and not now.st_rdev:
            # A whiteout: what is below is hidden.
            if before is not None:
                yield "deleted", path + ("/" if stat.S_ISDIR(before.st_mode) else ""), None
        elif stat.S_ISDIR(now.st_mode):
            yield from _folder(layer, upper, name, path, before)
        elif before is None:
            yield "created", path, now.st_size
        elif _differs(now, before):
            yield "changed", path, now.st_size


def _folder(
    layer: Layer, upper: int, name: str, path: str, before: os.stat_result | None
) -> Iterator[tuple[str, str, int | None]]:
    if before is not None and not stat.S_ISDIR(before.st_mode):
        yield "deleted", path, None
        before = None
    fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=upper)
    try:
        if before is not None and _replaced(fd):
            yield "deleted", path + "/", None
        elif before is None and not os.listdir(fd):
            yield "created", path + "/", None
        yield from _walk(layer, fd, path)
    finally:
        os.close(fd)


def _before(layer: Layer, path: str) -> os.stat_result | None:
    try:
        return os.stat(path, dir_fd=layer.lower, follow_symlinks=False)
    except OSError:
        return None


def _replaced(fd: int) -> bool:
    """Whether a folder hides the one that was there."""
    try:
        return os.getxattr(fd, "user.overlay.opaque") == b"y"
    except OSError:
        return False


def _differs(now: os.stat_result, before: os.stat_result) -> bool:
    """Whether a copy was written to; one that was only opened for it has the old time."""
    return (now.st_size, now.st_mtime_ns, now.st_mode) != (
        before.st_size,
        before.st_mtime_ns,
        before.st_mode,
    )
