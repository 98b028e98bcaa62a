"""What stands around an ask: the notebook, its data, and what the ask is about."""

from __future__ import annotations

import re

import msgspec

from llm_notebook.core.context import Context, ErrorInfo, Variable
from llm_notebook.core.notebook import Cell
from llm_notebook.llm.wire import About


class Scene(msgspec.Struct, frozen=True):
    """What stands around an ask.

    Attributes
    ----------
    prompt : str
        The person's words.
    context : Context
    active : str or None
        Label of the active cell.
    about : About
    """

    prompt: str
    context: Context
    active: str | None = None
    about: About = About()

    @property
    def label(self) -> str:
        """Label of the cell that "it" means: what a follow-up follows up, else the active one."""
        if self.about.scope:
            return self.about.scope[0] if len(self.about.scope) == 1 else ""
        code = [label for label in self.about.touched if self._is_code(label)]
        if code and self.active not in code:
            return code[0] if len(code) == 1 else ""
        return self.active or ""

    @property
    def source(self) -> str:
        """Source of that cell; empty where it is not shown whole."""
        return self.source_of(self.label)

    def source_of(self, label: str) -> str:
        """Source of a cell; empty where it is not shown whole."""
        cell = self.cell(label)
        return "" if cell is None or label in self.context.redacted_cells else cell.source

    def cell(self, label: str) -> Cell | None:
        """A cell, where it is shown."""
        return next((c.cell for c in self.context.cells if c.label == label), None)

    def label_of(self, cell_id: str | None) -> str:
        """The label of a cell's id."""
        labels = self.context.labels.items()
        return next((label for label, known in labels if known == cell_id), "")

    def variable(self, name: str) -> Variable | None:
        """The live variable of this name."""
        return next((v for v in self.context.variables if v.name == name), None)

    @property
    def error(self) -> ErrorInfo | None:
        """The error at hand."""
        return self.context.error

    @property
    def words(self) -> str:
        """The person's words, without an error that is only quoted in them."""
        words, colon, quoted = self.prompt.strip().partition("error: ")
        if self.error is None or not colon:
            return self.prompt
        kind, _, message = quoted.partition(":")
        short = message.strip().removesuffix("…")
        is_quoted = kind.strip() == self.error.type and self.error.message.startswith(short)
        return f"{words}error" if is_quoted else self.prompt

    @property
    def place(self) -> str:
        """Where a new cell goes, as the reply format says it."""
        behind = self.about.scope or self.about.touched
        label = self.active if self.active in behind or not behind else behind[-1]
        return f"after {label or 'last'}"

    @property
    def is_follow_up(self) -> bool:
        """Whether the ask is about the code at hand, and not about the data alone."""
        return bool(self.about.earlier or self.label in self.about.scope)

    def starts(self, words: str) -> bool:
        """Whether the ask begins with one of these words (a regular expression)."""
        courtesy = r"\W*(?:please |can you |could you )?"
        return re.match(rf"{courtesy}(?:{words})\b", self.prompt, re.I) is not None

    def with_source(self, source: str) -> Scene:
        """The same with another source of the cell at hand."""
        cells = tuple(
            msgspec.structs.replace(c, cell=Cell(c.cell.id, c.cell.type, source))
            if c.label == self.label
            else c
            for c in self.context.cells
        )
        return msgspec.structs.replace(
            self, context=msgspec.structs.replace(self.context, cells=cells)
        )

    def fresh(self, name: str, source: str = "") -> str:
        """A variable's name that is not in use, nor a word of `source`."""
        used = {variable.name for variable in self.context.variables}
        used.update(re.findall(r"\w+", source))
        number = 2
        fresh = name
        while fresh in used:
            fresh, number = f"{name}_{number}", number + 1
        return fresh

    def _is_code(self, label: str) -> bool:
        cell = self.cell(label)
        return cell is not None and cell.type == "code"
