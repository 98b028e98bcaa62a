"""Pivot tables."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import refuse_text
from llm_notebook.llm.offline.schema import Table


def _pivot(ask: Ask) -> Result:
    y, rows, columns = ask.column("y"), ask.column("rows"), ask.column("columns")
    if len({y, rows, columns}) < 3:
        return Refusal("It uses one column twice.")
    if not ask.has("agg"):
        said_so = f'of "{y}" with "{rows}" as rows and "{columns}" as columns'
        return Question(
            f"What should be shown of the values of {y}?",
            tuple((SAID[agg], f"pivot table {agg} {said_so}") for agg in ("mean", "sum", "max")),
        )
    agg = ask.agg()
    refusal = refuse_text(ask.reading, [y], agg)
    if refusal is not None:
        return refusal
    parts = f"index={quoted(rows)}, columns={quoted(columns)}, values={quoted(y)}"
    kinds = (ask.reading.column(name).dtype for name in (rows, columns))
    observed = ", observed=True" if any(kind.startswith("category") for kind in kinds) else ""
    code = f'{ask.frame}.pivot_table({parts}, aggfunc="{agg}"{observed})'
    return Plan(sentence(f"{SAID[agg]} {said(y)} by {said(rows)} and {said(columns)}"), code)


def _offers(table: Table) -> Iterator[str]:
    kinds, numbers = table.categories(), table.numeric()
    if len(kinds) > 1 and numbers:
        yield f"pivot table of mean {numbers[0]} by {kinds[0]} and {kinds[1]}"


_PIVOT = "pivot_table|pivot"
_AS_ROWS = "as|in|on rows|index|row"

INTENT = Intent(
    "pivot tables",
    (
        Rule(
            f"{{make}}? {_PIVOT} of|with|for? {{agg}} of? <y> {{by}} <rows> and|{{by}} <columns>",
            _pivot,
        ),
        Rule(
            f"{{make}}? {_PIVOT} of|with|for|showing? <y> {{by}} <rows> and|{{by}} <columns>",
            _pivot,
        ),
        Rule(
            f"{{make}}? {_PIVOT} of|with|for? {{agg}}? of? <y> with|and? <rows> as|in|on rows|index"
            " and <columns> as|in|on columns",
            _pivot,
        ),
        Rule("pivot <y> by|with <rows> and <columns>", _pivot),
    ),
    (
        Example(
            "pivot table of mean body mass by species and sex", "_.loc['Gentoo', 'male'] == 5400"
        ),
        Example(
            "pivot table of total body mass with island as rows and species as columns",
            "_.loc['Dream', 'Gentoo'] == 5400",
        ),
        Example("pivot body mass by species and island", "choices == ['mean', 'total', 'maximum']"),
    ),
    _offers,
)
