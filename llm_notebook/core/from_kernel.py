"""What the session tells a front end; see `llm_notebook.core.protocol`."""

from __future__ import annotations

from typing import Literal

import msgspec

from llm_notebook.core.context import Piece
from llm_notebook.core.decision import Decision
from llm_notebook.core.edits import Edit
from llm_notebook.core.errors import Problem
from llm_notebook.core.levels import Level
from llm_notebook.core.origin import Repairs, Role, Wants
from llm_notebook.core.preview import Isolation, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.tally import Tally
from llm_notebook.core.truth import KernelTruth, NotKept


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
    was chosen, and holds. `roles` are those chosen in this kernel for other
    roles. `windows` counts those that have the notebook open. `isolation` is
    what a dry run here would have; None where this kernel makes none at all.
    """

    protocol: int
    version: str
    model: str | None
    models: tuple[ModelChoice, ...]
    proposals: tuple[Proposal, ...] = ()
    lowered: Level | None = None
    windows: int = 1
    roles: dict[Role, str] = {}
    isolation: Isolation | None = None
    previews: tuple[Preview, ...] = ()


class Windows(_FromKernel, frozen=True, tag="windows"):
    """How many windows have the notebook open now."""

    count: int


class Claimed(_FromKernel, frozen=True, tag="claimed"):
    """Whether this window may decide on a proposal."""

    proposal_id: str
    granted: bool


class Surveyed(_FromKernel, frozen=True, tag="surveyed"):
    """What would be sent: every piece, most wanted first, and what they cost together.

    Attributes
    ----------
    tokens : int
        Of the pieces that are in.
    budget : int
    left_out : tuple of Piece
        What the person took out, and what did not fit.
    """

    survey_id: str
    pieces: tuple[Piece, ...]
    tokens: int
    budget: int
    left_out: tuple[Piece, ...] = ()


class Hit(msgspec.Struct, frozen=True):
    """Something that a mention could mean.

    Attributes
    ----------
    kind : {"cell", "variable", "file", "folder"}
    mention : str
        What stands in the prompt for it, with its ``@``.
    label, detail : str
        As shown.
    """

    kind: Literal["cell", "variable", "file", "folder"]
    mention: str
    label: str
    detail: str = ""


class Found(_FromKernel, frozen=True, tag="found"):
    """What `Look` found, best first, at most 12."""

    look_id: str
    hits: tuple[Hit, ...]


class Continued(_FromKernel, frozen=True, tag="continued"):
    """What a model would type next.

    Attributes
    ----------
    text : str
        To stand at the cursor; empty where there is nothing to add.
    problem : Problem or None
        Why nothing came.
    """

    continue_id: str
    text: str = ""
    problem: Problem | None = None


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

    Attributes
    ----------
    wants, refines, clarifies, repairs
        As in `llm_notebook.core.origin.Origin`: ``%%llm --explain``,
        ``%llm refine``, ``%llm choose`` and ``%llm repair``.
    """

    proposal_id: str
    prompt: str
    model: str
    cell_id: str | None
    wants: Wants = "edits"
    refines: str | None = None
    clarifies: str | None = None
    repairs: Repairs = ""


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
    """``%llm model`` chose another model, for this role."""

    model: str
    role: Role = "propose"


class Previewed(_FromKernel, frozen=True, tag="previewed"):
    """A preview as it stands now; replaces what the front end knew of it."""

    preview: Preview


class Judged(_FromKernel, frozen=True, tag="judged"):
    """What the rules make of a proposal as it stands; replaces the decision before it.

    An ALLOW here is necessary for a run that nobody asked for, never sufficient.
    """

    decision: Decision


class Recalled(_FromKernel, frozen=True, tag="recalled"):
    """How past proposals were decided, by kind; those that never were are left out."""

    tallies: tuple[Tally, ...]


class Failed(_FromKernel, frozen=True, tag="failed"):
    """Something went wrong that belongs to no proposal."""

    problem: Problem


class Truth(_FromKernel, frozen=True, tag="truth"):
    """Whether notebook and kernel agree, as asked by `AskTruth`."""

    truth_id: str
    truth: KernelTruth


class Kept(_FromKernel, frozen=True, tag="kept"):
    """What an undo of this proposal will put back, and what it cannot; said before it runs.

    Attributes
    ----------
    names : tuple of str
    not_kept : tuple of NotKept
    text : str
        One sentence for a person; empty where all is kept.
    """

    proposal_id: str
    names: tuple[str, ...] = ()
    not_kept: tuple[NotKept, ...] = ()
    text: str = ""


class Restored(_FromKernel, frozen=True, tag="restored"):
    """What was put back, each compared with what was kept; and what was not.

    Attributes
    ----------
    text : str
        One sentence for a person; empty where there was nothing to put back.
    """

    proposal_id: str
    names: tuple[str, ...] = ()
    not_restored: tuple[NotKept, ...] = ()
    text: str = ""
