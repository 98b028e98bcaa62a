"""What a dry run is to do."""

from __future__ import annotations

import msgspec


class PlannedCell(msgspec.Struct, frozen=True):
    """A cell that a dry run is to run."""

    cell: str
    source: str
    downstream: bool = False


class Plan(msgspec.Struct, frozen=True):
    """What a dry run is to do.

    Attributes
    ----------
    cells : tuple of PlannedCell
        Code cells in the order in which they are to run.
    setup : tuple of PlannedCell
        Run first, in the sandbox too; their outputs and changes are not told.
        Empty where the live kernel holds the state already.
    budget : float
        Seconds of wall time, after which what is there counts as partial.
    sample : int
        Rows to which frames are cut before it starts; 0: not at all.
    memory : int
        Bytes that it may take beyond what it shares with the kernel; 0: half of the headroom.
    output : int
        Characters of output that are kept.
    readable : tuple of str
        Paths that may be read beside the usual ones.
    """

    proposal_id: str
    edits_hash: str
    cells: tuple[PlannedCell, ...]
    setup: tuple[PlannedCell, ...] = ()
    budget: float = 5.0
    sample: int = 0
    memory: int = 0
    output: int = 5_000_000
    readable: tuple[str, ...] = ()
