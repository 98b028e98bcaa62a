"""An ask with its columns, tables and files found: one way to read it.

The result is a line of lower-case words and slots: ``C0`` a column, ``T`` the
table, ``N0`` a number, ``S0`` a quoted text, ``F0`` a file, ``O0`` an operator,
``V0`` another live variable,
``W0`` a word that no rule knows. Names may collide with words of the grammar
(a column called "count"), so there may be more than one reading.
"""

from __future__ import annotations

import msgspec

from llm_notebook.core.context import Column
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table


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
    frame : str
        The expression for the table.
    front : str
        A condition that stands before all else, as a line of the same kind.
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
    frame: str = ""
    front: str = ""

    @property
    def line(self) -> str:
        """The line with its condition."""
        return f"{self.text} where {self.condition}" if self.condition else self.text

    def under(self, condition: str) -> Reading:
        """The same with another condition."""
        return msgspec.structs.replace(self, condition=condition, remarks=list(self.remarks))

    def column(self, name: str) -> Column:
        """The table's column of this name."""
        return next(column for column in self.table.columns if column.name == name)
