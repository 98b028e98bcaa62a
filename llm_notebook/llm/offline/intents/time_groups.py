"""Resample: aggregate or count by spans of time: "mean sales by month", "rows per weekday"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from llm_notebook.llm.offline.code import quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import GRAINS, Query, answered, refuse_text
from llm_notebook.llm.offline.schema import Table, is_numeric, is_time

_SPANS = ("year", "quarter", "month", "week", "day")
_LY = {"yearly": "year", "annual": "year", "quarterly": "quarter", "monthly": "month",
       "weekly": "week", "daily": "day", "hourly": "hour"}  # fmt: skip


def _cut(ask: Ask) -> Result | None:
    phrase = ask.phrase("grain")
    grain = _LY.get(phrase, phrase.removesuffix("s").replace("day of week", "weekday"))
    columns = [ask.column("date")] if ask.has("date") else _dates(ask.reading.table)
    y = ask.column("y") if ask.has("y") else ""
    if ask.has("d2") and [ask.column("d2")] != columns:
        return None
    if not columns:
        return _without_date(ask)
    if len(columns) > 1:
        what = f"{ask.agg()} {y}" if y else "number of rows"
        return _which_date(columns, f"{what} by {grain}")
    return answered(ask, Query((columns[0],), y, ask.agg() if y else "", grain))


def _without_date(ask: Ask) -> Refusal:
    texts = [name for name in ask.reading.table.categories() if "date" in name.lower()]
    return Refusal(
        f"No column of {ask.reading.table.name} holds dates.",
        tuple(f'convert "{name}" to dates' for name in texts),
    )


def _which_date(columns: list[str], what: str) -> Question:
    return Question(
        "Which date do you mean?", tuple((name, f'{what} of "{name}"') for name in columns)
    )


def _of_each(ask: Ask) -> Result | None:
    """As "average weekly sales": of the rows of each week, or of what the weeks add up to."""
    agg, y, grain = ask.agg(), ask.column("y"), _LY[ask.phrase("grain")]
    is_clear = agg == "sum" or ask.frame_wanted.plotted or grain not in _SPANS
    if is_clear or not is_numeric(ask.reading.column(y)):
        return _cut(ask)
    if not _dates(ask.reading.table):
        return _without_date(ask)
    return Question(
        f"Do you mean the {SAID[agg]} {y} of the rows in each {grain}, or one number, "
        f"the {SAID[agg]} of what each {grain} adds up to?",
        (
            (f"of the rows in each {grain}", f"{SAID[agg]} {y} by {grain}"),
            (f"of the {grain}s' totals", f"{SAID[agg]} of the {ask.phrase('grain')} totals of {y}"),
        ),
    )


def _of_totals(ask: Ask) -> Result | None:
    agg, y, phrase = ask.agg(), ask.column("y"), ask.phrase("grain")
    grain = _LY[phrase]
    columns = [ask.column("date")] if ask.has("date") else _dates(ask.reading.table)
    if grain not in _SPANS:
        return None
    if not columns:
        return _without_date(ask)
    if len(columns) > 1:
        return _which_date(columns, f"{SAID[agg]} of the {phrase} totals of {y}")
    refusal = refuse_text(ask.reading, [y], "sum")
    if refusal is not None or not is_time(ask.reading.column(columns[0])):
        return refusal
    by = f"{ask.frame}[{quoted(columns[0])}]{GRAINS[grain]}"
    return Plan(
        sentence(f"{SAID[agg]} of the {phrase} totals of {said(y)}"),
        f"{ask.frame}.groupby({by})[{quoted(y)}].sum().{agg}()",
        f"A {grain} without rows is left out.",
    )


def _dates(table: Table) -> list[str]:
    return [column.name for column in table.usable_columns() if is_time(column)]


def _offers(table: Table) -> Iterator[str]:
    for date in _dates(table)[:1]:
        for y in table.numeric()[:1]:
            yield f"plot the mean {y} by month of {date}"
            yield f"total {y} by year of {date}"


def _rules(*patterns: str) -> tuple[Rule, ...]:
    return tuple(Rule(pattern, _cut, frames=True) for pattern in patterns)


INTENT = Intent(
    "aggregates and counts by year, quarter, month, week, day, weekday or hour of a date",
    (
        Rule("{show}? {agg} {ly:grain} <y>", _of_each, frames=True),
        Rule("{show}? {agg} of {ly:grain} totals|sums of? <y> of|in? <date>?", _of_totals),
        *_rules(
            "{show}? {agg} of? <y> {time_by} {grain} of|in|from? <date>?",
            "{show}? {agg} of? <y> {time_by} <date> by {grain}",
            "{show}? {ly:grain} {agg} of? <y>",
            "{show}? count|counts|number|how_many of? {rows} {time_by} {grain} of|in|from? <date>?",
            "resample {data}? by|to {grain} and|with? {agg} of? <y>",
            "resample <y> by|to {grain} and|with|using|taking? {agg}",
            "{show}? {ly:grain} number|count of {rows}",
            "{show}? {agg} of? <y> {time_by} <date> and? bin|binned <d2> by|into {grain} interval?",
            "{show}? count|number of? {rows} {time_by} <date> and? bin|binned <d2> by|into {grain}",
            "{show}? distribution|change of|about? <date> and {agg} of? <y> and? bin|binned <d2>"
            " by|into {grain} interval?",
        ),
    ),
    (
        Example(
            "total body mass by month",
            "_.iloc[0] == 12000 and str(_.index[0]) == '2024-01'",
            data={
                "body_mass": [5000, 7000, 1],
                "when": [datetime(2024, 1, 3), datetime(2024, 1, 30), datetime(2024, 3, 1)],
            },
        ),
        Example("plot the monthly mean body mass", "len(ax.lines) == 1"),
        Example("number of rows per weekday", "_['Monday'] == 2 and _.index[0] == 'Monday'"),
        Example("mean body mass by year of date", "len(_) == 1 and _.iloc[0] == 4062.5"),
        Example(
            "average weekly body mass",
            "choices == ['of the rows in each week', \"of the weeks' totals\"]",
        ),
        Example("mean of the weekly totals of body mass", "_ == (27800 + 4700) / 2"),
        Example("total weekly body mass", "_.iloc[0] == 27800"),
        Example("plot the average weekly body mass", "len(ax.lines) == 1"),
        Example(
            "average monthly x",
            "choices[0] == 'of the rows in each month, sent' and len(choices) == 4",
            data={"x": [1], "sent": [datetime(2024, 1, 3)], "paid": [datetime(2024, 1, 3)]},
        ),
        Example(
            "mean x by month",
            "'holds dates' in declined",
            data={"x": [1, 2], "order date": ["2024-01-02", "2024-02-03"]},
        ),
        Example(
            "mean x by month",
            "choices == ['sent', 'paid']",
            data={"x": [1], "sent": [datetime(2024, 1, 3)], "paid": [datetime(2024, 1, 3)]},
        ),
    ),
    _offers,
    rank=39,
)
