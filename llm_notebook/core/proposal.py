"""The proposal: an ordered list of edits, where it comes from and where it stands."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Literal

import msgspec

from llm_notebook.core.context import Piece
from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.errors import Problem, UnknownProposalError
from llm_notebook.core.origin import Origin

Status = Literal[
    "drafting",
    "queued",
    "pending",
    "asking",
    "accepted",
    "rejected",
    "superseded",
    "answered",
    "declined",
    "cancelled",
    "failed",
]
"""Where a proposal stands.

``drafting`` still streams; ``queued`` waits until the part before it is
decided; ``pending`` waits for a person; ``asking`` needs one answer before
anything can be proposed; ``answered`` brought text and no edits, or its
question was answered; ``superseded`` means that another version of it was
accepted; ``declined`` that the model said it cannot do this. Only a pending
proposal can be accepted.
"""

OPEN: frozenset[Status] = frozenset({"drafting", "queued", "pending", "asking"})
"""The statuses in which something still waits, for the model or for a person."""


class Suggestion(msgspec.Struct, frozen=True):
    """Something to click instead: its label, and the prompt that it stands for."""

    label: str
    prompt: str


class Usage(msgspec.Struct, frozen=True):
    """Tokens read and written, where the model reports them.

    Attributes
    ----------
    cost : float or None
        US dollars; None where the price is not known.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """Both together. A cost that is not known makes the sum unknown."""
        is_known = self.cost is not None and other.cost is not None
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            (self.cost or 0.0) + (other.cost or 0.0) if is_known else None,
        )


class Price(msgspec.Struct, frozen=True):
    """US dollars for a million tokens read and written.

    Attributes
    ----------
    cached : float or None
        For a million tokens read from the service's cache; None: not known.
    """

    read: float
    written: float
    cached: float | None = None


class Part(msgspec.Struct, frozen=True):
    """A proposal's place in the sequence that one long reply was cut into by the leash.

    Attributes
    ----------
    of : str
        Id of the sequence's first proposal.
    index, count : int
        From 1, and how many there are.
    """

    of: str
    index: int
    count: int


class Proposal(msgspec.Struct, frozen=True):
    """An ordered list of edits, with where it comes from and where it stands.

    It applies whole or not at all. Where a person takes a part of it, what is
    left is the same proposal with fewer edits.

    Attributes
    ----------
    id : str
        Short and unique within the store.
    created : float
        Seconds since the epoch (UTC).
    notice : str
        What happened on the way that a person should know, such as a retry.
    edits : tuple of Edit
        What still waits; of an accepted proposal, what was accepted last.
    taken : tuple of Edit
        What was accepted so far, as applied, where a person took it in parts.
    edited : tuple of str
        Ids of the cells whose proposed text the person changed.
    answer : str
        Text for the person: the reply to a question, why it was declined, or,
        where it is ``asking``, the one question.
    suggestions : tuple of Suggestion
        What to ask instead; where it is ``asking``, the choices.
    root : str
        Id of the first version where this is a later one; empty otherwise.
    version : int
        From 1.
    since : tuple of Edit
        Of a refined version: its changes against the version before.
    part : Part or None
    context : tuple of Piece
        What the model was shown, without the texts.
    problem : Problem or None
        Why it failed.
    model : str
        ``provider:model`` that answers or has answered, where the one asked
        for is a chain. `notice` then says why it is not the first of it.
    untrusted : tuple of str or None
        What the model was shown that others may have written: names of files,
        variables with values, an error's text. None: not known, which is as much.
    """

    id: str
    origin: Origin
    created: float
    status: Status = "drafting"
    title: str = ""
    rationale: str = ""
    edits: tuple[Edit, ...] = ()
    taken: tuple[Edit, ...] = ()
    edited: tuple[str, ...] = ()
    answer: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    root: str = ""
    version: int = 1
    since: tuple[Edit, ...] = ()
    part: Part | None = None
    context: tuple[Piece, ...] = ()
    problem: Problem | None = None
    notice: str = ""
    usage: Usage | None = None
    model: str = ""
    untrusted: tuple[str, ...] | None = None

    @property
    def hash(self) -> str:
        """What an accept names: a digest of the edits as they were on screen."""
        return edits_hash(self.edits)


def called(proposals: Sequence[Proposal], name: str | None) -> Proposal:
    """The one with this id, or with an id that starts so; without a name, the last pending one.

    Raises
    ------
    UnknownProposalError
        Where none or more than one fits.
    """
    if name is None:
        pending = [p for p in proposals if p.status == "pending"]
        if not pending:
            raise UnknownProposalError(
                "No proposal is waiting.", next="Ask for one with %%llm and your words below."
            )
        return pending[-1]
    fits = [p for p in proposals if p.id == name] or [p for p in proposals if p.id.startswith(name)]
    if len(fits) != 1:
        raise UnknownProposalError(
            f"{'No' if not fits else 'More than one'} proposal is called {name!r}.",
            next="Known are: " + (", ".join(p.id for p in proposals) or "none") + ".",
        )
    return fits[0]


def new_proposal_id() -> str:
    """Eight characters, of which a person types the first few."""
    return secrets.token_hex(4)


def ended(proposal: Proposal, status: Status, problem: Problem | None = None) -> Proposal:
    """Close a draft: its half-written edits are dropped, so that they can never be applied."""
    return msgspec.structs.replace(proposal, status=status, problem=problem, edits=())


class Provenance(msgspec.Struct, frozen=True):
    """What an accepted cell remembers, under `PROVENANCE_KEY` in its metadata.

    Attributes
    ----------
    proposal : str
        The proposal's id, which leads to its trace in the store.
    op : {"insert", "replace"}
    model, prompt : str
    asked_in : str or None
        The ``%%llm`` cell or the cell that was active when it was asked.
    edited : bool
        The person changed what was proposed, or took only some of its hunks.
    auto : str
        Where it was accepted and run by itself: what that stood on, in one
        line. Empty where a person accepted it.
    accepted : str
        When, ISO 8601 in UTC.
    hash : str
        The cell's `cell_hash` as accepted; differs once a person has edited it.
    """

    proposal: str
    op: Literal["insert", "replace"]
    model: str
    prompt: str
    asked_in: str | None
    accepted: str
    hash: str
    edited: bool = False
    auto: str = ""


PROVENANCE_KEY = "llm_notebook"
