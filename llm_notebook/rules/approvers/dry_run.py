"""Code that was not run to its end in the sandbox waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.core.preview import Preview, PreviewStatus
from llm_notebook.rules.approvers.wording import short
from llm_notebook.rules.evidence import Evidence

_WHY: dict[PreviewStatus, str] = {
    "waiting": "Its dry run has not begun yet.",
    "running": "Its dry run is not over yet.",
    "failed": "It failed in its dry run.",
    "budget": "Its dry run used up what it was allowed, so only a part was seen.",
    "stopped": "Its dry run was stopped, so only a part was seen.",
    "expensive": "It looks long, so there was no dry run.",
    "refused": "There could be no dry run.",
}


def dry_run(evidence: Evidence) -> Iterator[Reason]:
    """ASK for what was not previewed, whole and on all of the data."""
    if not evidence.code:
        return
    preview = evidence.preview
    if preview is None:
        yield Reason("ASK", "dry-run", "It has not been run in the sandbox.")
        return
    if preview.status != "previewed":
        why = f" {short(preview.reason)}" if preview.reason else ""
        yield Reason("ASK", "dry-run", _WHY[preview.status] + why)
        return
    if preview.sampled:
        yield Reason("ASK", "dry-run", "Its dry run was on a sample of the data only.")
    yield from _not_run(evidence, preview)


def _not_run(evidence: Evidence, preview: Preview) -> Iterator[Reason]:
    runs = {run.cell: run for run in preview.cells}
    for cell in evidence.code:
        run = runs.get(cell.id)
        if run is None or run.status != "ran" or run.error is not None:
            yield Reason("ASK", "dry-run", "This cell did not run in the sandbox.", cell.id)
    for run in preview.cells:
        if run.error is not None or run.status != "ran":
            text = "A later cell that uses what it changes did not run through in the sandbox."
            if run.downstream:
                yield Reason("ASK", "dry-run", text, run.cell)
