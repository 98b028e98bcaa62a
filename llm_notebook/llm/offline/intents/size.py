"""How many rows and columns there are."""

from __future__ import annotations

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan


def _shape(ask: Ask) -> Plan:
    return Plan("Rows and columns", f"{ask.frame}.shape")


def _length(ask: Ask) -> Plan:
    return Plan("Number of rows", f"len({ask.frame})")


def _width(ask: Ask) -> Plan:
    return Plan("Number of columns", f"{ask.frame}.shape[1]")


INTENT = Intent(
    "the number of rows and columns",
    (
        Rule("{show}? shape|size|dimensions of? {data}?", _shape, polars=True),
        Rule(
            "{show}? how_many|number_of rows_and_columns are_there|do_we_have?",
            _shape,
            polars=True,
        ),
        Rule(
            "{show}? how_many|number_of|count|total_number_of rows|records|entries|T"
            " are_there|do_we_have|exist?",
            _length,
            polars=True,
        ),
        Rule("{show}? how_many|number_of columns are_there|do_we_have?", _width, polars=True),
    ),
    (
        Example("how many rows and columns are there?", "_ == (8, 6)"),
        Example("how many rows are there?", "_ == 8"),
        Example("how many penguins are there where body mass is over 4000?", "_ == 2"),
        Example("how many columns are there", "_ == 6"),
        Example(
            "how many rows are there where body mass is over 4000?", "_ == 2", library="polars"
        ),
    ),
)
