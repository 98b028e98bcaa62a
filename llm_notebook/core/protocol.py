"""The messages between a front end and the session in the kernel.

This is the one definition. ``labextension/src/protocol.gen.ts`` is generated
from it, and CI fails when the two differ. Messages travel as JSON objects in
the ``data`` of a comm (target `COMM_TARGET`), tagged by ``type``.

A front end owns the document and the level. The kernel proposes and records;
nothing that it sends makes a front end apply or run anything by itself.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from llm_notebook.core.errors import Problem
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Edit, Face, Proposal

PROTOCOL_VERSION = 1
COMM_TARGET = "llm_notebook"
STATUS_MIME = "application/vnd.llm-notebook.status+json"

Level = Literal[0, 2]
"""Off and Propose. A level that does not work yet does not exist."""

Verdict = Literal["accepted", "rejected", "reopened"]
"""``reopened``: the person took the accept back (undo), so it is pending again."""


class _FromFrontend(msgspec.Struct, frozen=True, tag_field="type"):
    pass


class Hello(_FromFrontend, frozen=True, tag="hello"):
    """First message on a comm. Answered by `Welcome`, or by `Failed`."""

    protocol: int
    notebook: str = ""


class Ask(_FromFrontend, frozen=True, tag="ask"):
    """Ask for a proposal. Answered by `Changed` messages for `proposal_id`.

    Attributes
    ----------
    proposal_id : str
        Chosen by the front end, so that a repeated message asks once.
    snapshot : Snapshot
        The notebook now.
    target : str or None
        The active cell, or the ``%%llm`` cell.
    level : {0, 2}
        The effective level; at 0 the ask is refused.
    """

    proposal_id: str
    prompt: str
    snapshot: Snapshot
    model: str
    level: Level
    face: Face = "panel"
    target: str | None = None


class Cancel(_FromFrontend, frozen=True, tag="cancel"):
    """Stop drafting. What has arrived so far is kept in the trace only."""

    proposal_id: str


class Decided(_FromFrontend, frozen=True, tag="decided"):
    """The person has decided, and the front end has acted on it already.

    `edits_hash` is `Proposal.hash` of what was on screen; `ran` says whether
    the cells were also run.
    """

    proposal_id: str
    verdict: Verdict
    edits_hash: str
    ran: bool = False


class Use(_FromFrontend, frozen=True, tag="use"):
    """The person chose a model in the panel; the magics use it from now on."""

    model: str


FrontendMessage = Hello | Ask | Cancel | Decided | Use


class _FromKernel(msgspec.Struct, frozen=True, tag_field="type"):
    pass


class ModelChoice(msgspec.Struct, frozen=True):
    """A model that the picker offers.

    Attributes
    ----------
    id : str
        ``provider:model``.
    label : str
        As shown; ``offline:rules`` says that it is not a language model.
    ready : bool
        False where a package or a key is missing; `hint` then says which.
    """

    id: str
    label: str
    ready: bool = True
    hint: str = ""


class Welcome(_FromKernel, frozen=True, tag="welcome"):
    """The session's state: its model, the models it knows, and open proposals.

    `model` is None where nobody has chosen one in this kernel: the front end
    then says `Use` with the choice that it remembers. A model that is named
    was chosen, and holds.
    """

    protocol: int
    version: str
    model: str | None
    models: tuple[ModelChoice, ...]
    proposals: tuple[Proposal, ...] = ()
    lowered: Level | None = None


class Changed(_FromKernel, frozen=True, tag="changed"):
    """A proposal as it stands now; replaces what the front end knew of it."""

    proposal: Proposal


class Growth(msgspec.Struct, frozen=True):
    """More of one streaming edit: `edit` starts it at `index`, `text` is appended to its source."""

    index: int
    text: str = ""
    edit: Edit | None = None


class Streamed(_FromKernel, frozen=True, tag="streamed"):
    """What has arrived of a drafting proposal since the last message.

    Sent at most every 40 ms. `answer` is appended; `title` and `rationale`
    replace what was there when they are not empty.
    """

    proposal_id: str
    growth: tuple[Growth, ...] = ()
    title: str = ""
    rationale: str = ""
    answer: str = ""


class AskRequested(_FromKernel, frozen=True, tag="ask_requested"):
    """A ``%%llm`` cell ran: the front end answers with an `Ask` of this id.

    The kernel cannot see the document, so the front end adds the snapshot and
    its level.
    """

    proposal_id: str
    prompt: str
    model: str
    cell_id: str | None


class DecideRequested(_FromKernel, frozen=True, tag="decide_requested"):
    """``%llm accept`` or ``%llm reject`` ran in `cell_id`.

    A front end acts on it only if it saw the person run that cell with that
    text; a forged message does nothing.
    """

    proposal_id: str
    verdict: Literal["accepted", "rejected"]
    cell_id: str | None


class Lowered(_FromKernel, frozen=True, tag="lowered"):
    """``%llm level`` lowered the level for this kernel (`level`), or lifted that again (None)."""

    level: Level | None


class Used(_FromKernel, frozen=True, tag="used"):
    """``%llm use`` chose another model."""

    model: str


class Failed(_FromKernel, frozen=True, tag="failed"):
    """Something went wrong that belongs to no proposal."""

    problem: Problem


KernelMessage = (
    Welcome | Changed | Streamed | AskRequested | DecideRequested | Lowered | Used | Failed
)
