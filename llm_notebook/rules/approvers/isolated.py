"""The isolation that the dry run really had must be enough for what is concluded from it."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence


def isolated(evidence: Evidence) -> Iterator[Reason]:
    """ASK where nothing enforced the isolation, or where it could not see enough."""
    preview = evidence.preview
    if preview is None or not evidence.code or preview.status != "previewed":
        return
    found = preview.isolation
    if found is None or found.tier == "none":
        yield Reason("ASK", "isolated", "Nothing says that its dry run was isolated.")
        return
    if found.way == "fresh" and evidence.is_live:
        text = "It ran in a fresh process with copies of the variables, not in a copy of "
        yield Reason("ASK", "isolated", text + "this kernel, where it may do something else.")
    kinds = {effect.kind for _, effect in evidence.predicted()}
    if not preview.effects.files_complete and kinds & {"writes", "deletes"}:
        text = f"The isolation here ({found.name}) does not list every file that is changed, "
        yield Reason("ASK", "isolated", text + "and this changes files.")
