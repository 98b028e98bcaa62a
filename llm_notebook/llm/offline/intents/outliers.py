"""Outliers by the quartiles (Tukey, Exploratory Data Analysis, 1977)."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.schema import Table, is_numeric

_WHY = "More than 1.5 times the quartiles' distance below the first or above the third."


def _fences(ask: Ask, y: str) -> str:
    return (
        f"low, high = {ask.frame}[{quoted(y)}].quantile([0.25, 0.75])\nreach = 1.5 * (high - low)\n"
    )


def _mask(ask: Ask, y: str) -> str:
    return f"{ask.frame}[{quoted(y)}].between(low - reach, high + reach)"


def _show(ask: Ask) -> Result:
    if not ask.has("y"):
        numbers = ask.reading.table.numeric()
        if not numbers:
            return Refusal(f"{ask.reading.table.name} has no column of numbers.")
        return Question(
            "Outliers of which column?", tuple((n, f'outliers of "{n}"') for n in numbers)
        )
    y = ask.column("y")
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers, so it has no outliers.")
    has = f" & {ask.frame}[{quoted(y)}].notna()"
    code = f"{_fences(ask, y)}{ask.frame}[~{_mask(ask, y)}{has}]"
    return Plan(f"Outliers of {said(y)}", code, _WHY)


def _drop(ask: Ask) -> Plan | Refusal:
    y, table = ask.column("y"), ask.reading.table.name
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers, so it has no outliers.")
    new = ask.scene.fresh(f"{table}_inliers")
    mask = f"{_mask(ask, y)} | {ask.frame}[{quoted(y)}].isna()"
    code = f"{_fences(ask, y)}{new} = {table}[{mask}]\n{new}"
    return Plan(f"Rows without outliers of {said(y)}", code, f"{_WHY} {table} stays as it is.")


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:1]:
        yield f"outliers of {y}"


INTENT = Intent(
    "outliers by the quartiles: showing them, or leaving them out",
    (
        Rule("{show}? outliers|outlier|anomalies of|in|for? <y>", _show),
        Rule("detect|identify outliers|anomalies of|in|for? <y>", _show),
        Rule("{show}? outliers {data}?", _show),
        Rule("drop|remove|exclude|delete outliers of|in|from <y>", _drop, conditions=False),
    ),
    (
        Example("outliers of x", "_['x'].tolist() == [99]", data={"x": [1, 2, 3, 2, 99, None]}),
        Example(
            "remove outliers in x",
            "len(df_inliers) == 5 and df_inliers['x'].isna().sum() == 1",
            data={"x": [1, 2, 3, 2, 99, None]},
        ),
        Example("show the outliers", "choices == ['bill_length_mm', 'body_mass_g']"),
        Example("outliers of species", "'has no outliers' in declined"),
    ),
    _offers,
)
