"""What the dry run showed: only files that were predicted and granted pass."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.approvers.wording import by_dry_run
from llm_notebook.rules.evidence import Evidence
from llm_notebook.rules.paths import is_granted


def observed(evidence: Evidence) -> Iterator[Reason]:
    """ASK for every effect outside of the namespace that nobody allowed."""
    for seen in evidence.observed():
        is_file = seen.kind == "writes" and not seen.denied
        if is_file and is_granted(seen.target, "writes", evidence.grants, evidence.places):
            continue
        yield by_dry_run("ASK", "observed", seen)
