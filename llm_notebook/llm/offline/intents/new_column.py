"""A new column from two others by arithmetic."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.schema import is_numeric

_SIGNS = {
    "plus": "+", "minus": "-", "times": "*", "divided by": "/", "per": "/", "over": "/",
    "multiplied by": "*", "added to": "+", "less": "-",
}  # fmt: skip


def _column(ask: Ask) -> Plan | Refusal:
    table, new = ask.reading.table.name, ask.text("new")
    if any(column.name == new for column in ask.reading.table.columns):
        return Refusal(f"{table} has a column {new} already.")
    a = ask.column("a")
    if ask.has("number"):
        b, right = ask.text("number"), ask.text("number")
    else:
        b = ask.column("b")
        right = f"{table}[{quoted(b)}]"
    for name in (a, *(() if ask.has("number") else (b,))):
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers.")
    sign = _SIGNS[ask.phrase("sign_word")]
    code = f"{table}[{quoted(new)}] = {table}[{quoted(a)}] {sign} {right}\n{table}.head()"
    return Plan(f"New column {new}", code, f"{a} {sign} {b}.")


_ADD = "add|make|create|compute|calculate|define"


def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            f"{_ADD} new? column called|named? <new{mark}> as|equal_to|from|with|of? <a>"
            f" {{arithmetic:sign_word}} {right}",
            _column,
            conditions=False,
        )
        for mark in ("=", '"')
        for right in ("<b>", "<number~>")
    )


INTENT = Intent(
    "a new column from others by arithmetic",
    _rules(),
    (
        Example(
            'add a column "density" as body mass divided by bill length',
            "df['density'].iloc[0] == 3500 / 38",
        ),
        Example(
            "add a column profit as sales minus cost",
            "df['profit'].tolist() == [2]",
            data={"sales": [5], "cost": [3]},
        ),
        Example('create a column called "kg" as body mass divided by 1000', "df['kg'][0] == 3.5"),
        Example(
            "add a column loss as gain times -1.5",
            "df['loss'].tolist() == [-3]",
            data={"gain": [2]},
        ),
        Example("add a column c as a - b", "'“-”' in declined", data={"a": [1], "b": [1]}),
        Example(
            'add a column "x" as body mass minus species', "'does not hold numbers' in declined"
        ),
    ),
)
