"""The administrator's ceiling: how high the level may go on this machine.

It stands as ``ceiling`` in the policy file (`llm_notebook.rules.configuration`),
which may lie in any of Jupyter's configuration folders, and the lowest of all
counts. So what a user may write, and with it whatever runs as that user, can
only lower further what a folder of the system says.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from llm_notebook.core.levels import LEVEL_NAMES, Level

UNREADABLE: Level = 3
"""What holds where a file cannot be read: its author wanted to limit something."""

LARGEST = 1_000_000
"""Bytes that are looked at; what is cut is most likely no TOML any more."""

_NAMES: dict[str, Level] = {name.lower(): level for level, name in LEVEL_NAMES.items()}


class Ceiling(msgspec.Struct, frozen=True):
    """The lowest of what the files say.

    Attributes
    ----------
    level : {0, 1, 2, 3, 4}
        4 where nobody limits it.
    where : str
        The file that says so; empty where none does.
    problem : str
        Why that file counts although it cannot be read.
    """

    level: Level = 4
    where: str = ""
    problem: str = ""


def ceiling(where: Iterable[Path] | None = None) -> Ceiling:
    """What the files in these folders, or in Jupyter's, come to now.

    Of several that say the same, the first.
    """
    from llm_notebook.rules.configuration import FILE, policy_folders  # not at start-up

    folders = map(Path, policy_folders()) if where is None else where
    found = [_read(folder / FILE) for folder in folders]
    return min(found, key=lambda one: one.level, default=Ceiling())


def _read(file: Path) -> Ceiling:
    try:
        text = file.read_bytes()[:LARGEST]
    except (FileNotFoundError, NotADirectoryError):
        return Ceiling()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        return Ceiling(UNREADABLE, str(file), f"It cannot be read: {why}.")
    try:
        content = tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:
        return Ceiling(UNREADABLE, str(file), f"It is not TOML: {error}.")
    if "ceiling" not in content:
        return Ceiling()
    said = content["ceiling"]
    for name, level in _NAMES.items():
        if said == level and not isinstance(said, bool):
            return Ceiling(level, str(file))
        if isinstance(said, str) and said.strip().lower() == name:
            return Ceiling(level, str(file))
    return Ceiling(
        UNREADABLE,
        str(file),
        f"Its ceiling is none of {', '.join(LEVEL_NAMES.values())}, or 0 to 4.",
    )
