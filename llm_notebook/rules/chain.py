"""The chain: every approver is heard, and the strictest word holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import get_args

from llm_notebook.core.decision import Decision, Reason, Ruling, strictest
from llm_notebook.core.preview import OVER
from llm_notebook.rules.approvers import BUILT_IN
from llm_notebook.rules.approvers.explaining import explaining
from llm_notebook.rules.evidence import Approver, Evidence

MOST = 50
"""Reasons of one approver, and of a decision, that are kept."""

_RULINGS: tuple[Ruling, ...] = get_args(Ruling)


def judge(
    evidence: Evidence,
    more: Mapping[str, Approver] | None = None,
    built_in: Mapping[str, Approver] = BUILT_IN,
) -> Decision:
    """Decide whether a proposal may run unasked. Never raises.

    Parameters
    ----------
    evidence : Evidence
    more : mapping of str to callable, optional
        Approvers of the configuration and of other packages, by name. Like the
        built-in ones they may only raise.

    Returns
    -------
    Decision
        Its reasons gravest first; of equal weight in the order of the chain.
    """
    reasons: list[Reason] = []
    for name, approver in {**built_in, **(more or {})}.items():
        reasons += _heard(name, approver, evidence)
    reasons = list(dict.fromkeys(reasons))
    reasons.sort(key=lambda reason: -_RULINGS.index(reason.ruling))
    if not any(reason.ruling != "ALLOW" for reason in reasons):
        # Nothing is said against it: what may run has a ground that can be named.
        reasons += _heard("explaining", explaining, evidence)
    proposal = evidence.proposal
    return Decision(
        proposal_id=proposal.id,
        edits_hash=proposal.hash,
        ruling=strictest(reason.ruling for reason in reasons) if reasons else "ASK",
        reasons=tuple(reasons[:MOST]),
        is_final=_is_final(evidence),
    )


def _heard(name: str, approver: Approver, evidence: Evidence) -> Iterable[Reason]:
    """What one approver says; ASK where it fails or says nothing that can be read."""
    try:
        found = tuple(islice(approver(evidence), MOST))
        if all(type(reason) is Reason and reason.ruling in _RULINGS for reason in found):
            return found
        problem = "gave something that is no reason"
    except Exception as error:
        problem = f"failed ({type(error).__name__})"
    return (Reason("ASK", name, f"The rule {name!r} {problem}, so this waits for you."),)


def _is_final(evidence: Evidence) -> bool:
    """Whether no dry run is to come that would say more."""
    if not evidence.code:
        return True
    preview = evidence.preview
    if preview is not None and preview.edits_hash == evidence.proposal.hash:
        return preview.status in OVER
    return evidence.isolation is not None and evidence.isolation.tier == "none"
