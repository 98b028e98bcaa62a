"""What a front end asks about the way back; see `llm_notebook.core.protocol`."""

from __future__ import annotations

from llm_notebook.core.from_frontend import FromFrontend
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.truth import Because


class AskTruth(FromFrontend, frozen=True, tag="ask_truth"):
    """Do notebook and kernel agree? Answered by `Truth`.

    Attributes
    ----------
    because : {"", "taken_back", "deleted", "moved"}
        What has just been done to the notebook.
    """

    truth_id: str
    snapshot: Snapshot
    because: Because = ""


class Keep(FromFrontend, frozen=True, tag="keep"):
    """A proposal is about to run: keep what it will change. Answered by `Kept`.

    Attributes
    ----------
    edits_hash : str
        `Proposal.hash` of what will run.
    most : int
        Bytes that may be kept of all steps together; 0: the kernel's own measure.
    """

    proposal_id: str
    edits_hash: str
    most: int = 0


class Restore(FromFrontend, frozen=True, tag="restore"):
    """A proposal that ran was taken back: put its variables back too. Answered by `Restored`."""

    proposal_id: str
