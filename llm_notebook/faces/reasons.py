"""A decision with its reasons, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llm_notebook.core.decision import Decision, Reason
from llm_notebook.core.edits import Insert, Replace
from llm_notebook.core.proposal import Proposal
from llm_notebook.faces.texts import safe

if TYPE_CHECKING:
    from llm_notebook.faces.attach import Attachment

_MEANS = {
    "ALLOW": "It may run unasked, where the level and the leash say so too.",
    "ASK": "It waits for you.",
    "DENY": "It is never run unasked.",
}


def why(attachment: Attachment, name: str) -> None:
    """``%llm why``: decide on the evidence that there is now, and print every reason."""
    proposal = attachment.session().find(name or None)
    print(reasons_text(attachment.judging().decide(proposal.id), proposal))


def reasons_text(decision: Decision, proposal: Proposal) -> str:
    """Lines for a terminal: the ruling, then every reason, gravest first."""
    lines = [f"Proposal {decision.proposal_id}: {decision.ruling}. {_MEANS[decision.ruling]}"]
    if not decision.is_final:
        lines.append("This is not the last word: its dry run is still to come.")
    names = _names(proposal)
    lines += [f"  {reason.ruling:5}  {_line(reason, names)}" for reason in decision.reasons]
    return "\n".join(lines)


def _line(reason: Reason, names: dict[str, str]) -> str:
    where = names.get(reason.cell, "")
    if reason.line is not None:
        where = f"{where}, line {reason.line}" if where else f"line {reason.line}"
    text = safe(reason.text)
    return f"{text} [{where}; {reason.rule}]" if where else f"{text} [{reason.rule}]"


def _names(proposal: Proposal) -> dict[str, str]:
    """What the cells of a proposal with several are called, by id."""
    brought = [e for e in proposal.edits if isinstance(e, Insert | Replace)]
    if len(brought) < 2:
        return {}
    return {
        (e.new_id or e.cell_id) if isinstance(e, Replace) else e.cell_id: f"proposed cell {number}"
        for number, e in enumerate(brought, 1)
    }
