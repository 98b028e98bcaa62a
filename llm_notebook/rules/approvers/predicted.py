"""What the syntax says: only reading beside the notebook and what was granted pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_notebook.core.decision import PredictedEffect, Reason
from llm_notebook.rules.approvers.wording import by_syntax
from llm_notebook.rules.evidence import Evidence
from llm_notebook.rules.paths import is_below, is_granted

_SECRET = re.compile(r"secret|token|passw|credential|private|id_rsa|\.(pem|key|p12|kdbx)$", re.I)


def predicted(evidence: Evidence) -> Iterator[Reason]:
    """ASK for every effect outside of the namespace that nobody allowed."""
    for cell, effect in evidence.predicted():
        # These two are another rule's, and never granted.
        if effect.kind in ("authority", "displays") or is_allowed(evidence, effect):
            continue
        yield by_syntax("ASK", "predicted", cell, effect)


def is_allowed(evidence: Evidence, effect: PredictedEffect) -> bool:
    """Whether it reads a file beside the notebook, or a grant of the person's covers it."""
    places = evidence.places
    if effect.kind == "reads" and is_below(effect.target, places.notebook, places.working):
        return not _SECRET.search(effect.target)
    if effect.kind not in ("reads", "writes"):
        return False
    return is_granted(effect.target, effect.kind, evidence.grants, places) is not None
