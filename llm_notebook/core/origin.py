"""Where a proposal comes from: a person's words, and what they are about."""

from __future__ import annotations

from typing import Literal

import msgspec

Face = Literal["panel", "magic", "terminal", "file"]

Repairs = Literal["", "asked", "automatic"]
"""Whether an ask is to mend what failed in a dry run, and whether anybody pressed a button."""

Wants = Literal["edits", "text"]
"""What an ask is answered with. ``text`` is explain-only: edits are refused."""

Role = Literal["propose", "complete", "plan", "describe"]
"""What a model is asked for: edits, the rest of what is being typed, a plan, an explanation.

Each may have a model of its own; else it is the one that proposes.
"""


class Scope(msgspec.Struct, frozen=True):
    """What an ask in place may change.

    Attributes
    ----------
    cells : tuple of str
        Ids of the selected cells.
    first, last : int or None
        Selected lines of the only cell, from 1, both included; None where
        whole cells are meant.
    """

    cells: tuple[str, ...]
    first: int | None = None
    last: int | None = None


class Leash(msgspec.Struct, frozen=True):
    """How large one proposal may be; a longer reply arrives as several.

    Attributes
    ----------
    cells : int
        Cells that it touches, at most.
    lines : int
        Lines that it adds and removes, at most.
    """

    cells: int = 10
    lines: int = 120


class Origin(msgspec.Struct, frozen=True):
    """Where a proposal comes from.

    Attributes
    ----------
    prompt : str
        The person's words, whole.
    model : str
        ``provider:model`` as asked for, or a chain of several with commas between.
    face : {"panel", "magic", "terminal", "file"}
        Where it was asked.
    target : str or None
        Id of the cell that was active, or of the ``%%llm`` cell itself.
    wants : {"edits", "text"}
    scope : Scope or None
        What may be changed; None: the notebook.
    refines : str or None
        The version that this follow-up builds on.
    clarifies : str or None
        The proposal whose question this ask answers.
    made : tuple of str
        Ids of the cells that this ``%%llm`` cell made before. What is proposed
        now takes their place.
    repairs : {"", "asked", "automatic"}
        The version that it refines failed in its dry run, and this is to mend
        it; the session adds the error. One thread has one automatic repair.
    without : tuple of str
        Pieces of the context that the person took out. What follows from a
        proposal is asked without them too, so they go where the proposal goes.
    """

    prompt: str
    model: str
    face: Face = "panel"
    target: str | None = None
    wants: Wants = "edits"
    scope: Scope | None = None
    refines: str | None = None
    clarifies: str | None = None
    made: tuple[str, ...] = ()
    repairs: Repairs = ""
    without: tuple[str, ...] = ()


def role_of(origin: Origin) -> Role:
    """What the model is asked for."""
    return "describe" if origin.wants == "text" else "propose"
