"""A notebook file: its bytes, its cells, and what it becomes with edits."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from llm_notebook.core.edits import Edit
from llm_notebook.core.errors import FileError, StaleError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import diff, edits_between
from llm_notebook.files.reading import load, parse
from llm_notebook.files.rewriting import Marks, rewrite
from llm_notebook.files.saving import is_one_file, save

FIRST_MINOR_WITH_IDS = 5


def read(path: str | os.PathLike[str]) -> Snapshot:
    """Read the cells of a notebook in nbformat 3 or 4.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    Snapshot
        With sources joined as the format says. Where an id is missing,
        invalid or repeated, that cell gets a made-up one, and `has_ids` is
        False. Headings and HTML cells of nbformat 3 are markdown.

    Raises
    ------
    UnreadableNotebookError
        One sentence that says why, for anything else.
    """
    name = os.fspath(path)
    return parse(load(name), name)[1]


def write(before: Snapshot, after: Snapshot, path: str | os.PathLike[str] | None = None) -> None:
    """Write what became of a notebook that was read from a file.

    Only cells that differ get other bytes; outputs, metadata, unknown keys and
    the layout of all else stay as they are in the file.

    Parameters
    ----------
    before : Snapshot
        As `read` gave it; its `path` names the file.
    after : Snapshot
        What the cells are to be, such as `apply` gives it.
    path : str or path-like, optional
        Where to write. Default: the file that was read. A notebook in nbformat
        3 is upgraded, and only where a path is given.

    Raises
    ------
    StaleError
        The file's cells are no longer those of `before`.
    FileError
        It cannot be written. The file is replaced whole or not at all.
    """
    file = NotebookFile.read(before.path)
    if file.snapshot.cells != before.cells:
        raise StaleError(
            f"The cells of {before.path} have changed since they were read.",
            kept="Nothing was written.",
            next="Read it again.",
        )
    # Made-up ids name the same cells in both, since `after` was made from `before`.
    edits = diff(before, after).edits if before.has_ids else edits_between(before, after)
    file.save(file.edited(edits, upgrade=path is not None), path)


class NotebookFile:
    """A notebook file as it was read.

    Attributes
    ----------
    name : str
    data : bytes
        All of it.
    snapshot : Snapshot
    version : tuple of int
        The notebook format's, such as (4, 5).
    """

    def __init__(self, data: bytes, name: str) -> None:
        notebook, self.snapshot = parse(data, name)
        self.name = name
        self.data = data
        minor = notebook.get("nbformat_minor")
        is_number = isinstance(minor, int) and not isinstance(minor, bool)
        self.version = int(notebook["nbformat"]), minor if is_number else 0
        self.metadata = notebook.get("metadata")

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> NotebookFile:
        """Read a file.

        Raises
        ------
        UnreadableNotebookError
        """
        name = os.fspath(path)
        return cls(load(name), name)

    def edited(
        self,
        change: Proposal | Sequence[Edit],
        *,
        upgrade: bool = False,
        marks: Marks | None = None,
    ) -> bytes:
        """The file with edits applied; what they do not touch keeps its bytes.

        Parameters
        ----------
        change : Proposal or sequence of Edit
        upgrade : bool
            Whether nbformat 3 may become 4.
        marks : mapping, optional
            Provenance to write into cells, by id.

        Raises
        ------
        StaleError, InvalidProposalError
            As `llm_notebook.diffing.apply`.
        FileError
            The format cannot be written.
        """
        edits = change.edits if isinstance(change, Proposal) else change
        if self.version[0] == 3:
            if not upgrade:
                raise FileError(
                    f"{self.name} is in notebook format 3, which can only be written as 4.",
                    kept="It was left as it is.",
                    next="Name another file for the upgraded notebook, with -o.",
                )
            file = self.upgraded()
        else:
            file = self
        if not edits and not marks:
            return file.data
        has_ids = file.version >= (4, FIRST_MINOR_WITH_IDS)
        text = rewrite(
            file.data.decode("utf-8"),
            # In the words of the file that was read: an upgrade gives cells other ids.
            self.snapshot,
            edits,
            with_ids=has_ids or (self.snapshot.has_ids and len(self.snapshot) > 0),
            marks=marks or {},
        )
        return text.encode("utf-8")

    def upgraded(self) -> NotebookFile:
        """The same notebook in the newest format that the package nbformat writes.

        Raises
        ------
        FileError
            nbformat is not installed, or cannot do it.
        """
        try:
            nbformat: Any = import_module("nbformat")
        except ImportError:
            raise FileError(
                "To upgrade a notebook from format 3, the package nbformat is needed.",
                kept=f"{self.name} was left as it is.",
                next="Install it: pip install nbformat",
            ) from None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # It insists on metadata, and says so in the log as well.
                logging.getLogger("traitlets").addFilter(_nothing)
                text = nbformat.v4.writes(nbformat.convert(_with_metadata(nbformat, self.data), 4))
            file = NotebookFile(f"{text.rstrip()}\n".encode(), self.name)
        except Exception as error:  # whatever an odd file makes it stumble over
            raise self._not_upgraded(f"{type(error).__name__}: {error}"[:200]) from None
        finally:
            logging.getLogger("traitlets").removeFilter(_nothing)
        if file.snapshot.content() != self.snapshot.content():
            raise self._not_upgraded("the cells came out otherwise")
        return file

    def save(self, data: bytes, path: str | os.PathLike[str] | None = None) -> None:
        """Write `data` where the file was read, or elsewhere; whole or not at all.

        Raises
        ------
        StaleError
            The file that was read has changed since.
        FileError
            It cannot be written.
        """
        is_same = path is None or is_one_file(path, self.name)
        if is_same and data == self.data:
            return
        save(self.name if path is None else path, data, expects=self.data if is_same else None)

    def _not_upgraded(self, why: str) -> FileError:
        return FileError(
            f"{self.name} could not be upgraded from notebook format 3 ({why}).",
            kept="It was left as it is.",
            next="Open it once in Jupyter and save it there.",
        )


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _with_metadata(nbformat: Any, data: bytes) -> Any:
    """A notebook in format 3 with an empty object wherever metadata must be and is not."""
    notebook = nbformat.reader.reads(data.decode("utf-8-sig"))
    for sheet in notebook["worksheets"]:
        for part in (notebook, sheet, *sheet["cells"]):
            if not isinstance(part.get("metadata"), dict):
                part["metadata"] = nbformat.from_dict({})
    return notebook
