"""A notebook file as a session's workspace and document: no kernel, no variables."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.errors import LevelError
from llm_notebook.core.notebook import Snapshot, cell_hash
from llm_notebook.core.proposal import PROVENANCE_KEY, Proposal, Provenance
from llm_notebook.diffing import apply
from llm_notebook.files import NotebookFile
from llm_notebook.files.saving import save


class FileHost:
    """The document is a file: what is accepted is written into it.

    Parameters
    ----------
    file : NotebookFile
    output : str or None
        Where to write, where that is another file.

    Attributes
    ----------
    snapshot : Snapshot
        The cells with all that was accepted.
    name : str
        Where it is written.
    """

    def __init__(self, file: NotebookFile, output: str | None) -> None:
        self._file = file
        self._is_other = output is not None and (
            os.path.realpath(output) != os.path.realpath(file.name)
        )
        self._accepted: tuple[Edit, ...] = ()
        self._marks: dict[str, dict[str, Any]] = {}
        self._upgrade = output is not None
        self._written = None if self._is_other else file.data
        self.name = file.name if output is None else output
        self.snapshot: Snapshot = file.snapshot
        # Says now, not after a review, where this notebook cannot be written.
        file.edited((), upgrade=self._upgrade)

    # -- Workspace ------------------------------------------------------------

    def namespace(self) -> dict[str, object]:
        """No kernel, no variables."""
        return {}

    def last_error(self) -> ErrorInfo | None:
        """No kernel, no error."""
        return None

    def folder(self) -> Path | None:
        """Where the notebook lies; what it loads is named from there."""
        return Path(self._file.name).resolve().parent

    # -- the document ---------------------------------------------------------

    def write(self, proposal: Proposal, edits: Sequence[Edit]) -> None:
        """Write accepted edits, with their provenance.

        Raises
        ------
        StaleError
            The file has changed since it was read.
        FileError
            It cannot be written.
        """
        snapshot = apply(self.snapshot, edits)
        accepted = (*self._accepted, *edits)
        marks = {**self._marks, **_marks(proposal, edits)}
        there = {cell.id for cell in snapshot.cells}
        marks = {cell_id: mark for cell_id, mark in marks.items() if cell_id in there}
        data = self._file.edited(accepted, upgrade=self._upgrade, marks=marks)
        save(self.name, data, expects=self._written)
        self.snapshot, self._accepted, self._marks = snapshot, accepted, marks
        self._written = data


def kept_as(path: str) -> str:
    """A notebook's path as the record names it: absolute, and text, whatever its bytes are."""
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")


def check_level(file: NotebookFile, kept: str = "nothing was sent to a model") -> None:
    """Refuse where the notebook itself says that nothing may be asked, or tried.

    Raises
    ------
    LevelError
    """
    own = file.metadata.get(PROVENANCE_KEY) if isinstance(file.metadata, dict) else None
    level = own.get("level") if isinstance(own, dict) else None
    if isinstance(level, int | float) and not isinstance(level, bool) and level < 2:
        raise LevelError(
            f"{file.name} sets the level to Off ({PROVENANCE_KEY}.level in its metadata), so "
            f"{kept}.",
            next="Raise it there if the notebook is yours.",
        )


def _marks(proposal: Proposal, edits: Sequence[Edit]) -> dict[str, dict[str, Any]]:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    proposed = {e.cell_id: e.source for e in proposal.edits if isinstance(e, Insert | Replace)}
    marks = {}
    for edit in edits:
        if isinstance(edit, Insert | Replace):
            provenance = Provenance(
                proposal=proposal.id,
                op="insert" if isinstance(edit, Insert) else "replace",
                model=proposal.model or proposal.origin.model,
                prompt=proposal.origin.prompt,
                asked_in=proposal.origin.target,
                accepted=now,
                hash=cell_hash(edit.cell_type, edit.source),
                edited=edit.cell_id in proposal.edited or proposed.get(edit.cell_id) != edit.source,
            )
            marks[edit.cell_id] = msgspec.to_builtins(provenance)
    return marks
