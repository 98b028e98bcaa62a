"""Draw the plot at hand as another kind of chart, with other bins, size or legend."""

from __future__ import annotations

from collections.abc import Callable

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.plotcode import changed


def _kind(new: str) -> Callable[[Ask], Plan | Refusal]:
    return lambda ask: changed(ask, f"Draw it as {new}", lambda code: code.redraw(new))


def _bins(ask: Ask) -> Plan | Refusal:
    count = ask.number("count", 0)
    if not 1 <= count <= 1000:
        return Refusal(f"A histogram of {count} bins cannot be read.")
    return changed(
        ask,
        f"{count} bins",
        lambda code: code.kind() == "hist" and code.set_argument("bins", str(count)),
    )


def _size(ask: Ask) -> Plan | Refusal:
    width, height = (ask.text("w"), ask.text("h")) if ask.has("w") else ("10", "6")
    if float(width) <= 0 or float(height) <= 0:
        return Refusal("A plot is wider and higher than 0.")
    return changed(
        ask,
        f"Make it {width} by {height} inches",
        lambda code: code.set_argument("figsize", f"({width}, {height})"),
    )


def _legend(shown: str) -> Callable[[Ask], Plan | Refusal]:
    title = "Show the legend" if shown == "True" else "Hide the legend"
    return lambda ask: changed(ask, title, lambda code: code.set_argument("legend", shown))


def _rule(pattern: str, build: Callable[[Ask], Plan | Refusal]) -> Rule:
    return Rule(pattern, build, conditions=False, needs_table=False)


_IT = "it|this|plot|chart|graph|this_plot|this_chart|that"
_AS = "make|turn|change|redraw|draw|show|switch|convert"
_SERIES = 'ax = df["species"].value_counts().plot.bar(rot=0)\nax.set(title="Birds");'
_HIST = 'df["body_mass_g"].plot.hist(bins=30)'

INTENT = Intent(
    "redrawing a plot as another kind, with other bins, size or legend",
    (
        *(
            rule
            for new, words in (
                ("line", "line|line_chart|line_plot|line_graph"),
                ("bar", "bar_chart|bar_plot|bar_graph|bars"),
                ("barh", "horizontal_bar_chart"),
                ("area", "area_chart|area_plot"),
                ("pie", "pie_chart|pie"),
            )
            for rule in (
                _rule(f"{_AS} {_IT} to|into|as? {words}", _kind(new)),
                _rule(f"use {words} instead?", _kind(new)),
                _rule(f"change|switch to {words}", _kind(new)),
                _rule(f"as {words} instead?", _kind(new)),
            )
        ),
        _rule("use|with|make|set|change|show? <count#> bins instead?", _bins),
        _rule("set|change bins to <count#>", _bins),
        _rule(f"make {_IT} bigger|larger|wider", _size),
        _rule(f"make {_IT} <w~> by|x <h~> inches?", _size),
        _rule("set|change|make figure_size|figsize|size to? <w~> by|x? <h~> inches?", _size),
        _rule("hide|remove|drop legend", _legend("False")),
        _rule("add|show legend", _legend("True")),
    ),
    (
        Example(
            "make it a line chart", "len(ax.lines) == 1 and ax.get_title() == 'Birds'", _SERIES
        ),
        Example("use a pie chart instead", "len(ax.patches) == 3", _SERIES),
        Example("use 5 bins", "len(ax.patches) == 5", _HIST),
        Example("make it bigger", "list(ax.figure.get_size_inches()) == [10, 6]", _SERIES),
        Example(
            "hide the legend", "ax.get_legend() is None", 'df.plot.line(x="date", y="body_mass_g")'
        ),
        Example("use 5 bins", "'no single plot' in declined", _SERIES),
    ),
    rank=15,
)
