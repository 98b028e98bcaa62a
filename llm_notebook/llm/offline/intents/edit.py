"""Change the plot of the active cell: its title, its axis labels, the way its bars lie."""

from __future__ import annotations

from collections.abc import Callable

from llm_notebook.llm.offline.grammar import Ask, Example, Plan, Refusal, Rule
from llm_notebook.llm.offline.plotcode import PlotCode

_NO_PLOT = Refusal("The active cell holds no single plot that the rules can change.")


def _change(title: str, change: Callable[[PlotCode, Ask], bool]) -> Callable[[Ask], Plan | Refusal]:
    def build(ask: Ask) -> Plan | Refusal:
        try:
            code = PlotCode(ask.reading.target)
        except (SyntaxError, ValueError, RecursionError):
            return _NO_PLOT
        if not change(code, ask):
            return _NO_PLOT
        source = code.changed()
        if source == ask.reading.target:
            return Refusal("The active cell has that already.")
        return Plan(title, source, replaces=True)

    return build


def _text(pattern: str, what: str, title: str) -> Rule:
    build = _change(title, lambda code, ask: code.set_text(what, ask.text("text")))
    return Rule(pattern, build, conditions=False, needs_table=False)


def _bars(pattern: str, title: str, *, horizontal: bool) -> Rule:
    build = _change(title, lambda code, _: code.turn_bars(horizontal=horizontal))
    return Rule(pattern, build, conditions=False, needs_table=False)


_SET = "add|set|change|make|use|put|give_it|give_plot|label"
_OF = "of_plot|of_chart|to_plot|to_chart|on_plot|for_plot"
_TO = "to|as|with|saying|be|of"

RULES = (
    _text(f'{_SET} title {_OF}? {_TO}? <text">', "title", "Set the title"),
    _text(f'{_SET}? title <text">', "title", "Set the title"),
    _text(
        f'{_SET} x_label|x_axis_label|xlabel|x_axis|label_of_x_axis {_TO}? <text">',
        "xlabel",
        "Label the x axis",
    ),
    _text(
        f'{_SET} y_label|y_axis_label|ylabel|y_axis|label_of_y_axis {_TO}? <text">',
        "ylabel",
        "Label the y axis",
    ),
    _bars("make|turn bars|it|plot|chart horizontal", "Make the bars horizontal", horizontal=True),
    _bars("horizontal bars", "Make the bars horizontal", horizontal=True),
    _bars("use horizontal bars", "Make the bars horizontal", horizontal=True),
    _bars("make|turn bars|it|plot|chart vertical", "Make the bars vertical", horizontal=False),
    _bars("use vertical bars", "Make the bars vertical", horizontal=False),
)

TARGET = """\
ax = df.groupby("species")["body_mass_g"].mean().plot.bar(rot=0)  # by species
ax.set(xlabel="species", ylabel="mean body mass (g)");"""
"""The active cell of the examples."""

EXAMPLES = (
    Example('add a title "Heavy birds"', "ax.get_title() == 'Heavy birds'"),
    Example("change the x label to 'kind of bird'", "ax.get_xlabel() == 'kind of bird'"),
    Example("set the y axis label to “grams”", "ax.get_ylabel() == 'grams'"),
    Example(
        "make the bars horizontal",
        "sorted(round(bar.get_width()) for bar in ax.patches) == [3700, 3800, 5050]"
        " and ax.get_xlabel() == 'mean body mass (g)'",
    ),
)
