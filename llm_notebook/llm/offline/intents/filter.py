"""The rows that fit a condition."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.schema import Table


def _rows(ask: Ask) -> Plan | None:
    return Plan("Rows that fit the condition", ask.frame) if ask.reading.condition else None


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:1]:
        yield f"show the rows where {y} is over 0"


_PICK = "filter|keep|select|show|find|get|list|display|give|view|see|which|what|what_are|return"

INTENT = Intent(
    "the rows that fit a condition",
    (
        Rule(f"{_PICK}? {{rows}}", _rows, polars=True),
        Rule("filter|select|keep", _rows, polars=True),
    ),
    (
        Example("show rows where body mass is greater than 4000", "list(_.index) == [6, 7]"),
        Example("filter df where species is Adelie", "set(_['species']) == {'Adelie'}"),
        Example(
            "rows where species is not 'Adelie' and body_mass_g < 4000", "list(_.index) == [4, 5]"
        ),
        Example("filter the penguins with body mass over 4000", "list(_.index) == [6, 7]"),
        Example("rows where bill length is between 38 and 40", "len(_) == 4"),
        Example("rows where body mass is over 3600 and at most 3900", "len(_) == 3"),
        Example("keep the rows where sex is missing", "list(_.index) == [7]"),
        Example("rows where species is adelie", "len(_) == 4"),
        Example(
            "rows where score is 18.15.123",
            "len(_) == 1",
            data={"score": ["18.15.123", "18 . 15 . 123"]},
        ),
        Example("rows where island is Dream or Biscoe", "len(_) == 6"),
        Example("rows where x is below -5", "list(_.x) == [-9]", data={"x": [-9, -3, 4]}),
        Example(
            "rows where x is between -5 and 5", "list(_.x) == [-3, 4]", data={"x": [-9, -3, 4, 9]}
        ),
        Example("rows where x>-5", "list(_.x) == [-3, 4]", data={"x": [-9, -3, 4]}),
        Example("rows where x is below −5", "list(_.x) == [-9]", data={"x": [-9, -3, 4]}),
        Example("rows where x is below - 5", "'“-”' in declined", data={"x": [-9, -3, 4]}),
        Example("rows where x is between 3-5", "list(_.x) == [4]", data={"x": [-9, -3, 4]}),
        Example("rows where date is after 2023", "len(_) == 8"),
        Example("rows where island != Dream", "len(_) == 5"),
        Example("rows where island is not Dream or Biscoe", "list(_.index) == [0, 2]"),
        Example('rows where island is not "Dream", "Biscoe"', "list(_.index) == [0, 2]"),
        Example("rows where body mass is not 3700, 3500 or 3600", "list(_.index) == [2, 5, 6, 7]"),
        Example("rows where island is Dream, Torgersen or Biscoe", "len(_) == 8"),
        Example("rows where island is either Dream or Biscoe", "len(_) == 6"),
        Example("rows where island is neither Dream nor Biscoe", "list(_.index) == [0, 2]"),
        Example(
            "top 1 rows by body mass where island is not Dream or Biscoe", "list(_.index) == [2]"
        ),
        Example(
            "rows where island is Dream and Biscoe",
            "choices[0] == 'rows where island is Dream or Biscoe'",
        ),
        Example(
            "rows where body mass is 3700, 3500",
            "choices[0] == 'rows where body mass is 3700 or 3500'",
        ),
        Example(
            "rows where x contains b or c", "list(_.x) == ['b', 'c']", data={"x": ["b", "c", "d"]}
        ),
        Example("rows where body mass is between 4000 and 3700", "list(_.index) == [2, 3, 4, 5]"),
        Example("rows where rep is Ann-Marie", "len(_) == 1", data={"rep": ["Ann-Marie", "Ann"]}),
        Example("rows where rep is J. Smith", "len(_) == 1", data={"rep": ["J. Smith", "J Smith"]}),
        Example("rows where rep is not McCoy", "len(_) == 1", data={"rep": ["McCoy", "Mc Coy"]}),
        Example("rows where item is pen (blue)", "len(_) == 1", data={"item": ["pen (blue)", ""]}),
        Example("rows where item is a_b.", "len(_) == 1", data={"item": ["a_b", "b"]}),
        Example("rows where grade is A", "len(_) == 1", data={"grade": ["A", "B"]}),
        Example("rows where band is The Who", "len(_) == 1", data={"band": ["The Who", "Who"]}),
        Example("rows where date is after 2024-01-06", "list(_.index) == [6, 7]"),
        Example("rows where date is between 2024-01-06 and 2024-01-07", "list(_.index) == [5, 6]"),
        Example("rows where island contains 'gers'", "len(_) == 2"),
        Example(
            "rows where unit price is at least 3",
            "list(_.index) == [1]",
            data={"Unit Price ($)": [1, 3], 'it\'s "x"': ["a", "b"]},
        ),
        Example("rows where body mass is over 4000", "len(_) == 2", library="polars"),
        Example("rows where island starts with 'B'", "len(_) == 3", library="polars"),
        Example("rows where sex is missing", "len(_) == 1", library="polars"),
    ),
    _offers,
)
