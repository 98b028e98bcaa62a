"""Edits with their preconditions, and the proposal that bundles them.

The concurrency model is optimistic. A proposal is written against a snapshot
while the person goes on working. Each edit names what must still hold when it
is applied: the hash of the cell that it touches, and the anchor that it stands
behind. If one precondition fails, the whole proposal is stale and nothing is
applied. Edits apply in order, so an insert may stand behind a cell that an
earlier edit of the same proposal brought in.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Literal

import msgspec

from llm_notebook.core.errors import Problem, UnknownProposalError
from llm_notebook.core.notebook import cell_hash

Status = Literal[
    "drafting", "pending", "accepted", "rejected", "answered", "declined", "cancelled", "failed"
]
"""Where a proposal stands.

``drafting`` still streams; ``pending`` waits for a person; ``answered`` brought
text and no edits; ``declined`` means that the model said it cannot do this.
Only a pending proposal can be accepted.
"""

Face = Literal["panel", "magic", "terminal", "file"]


class Insert(msgspec.Struct, frozen=True, tag_field="op", tag="insert"):
    """Put a new cell behind `after` (None: before the first cell).

    Precondition: the anchor exists, and no cell has the id `cell_id`.
    """

    cell_id: str
    after: str | None
    cell_type: str
    source: str


class Replace(msgspec.Struct, frozen=True, tag_field="op", tag="replace"):
    """Give a cell a new source, and a new type where `cell_type` differs.

    Precondition: the cell exists and its content still hashes to `expects`.
    `new_id` is set only by `diff` between files in which a tool reissued ids.
    """

    cell_id: str
    expects: str
    cell_type: str
    source: str
    new_id: str | None = None


class Delete(msgspec.Struct, frozen=True, tag_field="op", tag="delete"):
    """Take a cell out. Precondition: it exists and still hashes to `expects`."""

    cell_id: str
    expects: str


class Move(msgspec.Struct, frozen=True, tag_field="op", tag="move"):
    """Put a cell behind `after` (None: before the first cell).

    Precondition: cell and anchor exist, and the cell still hashes to `expects`.
    """

    cell_id: str
    expects: str
    after: str | None


Edit = Insert | Replace | Delete | Move


class Origin(msgspec.Struct, frozen=True):
    """Where a proposal comes from.

    Attributes
    ----------
    prompt : str
        The person's words, whole.
    model : str
        ``provider:model`` as asked for.
    face : {"panel", "magic", "terminal", "file"}
        Where it was asked.
    target : str or None
        Id of the cell that was active, or of the ``%%llm`` cell itself.
    """

    prompt: str
    model: str
    face: Face = "panel"
    target: str | None = None


class Suggestion(msgspec.Struct, frozen=True):
    """Something to click instead: its label, and the prompt that it stands for."""

    label: str
    prompt: str


class Usage(msgspec.Struct, frozen=True):
    """Tokens read and written, where the model reports them."""

    input_tokens: int = 0
    output_tokens: int = 0


class Proposal(msgspec.Struct, frozen=True):
    """An ordered, atomic list of edits, with where it comes from and where it stands.

    Attributes
    ----------
    id : str
        Short and unique within the store.
    created : float
        Seconds since the epoch (UTC).
    notice : str
        What happened on the way that a person should know, such as a retry.
    answer : str
        Text for the person: the reply to a question, or why it was declined.
    problem : Problem or None
        Why it failed.
    """

    id: str
    origin: Origin
    created: float
    status: Status = "drafting"
    title: str = ""
    rationale: str = ""
    edits: tuple[Edit, ...] = ()
    answer: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    problem: Problem | None = None
    notice: str = ""
    usage: Usage | None = None

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


def edits_hash(edits: tuple[Edit, ...]) -> str:
    """A digest of edits that Python and TypeScript compute alike.

    `cell_hash` over one line an edit: op, cell id, `expects`, `after` and the
    hash of the new content, separated by spaces, with ``-`` for what the edit
    does not have and ``^`` for an anchor before the first cell. Where a replace
    has a `new_id`, the cell id is ``old>new``.
    """
    lines = []
    for edit in edits:
        op = edit.__struct_config__.tag
        expects = "-" if isinstance(edit, Insert) else edit.expects
        after = (edit.after or "^") if isinstance(edit, Insert | Move) else "-"
        new = cell_hash(edit.cell_type, edit.source) if isinstance(edit, Insert | Replace) else "-"
        cell_id = edit.cell_id
        if isinstance(edit, Replace) and edit.new_id is not None:
            cell_id = f"{cell_id}>{edit.new_id}"
        lines.append(f"{op} {cell_id} {expects} {after} {new}")
    return cell_hash("edits", "\n".join(lines))


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


PROVENANCE_KEY = "llm_notebook"
