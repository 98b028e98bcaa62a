"""Partial-autonomy notebooks: a model proposes cells, a person decides.

The engine over files, without Jupyter; see ``docs/library.md``::

    import llm_notebook as nb

    before = nb.read("analysis.ipynb")
    proposal = nb.diff(before, nb.read("edited.ipynb"))
    print(nb.render(proposal))
    nb.write(before, nb.apply(before, proposal, only=["1", "2.1"]))
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm_notebook.core.decision import Assessment
    from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
    from llm_notebook.core.errors import (
        FileError,
        InvalidProposalError,
        LLMNotebookError,
        PreviewError,
        StaleError,
        UnreadableNotebookError,
    )
    from llm_notebook.core.notebook import Cell, Snapshot
    from llm_notebook.core.patch import Patch
    from llm_notebook.core.preview import Preview
    from llm_notebook.core.proposal import Proposal
    from llm_notebook.diffing import apply, diff, invert, render
    from llm_notebook.faces.slider import AutonomySlider
    from llm_notebook.faces.trying import preview
    from llm_notebook.files import read, write
    from llm_notebook.policy import assess

__version__ = "0.1.0"

# Nothing is imported before it is asked for: every kernel imports this package at its start.
_HOMES = {
    "Assessment": "core.decision",
    "AutonomySlider": "faces.slider",
    "Cell": "core.notebook",
    "Delete": "core.edits",
    "Edit": "core.edits",
    "FileError": "core.errors",
    "Insert": "core.edits",
    "InvalidProposalError": "core.errors",
    "LLMNotebookError": "core.errors",
    "Move": "core.edits",
    "Patch": "core.patch",
    "Preview": "core.preview",
    "PreviewError": "core.errors",
    "Proposal": "core.proposal",
    "Replace": "core.edits",
    "Snapshot": "core.notebook",
    "StaleError": "core.errors",
    "UnreadableNotebookError": "core.errors",
    "apply": "diffing",
    "assess": "policy",
    "diff": "diffing",
    "invert": "diffing",
    "preview": "faces.trying",
    "read": "files",
    "render": "diffing",
    "write": "files",
}

__all__ = [
    "Assessment",
    "AutonomySlider",
    "Cell",
    "Delete",
    "Edit",
    "FileError",
    "Insert",
    "InvalidProposalError",
    "LLMNotebookError",
    "Move",
    "Patch",
    "Preview",
    "PreviewError",
    "Proposal",
    "Replace",
    "Snapshot",
    "StaleError",
    "UnreadableNotebookError",
    "__version__",
    "apply",
    "assess",
    "diff",
    "invert",
    "load_ipython_extension",
    "preview",
    "read",
    "render",
    "write",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """Register ``%%llm`` and ``%llm``; what ``%load_ext llm_notebook`` calls."""
    from llm_notebook.faces.attach import attach

    attach(shell)
