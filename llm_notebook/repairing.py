"""One more round with a model where a dry run failed: the error goes along, as data.

The error comes from code that nobody has reviewed. So it stands among what the
model is shown, where it is redacted and called data, and never in the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.errors import RepairError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.preview import Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import Ask
from llm_notebook.planning import planned
from llm_notebook.versions import thread_of

if TYPE_CHECKING:
    from llm_notebook.previewing import Previewing

PROMPT = "Fix this error"
"""What a repair asks for, where the person has not said it otherwise."""

LONGEST = 2000
"""Characters of an error message that go along."""


def prepared(ask: Ask, previewing: Previewing) -> Ask:
    """An ask as it goes to the session: one that repairs gets the error of the dry run.

    Parameters
    ----------
    ask : Ask
        Where its origin says that it repairs, of what it refines. Words that it
        lacks are filled in.

    Raises
    ------
    RepairError
        Nothing failed, or the thread has had its automatic repair.
    UnknownProposalError
        What it refines is not known.
    """
    origin, session = ask.origin, previewing.session
    if not origin.repairs:
        return ask
    proposals = session.proposals()
    if any(p.id == ask.proposal_id for p in proposals):
        return ask  # the same message again, which asks nothing
    failed = session.find(origin.refines)
    if origin.repairs == "automatic" and any(
        thread_of(p) == thread_of(failed) and p.origin.repairs == "automatic" for p in proposals
    ):
        raise RepairError(
            "One automatic repair was made already, and its dry run failed too.",
            kept="Both attempts are kept.",
            next="Look at the error, or say what should be different.",
        )
    error = ask.error or error_of(previewing.find(failed.id), failed, ask.snapshot)
    if error is None:
        raise RepairError(
            f"The dry run of proposal {failed.id} did not fail, so there is nothing to repair.",
            next="Say what should be different instead.",
        )
    origin = msgspec.structs.replace(
        origin,
        prompt=origin.prompt if origin.prompt.strip() else PROMPT,
        target=error.cell or origin.target,
        # Who took the notebook's error out did not mean this one, which had not happened yet.
        without=tuple(piece for piece in origin.without if piece != "error"),
    )
    return msgspec.structs.replace(ask, origin=origin, error=error)


def error_of(preview: Preview | None, proposal: Proposal, snapshot: Snapshot) -> ErrorInfo | None:
    """What a dry run failed with, as a model is shown it; None where it did not fail."""
    run = next((r for r in preview.cells if r.error), None) if preview else None
    if run is None or run.error is None:
        return None
    found = planned(snapshot, proposal.edits).after.find(run.cell)
    lines = found.source.splitlines() if found else []
    at = run.error.line
    line = lines[at - 1].strip() if at is not None and 1 <= at <= len(lines) else ""
    return ErrorInfo(
        run.error.name,
        run.error.message[:LONGEST],
        line,
        f"line {at}" if at else "",
        run.cell,
    )
