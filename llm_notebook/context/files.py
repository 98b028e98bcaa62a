"""Names of files beside the notebook. Their contents are not opened."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

MAX_FILES = 50
_MAX_ENTRIES = 2000
_MAX_FOLDERS = 20
_SUFFIXES = tuple(
    f".{suffix}{packed}"
    for suffix in "csv tsv parquet json jsonl ndjson xlsx xls feather arrow txt dat h5 hdf5 nc "  # noqa: SIM905
    "npy npz sqlite db geojson gpkg zarr".split()
    for packed in ("", ".gz", ".zip", ".bz2", ".xz", ".zst")
)
_NOT_DATA = frozenset(
    "package.json package-lock.json tsconfig.json requirements.txt licence.txt license.txt".split()  # noqa: SIM905
)
_MAX_FOUND = 5000
_MAX_DEPTH = 5
_SECONDS = 0.15
_KEPT_SECONDS = 3.0
_NOT_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


def data_files(folder: Path | None) -> tuple[str, ...]:
    """Data files in `folder` and one level below, relative to it, at most 50.

    Files beside the notebook come first. Dot files, links to folders, links
    that lead out of `folder` and names with control characters are left out. A
    folder that cannot be read has no files.
    """
    if folder is None:
        return ()
    root = os.path.realpath(folder)
    here, folders = _scan(folder, root)
    found = here
    for name in folders[:_MAX_FOLDERS]:
        if len(found) >= MAX_FILES:
            break
        found += [f"{name}/{inner}" for inner in _scan(folder / name, root)[0]]
    return tuple(found[:MAX_FILES])


_found: dict[str, tuple[float, tuple[str, ...]]] = {}


def paths_below(folder: Path | None) -> tuple[str, ...]:
    """Files, and folders with a slash behind, relative to `folder`; the nearest first.

    For a search while somebody types: it ends after 0.15 seconds or 5,000
    paths with what it has by then, and is kept for a few seconds.
    """
    if folder is None:
        return ()
    now = time.monotonic()
    when, known = _found.get(str(folder), (0.0, ()))
    if known and now - when < _KEPT_SECONDS:
        return known
    root = os.path.realpath(folder)
    paths: list[str] = []
    level = [""]
    for _ in range(_MAX_DEPTH):
        below: list[str] = []
        for inner in level:
            if len(paths) >= _MAX_FOUND or time.monotonic() - now > _SECONDS:
                break
            files, folders = _scan(folder / inner, root, suffixes=None)
            paths += [f"{inner}{name}/" for name in folders]
            paths += [f"{inner}{name}" for name in files]
            below += [f"{inner}{name}/" for name in folders]
        level = below
    _found.clear()
    _found[str(folder)] = now, tuple(paths[:_MAX_FOUND])
    return _found[str(folder)][1]


def _scan(
    folder: Path, root: str, suffixes: tuple[str, ...] | None = _SUFFIXES
) -> tuple[list[str], list[str]]:
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in islice(_visible(entries), _MAX_ENTRIES):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _NOT_FOLDERS:
                        folders.append(entry.name)
                elif (suffixes is None or entry.name.lower().endswith(suffixes)) and (
                    not entry.is_symlink() or is_inside(os.path.realpath(entry.path), root)
                ):
                    files.append(entry.name)
    except OSError:
        pass
    if suffixes is not None:
        files = [name for name in files if name.lower() not in _NOT_DATA]
    return sorted(files), sorted(folders)


def is_inside(path: str, root: str) -> bool:
    """Whether a path is `root` or lies below it; both without links."""
    try:
        return os.path.commonpath((path, root)) == root
    except ValueError:  # another drive
        return False


def _visible(entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (e for e in entries if not e.name.startswith(".") and e.name.isprintable())
