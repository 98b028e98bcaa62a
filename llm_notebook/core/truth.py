"""Whether the notebook and the kernel agree, and what to run again so that they do."""

from __future__ import annotations

from typing import Literal

import msgspec

VariableStanding = Literal["fresh", "stale", "missing", "lingering"]
"""``stale``: the notebook, run from its top, would give it another value. ``missing``:
the notebook makes it, and the kernel does not have it. ``lingering``: the kernel has
it, and no cell makes it any more."""

CellStanding = Literal["edited", "outdated", "unrun", "interrupted", "hidden", "again"]
"""``edited``: its text is not what ran. ``outdated``: what it used has changed since.
``unrun``: a cell that ran needs it, and it has not run. ``interrupted``: it was stopped
midway. ``hidden``: it uses what no cell above it makes. ``again``: nothing is wrong with
it, but another cell needs what it makes."""

Because = Literal["", "taken_back", "deleted", "moved"]
"""What has just been done to the notebook, so that it can be said."""


class VariableTruth(msgspec.Struct, frozen=True):
    """How one variable of the kernel stands to the notebook.

    Attributes
    ----------
    why : str
        A sentence; empty where it is fresh.
    cells : tuple of str
        Ids of the cells that are named in it.
    """

    name: str
    standing: VariableStanding
    why: str = ""
    cells: tuple[str, ...] = ()


class CellTruth(msgspec.Struct, frozen=True):
    """How a cell stands to what was run. A cell with which all is well is not told.

    Attributes
    ----------
    label : str
        As a person knows it: ``"[3]"`` by its number, where it has run.
    names : tuple of str
        Variables that it is about.
    """

    cell: str
    standing: CellStanding
    label: str
    why: str
    names: tuple[str, ...] = ()


class KernelTruth(msgspec.Struct, frozen=True):
    """Whether the kernel holds what the notebook says.

    Attributes
    ----------
    variables : tuple of VariableTruth
        Stale ones first; all that the notebook's cells make, and all that lingers.
    cells : tuple of CellTruth
        In notebook order.
    rerun : tuple of str
        The fewest cells whose run, in this order, makes the two agree.
    is_certain : bool
        False where that cannot be told; then restarting and running all is certain.
    doubt : str
        Why it cannot be told.
    summary : str
        One line of what is amiss; empty where the two agree.
    seconds : float or None
        What those cells took the last time; None where that is not known of all.
    """

    variables: tuple[VariableTruth, ...] = ()
    cells: tuple[CellTruth, ...] = ()
    rerun: tuple[str, ...] = ()
    is_certain: bool = True
    doubt: str = ""
    summary: str = ""
    seconds: float | None = None


class NotKept(msgspec.Struct, frozen=True):
    """A variable that an undo does not put back, and why."""

    name: str
    why: str
