"""What a model is shown, as records. `llm_notebook.context` builds them."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from llm_notebook.core.notebook import Cell


def quoted(name: str) -> str:
    """A name as it is, or as a Python string where it holds anything unusual."""
    return name if re.fullmatch(r"[\w.%/-]+", name) else repr(name)


class Column(msgspec.Struct, frozen=True):
    """One column of a table: its name and dtype as text.

    Attributes
    ----------
    nulls : int or None
        How many nulls were found; None where they were not counted.
    values : tuple of str
        A few of its values, only where a person allows that.
    """

    name: str
    dtype: str
    nulls: int | None = None
    values: tuple[str, ...] = ()

    def text(self) -> str:
        """As a model reads it."""
        notes = [f"{self.nulls} null"] if self.nulls else []
        if self.values:
            notes.append("such as " + ", ".join(self.values))
        return f"{quoted(self.name)} {self.dtype}" + (f" ({'; '.join(notes)})" if notes else "")


class Variable(msgspec.Struct, frozen=True):
    """A live variable's schema. Values only where a person allows that.

    Attributes
    ----------
    name : str
    kind : {"table", "series", "array", "module", "function", "class", "scalar", "other"}
    type : str
        The qualified type, such as ``"pandas.DataFrame"``.
    shape : tuple of int
        Rows and columns of a table, shape of an array, length of a sized
        builtin. Empty where it has none or asking could cost.
    columns : tuple of Column
        For a table; at most 200.
    dtype : str
        For an array or a series.
    nulls : int or None
        Of a series or an array; None where they were not counted.
    counted : int or None
        Rows in which nulls were counted, from the first; None where in none.
    values : tuple of str
        A few values.
    """

    name: str
    kind: Literal["table", "series", "array", "module", "function", "class", "scalar", "other"]
    type: str
    shape: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    dtype: str = ""
    nulls: int | None = None
    counted: int | None = None
    values: tuple[str, ...] = ()

    def text(self) -> str:
        """One line, as a model reads it: name, type, shape, columns with dtypes and nulls."""
        line = f"{self.name}: {self.type}"
        if self.shape:
            line += " " + " x ".join(str(size) for size in self.shape)
        if self.dtype:
            line += f" of {self.dtype}"
        if self.nulls:
            line += f", {self.nulls} null"
        if self.columns:
            line += "; columns: " + ", ".join(column.text() for column in self.columns)
            hidden = self.shape[1] - len(self.columns) if len(self.shape) == 2 else 0
            line += f" and {hidden} more" if hidden > 0 else ""
        if self.counted is not None and self.shape and self.counted < self.shape[0]:
            line += f"; nulls counted in the first {self.counted} rows only"
        elif any(column.nulls is None for column in self.columns):
            is_some = any(column.nulls is not None for column in self.columns)
            line += "; nulls not all counted" if is_some else "; nulls not counted"
        if self.values:
            line += "; such as " + ", ".join(self.values)
        return line.replace("\n", " ")


class ErrorInfo(msgspec.Struct, frozen=True):
    """An error: type, message, and the line that raised it.

    Attributes
    ----------
    line : str
        The last line of the person's own code that it passed through.
    frame : str
        Where that line stands, such as ``"clean, line 3"``; empty where unknown.
    cell : str or None
        Id of the cell that ended in it.
    """

    type: str
    message: str
    line: str = ""
    frame: str = ""
    cell: str | None = None

    def text(self) -> str:
        """As a model reads it: type and message, then the line and where it stands."""
        lines = f"{self.type}: {self.message}"
        if self.line:
            lines += f"\nraised by: {self.line}"
        if self.frame:
            lines += f"\nin: {self.frame}"
        return lines


class Piece(msgspec.Struct, frozen=True):
    """One thing that a model is shown, as a person sees and may remove it.

    Attributes
    ----------
    id : str
        Stable while the notebook is: ``cell:ID``, ``variable:NAME``,
        ``file:PATH``, ``folder:PATH``, ``files`` or ``error``.
    kind : {"cell", "variable", "file", "folder", "files", "error"}
    label : str
        What it is called, such as ``"Cell 5"`` or ``"prices"``.
    tokens : int
        Estimated.
    why : str
        Why it was chosen, in a few words.
    redacted : tuple of str
        What kinds of secrets were taken out of it.
    text : str
        As it is sent. Empty in the record of a proposal.
    is_removable : bool
        False for the target itself.
    """

    id: str
    kind: Literal["cell", "variable", "file", "folder", "files", "error"]
    label: str
    tokens: int
    why: str = ""
    redacted: tuple[str, ...] = ()
    text: str = ""
    is_removable: bool = True


class ContextCell(msgspec.Struct, frozen=True):
    """A cell as shown: under a short label (``c1`` is the first cell)."""

    label: str
    cell: Cell
    is_target: bool = False


class Context(msgspec.Struct, frozen=True):
    """Everything a model is shown beside the prompt: chosen, budgeted, redacted.

    Attributes
    ----------
    cells : tuple of ContextCell
        The chosen cells in notebook order.
    labels : dict of str to str
        Label to cell id, for every cell of the notebook, so that a reply can
        name one that was not shown.
    variables : tuple of Variable
    files : tuple of str
        Names of data files beside the notebook, relative to it.
    error : ErrorInfo or None
    redacted : tuple of str
        What kinds of secrets were taken out, such as ``"API key"``.
    redacted_cells : tuple of str
        Labels of cells that are shown with something taken out or cut. A
        replace of one of them would write the marker into the notebook.
    pieces : tuple of Piece
        All of the above piece by piece, most wanted first, and the contents of
        the files and folders that the prompt mentions.
    left_out : tuple of Piece
        What a person took out and what did not fit, without the texts.
    budget : int
        Estimated tokens that the pieces may have together.
    """

    cells: tuple[ContextCell, ...] = ()
    labels: dict[str, str] = {}
    variables: tuple[Variable, ...] = ()
    files: tuple[str, ...] = ()
    error: ErrorInfo | None = None
    redacted: tuple[str, ...] = ()
    redacted_cells: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    left_out: tuple[Piece, ...] = ()
    budget: int = 0

    def files_text(self) -> str:
        """The names of the data files, one a line."""
        return "\n".join(map(quoted, self.files))
