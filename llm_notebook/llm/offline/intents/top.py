"""The highest and lowest: rows by a column, or groups by an aggregate or by their number."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered
from llm_notebook.llm.offline.schema import Table, is_numeric, is_time


def _rows(method: str, ask: Ask) -> Plan | Refusal:
    count, x = ask.number("count", 1), ask.column("x")
    column = ask.reading.column(x)
    word = "highest" if method == "nlargest" else "lowest"
    if not (is_numeric(column) or is_time(column)):
        return Refusal(f"{x} does not hold numbers, so it has no {word}.", (f"sort by {x}",))
    title = f"The {f'{count} rows' if count > 1 else 'row'} with the {word} {said(x)}"
    if ask.is_polars:
        name = "top_k" if method == "nlargest" else "bottom_k"
        return Plan(title, f"{ask.frame}.{name}({count}, by={quoted(x)})")
    return Plan(title, f"{ask.frame}.{method}({count}, {quoted(x)})")


def _largest(ask: Ask) -> Plan | Refusal:
    return _rows("nlargest", ask)


def _smallest(ask: Ask) -> Plan | Refusal:
    return _rows("nsmallest", ask)


def _whose(method: str, ask: Ask) -> Plan | Refusal:
    found, name, x = _rows(method, ask), ask.column("name"), ask.column("x")
    if isinstance(found, Refusal) or name == x:
        return found
    why = f"Of a single row: the rows of each {said(name)} are not added up."
    return Plan(found.title, f"{found.code}[[{quoted(name)}, {quoted(x)}]]", why)


def _whose_largest(ask: Ask) -> Plan | Refusal:
    return _whose("nlargest", ask)


def _whose_smallest(ask: Ask) -> Plan | Refusal:
    return _whose("nsmallest", ask)


def _groups(ask: Ask) -> Result | None:
    low = ask.has("low")
    query = Query(
        (ask.column("x"),), ask.column("y"), ask.agg(), "", ask.number("count", 1), low or None
    )
    return answered(ask, query)


def _which(ask: Ask) -> Result | None:
    """Of groups by a column of which a group may have several values."""
    x, y = ask.column("x"), ask.column("y")
    if x == y or not is_numeric(ask.reading.column(y)):
        return None
    wanted = ask.frame_wanted
    if wanted.ascending is not None:
        return None
    count, ending = ask.number("count", 1), " as a bar chart" if wanted.plotted else ""
    end = "bottom" if ask.has("low") else "top"
    choices = [
        (agg, f"{end} {count} {x} by {agg} {y}{ending}")
        for agg in ("total", "mean", "minimum" if ask.has("low") else "maximum")
    ]
    if not wanted.plotted and not ask.has("low"):
        choices.append(("single rows", f"top {count} rows by {y}"))
    question = f"There may be several values of {y} for each {x}. Which of them count?"
    return Question(question, tuple(choices))


def _counts(ask: Ask) -> Result | None:
    return answered(ask, Query((ask.column("x"),), limit=ask.number("count", 1)))


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:2]:
        yield f"top 5 rows by {y}"
        for x in table.categories()[:1]:
            yield f"top 5 {x} by total {y} as a bar chart"


def _grouped(pattern: str) -> Rule:
    return Rule(pattern, _groups, frames=True)


_HIGH, _LOW = "highest|largest|biggest|greatest|most", "smallest|lowest|least"
_WITH = "with|that_have|which_have|having|by|who_have|ranked_by|in_terms_of"

INTENT = Intent(
    "the top or bottom rows by a column, or groups by an aggregate, also charted",
    (
        _grouped("{show}? top <count#> <x> {top_with} {agg} of? <y>"),
        _grouped("{show}? {lowest:low} <count#> <x> {top_with} {agg} of? <y>"),
        _grouped(f"{{show}}? <count#> <x> {_WITH} {_HIGH} {{agg}} of? <y>"),
        _grouped("{show}? <count#> <x> {top_with} {lowest:low} {agg} of? <y>"),
        Rule("{show}? top <count#> <x> {top_with} <y>", _which, frames=True),
        Rule("{show}? {lowest:low} <count#> <x> {top_with} <y>", _which, frames=True),
        Rule("{show}? <count#> most_common|most_frequent <x>", _counts, frames=True),
        Rule(
            "{show}? top <count#> <x> by|with count|number|frequency of? {rows}?",
            _counts,
            frames=True,
        ),
        Rule("{show}? top <count#> {rows}? {top_with} <x>", _largest, polars=True),
        Rule(f"{{show}}? <count#>? {{rows}} {_WITH} {_HIGH} <x>", _largest, polars=True),
        Rule(f"{{show}}? <count#> {_HIGH} {{rows}}? by? <x>", _largest, polars=True),
        Rule(
            "which|what <name> has|have|had highest|largest|biggest|greatest|maximum <x>",
            _whose_largest,
        ),
        Rule("which|what <name> has|have|had smallest|lowest|minimum <x>", _whose_smallest),
        Rule("{show}? bottom <count#> {rows}? {top_with} <x>", _smallest, polars=True),
        Rule(f"{{show}}? <count#>? {{rows}} {_WITH} {_LOW} <x>", _smallest, polars=True),
        Rule(f"{{show}}? <count#> {_LOW} {{rows}}? by? <x>", _smallest, polars=True),
    ),
    (
        Example("top 2 rows by body mass", "list(_['body_mass_g']) == [5400, 4700]"),
        Example("3 rows with the lowest bill length", "_['bill_length_mm'].max() == 39"),
        Example("the row with the highest body mass", "_.index.tolist() == [6]"),
        Example("top 1 species by mean body mass", "_.index.tolist() == ['Gentoo']"),
        Example(
            "bottom two islands by total body mass", "list(_.index) == ['Torgersen', 'Biscoe']"
        ),
        Example("which species has the highest body mass", "_['species'].tolist() == ['Gentoo']"),
        Example("the 2 most common islands", "len(_) == 2 and _.iloc[0] == 3"),
        Example(
            "top 5 products by mean price as a bar chart",
            "[bar.get_height() for bar in ax.patches] == [9, 7, 5, 4, 3]"
            " and ax.get_title() == 'Top 5: mean price by product'",
            data={"product": list("abcdeff"), "price": [3, 4, 5, 1, 7, 8, 10]},
        ),
        Example(
            "top three rows by body mass",
            "_['body_mass_g'].to_list() == [5400, 4700, 4000]",
            library="polars",
        ),
        Example(
            "top 2 islands by body mass",
            "list(choices) == ['total', 'mean', 'maximum', 'single rows']",
        ),
        Example("bottom 2 species by body mass as a bar chart", "len(choices) == 3"),
        Example("top 3 rows by island", "'does not hold numbers' in declined"),
    ),
    _offers,
    rank=35,
)
