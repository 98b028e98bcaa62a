"""The evidence must be of what is judged."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence


def same(evidence: Evidence) -> Iterator[Reason]:
    """ASK unless the dry run was of these very edits, and the proposal waits."""
    proposal, preview = evidence.proposal, evidence.preview
    if proposal.status != "pending":
        yield Reason("ASK", "same", f"The proposal is {proposal.status}, not pending.")
    if preview is not None and preview.proposal_id != proposal.id:
        yield Reason("ASK", "same", "The dry run was of another proposal.")
    elif preview is not None and preview.edits_hash != proposal.hash:
        yield Reason("ASK", "same", "The dry run was of other edits than those that wait now.")
