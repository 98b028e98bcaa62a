"""A proposal that was drafted from text that nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.approvers.wording import short
from llm_notebook.rules.evidence import Evidence


def origin(evidence: Evidence) -> Iterator[Reason]:
    """ASK where untrusted text was shown to the model and anything outside is touched.

    Reading counts too, and no grant widens it: who wrote that text may have
    asked for it.
    """
    untrusted = evidence.proposal.untrusted
    if untrusted == ():
        return
    touches = next(evidence.predicted(), None) or next(evidence.observed(), None)
    if touches is None:
        return
    if untrusted is None:
        text = "It touches something outside of the notebook, and what the model had read "
        yield Reason("ASK", "origin", text + "is not known.")
        return
    named = ", ".join(short(name) for name in untrusted[:3])
    more = f" and {len(untrusted) - 3} more" if len(untrusted) > 3 else ""
    text = f"The model had read what others may have written ({named}{more}), "
    yield Reason("ASK", "origin", f"{text}and it touches something outside of the notebook.")
