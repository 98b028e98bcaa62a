"""Resample: aggregate or count by spans of time: "mean sales by month", "rows per weekday"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Question, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered
from llm_notebook.llm.offline.schema import Table, is_time

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
        texts = [name for name in ask.reading.table.categories() if "date" in name.lower()]
        return Refusal(
            f"No column of {ask.reading.table.name} holds dates.",
            tuple(f'convert "{name}" to dates' for name in texts),
        )
    if len(columns) > 1:
        what = f"{ask.agg()} {y}" if y else "number of rows"
        return Question(
            "Which date do you mean?",
            tuple((name, f'{what} by {grain} of "{name}"') for name in columns),
        )
    return answered(ask, Query((columns[0],), y, ask.agg() if y else "", grain))


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
    _rules(
        "{show}? {agg} of? <y> {time_by} {grain} of|in|from? <date>?",
        "{show}? {agg} of? <y> {time_by} <date> by {grain}",
        "{show}? {ly:grain} {agg} of? <y>",
        "{show}? {agg} {ly:grain} <y>",
        "{show}? count|counts|number|how_many of? {rows} {time_by} {grain} of|in|from? <date>?",
        "resample {data}? by|to {grain} and|with? {agg} of? <y>",
        "resample <y> by|to {grain} and|with|using|taking? {agg}",
        "{show}? {ly:grain} number|count of {rows}",
        "{show}? {agg} of? <y> {time_by} <date> and? bin|binned <d2> by|into {grain} interval?",
        "{show}? count|number of? {rows} {time_by} <date> and? bin|binned <d2> by|into {grain}",
        "{show}? distribution|change of|about? <date> and {agg} of? <y> and? bin|binned <d2>"
        " by|into {grain} interval?",
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
