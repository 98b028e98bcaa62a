"""Filter, sort and top-n."""

from __future__ import annotations

from llm_notebook.llm.offline.code import listed, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Example, Plan, Refusal, Rule
from llm_notebook.llm.offline.intents.aggregate import grouped, refuse_text
from llm_notebook.llm.offline.schema import is_numeric, is_time


def _filter(ask: Ask) -> Plan | None:
    return Plan("Rows that fit the condition", ask.frame) if ask.reading.condition else None


def _sort(ask: Ask) -> Plan:
    names = ask.columns("x")
    order = ask.phrase("descending")
    title = f"Sorted by {' and '.join(map(said, names))}{', highest first' if order else ''}"
    ascending = ", ascending=False" if order else ""
    return Plan(title, f"{ask.frame}.sort_values({listed(names)}{ascending})")


def _extreme(ask: Ask, method: str) -> Plan | Refusal:
    count, x = ask.number("count", 1), ask.column("x")
    column = ask.reading.column(x)
    if not (is_numeric(column) or is_time(column)):
        return Refusal(f"{x} does not hold numbers, so it has no {method[1:]}.", (f"sort by {x}",))
    word = "highest" if method == "nlargest" else "lowest"
    title = f"The {f'{count} rows' if count > 1 else 'row'} with the {word} {said(x)}"
    return Plan(title, f"{ask.frame}.{method}({count}, {quoted(x)})")


def _largest(ask: Ask) -> Plan | Refusal:
    return _extreme(ask, "nlargest")


def _smallest(ask: Ask) -> Plan | Refusal:
    return _extreme(ask, "nsmallest")


def _top_groups(ask: Ask) -> Plan | Refusal:
    agg, y, x = ask.agg(), ask.column("y"), ask.column("x")
    refusal = refuse_text(ask.reading, [y], agg)
    if refusal:
        return refusal
    count = ask.number("count", 1)
    code = f"{grouped(ask.reading, [x])}[{quoted(y)}].{agg}().nlargest({count})"
    return Plan(sentence(f"top {count} by {SAID[agg]} {said(y)}"), code)


def _top_counts(ask: Ask) -> Plan:
    x, count = ask.column("x"), ask.number("count", 1)
    code = f"{ask.frame}[{quoted(x)}].value_counts().head({count})"
    return Plan(f"The {count} most frequent values of {said(x)}", code)


_ASCENDING = (
    "ascending|asc|in_ascending_order|increasing|in_increasing_order|lowest_first"
    "|smallest_first|from_lowest_to_highest|from_smallest_to_largest|low_to_high"
)
_PICK = "filter|keep|select|show|find|get|list|display|give|view|see"
_HIGH, _LOW = "highest|largest|biggest|greatest|most", "smallest|lowest|least"
_WITH = "with|that_have|which_have|having|by"

RULES = (
    Rule(f"{_PICK}? {{rows}}", _filter),
    Rule("sort|order|arrange {rows}? by <x+> {descending}", _sort),
    Rule(f"sort|order|arrange {{rows}}? by <x+> {_ASCENDING}?", _sort),
    Rule("{show}? top <count#> <x> by {agg} of? <y>", _top_groups),
    Rule(f"{{show}}? <count#> <x> {_WITH} {_HIGH} {{agg}} of? <y>", _top_groups),
    Rule("{show}? <count#> most_common|most_frequent <x>", _top_counts),
    Rule("{show}? top <count#> {rows}? by <x>", _largest),
    Rule(f"{{show}}? <count#>? {{rows}} {_WITH} {_HIGH} <x>", _largest),
    Rule(f"{{show}}? <count#> {_HIGH} {{rows}}? by? <x>", _largest),
    Rule("{show}? bottom <count#> {rows}? by <x>", _smallest),
    Rule(f"{{show}}? <count#>? {{rows}} {_WITH} {_LOW} <x>", _smallest),
    Rule(f"{{show}}? <count#> {_LOW} {{rows}}? by? <x>", _smallest),
)

EXAMPLES = (
    Example("show rows where body mass is greater than 4000", "list(_.index) == [6, 7]"),
    Example("filter df where species is Adelie", "set(_['species']) == {'Adelie'}"),
    Example("rows where species is not 'Adelie' and body_mass_g < 4000", "list(_.index) == [4, 5]"),
    Example("filter the penguins with body mass over 4000", "list(_.index) == [6, 7]"),
    Example("rows where bill length is between 38 and 40", "len(_) == 4"),
    Example("keep the rows where sex is missing", "list(_.index) == [7]"),
    Example("sort by body mass", "_.index[0] == 0"),
    Example("sort the rows by body mass in descending order", "_['body_mass_g'].iloc[0] == 5400"),
    Example("top 2 rows by body mass", "list(_['body_mass_g']) == [5400, 4700]"),
    Example("3 rows with the lowest bill length", "_['bill_length_mm'].max() == 39"),
    Example("the row with the highest body mass", "_.index.tolist() == [6]"),
    Example("top 1 species by mean body mass", "_.index.tolist() == ['Gentoo']"),
    Example("the 2 most common islands", "len(_) == 2 and _.iloc[0] == 3"),
)
