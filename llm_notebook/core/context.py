"""What a model is shown, as records. `llm_notebook.context` builds them."""

from __future__ import annotations

from typing import Literal

import msgspec

from llm_notebook.core.notebook import Cell


class Column(msgspec.Struct, frozen=True):
    """One column of a table: its name and dtype as text."""

    name: str
    dtype: str


class Variable(msgspec.Struct, frozen=True):
    """A live variable's schema. Never its values.

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
    """

    name: str
    kind: Literal["table", "series", "array", "module", "function", "class", "scalar", "other"]
    type: str
    shape: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    dtype: str = ""


class ErrorInfo(msgspec.Struct, frozen=True):
    """The last error raised in the kernel: type, message, and the line that raised it."""

    type: str
    message: str
    line: str = ""


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
    """

    cells: tuple[ContextCell, ...] = ()
    labels: dict[str, str] = {}
    variables: tuple[Variable, ...] = ()
    files: tuple[str, ...] = ()
    error: ErrorInfo | None = None
    redacted: tuple[str, ...] = ()
    redacted_cells: tuple[str, ...] = ()
