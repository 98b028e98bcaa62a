"""What a person lets proposals do unasked: reading or writing below a folder."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Literal

import msgspec


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Files below a folder may be read or written without a question.

    Nothing else can be granted: what starts, contacts, deletes or installs
    something, what acts in the page and what touches this tool is always asked.

    Attributes
    ----------
    effect : {"reads", "writes"}
    under : str
        A folder, relative to the notebook's own, such as ``"out"``, or absolute.
        Without ``..``, links, dot folders and wildcards; not the notebook's
        folder itself, where its modules and the notebook lie.

    Raises
    ------
    ValueError
        `under` is none that can be granted.
    """

    effect: Literal["reads", "writes"]
    under: str

    def __post_init__(self) -> None:
        problem = _problem(self.under)
        if problem:
            raise ValueError(f"a grant cannot be for {self.under[:80]!r}: {problem}")


def _problem(under: str) -> str:
    """What is wrong with a granted folder; empty where nothing is."""
    parts = [part for part in under.split("/") if part]
    if not parts or len(under) > 1000:
        return "it names no folder"
    if any(unicodedata.category(letter)[0] == "C" for letter in under):
        return "it holds a character that cannot be seen"
    if any(letter in under for letter in "\\*?[]{}$~"):
        return "wildcards, variables, ~ and backslashes are not read"
    if any(part.startswith(".") for part in parts):
        return "`.`, `..` and dot folders are never granted"
    if under.startswith("//") or PurePosixPath(under).as_posix() != under.rstrip("/"):
        return "it is not written in its plain form"
    if under.startswith("/") and len(parts) < 2:
        return "a folder directly below the root is too much"
    return ""
