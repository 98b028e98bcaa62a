"""The different values of a column, or how many there are."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.query import grouped


def _values(ask: Ask) -> Plan:
    column = ask.column("y")
    return Plan(f"Distinct values of {said(column)}", f"{ask.frame}[{quoted(column)}].unique()")


def _count(ask: Ask) -> Plan:
    column = ask.column("y")
    counted = "drop_nulls().n_unique()" if ask.is_polars else "nunique()"
    title = f"Number of distinct values of {said(column)}"
    return Plan(title, f"{ask.frame}[{quoted(column)}].{counted}")


def _groups(ask: Ask) -> Plan | None:
    y, x = ask.column("y"), ask.column("x")
    if x == y:
        return None
    title = f"Number of distinct values of {said(y)} by {said(x)}"
    return Plan(title, f"{grouped(ask.reading, [x])}[{quoted(y)}].nunique()")


_DISTINCT = "unique|distinct|different"
_N = "how_many|number_of|count|count_of"

INTENT = Intent(
    "the different values of a column, and how many there are",
    (
        Rule(f"{{show}}? {_DISTINCT} values? of|in? <y> values?", _values, polars=True),
        Rule(f"{{show}}? all? {_DISTINCT} <y> are_there?", _values, polars=True),
        Rule(f"what {_DISTINCT} <y> are_there|do_we_have?", _values, polars=True),
        Rule(
            f"{{show}}? {_N} {_DISTINCT} values? of|in? <y> are_there|do_we_have|values?",
            _count,
            polars=True,
        ),
        Rule(f"{{show}}? {_N} {_DISTINCT} values? of|in? <y> are_there? {{by}} <x>", _groups),
    ),
    (
        Example("unique values of island", "sorted(_) == ['Biscoe', 'Dream', 'Torgersen']"),
        Example("how many different islands are there?", "_ == 3"),
        Example("number of different species by island", "_['Dream'] == 2"),
        Example("number of different islands", "_ == 3"),
        Example("count of different islands", "_ == 3"),
        Example("how many different sexes are there?", "_ == 2", library="polars"),
    ),
)
