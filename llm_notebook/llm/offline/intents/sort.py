"""Sort the rows."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.schema import Table


def _sort(ask: Ask) -> Plan:
    names = ask.columns("x")
    order = ask.phrase("descending")
    title = f"Sorted by {' and '.join(map(said, names))}{', highest first' if order else ''}"
    if ask.is_polars:
        down = ", descending=True, nulls_last=True" if order else ", nulls_last=True"
        return Plan(title, f"{ask.frame}.sort({listed(names)}{down})")
    ascending = ", ascending=False" if order else ""
    return Plan(title, f"{ask.frame}.sort_values({listed(names)}{ascending})")


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:1]:
        yield f"sort by {y} in descending order"


_ASCENDING = (
    "ascending|asc|in_ascending_order|increasing|in_increasing_order|lowest_first"
    "|smallest_first|from_lowest_to_highest|from_smallest_to_largest|low_to_high"
    "|from_low_to_high|alphabetically"
)
_SORT = "sort|order|arrange|rank|show_me|show"

INTENT = Intent(
    "sorted rows",
    (
        Rule("sort|order|arrange|rank {rows}? by <x+> {descending}", _sort, polars=True),
        Rule(f"sort|order|arrange|rank {{rows}}? by <x+> {_ASCENDING}?", _sort, polars=True),
        Rule("{show} {rows} sorted|ordered|ranked by <x+> {descending}", _sort, polars=True),
        Rule(f"{{show}} {{rows}} sorted|ordered|ranked by <x+> {_ASCENDING}?", _sort, polars=True),
    ),
    (
        Example("sort by body mass", "_.index[0] == 0"),
        Example(
            "sort the rows by body mass in descending order", "_['body_mass_g'].iloc[0] == 5400"
        ),
        Example("sort by species and body mass", "_.index[0] == 0 and _.index[-1] == 6"),
        Example("sort by body mass highest first", "_['body_mass_g'][0] == 5400", library="polars"),
    ),
    _offers,
)
