"""Use another aggregate in the cell at hand: "use the median"."""

from __future__ import annotations

from llm_notebook.llm.offline.datacode import changed
from llm_notebook.llm.offline.grammar import AGGREGATES, SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Result


def _aggregate(ask: Ask) -> Result:
    new = ask.agg("agg_name")
    old = AGGREGATES.get(ask.phrase("old"), ask.phrase("old"))
    return changed(ask, f"Use the {SAID[new]}", lambda code: code.aggregate(new, old))


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _aggregate, conditions=False, needs_table=False)


_USE = "use|take|switch_to|make_it|change_it_to|change_to"
_BARS = """\
ax = df.groupby("island")["body_mass_g"].mean().plot.bar(rot=0)  # by island
ax.set(title="Mean body mass by island", ylabel="mean body mass (g)");"""

INTENT = Intent(
    "another aggregate in what a cell computes",
    (
        _rule(f"{_USE} {{agg_name}} instead?"),
        _rule("{agg_name} instead"),
        _rule(f"{_USE}|show|with|plot? {{agg_name}} instead_of|not|rather_than {{agg_name:old}}"),
        _rule("change|replace {agg_name:old} to|with|by {agg_name}"),
    ),
    (
        Example(
            "use the median",
            "ax.get_title() == 'Median body mass by island'"
            " and ax.get_ylabel() == 'median body mass (g)'"
            " and [bar.get_height() for bar in ax.patches] == [3700, 3900, 3750]",
            _BARS,
        ),
        Example("total instead of the mean", "ax.patches[0].get_height() == 12000", _BARS),
        Example("use the median", "'does not compute one thing' in declined", "df.head()"),
        Example("use the mean", "'has that already' in declined", _BARS),
        Example(
            'use the median, make the bars horizontal and add a title "Birds"',
            "ax.get_title() == 'Birds' and ax.get_xlabel() == 'median body mass (g)'",
            _BARS,
        ),
    ),
    rank=14,
)
