"""Convert a column to dates, numbers, text or categories, or a polars table to pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.schema import Table, is_numeric, is_text, is_time


def _to(kind: str) -> Callable[[Ask], Plan | Refusal]:
    def build(ask: Ask) -> Plan | Refusal:
        table, y = ask.reading.table.name, ask.column("y")
        series, column = f"{table}[{quoted(y)}]", ask.reading.column(y)
        if kind == "dates":
            if is_time(column):
                return Refusal(f"{y} holds dates already.")
            if is_numeric(column):
                return Refusal(f"{y} holds numbers, and the rules cannot tell what they count.")
            made, why = (
                f"pd.to_datetime({series})",
                "What cannot be read as a date raises an error.",
            )
        elif kind == "numbers":
            if is_numeric(column):
                return Refusal(f"{y} holds numbers already.")
            if not is_text(column):
                return Refusal(f"{y} holds {column.dtype} values, not texts.")
            made, why = (
                f'pd.to_numeric({series}, errors="coerce")',
                "What cannot be read as a number becomes missing.",
            )
        else:
            made, why = f'{series}.astype("{kind}")', ""
        return Plan(
            f"Convert {y} to {'text' if kind == 'string' else kind}",
            f"{series} = {made}\n{series}.head()",
            why,
            uses=("pd",) if made.startswith("pd.") else (),
        )

    return build


def _to_pandas(ask: Ask) -> Plan | Refusal:
    table = ask.reading.table.name
    if not ask.is_polars:
        return Refusal(f"{table} is a pandas table already.")
    new = ask.scene.fresh(f"{table}_pandas")
    return Plan(f"{table} as a pandas table", f"{new} = {table}.to_pandas()\n{new}.head()")


def _offers(table: Table) -> Iterator[str]:
    if table.library == "polars":
        yield f"convert {table.name} to pandas"
        return
    for column in table.usable_columns():
        if is_text(column) and "date" in column.name.lower():
            yield f'convert "{column.name}" to dates'


def _rules(words: str, kind: str) -> Iterator[Rule]:
    build = _to(kind)
    for pattern in (
        f"convert|change|cast|turn|parse|make|transform <y> column? to|into|as {words}",
        f"convert|change|cast|set type|dtype|data_type of <y> to|into|as {words}",
    ):
        yield Rule(pattern, build, conditions=False)


INTENT = Intent(
    "converting a column to dates, numbers, text or categories",
    (
        *_rules("date|dates|datetime|datetimes|timestamp|timestamps", "dates"),
        Rule("parse <y> column? dates?", _to("dates"), conditions=False),
        *_rules("number|numbers|numeric|float|floats|integer|integers|int", "numbers"),
        *_rules("string|strings|text|texts|str", "string"),
        *_rules("category|categories|categorical", "category"),
        Rule("convert|change|turn T to|into pandas", _to_pandas, conditions=False, polars=True),
    ),
    (
        Example(
            'convert "order date" to dates',
            "df['order date'].dt.month.tolist() == [1, 2]",
            data={"order date": ["2024-01-02", "2024-02-03"]},
        ),
        Example(
            "convert amount to numbers",
            "df['amount'].isna().tolist() == [False, True] and df['amount'][0] == 3",
            data={"amount": ["3", "n/a"]},
        ),
        Example("change species to a category", "str(df['species'].dtype) == 'category'"),
        Example("convert body mass to dates", "'holds numbers' in declined"),
        Example("convert date to datetime", "'holds dates already' in declined"),
        Example("convert df to pandas", "len(df_pandas) == 8", library="polars"),
        Example("convert df to pandas", "'already' in declined"),
    ),
    _offers,
)
