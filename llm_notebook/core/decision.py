"""What code would do by its syntax, and the decision on a proposal with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Ruling = Literal["ALLOW", "ASK", "DENY"]
"""May it run unasked? The strictest of several wins, and what is not known is ASK."""

_RULINGS: tuple[Ruling, ...] = ("ALLOW", "ASK", "DENY")

EffectKind = Literal[
    "reads",
    "writes",
    "deletes",
    "starts",
    "contacts",
    "environment",
    "installs",
    "displays",
    "authority",
    "unknown",
]
"""What code does outside the namespace.

``starts`` a process or a thread that outlives the cell; ``environment`` reads or
changes variables, the working folder or the module path of the process;
``displays`` something that acts in the page, such as script; ``authority``
touches this tool's own settings, magics, store or messages, or Jupyter's files
and token; ``unknown`` is code whose effect cannot be read from its syntax.
"""


class PredictedEffect(msgspec.Struct, frozen=True):
    """One effect, as the syntax says.

    Attributes
    ----------
    target : str
        The path, host, command or name, where it is a constant; empty otherwise.
    why : str
        What in the code says so, such as ``"pandas.DataFrame.to_csv"``.
    line, column : int or None
        In the cell, both from 1.
    """

    kind: EffectKind
    target: str = ""
    why: str = ""
    line: int | None = None
    column: int | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a decision is what it is.

    Attributes
    ----------
    ruling : {"ALLOW", "ASK", "DENY"}
        What this reason alone would make of it.
    rule : str
        Name of the rule that gave it.
    text : str
        One sentence for a person.
    cell : str
        Id of the cell; empty where it is about the whole.
    line, column : int or None
        In that cell, both from 1.
    """

    ruling: Ruling
    rule: str
    text: str
    cell: str = ""
    line: int | None = None
    column: int | None = None


class Assessment(msgspec.Struct, frozen=True):
    """What is thought of code before it has run.

    Attributes
    ----------
    risk : {"none", "low", "high"}
        ``none``: nothing outside the namespace. ``low``: it reads, or writes where a
        person would look for it. ``high``: all else, the unknown included.
    decision : {"ALLOW", "ASK", "DENY"}
    reasons : tuple of Reason
        Gravest first; never empty unless it is ALLOW.
    """

    effects: tuple[PredictedEffect, ...]
    risk: Literal["none", "low", "high"]
    decision: Ruling
    reasons: tuple[Reason, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """Whether a proposal may be applied and run unasked, and why.

    Necessary, never sufficient: the front end holds the level, counts cells and
    lines itself, and may only be stricter.

    Attributes
    ----------
    proposal_id, edits_hash : str
        What was judged: `Proposal.hash`.
    ruling : {"ALLOW", "ASK", "DENY"}
    reasons : tuple of Reason
        Gravest first.
    is_final : bool
        False where the dry run that it waits for is not over.
    """

    proposal_id: str
    edits_hash: str
    ruling: Ruling
    reasons: tuple[Reason, ...] = ()
    is_final: bool = False


def strictest(rulings: Iterable[Ruling]) -> Ruling:
    """The strictest of them; ALLOW where there is none."""
    return max(rulings, key=_RULINGS.index, default="ALLOW")
