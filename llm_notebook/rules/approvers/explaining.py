"""Why something may run: asked only where no approver says anything against it."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.approvers.predicted import is_allowed
from llm_notebook.rules.approvers.wording import short
from llm_notebook.rules.evidence import Evidence
from llm_notebook.rules.paths import is_granted


def explaining(evidence: Evidence) -> Iterator[Reason]:
    """Say on which ground what is left may run."""
    is_quiet = True
    for cell, effect in evidence.predicted():
        if effect.kind not in ("reads", "writes") or not is_allowed(evidence, effect):
            return
        is_quiet = False
        grant = is_granted(effect.target, effect.kind, evidence.grants, evidence.places)
        where = f"below {grant.under}, as you granted" if grant else "beside the notebook"
        verb = "reads" if effect.kind == "reads" else "writes"
        text = f"It {verb} {short(effect.target)} {where}."
        yield Reason("ALLOW", "explaining", text, cell.id, effect.line, effect.column)
    if is_quiet and evidence.code:
        text = "Its code says, and its dry run showed, nothing outside of the notebook's variables."
        yield Reason("ALLOW", "explaining", text)
    elif is_quiet:
        yield Reason("ALLOW", "explaining", "It brings no code to run, and plain text only.")
