"""Names of data files beside the notebook. Their contents are not opened."""

from __future__ import annotations

import os
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
_NOT_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


def data_files(folder: Path | None) -> tuple[str, ...]:
    """Data files in `folder` and one level below, relative to it, at most 50.

    Files beside the notebook come first. Dot files and links to folders are
    left out, and so are names with control characters. A folder that cannot be
    read has no files.
    """
    if folder is None:
        return ()
    here, folders = _scan(folder)
    found = here
    for name in folders[:_MAX_FOLDERS]:
        if len(found) >= MAX_FILES:
            break
        found += [f"{name}/{inner}" for inner in _scan(folder / name)[0]]
    return tuple(found[:MAX_FILES])


def _scan(folder: Path) -> tuple[list[str], list[str]]:
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in islice(_visible(entries), _MAX_ENTRIES):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _NOT_FOLDERS:
                        folders.append(entry.name)
                elif entry.name.lower().endswith(_SUFFIXES):
                    files.append(entry.name)
    except OSError:
        pass
    return sorted(f for f in files if f.lower() not in _NOT_DATA), sorted(folders)


def _visible(entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    return (e for e in entries if not e.name.startswith(".") and e.name.isprintable())
