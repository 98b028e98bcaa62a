"""What a front end tells the session; see `llm_notebook.core.protocol`."""

from __future__ import annotations

import msgspec

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.edits import Edit
from llm_notebook.core.grants import Grant
from llm_notebook.core.levels import Level, Verdict
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Leash, Origin, Role
from llm_notebook.core.proposal import Price


class FromFrontend(msgspec.Struct, frozen=True, tag_field="type"):
    """What every message of a front end is."""


class Hello(FromFrontend, frozen=True, tag="hello"):
    """First message on a comm. Answered by `Welcome`, or by `Failed`.

    Attributes
    ----------
    notebook : str
        Its path, as the front end names it.
    client : str
        Names this window.
    cells : tuple of str
        Ids of the notebook's cells, by which it is known again after a rename.
    """

    protocol: int
    notebook: str = ""
    client: str = ""
    cells: tuple[str, ...] = ()


class Renamed(FromFrontend, frozen=True, tag="renamed"):
    """The notebook has another path now."""

    notebook: str


class Ask(FromFrontend, frozen=True, tag="ask"):
    """Ask for a proposal. Answered by `Changed` messages for `proposal_id`.

    Attributes
    ----------
    proposal_id : str
        Chosen by the front end, so that a repeated message asks once.
    snapshot : Snapshot
        The notebook now.
    level : {0, 1, 2, 3, 4}
        The effective level; below 2 the ask is refused.
    leash : Leash
    error : ErrorInfo or None
        The error that the ask is about, where that is not the kernel's last.
    survey : str or None
        The context that the person was shown; it is sent as it was.
    values : bool
        Whether a few values of the data may be shown to the model.
    deadline : float
        Seconds until the reply must be whole, retries and a chain of models
        included.
    prices : dict of str to Price
        The person's own prices, by model.
    """

    proposal_id: str
    origin: Origin
    snapshot: Snapshot
    level: Level
    leash: Leash = Leash()
    error: ErrorInfo | None = None
    survey: str | None = None
    values: bool = False
    deadline: float = 120.0
    prices: dict[str, Price] = {}


class Survey(FromFrontend, frozen=True, tag="survey"):
    """What would be sent for this ask? Answered by `Surveyed`; nothing is sent."""

    survey_id: str
    origin: Origin
    snapshot: Snapshot
    error: ErrorInfo | None = None
    values: bool = False


class Look(FromFrontend, frozen=True, tag="look"):
    """Which cells, variables, files and folders could ``@query`` mean? Answered by `Found`.

    Cells are those of the last `Survey`.
    """

    look_id: str
    query: str


class Cancel(FromFrontend, frozen=True, tag="cancel"):
    """Stop drafting, or leave a question unanswered.

    What has arrived of a draft is kept in the trace only.
    """

    proposal_id: str


class Continue(FromFrontend, frozen=True, tag="continue"):
    """Go on with what is being typed in a cell. Answered by `Continued`.

    A newer one of the same window ends this one, and so does `Stop`: its
    request to the model is aborted, and it is not answered.

    Attributes
    ----------
    cell : str
        Id of the cell.
    prefix, suffix : str
        Its source before and behind the cursor.
    snapshot : Snapshot or None
        The notebook; None where no other cell has changed since it was last sent.
    level : {0, 1, 2, 3, 4}
        The effective level; at 0 nothing is asked.
    """

    continue_id: str
    cell: str
    prefix: str
    suffix: str
    snapshot: Snapshot | None
    level: Level


class Stop(FromFrontend, frozen=True, tag="stop"):
    """What `Continue` asked for is not wanted any more."""

    continue_id: str


class Claim(FromFrontend, frozen=True, tag="claim"):
    """May this window decide? Asked first where another window has the notebook open too.

    Answered by `Claimed`. A claim holds until the decision, or for 10 s.
    """

    proposal_id: str
    edits_hash: str


class Decided(FromFrontend, frozen=True, tag="decided"):
    """The person has decided, and the front end has acted on it already.

    Attributes
    ----------
    edits_hash : str
        `Proposal.hash` of what was on screen.
    ran : bool
        Whether the cells were also run.
    auto : bool
        No person decided: it was accepted and run by itself, at level Auto-run.
    edits : tuple of Edit or None
        What was accepted, dropped or taken back; None: all of the proposal.
    rest : tuple of Edit
        What waits now. Empty closes the proposal; after ``reopened`` it means
        all that was taken back.
    """

    proposal_id: str
    verdict: Verdict
    edits_hash: str
    ran: bool = False
    auto: bool = False
    edits: tuple[Edit, ...] | None = None
    rest: tuple[Edit, ...] = ()


class Revised(FromFrontend, frozen=True, tag="revised"):
    """The person changed what is proposed: its text, or what a stale edit stands on.

    Attributes
    ----------
    edits_hash : str
        `Proposal.hash` before.
    edits : tuple of Edit
        All edits as they are now.
    edited : tuple of str
        Ids of the cells whose proposed text the person has changed so far.
    """

    proposal_id: str
    edits_hash: str
    edits: tuple[Edit, ...]
    edited: tuple[str, ...] = ()


class Use(FromFrontend, frozen=True, tag="use"):
    """The person chose a model in the panel; the magics use it from now on.

    Attributes
    ----------
    model : str
        Empty, for another role than to propose: the model that proposes.
    role : {"propose", "complete", "plan", "describe"}
        What it is used for.
    """

    model: str
    role: Role = "propose"


class DryRun(FromFrontend, frozen=True, tag="dry_run"):
    """Show what a pending proposal would do. Answered by `Previewed` messages.

    Attributes
    ----------
    edits_hash : str
        `Proposal.hash` of what is on screen.
    snapshot : Snapshot
        The notebook now.
    level : {0, 1, 2, 3, 4}
        The effective level.
    automatic : bool
        Nobody asked for it: it is held to the budget, and not started where it
        looks expensive. A newer automatic one takes its place.
    budget : float
        Seconds of wall time.
    sample : int
        Rows to which frames are cut first; 0: not at all.
    downstream : bool
        Run the later cells too that use what it changes.
    readable : tuple of str
        Paths that may be read beside the usual ones.
    grants : tuple of Grant
        What the person lets proposals do unasked, for the decision that follows.
    """

    proposal_id: str
    edits_hash: str
    snapshot: Snapshot
    level: Level
    automatic: bool = False
    budget: float = 5.0
    sample: int = 0
    downstream: bool = False
    readable: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()


class StopDryRun(FromFrontend, frozen=True, tag="stop_dry_run"):
    """End a dry run; what it has shown so far is kept as partial."""

    proposal_id: str


class Recall(FromFrontend, frozen=True, tag="recall"):
    """How were past proposals decided? Answered by `Recalled`."""


class Standing(FromFrontend, frozen=True, tag="standing"):
    """What the slider says, for faces in the kernel to show. It is never authority.

    Attributes
    ----------
    chosen, level : {0, 1, 2, 3, 4}
        The person's own choice, and what is in effect.
    reason : str
        Who holds it below the choice; empty where nobody does.
    leash : Leash
    sentence : str
        What this position does with what is pending.
    """

    chosen: Level
    level: Level
    reason: str = ""
    leash: Leash = Leash()
    sentence: str = ""
