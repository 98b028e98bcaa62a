"""Look at rows: the first, the last, or some by chance."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.schema import Table

_ONE = ("row", "record", "entry", "observation")


def _count(ask: Ask) -> int:
    is_one = ask.phrase("rows") in _ONE or (ask.phrase("rows") == "T" and ask.reading.names_row)
    return ask.number("count", 1 if is_one else 5)


def _said(ask: Ask, which: str) -> str:
    count = _count(ask)
    return f"{which} {count} rows" if count != 1 else f"{which} row"


def _head(ask: Ask) -> Plan:
    count = _count(ask)
    return Plan(_said(ask, "First"), f"{ask.frame}.head({count if count != 5 else ''})")


def _top(ask: Ask) -> Plan | None:
    """The first rows, unless "the top 2 rents" may be the highest values of a column."""
    is_column = ask.phrase("rows") == "T" and ask.reading.is_table_a_column
    return None if is_column else _head(ask)


def _tail(ask: Ask) -> Plan:
    count = _count(ask)
    return Plan(_said(ask, "Last"), f"{ask.frame}.tail({count if count != 5 else ''})")


def _sample(ask: Ask) -> Plan:
    return Plan(_said(ask, "Random"), f"{ask.frame}.sample(min({_count(ask)}, len({ask.frame})))")


def _offers(table: Table) -> Iterator[str]:
    yield f"show the first 5 rows of {table.name}"
    yield f"5 random rows of {table.name}"


INTENT = Intent(
    "the first, last or random rows",
    (
        Rule("{show}? first <count#>? {rows}?", _head, polars=True),
        Rule("{show}? top <count#>? {rows}?", _top, polars=True),
        Rule("{show}? last <count#>? {rows}?", _tail, polars=True),
        Rule("{show}? <count#>? random {rows}", _sample, polars=True),
        Rule("{show}? sample <count#>? of? {rows}?", _sample, polars=True),
        Rule("{show}? head|preview|peek_at|look_at of? {data}?", _head, polars=True),
        Rule("{show} {data}", _head, polars=True),
        Rule("{show} <count#> {rows}", _head, polars=True),
    ),
    (
        Example("show the first 3 rows", "len(_) == 3 and _.index[0] == 0"),
        Example("last 2 rows of df", "list(_.index) == [6, 7]"),
        Example("head", "len(_) == 5"),
        Example("show df", "len(_) == 5"),
        Example("3 random rows", "len(_) == 3"),
        Example("first ten rows", "len(_) == 8"),
        Example("first row", "list(_.index) == [0]"),
        Example("show the last penguin", "list(_.index) == [7]"),
        Example("last penguins", "len(_) == 5"),
        Example("a random row where sex is female", "len(_) == 1"),
        Example("sample entry", "len(_) == 1"),
        Example("first -5 rows", "'not this way' in declined"),
        Example("first 2.5 rows", "'not this way' in declined"),
        Example("last 2 rows", "_['species'].to_list() == ['Gentoo', 'Gentoo']", library="polars"),
        Example("3 random rows", "len(_) == 3", library="polars"),
    ),
    _offers,
)
