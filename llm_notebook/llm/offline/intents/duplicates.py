"""Find, count or leave out rows that are there twice."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan


def _by(ask: Ask, *, more: str = "") -> str:
    names = ask.columns("y") if ask.has("y") else []
    parts = [f"subset=[{', '.join(map(quoted, names))}]"] if names else []
    return ", ".join([*parts, *([more] if more else [])])


def _count(ask: Ask) -> Plan:
    why = "The first of each is not counted."
    return Plan("Number of duplicate rows", f"{ask.frame}.duplicated({_by(ask)}).sum()", why)


def _show(ask: Ask) -> Plan:
    mask = f"{ask.frame}.duplicated({_by(ask, more='keep=False')})"
    return Plan("Duplicate rows", f"{ask.frame}[{mask}]")


def _drop(ask: Ask) -> Plan:
    table = ask.reading.table.name
    new = ask.scene.fresh(f"{table}_unique")
    code = f"{new} = {table}.drop_duplicates({_by(ask)})\n{new}"
    return Plan("Without duplicate rows", code, f"{table} itself stays as it is.")


_DUPLICATES = "duplicates|duplicate_rows|duplicated_rows|duplicate_records|duplicate|duplicated"
_OF = "by|of|in|on|based_on"

INTENT = Intent(
    "duplicate rows: counting, showing, leaving out",
    (
        Rule(f"{{show}}? count|number_of|how_many {_DUPLICATES} are_there? {{data}}?", _count),
        Rule(f"{{show}}? count|number_of|how_many {_DUPLICATES} are_there? {_OF} <y+>", _count),
        Rule(f"{{show}} {_DUPLICATES} {{data}}?", _show),
        Rule(f"{{show}} {_DUPLICATES} {_OF} <y+>", _show),
        Rule(f"drop|remove|delete {_DUPLICATES} {{data}}?", _drop, conditions=False),
        Rule(f"drop|remove|delete {_DUPLICATES} {_OF} <y+>", _drop, conditions=False),
        Rule("deduplicate {data}", _drop, conditions=False),
    ),
    (
        Example("how many duplicate rows are there?", "_ == 1", data={"a": [1, 1, 2]}),
        Example("show duplicates by island", "len(_) == 8"),
        Example("remove duplicates", "_['a'].tolist() == [1, 2]", data={"a": [1, 1, 2]}),
        Example("drop duplicates by species", "len(_) == 3"),
        Example("remove duplicates", "'for pandas only' in declined", library="polars"),
    ),
)
