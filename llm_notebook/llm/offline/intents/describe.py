"""Summary statistics of a table, of columns, or of groups."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.query import grouped
from llm_notebook.llm.offline.schema import Table


def _describe(ask: Ask) -> Plan:
    every = "" if ask.is_polars else 'include="all"'
    if not ask.has("y"):
        return Plan("Summary of each column", f"{ask.frame}.describe({every})")
    names = ask.columns("y")
    title = f"Summary of {' and '.join(map(said, names))}"
    return Plan(title, f"{ask.frame}[{listed(names)}].describe()")


def _groups(ask: Ask) -> Plan:
    y, x = ask.column("y"), ask.column("x")
    code = f"{grouped(ask.reading, [x])}[{quoted(y)}].describe()"
    return Plan(f"Summary of {said(y)} by {said(x)}", code)


def _offers(table: Table) -> Iterator[str]:
    yield f"describe {table.name}"


_SUMMARY = "describe|summarize|summarise|summary|summary_of|statistics|statistics_of|stats"
_SUMMARIES = (
    f"{_SUMMARY}|summary_statistics|summary_statistics_of|descriptive_statistics"
    "|descriptive_statistics_of|descriptive_stats|basic_statistics|overview"
)

INTENT = Intent(
    "a statistical summary of the table, of columns, or by groups",
    (
        Rule(f"{{show}}? {_SUMMARIES} {{data}}?", _describe, polars=True),
        Rule(f"{{show}}? {_SUMMARIES} of|for? {{data}}", _describe, polars=True),
        Rule(f"{{show}}? {_SUMMARIES} of|for? <y+>", _describe, polars=True),
        Rule(f"{{show}}? {_SUMMARIES} of|for? <y> {{by}} <x>", _groups),
    ),
    (
        Example("describe the data", "'count' in _.index and 'species' in _.columns"),
        Example("summary statistics of body mass", "_['count'] == 8"),
        Example("describe body mass by species", "_.loc['Adelie', 'mean'] == 3700"),
        Example("describe df", "'species' in _.columns", library="polars"),
    ),
    _offers,
)
