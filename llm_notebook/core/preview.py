"""What a dry run showed: the preview of a proposal, and the isolation that it really had."""

from __future__ import annotations

from typing import Literal

import msgspec

PreviewStatus = Literal[
    "waiting", "running", "previewed", "failed", "budget", "stopped", "expensive", "refused"
]
"""Where a preview stands.

``waiting``: a cell of the live kernel runs. ``previewed``: every cell ran to its
end. ``failed``: one raised. ``budget``: the time, memory or output allowed was
used up. ``stopped``: by the person. ``expensive``: not started, since it looks
long. ``refused``: there could be no dry run. What is neither ``previewed`` nor
``failed`` is partial, and is never called previewed.
"""

OVER: frozenset[PreviewStatus] = frozenset(
    {"previewed", "failed", "budget", "stopped", "expensive", "refused"}
)
"""The statuses after which nothing more comes."""

Tier = Literal["namespaces", "landlock", "read-only", "none"]
"""What enforces the isolation, from the strongest to nothing."""


class Isolation(msgspec.Struct, frozen=True):
    """What the sandbox enforces.

    Attributes
    ----------
    tier : Tier
    name : str
        As shown, such as ``"user namespace, overlay, network namespace, Landlock"``.
    way : {"fork", "fresh"}
        A fork of the live kernel, or a fresh process with the variables that can travel.
    holds : tuple of str
        What is held, one short sentence each.
    lacks : tuple of str
        What is not, and, at tier ``none``, why there is no dry run.
    """

    tier: Tier
    name: str
    way: Literal["fork", "fresh"] = "fork"
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class Output(msgspec.Struct, frozen=True):
    """One output of a cell. Untrusted: it comes from code that nobody has reviewed.

    Attributes
    ----------
    kind : {"stdout", "stderr", "display", "result"}
    text : str
        Of a stream.
    data : dict of str to str
        MIME type to its content: text as it is, images in base64, JSON types as JSON text.
    metadata : str
        JSON text of the output's metadata.
    cut : int
        Characters that were left out because the output was too long.
    """

    kind: Literal["stdout", "stderr", "display", "result"]
    text: str = ""
    data: dict[str, str] = {}
    metadata: str = "{}"
    cut: int = 0


class RunError(msgspec.Struct, frozen=True):
    """What a cell of a dry run raised.

    Attributes
    ----------
    name, message : str
        Of the exception.
    line : int or None
        Line of the cell, from 1, in which it was raised or which called what raised it.
    traceback : str
        As IPython shows it, with its ANSI colours.
    """

    name: str
    message: str
    line: int | None = None
    traceback: str = ""


class CellRun(msgspec.Struct, frozen=True):
    """One cell of a dry run.

    Attributes
    ----------
    cell : str
        Id of the cell, in the notebook as it would be.
    status : {"waiting", "running", "ran", "failed", "partial"}
        ``partial``: it was ended while it ran; `line` is the statement that it had reached.
    seconds : float
        Wall time.
    line : int or None
        Line of the cell, from 1.
    downstream : bool
        Not part of the proposal: a later cell that uses what the proposal changes.
    """

    cell: str
    status: Literal["waiting", "running", "ran", "failed", "partial"] = "waiting"
    outputs: tuple[Output, ...] = ()
    error: RunError | None = None
    seconds: float = 0.0
    line: int | None = None
    downstream: bool = False


class ColumnState(msgspec.Struct, frozen=True):
    """A column of a frame: `nulls` is None where they were not counted."""

    name: str
    dtype: str
    nulls: int | None = None


class VariableState(msgspec.Struct, frozen=True):
    """A variable at one moment, described without calling code of the user's.

    Attributes
    ----------
    type : str
        Such as ``"DataFrame"``.
    shape : tuple of int
        Rows first; empty where it has none.
    dtype : str
        Of an array or a series; empty otherwise.
    columns : tuple of ColumnState
        Of a frame, at most 100; `shape` says how many there are.
    nulls : int or None
        Of an array or a series.
    text : str
        A short value, of plain Python numbers, texts and small containers of them.
    """

    type: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    columns: tuple[ColumnState, ...] = ()
    nulls: int | None = None
    text: str = ""


class VariableChange(msgspec.Struct, frozen=True):
    """A variable that the dry run created, changed or deleted.

    Attributes
    ----------
    before, after : VariableState or None
        None before it existed, and after it was deleted.
    in_place : bool
        The same object holds other values; otherwise the name stands for another object.
    note : str
        What a person should know of how this was found, such as that it is not certain.
    """

    name: str
    kind: Literal["created", "changed", "deleted"]
    before: VariableState | None = None
    after: VariableState | None = None
    in_place: bool = False
    note: str = ""


class FileEffect(msgspec.Struct, frozen=True):
    """A file that was created, changed or deleted in the sandbox, or would have been.

    Attributes
    ----------
    path : str
        Relative to the working folder where it is below it.
    size : int or None
        Bytes it would have afterwards; None where that is not known.
    denied : bool
        The sandbox did not let it happen, so what came after may differ from a real run.
    """

    kind: Literal["created", "changed", "deleted"]
    path: str
    size: int | None = None
    denied: bool = False


class ProcessEffect(msgspec.Struct, frozen=True):
    """A process that was started, or would have been."""

    command: str
    denied: bool = False


class HostEffect(msgspec.Struct, frozen=True):
    """Whom the code tried to reach: ``host:port``, a name looked up, or a socket's path."""

    address: str
    denied: bool = True


class ObservedEffects(msgspec.Struct, frozen=True):
    """What the code did, or tried to do, outside the namespace.

    Attributes
    ----------
    environment : tuple of str
        Names of environment variables that it read.
    files_complete : bool
        Whether `files` is all of it. Without an overlay only what Python itself
        reported is known.
    """

    files: tuple[FileEffect, ...] = ()
    processes: tuple[ProcessEffect, ...] = ()
    hosts: tuple[HostEffect, ...] = ()
    environment: tuple[str, ...] = ()
    files_complete: bool = False


class Downstream(msgspec.Struct, frozen=True):
    """A later cell that uses what the proposal changes, and the names by which it does."""

    cell: str
    names: tuple[str, ...]


class Estimate(msgspec.Struct, frozen=True):
    """How long a run will likely take.

    Attributes
    ----------
    seconds : float or None
        None where it looks long, and nobody can say how long.
    why : str
        The ground of the guess, such as ``"cell 3 took 4 min the last time"``.
    """

    seconds: float | None
    why: str


class Preview(msgspec.Struct, frozen=True):
    """The result of a dry run, so far or in the end.

    Attributes
    ----------
    proposal_id, edits_hash : str
        What was run: `Proposal.hash`.
    reason : str
        Why it was refused, stopped or is waiting; a sentence.
    waits_for : str
        Id of the live cell that it waits for; empty where none is known.
    cells : tuple of CellRun
        In the order in which they run.
    changes : tuple of VariableChange
        Of the proposal's own cells together.
    summary : str
        One line of what changes, such as ``"df 1,000 → 812 rows · writes out.csv"``.
    isolation : Isolation or None
        What was really enforced; None until it has started.
    downstream : tuple of Downstream
        By dataflow, whether or not they were run too.
    seconds, budget : float
        Wall time used and allowed.
    estimate : Estimate or None
        Of running it, where something is known.
    sampled : str
        Where it ran on a sample, which; empty otherwise.
    """

    proposal_id: str
    edits_hash: str
    status: PreviewStatus = "waiting"
    reason: str = ""
    waits_for: str = ""
    cells: tuple[CellRun, ...] = ()
    changes: tuple[VariableChange, ...] = ()
    effects: ObservedEffects = ObservedEffects()
    summary: str = ""
    isolation: Isolation | None = None
    downstream: tuple[Downstream, ...] = ()
    seconds: float = 0.0
    budget: float = 5.0
    estimate: Estimate | None = None
    sampled: str = ""
