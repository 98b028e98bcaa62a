"""Partial-autonomy notebooks: a model proposes cells, a person decides."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """Register ``%%llm`` and ``%llm``; what ``%load_ext llm_notebook`` calls."""
    from llm_notebook.faces.attach import attach

    attach(shell)
