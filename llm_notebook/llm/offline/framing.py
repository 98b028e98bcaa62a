"""What an ask wants around its core: a kind of chart, and an order of its values.

"Show a bar chart of the mean price by city, highest first" is the core "mean
price by city" in a frame. A frame is peeled off at both ends of the line that
a `Reading` gives; what is left must be understood as a whole by some rule, so
a word of a frame that is not understood stays in the core and is not passed
over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_KINDS = {
    "stacked": "stacked bar|stacked bars|stack bar|stacked column",
    "barh": "horizontal bar|horizontal bars|lying bars",
    "bar": "bar|bars|barplot|barchart|vertical bar|vertical bars|column|columns|grouped bar"
    "|histogram",
    "line": "line|lines|linechart|lineplot|trend line",
    "pie": "pie|donut|piechart",
    "area": "area",
    "scatter": "scatter|scatterplot|point",
    "box": "box|boxplot|box and whisker",
}
# Words that are a chart only with "chart" or the like behind them.
_NEED_A_NOUN = frozenset({"area", "column", "columns", "point", "grouped bar"})
_NOUN = "chart|charts|plot|plots|graph|graphs|diagram|figure"
_MAKE = (
    "make|create|show|display|give|draw|plot|add|see|visualize|visualise|return|generate|produce"
    "|render|use|using|build|chart|graph|present|represent|stack|find"
)
_OF = (
    "of|for|with|showing|about|on|to show|to display|to visualize|that shows|shows|which shows"
    "|displaying|representing|to represent|comparing|to compare|visualizing|summarizing|based on"
    "|listing|returning|for listing|for returning|for showing|for finding|finding|that lists"
)
_VIA = "in|with|by|using|as|via|through|on|using by"
_IT = "it|them|this|these|result|results|data|that"
_ASCENDING = (
    "ascending|asc|increasing|low to high|lowest to highest|smallest to largest|lowest first"
    "|smallest first|alphabetical|low to high order|least to most|lowest to highest value"
)
_DESCENDING = (
    "descending|desc|decreasing|high to low|highest to lowest|largest to smallest|highest first"
    "|largest first|biggest first|reverse alphabetical|most to least|decending"
)
_SORT = (
    "sort|order|rank|list|display|show|arrange|sorted|ordered|ranked|organize|sorting|ordering"
    "|sort them|arranged|ordered"
)
_COURTESY = "could you|can you|i want to|i would like to|you can|then|also|and|with"
_VALUES = (
    "y axis|y|bar|bars|value|values|total number|number|count|counts|total|height|its value"
    "|total amount|frequency|y label"
)
_AXIS = "x axis|x|x label|name|names"
_PREPOSITIONS = "by|in|from|on|of|with|according to|for|to"


class Frame(msgspec.Struct, frozen=True):
    """What is wanted around a core.

    Attributes
    ----------
    kind : str
        ``bar``, ``barh``, ``stacked``, ``line``, ``pie``, ``area``,
        ``scatter``, ``box``, or empty.
    plotted : bool
        Whether a plot is wanted.
    by : {"", "y", "x"} or a column's slot
        By what to sort; empty: not said.
    ascending : bool or None
        None where no order is wanted.
    """

    kind: str = ""
    plotted: bool = False
    by: str = ""
    ascending: bool | None = None

    @property
    def drawn_ascending(self) -> bool | None:
        """The order in which bars are drawn: those that lie begin at the bottom."""
        return self.ascending if self.ascending is None else self.ascending != (self.kind == "barh")


PLAIN = Frame()


def _any(phrases: str) -> str:
    return "|".join(sorted(phrases.split("|"), key=len, reverse=True))


_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_KIND = "|".join(
    rf"{word} (?:{_any(_NOUN)})" if word in _NEED_A_NOUN else rf"{word}(?: (?:{_any(_NOUN)}))?"
    for word in sorted(_KIND_OF, key=len, reverse=True)
)
_ORDER = f"(?P<up>{_any(_ASCENDING)})|(?P<down>{_any(_DESCENDING)})"
_TARGET = rf"(?P<y>{_any(_VALUES)})|(?P<x>{_any(_AXIS)})|(?P<column>C\d+)"
_PREFIX = re.compile(
    rf"(?:(?:{_any(_MAKE)}) )?(?P<kind>{_KIND})(?: (?:{_any(_OF)}))?"
    r"(?: (?:what|how)(?= is| are))?(?: |$)"
)
_PLOT = re.compile(
    rf"(?:(?:plot|draw|chart|graph|visualize|visualise)(?: (?:{_any(_NOUN)}))?"
    rf"|(?:{_any(_MAKE)}) (?:{_any(_NOUN)})|(?:{_any(_NOUN)}))(?: (?:{_any(_OF)}))?(?: |$)"
)
_SUFFIX = re.compile(
    rf"(?: and)?(?: then)? (?:(?:{_any(_MAKE)})(?: (?:{_IT}))?(?: (?:{_any(_VIA)}))?|{_any(_VIA)})"
    rf" (?P<kind>{_KIND})$"
)
_SORTED = re.compile(
    rf"(?: (?:{_any(_COURTESY)}))* (?:{_any(_SORT)})(?: (?:{_IT}|T|bars?(?= (?:by|in|from))))?"
    rf"(?:(?: (?:{_any(_PREPOSITIONS)}))* (?:{_ORDER})(?: order)?"
    rf"(?:(?: (?:{_any(_PREPOSITIONS)}))+ (?:{_TARGET}))?"
    rf"|(?: (?:{_any(_PREPOSITIONS)}))* (?:{_TARGET.replace('<', '<t')})"
    rf"(?: (?:{_any(_PREPOSITIONS)}))* (?:{_ORDER.replace('<', '<t')})(?: order)?)$"
)
_FIRST = re.compile(rf"(?: (?:{_any(_COURTESY)}))*(?: in| from)? (?:{_ORDER})(?: order)?$")
WORDS = frozenset(
    word
    for text in (*_KINDS.values(), _NOUN, _MAKE, _OF, _VIA, _IT, _ASCENDING, _DESCENDING, _SORT)
    for word in re.findall(r"\w+", text)
) | frozenset(
    word
    for text in (_COURTESY, _VALUES, _AXIS, _PREPOSITIONS, "order what how")
    for word in re.findall(r"\w+", text)
)


def framings(text: str) -> list[tuple[str, Frame]]:
    """The line as it is, then with its frame peeled off further and further."""
    found = [(text, PLAIN)]
    for line, frame in found:
        found += [peeled for peeled in _peeled(line, frame) if peeled not in found]
    return found


def _peeled(line: str, frame: Frame) -> Iterator[tuple[str, Frame]]:
    # An order stands outside of the chart, in "... in a bar chart, sorted by y".
    for pattern in (_SORTED, _FIRST):
        match = pattern.search(" " + line)
        if match and frame.ascending is None:
            yield (" " + line)[: match.start()].strip(), _ordered(frame, match)
    for match in (_SUFFIX.search(line), _PREFIX.match(line)):
        if match is None:
            continue
        kind = _kind(match["kind"])
        if frame.kind in ("", kind):
            rest = (line[: match.start()] + " " + line[match.end() :]).strip()
            yield rest, msgspec.structs.replace(frame, kind=kind, plotted=True)
    match = _PLOT.match(line)
    if match and not frame.plotted:
        yield line[match.end() :], msgspec.structs.replace(frame, plotted=True)


def _ordered(frame: Frame, match: re.Match[str]) -> Frame:
    found = {name.removeprefix("t"): text for name, text in match.groupdict().items() if text}
    by = found.get("column") or ("x" if "x" in found else "y" if "y" in found else "")
    return msgspec.structs.replace(frame, by=by, ascending="up" in found)


def _kind(phrase: str) -> str:
    bare = re.sub(rf" (?:{_any(_NOUN)})$", "", phrase)
    return _KIND_OF.get(phrase) or _KIND_OF[bare]
