"""Make the bars of the plot at hand lie, stand or pile up."""

from __future__ import annotations

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.plotcode import PlotCode, changed


def _lie(ask: Ask) -> Plan | Refusal:
    return changed(ask, "Make the bars horizontal", lambda code: code.turn_bars(horizontal=True))


def _stand(ask: Ask) -> Plan | Refusal:
    return changed(ask, "Make the bars vertical", lambda code: code.turn_bars(horizontal=False))


def _stack(ask: Ask) -> Plan | Refusal:
    series = [v.name for v in ask.scene.context.variables if v.kind == "series"]
    is_one = False

    def change(code: PlotCode) -> bool:
        nonlocal is_one
        is_one = code.draws_one_series(series)
        return code.kind() in _STACKED and code.set_argument("stacked", "True")

    found = changed(ask, "Stack the bars", change)
    if is_one:
        return Refusal("There is one bar at each place, so nothing lies to be stacked on another.")
    return found


def _rule(pattern: str, build: object) -> Rule:
    return Rule(pattern, build, conditions=False, needs_table=False)  # type: ignore[arg-type]


_STACKED = ("bar", "barh", "area", "hist")
_IT = "bars|it|plot|chart|graph|this|bar_chart|them"
_BARS = 'ax = df.groupby(["species", "sex"]).size().unstack().plot.bar()\nax.set(yscale="log");'

INTENT = Intent(
    "turning or stacking the bars of a plot",
    (
        _rule(f"make|turn|draw|show {_IT} horizontal|horizontally|sideways", _lie),
        _rule("use|draw|make? horizontal bars", _lie),
        _rule("switch|change to horizontal bars", _lie),
        _rule("flip bars|axes|it|plot|chart", _lie),
        _rule(f"make|turn|draw|show {_IT} vertical|vertically|upright", _stand),
        _rule("use|draw|make? vertical bars", _stand),
        _rule(f"stack {_IT}", _stack),
        _rule(f"make {_IT} stacked", _stack),
        _rule("use|draw stacked bars", _stack),
    ),
    (
        Example(
            "make the bars horizontal",
            "sorted(round(bar.get_width()) for bar in ax.patches) == [3700, 3800, 5050]"
            " and ax.get_xlabel() == 'mean body mass (g)'",
        ),
        Example("make the bars horizontal", "ax.get_xscale() == 'log'", source=_BARS),
        Example("stack the bars", "len({bar.get_x() for bar in ax.patches}) == 3", source=_BARS),
        Example("stack the bars", "'one bar at each place' in declined"),
        Example(
            "stack the bars",
            "'one bar at each place' in declined",
            source='n = df["sex"].value_counts()\nn.sort_index().plot(kind="bar")',
        ),
        Example("stack the bars", "'no single plot' in declined", source="df.plot.line()"),
        Example("make it horizontal", "'no single plot' in declined", source="df.plot.line()"),
    ),
    rank=15,
)
