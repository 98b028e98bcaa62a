"""Aggregate, whole or by groups: "mean body mass by species", also as a chart."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered, refuse_text, stacked
from llm_notebook.llm.offline.schema import Table


def _groups(ask: Ask) -> Result | None:
    agg, values, keys = ask.agg(), ask.columns("y"), ask.columns("x")
    if ask.has("x2") and ask.column("x2") not in keys:
        return None
    if ask.has("g") and ask.column("g") not in keys:
        keys = [*keys, ask.column("g")]
    if ask.is_polars:
        return _polars(ask, agg, values, keys)
    if len(values) == 1 and len(keys) <= 2:
        ask = stacked(ask)
        return answered(ask, Query(tuple(keys), values[0], agg))
    if ask.frame_wanted.plotted or ask.frame_wanted.ascending is not None:
        return None
    refusal = refuse_text(ask.reading, values, agg)
    if refusal is not None:
        return refusal
    if set(keys) & set(values):
        return Refusal("It groups by a column that it also aggregates.")
    what = f"{SAID[agg]} {' and '.join(map(said, values))}"
    by = ", observed=True" if _has_categories(ask, keys) else ""
    picked = quoted(values[0]) if len(values) == 1 else listed(values)
    code = f"{ask.frame}.groupby({listed(keys)}{by})[{picked}].{agg}()"
    return Plan(sentence(f"{what} by {' and '.join(map(said, keys))}"), code)


def _charted(ask: Ask) -> Result | None:
    """The groups stand first: "bar chart of cylinders versus average mpg"."""
    return _groups(ask) if ask.frame_wanted.plotted else None


def _has_categories(ask: Ask, keys: list[str]) -> bool:
    return any(ask.reading.column(key).dtype.startswith("category") for key in keys)


def _polars(ask: Ask, agg: str, values: list[str], keys: list[str]) -> Result | None:
    if ask.frame_wanted.plotted or ask.frame_wanted.ascending is not None:
        return Refusal("This the rules can write for pandas only.")
    refusal = refuse_text(ask.reading, values, agg)
    if refusal is not None:
        return refusal
    what = f"{SAID[agg]} {' and '.join(map(said, values))}"
    aggregates = ", ".join(f"pl.col({quoted(value)}).{agg}()" for value in values)
    code = f"{ask.frame}.group_by({listed(keys)}, maintain_order=True).agg({aggregates})"
    title = sentence(f"{what} by {' and '.join(map(said, keys))}")
    return Plan(title, code, uses=("pl",))


def _whole(ask: Ask) -> Result:
    agg, values = ask.agg(), ask.columns("y")
    refusal = refuse_text(ask.reading, values, agg)
    if refusal is not None:
        return refusal
    what = sentence(f"{SAID[agg]} {' and '.join(map(said, values))}")
    picked = quoted(values[0]) if len(values) == 1 else listed(values)
    return Plan(what, f"{ask.frame}[{picked}].{agg}()")


def _which(ask: Ask) -> Result:
    agg, y, x = ask.agg(), ask.column("y"), ask.column("x")
    refusal = refuse_text(ask.reading, [y], agg)
    if refusal is not None:
        return refusal
    ascending = ask.agg("order") == "min"
    by = ", observed=True" if _has_categories(ask, [x]) else ""
    code = (
        f"{ask.frame}.groupby({quoted(x)}{by})[{quoted(y)}].{agg}()"
        f".sort_values({'' if ascending else 'ascending=False'})"
    )
    why = f"The {'lowest' if ascending else 'highest'} stands first."
    return Plan(sentence(f"{SAID[agg]} {said(y)} by {said(x)}"), code, why)


def _offers(table: Table) -> Iterator[str]:
    numbers = [name for name in table.numeric() if not name.lower().endswith("id")]
    for y in numbers[:2]:
        for x in table.categories()[:2]:
            yield f"plot the mean {y} by {x}"
            yield f"total {y} by {x}"


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _groups, frames=True, polars=True)


INTENT = Intent(
    "mean, median, total, minimum, maximum or standard deviation, whole or by groups, also charted",
    (
        _rule("{show}? {agg} of|in|for? <y+> {by} <x+>"),
        _rule("{show}? {agg} of|in|for? <y> {by} <x> {then} <g>"),
        _rule("{show}? {agg} of|in|for? <y> and grouped_by|group_by|for_each <x>"),
        _rule("{show}? <y> {agg} {by} <x> {then} <g>"),
        _rule("{show}? {agg} of|in|for? <y> {by} T {by} <x>"),
        _rule("{show}? <y+> {agg} {by} <x+>"),
        _rule("{by} <x+> and|then|also? {show}? {agg} of? <y+>"),
        _rule("group {rows}? by <x+> and|then? {show}? {agg} of? <y+>"),
        _rule("{show}? {agg} of? <y> {vs} <x>"),
        _rule("{show}? <x> and|vs|versus {agg} of? <y> {by} <x2>"),
        _rule(
            "{show}? different|each <x> and|along_with|with|together_with its|their? {agg} of? <y>"
        ),
        _rule(
            "{show}? distribution|comparison of|about? <x> and {agg} of? <y>"
            " and? group_by attribute? <x2>"
        ),
        _rule(
            "{show}? about? distribution of? <x> and {agg} of? <y> and? group_by attribute? <x2>"
        ),
        _rule("{show} <x> and {agg} of? <y> and? group_by attribute? <x2>"),
        _rule("{show}? comparison|change of|about? {agg} of? <y> {vs} <x>"),
        _rule("{show}? comparison of|about? {agg} of? <y> {vs} <x> and? group_by attribute? <g>"),
        Rule("{show}? <x> by|vs|versus|and|against {agg} of? <y>", _charted, frames=True),
        Rule("x_axis|x <x> and? y_axis|y {agg} of? <y>", _charted, frames=True),
        Rule("<x> on_x_axis and? {agg} of? <y> on_y_axis", _charted, frames=True),
        Rule("number of <x> on_x_axis and? {agg} of? <y> on_y_axis", _charted, frames=True),
        Rule("which <x> has|have {agg:order} {agg} of? <y>", _which),
        Rule("{show}? {agg} of? <y+>", _whole, polars=True),
        Rule("which|what <y> is|was {agg} one?", _whole, polars=True),
    ),
    (
        Example("mean body mass by species", "_['Adelie'] == 3700 and _['Gentoo'] == 5050"),
        Example("What is the average body mass for each species?", "_['Adelie'] == 3700"),
        Example("for each island, compute the median bill length", "_['Dream'] == 49"),
        Example("total body_mass_g and bill_length_mm per island", "_.shape == (3, 2)"),
        Example("maximum body mass by species and sex", "_['Gentoo', 'male'] == 5400"),
        Example("group by species and show the min bill length", "_['Adelie'] == 38"),
        Example("which species has the highest mean body mass?", "_.index[0] == 'Gentoo'"),
        Example("average body mass", "_ == df['body_mass_g'].mean()"),
        Example("mean body mass by species, highest first", "_.index[0] == 'Gentoo'"),
        Example(
            "mean body mass by species where sex is female",
            "_['Adelie'] == 3650 and 'Gentoo' not in _",
        ),
        Example(
            "plot the average body mass by species",
            "ax.get_title() == 'Mean body mass by species'"
            " and ax.get_ylabel() == 'mean body mass (g)'"
            " and sorted(round(bar.get_height()) for bar in ax.patches) == [3700, 3800, 5050]",
        ),
        Example("bar chart of total body_mass_g per island", "len(ax.patches) == 3"),
        Example(
            "Draw a horizontal bar chart of the median bill length by species",
            "sorted(bar.get_width() for bar in ax.patches) == [38.5, 47.5, 49]"
            " and ax.get_xlabel() == 'median bill length (mm)'",
        ),
        Example("plot mean body mass by species and sex", "len(ax.containers) == 2"),
        Example("plot the mean body mass by date", "len(ax.lines) == 1 and not ax.patches"),
        Example(
            "What is the total body mass of each island? Show a bar chart, sort by y in desc order",
            "[bar.get_height() for bar in ax.patches] == [13000, 12000, 7500]",
        ),
        Example(
            "plot the mean body mass by island where species is Adelie",
            "sorted(bar.get_height() for bar in ax.patches) == [3650, 3750]",
        ),
        Example("total body mass by island as a pie chart", "len(ax.patches) == 3"),
        Example(
            "average unit price by product line",
            "_['a \"b\"'] == 2",
            data={"Unit Price ($)": [1, 3, 8], "product-line": ['a "b"', 'a "b"', "c"]},
        ),
        Example(
            "mean body mass by species",
            "dict(_.iter_rows()) == {'Adelie': 3700, 'Chinstrap': 3800, 'Gentoo': 5050}",
            library="polars",
        ),
        Example(
            "bar chart of island versus average body mass",
            "sorted(bar.get_height() for bar in ax.patches) == [3750, 4000, 13000 / 3]",
        ),
        Example("which body mass is the lowest one that has species of gentoo", "_ == 4700"),
        Example(
            "For those penguins with a body mass over 3600, plot the mean bill length by island",
            "len(ax.patches) == 3 and ax.patches[0].get_height() == 43.5",
        ),
        Example("mean of island by species", "'has no mean' in declined"),
    ),
    _offers,
    rank=40,
)
