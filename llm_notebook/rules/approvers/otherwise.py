"""Code that does something else than its syntax says, in either direction."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import PredictedEffect, Reason
from llm_notebook.rules.approvers.wording import by_dry_run, by_syntax
from llm_notebook.rules.evidence import Evidence, Observed
from llm_notebook.rules.paths import same


def otherwise(evidence: Evidence) -> Iterator[Reason]:
    """ASK for what was observed and not predicted, and for a write that did not happen."""
    effects = tuple(evidence.predicted())
    seen = tuple(evidence.observed())
    for one in seen:
        if not any(_fits(evidence, effect, one) for _, effect in effects):
            yield by_dry_run("ASK", "otherwise", one, "; its code does not say so")
    preview = evidence.preview
    if preview is None or preview.status != "previewed":
        return
    for cell, effect in effects:
        if effect.kind in ("writes", "deletes") and not any(
            _fits(evidence, effect, one) for one in seen
        ):
            reason = by_syntax("ASK", "otherwise", cell, effect)
            yield Reason(
                reason.ruling,
                reason.rule,
                f"{reason.text} The dry run did not show it.",
                reason.cell,
                reason.line,
                reason.column,
            )


def _fits(evidence: Evidence, effect: PredictedEffect, seen: Observed) -> bool:
    """Whether an observed effect is the predicted one; a path only where it is the same."""
    if effect.kind != seen.kind:
        return False
    if seen.kind in ("writes", "deletes"):
        return same(effect.target, seen.target, evidence.places.working)
    return True
