"""Running values: rolling aggregates, cumulative sums, changes from row to row."""

from __future__ import annotations

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import finished
from llm_notebook.llm.offline.schema import is_numeric, is_time


def _running(ask: Ask, method: str, what: str) -> Plan | Refusal | None:
    y = ask.column("y")
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers.")
    frame = ask.frame_wanted
    if frame.kind not in ("", "line") or frame.ascending is not None:
        return None
    dates = [c.name for c in ask.reading.table.usable_columns() if is_time(c)]
    over = ask.column("x") if ask.has("x") else dates[0] if len(dates) == 1 else ""
    title = sentence(f"{what} {said(y)}")
    if over:
        series = f"{ask.frame}.sort_values({quoted(over)}).set_index({quoted(over)})[{quoted(y)}]"
        why = f"The rows go by {over}."
    else:
        series, why = f"{ask.frame}[{quoted(y)}]", "The rows go in the order that they are in."
    if not frame.plotted:
        return Plan(title, f"{series}.{method}", why)
    x = label(over) if over else "row"
    code = f"ax = {series}.{method}.plot.line()\n{finished(title, x, f'{what} {label(y)}')}"
    return Plan(title, code, why)


def _rolling(ask: Ask) -> Plan | Refusal | None:
    count = ask.number("count", 0)
    agg = ask.agg() if ask.has("agg") else "mean"
    if count < 2:
        return Refusal("A rolling value needs a window of at least 2 rows.")
    return _running(ask, f"rolling({count}).{agg}()", f"rolling {SAID[agg]} over {count} rows of")


def _cumulative(ask: Ask) -> Plan | Refusal | None:
    return _running(ask, "cumsum()", "cumulative total of")


def _change(ask: Ask) -> Plan | Refusal | None:
    return _running(ask, "diff()", "change from row to row of")


def _percent(ask: Ask) -> Plan | Refusal | None:
    return _running(ask, "pct_change()", "relative change from row to row of")


_ROLLING = "rolling|moving|running"

INTENT = Intent(
    "rolling aggregates, cumulative sums, changes from row to row",
    (
        Rule(
            f"{{show}}? {_ROLLING} {{agg}} of? <y> over|with|using? <count#> rows|periods|values?",
            _rolling,
            frames=True,
        ),
        Rule(
            f"{{show}}? <count#> row|period|point {_ROLLING} {{agg}} of? <y>", _rolling, frames=True
        ),
        Rule(
            f"{{show}}? {_ROLLING} {{agg}} of <y> with|using window of|size? <count#>",
            _rolling,
            frames=True,
        ),
        Rule("{show}? cumulative|running sum|total of? <y>", _cumulative, frames=True),
        Rule("{show}? cumulative|running sum|total of? <y> over|by <x>", _cumulative, frames=True),
        Rule("{show}? difference|change|diff of|in <y> from_row_to_row", _change, frames=True),
        Rule(
            "{show}? percent_change|percentage_change|pct_change of|in <y>", _percent, frames=True
        ),
    ),
    (
        Example("rolling mean of body mass over 3 rows", "_.iloc[2] == 3700"),
        Example("plot the 2 row moving average of body mass", "len(ax.lines) == 1"),
        Example("cumulative sum of x", "_.tolist() == [1, 3]", data={"x": [1, 2]}),
        Example(
            "cumulative sum of x by t", "_.tolist() == [2, 3]", data={"x": [1, 2], "t": [5, 4]}
        ),
        Example("change in x from row to row", "_.iloc[1] == 1", data={"x": [1, 2]}),
        Example("rolling mean of species over 3 rows", "'does not hold numbers' in declined"),
    ),
    rank=33,
)
