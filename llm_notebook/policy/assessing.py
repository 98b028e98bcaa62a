"""From the effects of code to a risk, a decision and its reasons."""

from __future__ import annotations

from llm_notebook.core.decision import Assessment, Reason
from llm_notebook.policy.predicting import predict


def assess(code: str) -> Assessment:
    """Judge code by its syntax alone, before it has run."""
    effects = predict(code)
    reasons = tuple(Reason("ASK", "predicted", e.why, line=e.line, column=e.column) for e in effects)
    return Assessment(effects, "high" if effects else "none", "ASK" if effects else "ALLOW", reasons)
