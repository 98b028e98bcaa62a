"""Set the title of the plot at hand."""

from __future__ import annotations

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal, Result
from llm_notebook.llm.offline.plotcode import PlotCode, changed


def _title(ask: Ask) -> Plan | Refusal:
    return changed(ask, "Set the title", lambda code: code.set_text("title", ask.text("text")))


def _own(ask: Ask) -> Result:
    """A title that the code itself says: what is computed, by what."""
    try:
        text = PlotCode(ask.source).described()
    except SyntaxError:
        text = ""
    if not text:
        return Refusal('Say which title, as in: add a title "Sales by year".')
    return changed(ask, "Set the title", lambda code: code.set_text("title", text))


_SET = "add|set|change|make|use|put|give_it|give_plot|give_chart|rename"
_OF = "of_plot|of_chart|to_plot|to_chart|on_plot|for_plot|to_it|to_graph|to_this|to_this_plot"
_TO = "to|as|with|saying|be|of|called|that_says"


def _rule(pattern: str, build: object = _title) -> Rule:
    return Rule(pattern, build, conditions=False, needs_table=False)  # type: ignore[arg-type]


INTENT = Intent(
    "changing the title of a plot",
    (
        _rule(f'{_SET} title {_OF}? {_TO}? <text">'),
        _rule(f'{_SET}? title <text">'),
        _rule(f'{_SET} <text"> as|for title'),
        _rule(f"add|give_it|give_plot|set title {_OF}?", _own),
    ),
    (
        Example('add a title "Heavy birds"', "ax.get_title() == 'Heavy birds'"),
        Example(
            "add a title",
            "ax.get_title() == 'Mean body mass by species'",
        ),
        Example("add a title", "'Say which title' in declined", source="df.plot()"),
        Example('set the title to "it\'s 100%"', 'ax.get_title() == "it\'s 100%"'),
    ),
    rank=15,
)
