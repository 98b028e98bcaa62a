"""What one check of ``llm-notebook doctor`` found."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import msgspec


class Check(msgspec.Struct, frozen=True):
    """What was found.

    Attributes
    ----------
    name : str
    state : {"works", "missing", "broken"}
        ``missing`` is something that one can do without.
    says, remedy : str
    """

    name: str
    state: Literal["works", "missing", "broken"]
    says: str
    remedy: str = ""


def installed(package: str) -> str | None:
    """The version of a package, or None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
