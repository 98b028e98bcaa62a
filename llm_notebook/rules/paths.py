"""Whether a path is a plain file below a folder: no ``..``, no link, nothing hidden.

A path is judged as it is spelt and as the disk has it now. What is spelt in any
other way than the plain one is never below anything, so letters that merely look
alike, another case or another normal form of the same name do not count.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from llm_notebook.core.grants import Grant
from llm_notebook.rules.evidence import Places


def is_granted(target: str, effect: str, grants: Iterable[Grant], places: Places) -> Grant | None:
    """The grant that covers a constant path; None where there is none."""
    for grant in grants:
        if grant.effect == effect and is_below(target, _base(grant, places), places.working):
            return grant
    return None


def is_below(target: str, base: Path | None, working: Path | None) -> bool:
    """Whether `target`, as code in `working` names it, lies below `base`, links followed.

    Parameters
    ----------
    target : str
        A file, or a folder to be made.
    base, working : Path or None
        Absolute; None is not known, and nothing is below it.
    """
    if base is None or working is None or not is_plain(target):
        return False
    try:
        # Every part of the way must be what it is called: no link, also not in the base.
        real_base = base.resolve()
        if real_base != Path(os.path.abspath(base)):
            return False
        path = Path(os.path.abspath(working.resolve() / target))
        if path == real_base or real_base not in path.parents or path.resolve() != path:
            return path == real_base and path.resolve() == path
        return all(not part.startswith(".") for part in path.relative_to(real_base).parts) and (
            not path.exists() or _is_ordinary(path)
        )
    except (OSError, ValueError, RuntimeError):
        return False


def is_plain(target: str) -> bool:
    """Whether a path is spelt plainly: a constant, without ``..``, variables, hidden letters."""
    if not target or len(target) > 1000 or "://" in target or "//" in target:
        return False
    if any(letter in target for letter in "\\*?[]{}$~|<>\"'`;&"):
        return False
    if any(unicodedata.category(letter)[0] == "C" for letter in target):
        return False
    parts = target.split("/")
    return unicodedata.normalize("NFKC", target) == target and ".." not in parts


def same(one: str, other: str, working: Path | None) -> bool:
    """Whether two paths, as code in `working` names them, are one."""
    if not one or not other or working is None:
        return False
    return os.path.realpath(working / one) == os.path.realpath(working / other)


def _base(grant: Grant, places: Places) -> Path | None:
    if grant.under.startswith("/"):
        return Path(grant.under)
    return None if places.notebook is None else places.notebook.resolve() / grant.under


def _is_ordinary(path: Path) -> bool:
    """Whether it is a folder, or a file that is nowhere else under another name."""
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
