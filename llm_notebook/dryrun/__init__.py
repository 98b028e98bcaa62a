"""Dry runs: a proposal's cells in a sandboxed fork of the live kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm_notebook.dryrun.runs import ForkedRuns

__all__ = ["ForkedRuns"]


def __getattr__(name: str) -> Any:
    if name == "ForkedRuns":  # most kernels never preview anything
        from llm_notebook.dryrun.runs import ForkedRuns

        return ForkedRuns
    raise AttributeError(name)
