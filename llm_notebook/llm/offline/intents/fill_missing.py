"""Fill in missing values, or leave out the rows that have them."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted, said
from llm_notebook.llm.offline.grammar import SAID, Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import refuse_text
from llm_notebook.llm.offline.schema import Table, is_numeric


def _drop(ask: Ask) -> Plan:
    table = ask.reading.table.name
    new = ask.scene.fresh(f"{table}_complete")
    if not ask.has("y"):
        return Plan("Rows without missing values", f"{new} = {table}.dropna()\n{new}")
    names = ask.columns("y")
    subset = ", ".join(map(quoted, names))
    title = f"Rows with {' and '.join(map(said, names))}"
    code = f"{new} = {table}.dropna(subset=[{subset}])\n{new}"
    return Plan(title, code, f"{table} itself stays as it is.")


def _fill(ask: Ask) -> Plan | Refusal:
    y, table = ask.column("y"), ask.reading.table.name
    if ask.has("agg"):
        agg = ask.agg()
        refusal = refuse_text(ask.reading, [y], agg)
        if refusal is not None:
            return refusal
        value, what = f"{table}[{quoted(y)}].{agg}()", f"their {SAID[agg]}"
    elif ask.found["value"][0] == "N":
        if not is_numeric(ask.reading.column(y)):
            return Refusal(f"{y} does not hold numbers.")
        value = what = ask.text("value")
    else:
        if is_numeric(ask.reading.column(y)):
            return Refusal(f"{y} holds numbers, and a text was given.")
        value, what = quoted(ask.text("value")), f"“{ask.text('value')}”"
    code = f"{table}[{quoted(y)}] = {table}[{quoted(y)}].fillna({value})\n"
    return Plan(f"Fill missing {said(y)} with {what}", f"{code}{table}[{quoted(y)}].isna().sum()")


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:1]:
        yield f"fill missing {y} with the median"
        yield f"drop rows where {y} is missing"


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _fill, conditions=False)


_MISSING = "missing|missing_values|null|nulls|null_values|nan|nans|nan_values|na"
_FILL = "fill|fill_in|replace|impute"

INTENT = Intent(
    "filling in or leaving out missing values",
    (
        _rule(f"{_FILL} {_MISSING} of|in|for? <y> values? with|by {{agg}}"),
        _rule(f"{_FILL} {_MISSING} of|in|for? <y> values? with|by <value~>"),
        _rule(f'{_FILL} {_MISSING} of|in|for? <y> values? with|by <value">'),
        Rule(
            f"drop|remove|delete|exclude rows? with|that_have|having {_MISSING} of|in? <y+>",
            _drop,
            conditions=False,
        ),
        Rule(
            f"drop|remove|delete|exclude rows|T? with|that_have|having? {_MISSING} rows? {{data}}?",
            _drop,
            conditions=False,
        ),
    ),
    (
        Example(
            "fill missing age with the median",
            "df['age'].tolist() == [1, 2, 3]",
            data={"age": [1, None, 3]},
        ),
        Example("fill missing age with 0", "df['age'].tolist() == [1, 0]", data={"age": [1, None]}),
        Example('replace missing sex with "unknown"', "df['sex'].iloc[7] == 'unknown'"),
        Example(
            "fill missing age with -1", "df['age'].tolist() == [1, -1]", data={"age": [1, None]}
        ),
        Example("fill missing sex with the mean", "'has no mean' in declined"),
        Example("drop rows with missing values", "len(_) == 7 and len(df) == 8"),
        Example("drop rows with missing sex", "len(_) == 7"),
        Example("drop rows with missing sex", "'for pandas only' in declined", library="polars"),
    ),
    _offers,
    rank=45,
)
