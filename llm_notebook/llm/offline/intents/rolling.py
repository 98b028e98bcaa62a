"""Running values: rolling aggregates, cumulative sums, changes from row to row."""

from __future__ import annotations

import msgspec

from llm_notebook.llm.offline.code import label, listed, quoted, said, sentence
from llm_notebook.llm.offline.framing import PLAIN
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import finished, grouped
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


def _over(ask: Ask) -> Plan | Refusal | None:
    column = ask.reading.column(ask.column("x"))
    return _cumulative(ask) if is_numeric(column) or is_time(column) else None


def _by_group(ask: Ask) -> Plan | Refusal | None:
    """Of the rows of each group on their own; by a time or a number the rows are only ordered."""
    y, x = ask.column("y"), ask.column("x")
    column = ask.reading.column(x)
    if is_numeric(column) or is_time(column):
        return _cumulative(ask) if ask.phrase("by") == "by" else None
    if ask.frame_wanted != PLAIN:
        return None
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers.")
    dates = [c.name for c in ask.reading.table.usable_columns() if is_time(c)]
    over = dates[0] if len(dates) == 1 else ""
    reading, index = ask.reading, [x, over] if over else [x]
    order = f".sort_values({quoted(over)})" if over else ""
    rows = msgspec.structs.replace(
        reading, frame=f"{reading.frame}{order}.set_index({listed(index)})"
    )
    why = f"The rows go by {over}." if over else "The rows go in the order that they are in."
    title = f"Cumulative total of {said(y)} by {said(x)}"
    return Plan(title, f"{grouped(rows, [x])}[{quoted(y)}].cumsum()", why)


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
        Rule("{show}? cumulative|running sum|total of? <y> over <x>", _over, frames=True),
        Rule("{show}? cumulative|running sum|total of? <y> {by} <x>", _by_group, frames=True),
        Rule("{show}? cumulative <y>", _cumulative, frames=True),
        Rule("{show}? cumulative <y> {by} <x>", _by_group, frames=True),
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
        Example(
            "cumulative sum of x by k",
            "_.tolist() == [1, 2, 5] and list(_.index) == ['a', 'b', 'b']",
            data={"x": [1, 2, 3], "k": ["a", "b", "b"]},
        ),
        Example(
            "cumulative body mass for each species",
            "_['Gentoo'].tolist() == [5400, 10100] and _.index.names == ['species', 'date']",
        ),
        Example("plot the cumulative sum of body mass by species", "'not this way' in declined"),
        Example("cumulative sum of body mass over species", "'not this way' in declined"),
        Example("change in x from row to row", "_.iloc[1] == 1", data={"x": [1, 2]}),
        Example("rolling mean of species over 3 rows", "'does not hold numbers' in declined"),
    ),
    rank=33,
)
