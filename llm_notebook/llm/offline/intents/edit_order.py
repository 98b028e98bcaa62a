"""Sort the groups of the cell at hand, or keep the first few of them."""

from __future__ import annotations

from llm_notebook.llm.offline.datacode import changed
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Refusal, Result
from llm_notebook.llm.offline.scene import Scene


def _is_follow_up(scene: Scene) -> bool:
    return scene.is_follow_up


def _sort(ask: Ask) -> Result | None:
    by = ask.column("x") if ask.has("x") else ""
    ascending = not ask.phrase("descending")
    title = f"Sort by {by or 'value'}{'' if ascending else ', highest first'}"
    found = changed(ask, title, lambda code: code.sort(by, ascending=ascending))
    # Rows can be sorted as well, in a new cell.
    return None if by and isinstance(found, Refusal) else found


def _top(ask: Ask) -> Result:
    count = ask.number("count", 0)
    if count < 1:
        return Refusal("At least one must be kept.")
    return changed(ask, f"Only the top {count}", lambda code: code.top(count))


_SORT = "sort|order"
_IT = "bars|it|them"
_BARS = """\
ax = df.groupby("island")["body_mass_g"].mean().plot.bar(rot=0)  # by island
ax.set(title="Mean body mass by island", ylabel="mean body mass (g)");"""
_ASK = "plot the mean body mass by island"

INTENT = Intent(
    "sorting the groups of what a cell computes, or keeping the top few",
    (
        Rule(
            f"{_SORT} bars by_value|by_values|by_height|by_size|by_length? {{descending}}?",
            _sort,
            conditions=False,
            needs_table=False,
        ),
        Rule(
            f"{_SORT} {_IT}? by_value|by_values|by_height|by_size? {{descending}}?",
            _sort,
            conditions=False,
            needs_table=False,
            when=_is_follow_up,
        ),
        Rule(f"{_SORT} {_IT}? by <x> {{descending}}?", _sort, conditions=False, when=_is_follow_up),
        Rule(
            "only|just|keep|show|keep_only|show_only top|highest|largest <count#> bars|groups?",
            _top,
            conditions=False,
            needs_table=False,
            when=_is_follow_up,
        ),
        Rule(
            "only|just|keep|keep_only|show_only top|highest|largest <count#> bars",
            _top,
            conditions=False,
            needs_table=False,
        ),
    ),
    (
        Example(
            "sort the bars",
            "[t.get_text() for t in ax.get_xticklabels()] == ['Torgersen', 'Biscoe', 'Dream']",
            _BARS,
        ),
        Example(
            "sort by island descending",
            "[t.get_text() for t in ax.get_xticklabels()] == ['Torgersen', 'Dream', 'Biscoe']",
            _BARS,
            follows=_ASK,
        ),
        Example(
            "sort by body mass",
            "_.index[0] == 'Torgersen'",
            _BARS[5 : _BARS.index(".plot")],
            follows=_ASK,
        ),
        Example(
            "sort the bars descending",
            "ax.get_yticklabels()[-1].get_text() == 'Dream'",
            _BARS.replace("bar(rot=0)", "barh()"),
        ),
        Example("only the top 2", "len(ax.patches) == 2", _BARS, follows=_ASK),
        Example("sort the bars", "'does not compute one thing' in declined", "df.head()"),
    ),
    rank=14,
)
