"""Facets: one small plot for each value of a column."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import grouped
from llm_notebook.llm.offline.schema import Table, is_numeric, is_time


def _facets(ask: Ask, drawn: str, title: str, x: str, y: str) -> Plan:
    g = ask.column("g")
    groups = ask.scene.fresh("groups")
    code = f"""\
{groups} = list({grouped(ask.reading, [g])})
fig, axes = plt.subplots(
    1, len({groups}), figsize=(4 * len({groups}), 4), sharex=True, sharey=True, squeeze=False
)
for ax, (name, group) in zip(axes[0], {groups}):
    {drawn}
    ax.set(title=str(name), xlabel={quoted(x)}, ylabel={quoted(y)})
fig.suptitle({quoted(title)});"""
    return Plan(title, code, uses=("plt",))


def _histograms(ask: Ask) -> Plan | Refusal:
    x, g = ask.column("x"), ask.column("g")
    if not is_numeric(ask.reading.column(x)):
        return Refusal(f"{x} does not hold numbers, so it has no histogram.")
    if x == g:
        return Refusal("It uses one column twice.")
    title = f"Distribution of {said(x)}, one plot for each {said(g)}"
    drawn = f"ax.hist(group[{quoted(x)}].dropna(), bins=30)"
    return _facets(ask, drawn, title, label(x), "number of rows")


def _points(ask: Ask) -> Plan | Refusal:
    x, y, g = ask.column("x"), ask.column("y"), ask.column("g")
    for name in (x, y):
        if not (is_numeric(ask.reading.column(name)) or is_time(ask.reading.column(name))):
            return Refusal(f"{name} does not hold numbers, so it cannot be in a scatter plot.")
    if len({x, y, g}) < 3:
        return Refusal("It uses one column twice.")
    title = sentence(f"{said(y)} against {said(x)}, one plot for each {said(g)}")
    drawn = f"ax.scatter(group[{quoted(x)}], group[{quoted(y)}])"
    return _facets(ask, drawn, title, label(x), label(y))


def _offers(table: Table) -> Iterator[str]:
    for x in table.numeric()[:1]:
        for g in table.categories()[:1]:
            yield f"histogram of {x}, one plot for each {g}"


_FACET = (
    "one_plot_for_each|one_chart_for_each|one_panel_for_each|facet_by|faceted_by|facetted_by"
    "|one_plot_per|one_panel_per|in_separate_plots_for_each|split_into_panels_by|facets_by"
    "|separate_plots_for_each|with_facets_for_each|in_panels_by|small_multiples_by"
    "|with_one_plot_for_each|with_one_panel_for_each|with_one_plot_per"
)
_HIST = "histogram|histograms|hist|distribution"
_SCATTER = "scatter|scatter_plot|scatterplot|scatter_plots|scatter_chart"

INTENT = Intent(
    "facets: a small histogram or scatter plot for each value of a column",
    (
        Rule(f"{{make}}? {_HIST} of|for? <x> and? {_FACET} <g>", _histograms),
        Rule(f"{{make}}? {_SCATTER} of|for? <y> {{vs}}|by <x> and? {_FACET} <g>", _points),
        Rule(f"{{make}}? {_SCATTER} of|for? <x> and <y> and? {_FACET} <g>", _points),
        Rule(f"{{plot}} <y> {{vs}} <x> and? {_FACET} <g>", _points),
    ),
    (
        Example(
            "histogram of body mass, one plot for each species",
            "len(ax.figure.axes) == 3 and ax.get_title() == 'Gentoo'",
        ),
        Example(
            "scatter plot of body mass against bill length faceted by island",
            "len(ax.figure.axes) == 3 and len(ax.collections[0].get_offsets()) == 2",
        ),
    ),
    _offers,
    rank=34,
)
