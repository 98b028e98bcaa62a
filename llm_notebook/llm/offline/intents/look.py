"""Look at rows: the first, the last, or some by chance."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.schema import Table


def _rows(method: str, title: str) -> Rule:
    words = {"head": "first|top", "tail": "last"}[method]

    def build(ask: Ask) -> Plan:
        count = ask.number("count", 5)
        return Plan(f"{title} {count} rows", f"{ask.frame}.{method}({count if count != 5 else ''})")

    return Rule(f"{{show}}? {words} <count#>? {{rows}}?", build, polars=True)


def _head(ask: Ask) -> Plan:
    count = ask.number("count", 5)
    return Plan(f"First {count} rows", f"{ask.frame}.head({count if count != 5 else ''})")


def _sample(ask: Ask) -> Plan:
    count = ask.number("count", 5)
    return Plan(f"{count} random rows", f"{ask.frame}.sample(min({count}, len({ask.frame})))")


def _offers(table: Table) -> Iterator[str]:
    yield f"show the first 5 rows of {table.name}"
    yield f"5 random rows of {table.name}"


INTENT = Intent(
    "the first, last or random rows",
    (
        _rows("head", "First"),
        _rows("tail", "Last"),
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
        Example("first -5 rows", "'not this way' in declined"),
        Example("first 2.5 rows", "'not this way' in declined"),
        Example("last 2 rows", "_['species'].to_list() == ['Gentoo', 'Gentoo']", library="polars"),
        Example("3 random rows", "len(_) == 3", library="polars"),
    ),
    _offers,
)
