"""Give a column another name."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal


def _rename(ask: Ask) -> Plan | Refusal:
    table, old, new = ask.reading.table.name, ask.column("x"), ask.text("new")
    if any(column.name == new for column in ask.reading.table.columns):
        return Refusal(f"{table} has a column {new} already.")
    mapping = f"{{{quoted(old)}: {quoted(new)}}}"
    how = mapping if ask.is_polars else f"columns={mapping}"
    why = f"Cells that say {old} must say {new} from then on."
    return Plan(f"Rename {old} to {new}", f"{table} = {table}.rename({how})\n{table}.head()", why)


def _taken(ask: Ask) -> Refusal:
    return Refusal(
        f"{ask.reading.table.name} has a column {ask.column('taken')} already. "
        "Put another name in quotes."
    )


def _rules(mark: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(pattern.replace("<new>", f"<new{mark}>"), _rename, conditions=False, polars=True)
        for pattern in (
            "rename column? <x> column? to|as|into <new>",
            "change name_of column? <x> to <new>",
            "call column <x> <new> instead?",
        )
    )


INTENT = Intent(
    "renaming a column",
    (
        *_rules('"'),
        *_rules("="),
        Rule(
            "rename column? <x> column? to|as|into <taken>", _taken, conditions=False, polars=True
        ),
    ),
    (
        Example('rename body mass to "weight"', "'weight' in df.columns and len(df.columns) == 6"),
        Example("rename the column bill_length_mm to beak", "'beak' in df.columns"),
        Example('rename island to "species"', "'already' in declined"),
        Example(
            'rename the column "a b" to "it\'s"', 'list(df.columns) == ["it\'s"]', data={"a b": [1]}
        ),
        Example("rename species to kind", "'kind' in df.columns", library="polars"),
    ),
)
