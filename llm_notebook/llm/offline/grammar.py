"""The little language in which intents write down what they understand.

A pattern is a list of elements with spaces between. An element matches one or
more tokens of an ask, and ``?`` after it makes it optional:

=============  ==========================================================
``plot|draw``  one of these words; ``_`` stands for a space in a phrase
``<y>``        a column, ``<y+>`` one or more, joined by commas or "and"
``<n#>``       a number
``<s">``       a quoted text
``<f@>``       a file's name
``<w=>``       a word that no rule knows
``{agg}``      a named set of phrases (see `SETS`)
=============  ==========================================================

A pattern must match the whole ask. That is the coverage check: a word that no
pattern has a place for cannot be passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from llm_notebook.llm.offline.reading import Reading

SETS = {
    "show": "show|display|give|compute|calculate|find|get|list|print|see|tell|view|what_is|what_are"
    "|what_was|what_were|which_is|show_what_is",
    "plot": "plot|draw|chart|graph|visualize|visualise",
    "make": "make|create|show|display|give|draw|plot|add|see",
    "kind": "bar_chart|bar_plot|bar_graph|barplot|barchart|bar|bars|horizontal_bar_chart"
    "|horizontal_bar_plot|horizontal_bars|line_chart|line_plot|line_graph|line|lines",
    "agg": "mean|average|avg|median|sum|total|min|minimum|lowest|smallest|max|maximum|highest"
    "|largest|standard_deviation|std",
    "by": "by|per|for_each|for_every|in_each|of_each|across|grouped_by|group_by|for_different",
    "sign": "by|per|over|against|vs|versus|as_function_of",
    "descending": "descending|desc|in_descending_order|decreasing|in_decreasing_order"
    "|highest_first|largest_first|biggest_first|from_highest_to_lowest"
    "|from_largest_to_smallest|high_to_low",
    "rows": "T|rows|row|records|entries|observations|data_points|rows_of_T|rows_in_T",
    "data": "T|data|table|dataset|dataframe|frame|T_data|data_T|T_dataframe|T_table|T_dataset",
}
AGGREGATES = {
    "average": "mean", "avg": "mean", "total": "sum", "minimum": "min", "lowest": "min",
    "smallest": "min", "maximum": "max", "highest": "max", "largest": "max",
    "standard deviation": "std",
}  # fmt: skip
SAID = {
    "mean": "mean", "median": "median", "sum": "total", "min": "minimum", "max": "maximum",
    "std": "standard deviation of",
}  # fmt: skip

_COLUMN = r"C\d+"


class Plan(msgspec.Struct, frozen=True):
    """What an understood ask comes to.

    Attributes
    ----------
    title, why : str
    code : str
        Source of the cell to add, or the whole new source of the target.
    replaces : bool
        Whether `code` replaces the active cell.
    uses : tuple of str
        Short names of modules that the code uses, see `IMPORTS`.
    """

    title: str
    code: str
    why: str = ""
    replaces: bool = False
    uses: tuple[str, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """An ask that was understood and cannot or should not be done: why, and what to ask instead."""

    why: str
    tries: tuple[str, ...] = ()


IMPORTS = {"pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt"}


class Ask(msgspec.Struct, frozen=True):
    """A matched ask, as the builder of a plan sees it."""

    reading: Reading
    found: dict[str, str]

    def column(self, name: str) -> str:
        """The column in this slot."""
        return self.reading.columns[self.found[name]]

    def columns(self, name: str) -> list[str]:
        """The columns in this slot."""
        return [self.reading.columns[slot] for slot in re.findall(_COLUMN, self.found[name])]

    def has(self, name: str) -> bool:
        """Whether an optional slot was filled."""
        return bool(self.found.get(name))

    def text(self, name: str) -> str:
        """The text in a slot for a number, a quoted text or a file."""
        return self.reading.texts[self.found[name]]

    def number(self, name: str, default: int) -> int:
        """The number in this slot."""
        return int(float(self.text(name))) if self.has(name) else default

    def phrase(self, name: str) -> str:
        """The words that filled a set."""
        return (self.found.get(name) or "").strip()

    def agg(self, name: str = "agg") -> str:
        """The aggregate as pandas calls it."""
        phrase = self.phrase(name)
        return AGGREGATES.get(phrase, phrase)

    @property
    def frame(self) -> str:
        """The expression for the table, filtered where the ask has a condition."""
        return self.reading.frame


Builder = Callable[[Ask], Plan | Refusal | None]


class Rule:
    """A pattern and what is made of an ask that matches it.

    Parameters
    ----------
    pattern : str
        In the language above.
    build : callable
        None means that the ask is not for this rule after all.
    conditions : bool
        Whether the ask may end in ``where ...``.
    needs_table : bool
        False for rules that speak of files or of the active cell.
    """

    def __init__(
        self,
        pattern: str,
        build: Builder,
        *,
        conditions: bool = True,
        needs_table: bool = True,
    ) -> None:
        self.build = build
        self.conditions = conditions
        self.needs_table = needs_table
        self.words: set[str] = set()
        self._regex = re.compile("".join(self._element(part) for part in pattern.split()))

    def match(self, reading: Reading) -> Ask | None:
        """The ask, if the whole of it is understood."""
        if reading.condition and not self.conditions:
            return None
        match = self._regex.fullmatch(reading.text + " " if reading.text else "")
        return Ask(reading, match.groupdict()) if match else None

    def _element(self, element: str) -> str:
        optional = "?" if element.endswith("?") else ""
        element = element.removesuffix("?")
        if slot := re.fullmatch(r"<(\w+)([+#\"@=]?)>", element):
            name, kind = slot.groups()
            one = {"#": r"N\d+", '"': r"S\d+", "@": r"F\d+", "=": r"W\d+"}.get(kind, _COLUMN)
            more = rf"(?: (?:and )?{one})*" if kind == "+" else ""
            return f"(?:(?P<{name}>{one}{more}) ){optional}"
        if named := re.fullmatch(r"\{(\w+)(?::(\w+))?\}", element):
            name, key = named.groups()
            return f"(?:(?P<{key or name}>{self._phrases(SETS[name])}) ){optional}"
        return f"(?:(?:{self._phrases(element)}) ){optional}"

    def _phrases(self, alternatives: str) -> str:
        phrases = alternatives.replace("_", " ").split("|")
        self.words.update(word for phrase in phrases for word in phrase.split())
        return "|".join(sorted(phrases, key=len, reverse=True))


class Example(msgspec.Struct, frozen=True):
    """An ask and how to see that its code does the right thing.

    `check` is a Python expression over the names that the code leaves behind,
    with the table before as ``df``, the value of the last expression as ``_``
    and the current axes as ``ax``.
    """

    ask: str
    check: str
