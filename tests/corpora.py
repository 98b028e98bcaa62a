"""Real notebooks to test against, read where they lie: beside the checkout.

They are not part of the project. A test that needs them skips where they are
not there, and says so.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from llm_notebook.core.errors import UnreadableNotebookError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.files import read

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"

needs_corpora = pytest.mark.skipif(
    not CORPORA.is_dir(), reason=f"the test notebooks are not there: {CORPORA}"
)


def notebook_paths(folder: str = "notebooks") -> list[Path]:
    """All notebook files below a folder of the corpora, readable or not."""
    return sorted((CORPORA / folder).rglob("*.ipynb"))


@cache
def readable_notebooks() -> tuple[Snapshot, ...]:
    """Every notebook of the corpora, the hostile ones too, that can be read."""
    found = []
    for path in notebook_paths("notebooks") + notebook_paths("pathological"):
        try:
            found.append(read(path))
        except UnreadableNotebookError:
            continue
    return tuple(found)


@cache
def edit_pairs() -> tuple[tuple[Snapshot, Snapshot], ...]:
    """Two consecutive versions each of real notebooks."""
    return tuple(
        (read(path), read(path.with_name("after.ipynb")))
        for path in notebook_paths("edit-pairs")
        if path.name == "before.ipynb"
    )
