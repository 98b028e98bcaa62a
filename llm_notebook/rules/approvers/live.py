"""What the live kernel says of the names that the code uses."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence


def live(evidence: Evidence) -> Iterator[Reason]:
    """ASK for names that are not what they seem; see `llm_notebook.rules.live`."""
    yield from evidence.findings
