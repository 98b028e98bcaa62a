"""How past proposals were decided, by what they would do."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["adds", "changes", "removes", "plots", "writes", "reaches"]
"""What a proposal would do.

``adds``, ``changes`` and ``removes`` (or moves) cells; ``plots``, ``writes``
files and ``reaches`` out (to a process, a host) as its dry run showed. One
proposal may be of several kinds.
"""

KIND_NAMES: dict[Kind, str] = {
    "adds": "adds a cell",
    "changes": "changes a cell",
    "removes": "deletes or moves a cell",
    "plots": "shows a plot",
    "writes": "writes files",
    "reaches": "starts a process or contacts a host",
}


class Tally(msgspec.Struct, frozen=True):
    """Proposals of one kind, counted by what became of them at last.

    Attributes
    ----------
    accepted, rejected, undone : int
        By a person; ``undone``: accepted first, and taken back.
    auto : int
        Run by themselves, and left so.
    """

    kind: Kind
    accepted: int = 0
    rejected: int = 0
    undone: int = 0
    auto: int = 0
