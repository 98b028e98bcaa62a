"""A log scale for the plot at hand."""

from __future__ import annotations

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Question, Result
from llm_notebook.llm.offline.plotcode import NO_PLOT, PlotCode, changed


def _log(ask: Ask) -> Result:
    axes = ask.phrase("axis")[:1]
    if not axes:
        try:
            kind = PlotCode(ask.source).kind()
        except SyntaxError:
            return NO_PLOT
        axes = {"bar": "y", "line": "y", "box": "y", "area": "y", "hist": "y", "barh": "x"}.get(
            kind, ""
        )
        if not kind:
            return NO_PLOT
    if not axes:
        each = tuple((f"{a} axis", f"log scale on the {a} axis") for a in "xy")
        return Question("Both axes hold numbers. Which one should have the log scale?", each)
    title = f"Log scale on the {axes} axis"
    return changed(ask, title, lambda code: code.set_text(f"{axes}scale", "log"))


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _log, conditions=False, needs_table=False)


BARS = 'df.groupby("species")["body_mass_g"].mean().plot.bar()'

INTENT = Intent(
    "a log scale for a plot",
    (
        _rule("{scale}? log|logarithmic|log_scaled scale|axis"),
        _rule("{scale}? log|logarithmic scale on|for|of {axis}"),
        _rule("{scale}? log {axis}"),
        _rule("{scale} {axis} to|on|as|be? log|logarithmic scale?"),
    ),
    (
        Example("log scale", "ax.get_yscale() == 'log'"),
        Example("make the x axis logarithmic", "ax.get_xscale() == 'log'"),
        Example(
            "use a log scale",
            "ax.get_xscale() == 'log' and ax.get_yscale() == 'linear'",
            source=BARS.replace("bar()", "barh()"),
        ),
        Example(
            "log scale",
            "choices == ['x axis', 'y axis']",
            source='df.plot.scatter(x="bill_length_mm", y="body_mass_g")',
        ),
        Example("log scale", "'no single plot' in declined", source="df.head()"),
    ),
    rank=15,
)
