"""The little language in which intents write down what they understand.

A pattern is a list of elements with spaces between. An element matches one or
more tokens of an ask, and ``?`` after it makes it optional:

=============  ==========================================================
``plot|draw``  one of these words; ``_`` stands for a space in a phrase
``<y>``        a column, ``<y+>`` one or more, joined by commas or "and"
``<n#>``       a whole number that counts something
``<n~>``       any number, with a sign or a fraction
``<s">``       a quoted text
``<f@>``       a file's name
``<w=>``       a word that no rule knows
``<v&>``       a live variable
``{agg}``      a named set of phrases (see `SETS`); ``{agg:old}`` under another name
=============  ==========================================================

A pattern must match the whole ask. That is the coverage check: a word that no
pattern has a place for cannot be passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from llm_notebook.llm.offline.framing import PLAIN, Frame
from llm_notebook.llm.offline.framing import WORDS as FRAME_WORDS
from llm_notebook.llm.offline.outcome import Result
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.scene import Scene

SETS = {
    "show": "show|display|give|compute|calculate|find|get|list|print|see|tell|view|what_is|what_are"
    "|what_was|what_were|which_is|show_what_is|return|report|find_out|how_much_is|give_back",
    "plot": "plot|draw|chart|graph|visualize|visualise",
    "make": "make|create|show|display|give|draw|plot|add|see|visualize|visualise|generate|produce"
    "|build|return|compute|calculate|graph|chart",
    "kind": "bar_chart|bar_plot|bar_graph|barplot|barchart|bar|bars|horizontal_bar_chart"
    "|horizontal_bar_plot|horizontal_bars|line_chart|line_plot|line_graph|line|lines",
    "agg": "mean|average|avg|median|sum|total|min|minimum|lowest|smallest|max|maximum|highest"
    "|largest|standard_deviation|std|average_value|mean_value|sum_total|total_sum|total_amount"
    "|minimal|maximal",
    "by": "by|per|each|for_each|for_every|in_each|of_each|at_each|from_each|in_every|across"
    "|across_each|across_different|across_all|grouped_by|group_by|and_group_by|for_different|of_different"
    "|for_each_different|in_different|from_different|by_each|by_different|with_each|based_on|split_by|broken_down_by"
    "|according_to|for_all|among_different|for_these|within_each|grouped_by_each|of_all|for_various",
    "has_each": "with|in|of|for|from|on|at|that_have|have|having|under|belonging_to",
    "of_each": "from_each|of_each|for_each|in_each|by_each|from_every|of_every|for_every|in_every"
    "|by_every|from_different|of_different|for_different|in_different|by_different",
    "sign": "by|per|over|against|vs|versus|as_function_of",
    "grain": "year|quarter|month|week|day|hour|weekday|day_of_week|years|quarters|months|weeks"
    "|days",
    "ly": "yearly|annual|quarterly|monthly|weekly|daily|hourly",
    "time_by": "by|per|each|every|for_each|in_each|over|across|of_each|for_every|over_the",
    "top_with": "by|with|with_highest|with_most|in_terms_of|ranked_by|according_to|based_on|in",
    "lowest": "smallest|lowest|least|bottom",
    "join": "inner|left|right|outer",
    "arithmetic": "plus|minus|times|divided_by|multiplied_by|per|over|less",
    "along": "and|along_with|with|together_with|as_well_as",
    "then": "by|and_by|stacked_by|split_by|colored_by|coloured_by|grouped_by|group_by|and"
    "|and_group_by|segmented_by|for_each|in_each|color_by|broken_down_by|and_stacked_by|and_colored_by"
    "|with_color_by|and_color_by|and_for_each|per|and_grouped_by|with_each",
    "vs": "against|vs|versus|as_function_of|over|across",
    "descending": "descending|desc|in_descending_order|decreasing|in_decreasing_order"
    "|highest_first|largest_first|biggest_first|from_highest_to_lowest"
    "|from_largest_to_smallest|high_to_low|from_high_to_low",
    "rows": "T|rows|row|records|entries|observations|data_points|rows_of_T|rows_in_T|record|entry"
    "|observation",
    "axis": "x_axis|y_axis|x_scale|y_scale|x|y",
    "scale": "use|make|set|add|switch_to|put|show|with|change|apply|on",
    "agg_name": "mean|average|median|sum|total|minimum|min|maximum|max",
    "error_kind": "name|key|attribute|import|module_not_found|file_not_found|type|value|index"
    "|syntax|zero_division|indentation",
    "data": "T|data|table|dataset|dataframe|frame|T_data|data_T|T_dataframe|T_table|T_dataset",
}
AGGREGATES = {
    "average": "mean", "avg": "mean", "total": "sum", "minimum": "min", "lowest": "min",
    "smallest": "min", "maximum": "max", "highest": "max", "largest": "max",
    "standard deviation": "std", "average value": "mean", "mean value": "mean",
    "sum total": "sum", "total sum": "sum", "total amount": "sum",
    "minimal": "min", "maximal": "max",
}  # fmt: skip
SAID = {
    "mean": "mean", "median": "median", "sum": "total", "min": "minimum", "max": "maximum",
    "std": "standard deviation of",
}  # fmt: skip

_COLUMN = r"C\d+"


class Ask(msgspec.Struct, frozen=True):
    """A matched ask, as the builder of a plan sees it."""

    reading: Reading
    found: dict[str, str]
    frame_wanted: Frame = PLAIN

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

    def variable(self, name: str) -> str:
        """The live variable in this slot."""
        slot = self.found[name]
        return self.reading.table.name if slot == "T" else self.reading.texts[slot]

    def number(self, name: str, default: int) -> int:
        """The count in this slot."""
        return int(self.text(name)) if self.has(name) else default

    def phrase(self, name: str) -> str:
        """The words that filled a set."""
        return (self.found.get(name) or "").strip()

    def agg(self, name: str = "agg") -> str:
        """The aggregate as pandas calls it."""
        phrase = self.phrase(name)
        return AGGREGATES.get(phrase, phrase)

    @property
    def scene(self) -> Scene:
        """What stands around the ask."""
        return self.reading.scene

    @property
    def files(self) -> tuple[str, ...]:
        """The data files beside the notebook."""
        return self.scene.context.files

    @property
    def source(self) -> str:
        """Source of the cell at hand."""
        return self.scene.source

    @property
    def is_polars(self) -> bool:
        """Whether the table is one of polars."""
        return self.reading.table.library == "polars"

    @property
    def frame(self) -> str:
        """The expression for the table, filtered where the ask has a condition."""
        return self.reading.frame


Builder = Callable[[Ask], Result | None]


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
        False for rules that speak of files or of a cell.
    when : callable, optional
        Says in which scenes the rule and its words count.
    frames : bool
        Whether the pattern is a core that a chart or an order may stand around.
    polars : bool
        Whether the builder knows polars too.
    """

    def __init__(
        self,
        pattern: str,
        build: Builder,
        *,
        conditions: bool = True,
        needs_table: bool = True,
        when: Callable[[Scene], bool] | None = None,
        frames: bool = False,
        polars: bool = False,
    ) -> None:
        self.frames = frames
        self.polars = polars
        self.when = when
        self.build = build
        self.conditions = conditions
        self.needs_table = needs_table
        self.words: set[str] = set(FRAME_WORDS if frames else ())
        self._named: set[str] = set()
        self._counts: set[str] = set()
        self._regex = re.compile("".join(self._element(part) for part in pattern.split()))

    def match(self, reading: Reading, text: str, frame: Frame = PLAIN) -> Ask | None:
        """The ask, if the whole of the line is understood."""
        match = self._regex.fullmatch(text + " " if text else "")
        if match is None:
            return None
        found = match.groupdict()
        # No one wants the first -5 rows, nor 2.5 of them.
        counts = [reading.texts[found[name]] for name in self._counts if found[name]]
        return Ask(reading, found, frame) if all(map(str.isdecimal, counts)) else None

    def _element(self, element: str) -> str:
        optional = "?" if element.endswith("?") else ""
        element = element.removesuffix("?")
        if slot := re.fullmatch(r"<(\w+)([+#~\"@=&]?)>", element):
            name, kind = slot.groups()
            if kind == "#":
                self._counts.add(name)
            one = {
                "#": r"N\d+",
                "~": r"N\d+",
                '"': r"S\d+",
                "@": r"F\d+",
                "=": r"[VW]\d+",
                "&": r"(?:V\d+|T)",
            }.get(kind, _COLUMN)
            more = rf"(?: (?:and )?{one})*" if kind == "+" else ""
            return f"(?:(?P<{name}>{one}{more}) ){optional}"
        if named := re.fullmatch(r"\{(\w+)(?::(\w+))?\}", element):
            name, key = named.groups()
            if (key or name) in self._named:
                return f"(?:(?:{self._phrases(SETS[name])}) ){optional}"
            self._named.add(key or name)
            return f"(?:(?P<{key or name}>{self._phrases(SETS[name])}) ){optional}"
        # Sets may stand among the alternatives: ``by|{vs}``.
        element = re.sub(r"\{(\w+)\}", lambda match: SETS[match[1]], element)
        return f"(?:(?:{self._phrases(element)}) ){optional}"

    def _phrases(self, alternatives: str) -> str:
        phrases = alternatives.replace("_", " ").split("|")
        self.words.update(word for phrase in phrases for word in phrase.split())
        return "|".join(sorted(phrases, key=len, reverse=True))
