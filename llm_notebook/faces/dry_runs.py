"""The engine of dry runs for a shell; none where it cannot be had, and then nothing is run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm_notebook.ports import DryRuns


def dry_runs_of(shell: Any) -> DryRuns | None:
    """What runs unreviewed code beside this shell; None where this system has no such thing."""
    try:
        engine: Any = import_module("llm_notebook.dryrun")
        made: DryRuns = engine.ForkedRuns(shell)
    except (ImportError, AttributeError, OSError):
        return None
    return made
