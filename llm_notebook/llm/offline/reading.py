"""An ask with its columns, tables and files found: one way to read it.

The result is a line of lower-case words and slots: ``C0`` a column, ``T`` the
table, ``N0`` a number, ``S0`` a quoted text, ``F0`` a file, ``O0`` an operator,
``V0`` another live variable,
``W0`` a word that no rule knows. Names may collide with words of the grammar
(a column called "count"), so there may be more than one reading.
"""

from __future__ import annotations

import re

import msgspec

from llm_notebook.core.context import Column
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table
from llm_notebook.llm.offline.words import forms

_BEGINS = re.compile(r"(?:^|[\s=<>≠,])$")
_ENDS = re.compile(r",|[.?!;:]*(?:\s|$)")
_INITIAL = re.compile(r"\b[A-Z]$")


class Doubt(msgspec.Struct, frozen=True):
    """Words of the ask that could be more than one column."""

    written: str
    names: tuple[str, ...]


class Reading(msgspec.Struct):
    """One way to read an ask.

    Attributes
    ----------
    text : str
        The line of words and slots, without a condition.
    condition : str
        What follows "where", as a line of the same kind.
    columns, texts : dict
        What the slots stand for.
    unknown : list of str
        Words that no rule knows.
    doubtful : list of Doubt
    remarks : list of str
        Sentences about names that were not written out.
    names_table : bool
        Whether the ask names the table.
    names_row : bool
        Whether it does so in the singular: "the last sale" of a table of sales.
    frame : str
        The expression for the table.
    front : str
        A condition that stands before all else, as a line of the same kind.
    source : str
        The ask, without courtesies.
    places : dict
        Where in `source` the slots of `texts` stand.
    """

    table: Table
    scene: Scene
    text: str = ""
    condition: str = ""
    columns: dict[str, str] = {}
    texts: dict[str, str] = {}
    unknown: list[str] = []
    doubtful: list[Doubt] = []
    remarks: list[str] = []
    names_table: bool = False
    names_row: bool = False
    frame: str = ""
    front: str = ""
    source: str = ""
    places: dict[str, tuple[int, int]] = {}

    @property
    def line(self) -> str:
        """The line with its condition."""
        return f"{self.text} where {self.condition}" if self.condition else self.text

    @property
    def is_table_a_column(self) -> bool:
        """Whether what names the table may name a column: "rents", with a column "rent"."""
        names = [forms(self.table.name), forms(self.table.alias)]
        return any(forms(column.name) in names for column in self.table.usable_columns())

    def under(self, condition: str) -> Reading:
        """The same with another condition."""
        return msgspec.structs.replace(self, condition=condition, remarks=list(self.remarks))

    def written(self, *slots: str) -> str | None:
        """The unquoted text in slots that follow each other, to the letter as it stands in the ask.

        None where it is not clear where it begins or ends, so that a part of it
        may be missing.
        """
        start, end = self.places[slots[0]][0], self.places[slots[-1]][1]
        text = self.source[start:end]
        closing = ")" * max(0, text.count("(") - text.count(")"))
        before, after = self.source[:start], self.source[end:]
        if not after.startswith(closing) or not _BEGINS.search(before):
            return None
        after = after[len(closing) :]
        # "J." may end the sentence or a name.
        if not _ENDS.match(after) or (after[:1] == "." and _INITIAL.search(text)):
            return None
        return text + closing

    def column(self, name: str) -> Column:
        """The table's column of this name."""
        return next(column for column in self.table.columns if column.name == name)
