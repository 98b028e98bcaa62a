"""Label the axes of the plot at hand, or turn the labels of its ticks."""

from __future__ import annotations

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.plotcode import changed


def _x(ask: Ask) -> Plan | Refusal:
    return changed(ask, "Label the x axis", lambda code: code.set_text("xlabel", ask.text("text")))


def _y(ask: Ask) -> Plan | Refusal:
    return changed(ask, "Label the y axis", lambda code: code.set_text("ylabel", ask.text("text")))


def _turn(ask: Ask) -> Plan | Refusal:
    angle = ask.text("angle") if ask.has("angle") else "45"
    return changed(
        ask,
        "Turn the labels of the x axis",
        lambda code: code.append(f'tick_params(axis="x", labelrotation={angle})'),
    )


_SET = "add|set|change|make|use|put|give_it|give_plot|label|name|rename"
_TO = "to|as|with|saying|be|of"


def _rule(pattern: str, build: object) -> Rule:
    return Rule(pattern, build, conditions=False, needs_table=False)  # type: ignore[arg-type]


INTENT = Intent(
    "changing the axis labels of a plot",
    (
        _rule(f'{_SET} x_label|x_axis_label|xlabel|x_axis|label_of_x_axis {_TO}? <text">', _x),
        _rule(f'{_SET} y_label|y_axis_label|ylabel|y_axis|label_of_y_axis {_TO}? <text">', _y),
        _rule(
            "rotate|turn x_labels|labels|tick_labels|x_tick_labels|xticks by? <angle~>? degrees?",
            _turn,
        ),
    ),
    (
        Example("change the x label to 'kind of bird'", "ax.get_xlabel() == 'kind of bird'"),
        Example("set the y axis label to “grams”", "ax.get_ylabel() == 'grams'"),
        Example(
            "rotate the labels by 60 degrees",
            "{t.get_rotation() for t in ax.get_xticklabels()} == {60.0}",
        ),
    ),
    rank=15,
)
