"""Which columns there are and of which types."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan


def _types(ask: Ask) -> Plan:
    return Plan("Columns and their types", f"{ask.frame}.{'schema' if ask.is_polars else 'dtypes'}")


def _one(ask: Ask) -> Plan:
    y = ask.column("y")
    return Plan(f"Type of {y}", f"{ask.frame}[{quoted(y)}].dtype")


INTENT = Intent(
    "columns and their types",
    (
        Rule(
            "{show}? dtypes|data_types|types|column_types|info|schema of? {data}?",
            _types,
            polars=True,
        ),
        Rule(
            "{show}? columns|column_names|names_of_columns|columns_are_there", _types, polars=True
        ),
        Rule("what columns|types|data_types are_there|do_we_have?", _types, polars=True),
        Rule("{show}? type|dtype|data_type of <y>", _one, polars=True),
    ),
    (
        Example("what columns are there?", "'species' in _.index"),
        Example("data types", "str(_['body_mass_g']) == 'int64'"),
        Example("what is the type of body mass", "str(_) == 'int64'"),
        Example("columns", "_.names()[0] == 'species'", library="polars"),
    ),
)
