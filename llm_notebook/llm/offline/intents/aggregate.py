"""Group and aggregate: "mean body mass by species", "how many rows per island"."""

from __future__ import annotations

from llm_notebook.llm.offline.code import listed, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Example, Plan, Refusal, Rule
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time


def grouped(reading: Reading, keys: list[str]) -> str:
    """The ``groupby`` call, without empty groups of unused categories."""
    categorical = any(reading.column(key).dtype.startswith("category") for key in keys)
    return f"{reading.frame}.groupby({listed(keys)}{', observed=True' if categorical else ''})"


def refuse_text(reading: Reading, names: list[str], agg: str) -> Refusal | None:
    """A refusal where one of the columns has no such aggregate."""
    for name in names:
        column = reading.column(name)
        fine = is_numeric(column) or (is_bool(column) and agg in ("mean", "sum"))
        if not fine and not (is_time(column) and agg in ("min", "max")):
            return Refusal(
                f"{name} holds {column.dtype} values, so it has no {agg}.",
                (f"count the rows by {name}",),
            )
    return None


def _aggregate(ask: Ask) -> Plan | Refusal:
    agg, values = ask.agg(), ask.columns("y")
    refusal = refuse_text(ask.reading, values, agg)
    if refusal:
        return refusal
    what = f"{SAID[agg]} {' and '.join(map(said, values))}"
    picked = quoted(values[0]) if len(values) == 1 else listed(values)
    if not ask.has("x"):
        return Plan(sentence(what), f"{ask.frame}[{picked}].{agg}()")
    keys = ask.columns("x")
    if set(keys) & set(values):
        return Refusal("It groups by a column that it also aggregates.")
    code = f"{grouped(ask.reading, keys)}[{picked}].{agg}()"
    title = sentence(f"{what} by {' and '.join(map(said, keys))}")
    if ask.has("order"):
        ascending = ask.agg("order") == "min"
        code += f".sort_values({'' if ascending else 'ascending=False'})"
        return Plan(title, code, f"The {'lowest' if ascending else 'highest'} stands first.")
    return Plan(title, code)


def _count(ask: Ask) -> Plan:
    keys = ask.columns("x")
    title = f"Number of rows by {' and '.join(map(said, keys))}"
    if len(keys) == 1:
        return Plan(title, f"{ask.frame}[{quoted(keys[0])}].value_counts()")
    return Plan(title, f"{grouped(ask.reading, keys)}.size()")


def _crosstab(ask: Ask) -> Plan:
    a, b = ask.column("a"), ask.column("b")
    code = f"pd.crosstab({ask.frame}[{quoted(a)}], {ask.frame}[{quoted(b)}])"
    return Plan(f"Number of rows by {said(a)} and {said(b)}", code, uses=("pd",))


RULES = (
    Rule("{show}? {agg} of? <y+> {by} <x+>", _aggregate),
    Rule("{show}? <y+> {agg} {by} <x+>", _aggregate),
    Rule("{by} <x+> and? {show}? {agg} of? <y+>", _aggregate),
    Rule("group {rows}? by <x+> and|then? {show}? {agg} of? <y+>", _aggregate),
    Rule("which <x> has|have {agg:order} {agg} of? <y>", _aggregate),
    Rule("{show}? {agg} of? <y+>", _aggregate),
    Rule(
        "{show}? count|counts|number|how_many of? {rows}? are_there|do_we_have? {by} <x+>",
        _count,
    ),
    Rule("{show}? value_counts|frequency|frequencies of? <x>", _count),
    Rule(
        "{show}? crosstab|cross_tabulation|cross_tabulate of? <a> by|and|against|with <b>",
        _crosstab,
    ),
)

EXAMPLES = (
    Example("mean body mass by species", "_['Adelie'] == 3700 and _['Gentoo'] == 5050"),
    Example("What is the average body mass for each species?", "_['Adelie'] == 3700"),
    Example("for each island, compute the median bill length", "_['Dream'] == 49"),
    Example("total body_mass_g and bill_length_mm per island", "_.shape == (3, 2)"),
    Example("maximum body mass by species and sex", "_['Gentoo', 'male'] == 5400"),
    Example("group by species and show the min bill length", "_['Adelie'] == 38"),
    Example("which species has the highest mean body mass?", "_.index[0] == 'Gentoo'"),
    Example("average body mass", "_ == df['body_mass_g'].mean()"),
    Example("how many rows per island?", "_['Biscoe'] == 3"),
    Example("count the penguins by species and island", "_['Adelie', 'Torgersen'] == 2"),
    Example(
        "mean body mass by species where sex is female", "_['Adelie'] == 3650 and 'Gentoo' not in _"
    ),
    Example("crosstab of species and island", "_.loc['Gentoo', 'Biscoe'] == 1"),
)
