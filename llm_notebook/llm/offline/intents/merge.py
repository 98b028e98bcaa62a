"""Join two live tables by a column that both have."""

from __future__ import annotations

from typing import Any

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import tables


def _has_two(scene: Scene) -> bool:
    return len(tables(scene.context)) > 1


def _merge(ask: Ask) -> Result | None:
    known = {table.name: table for table in tables(ask.scene.context)}
    a, b = ask.variable("a"), ask.variable("b")
    if a not in known or b not in known:
        return None
    if a == b:
        return Refusal("A table joined with itself: name two tables.")
    if known[a].library != known[b].library or known[a].library != "pandas":
        return Refusal("The rules can join two pandas tables.")
    both = [
        column.name
        for column in known[a].usable_columns()
        if column.name in {other.name for other in known[b].usable_columns()}
    ]
    how = {"": "inner", "all rows": "outer"}.get(ask.phrase("how"), ask.phrase("how").split(" ")[0])
    if ask.has("on") or ask.has("word"):
        on = ask.column("on") if ask.has("on") else ask.text("word")
        if on not in both:
            return Refusal(f"{on} is not a column of both {a} and {b}.")
    elif len(both) == 1:
        on = both[0]
    elif not both:
        return Refusal(f"{a} and {b} have no column of the same name.")
    else:
        return Question(
            f"{a} and {b} have several columns in common. By which one?",
            tuple((name, f'{how} join {a} and {b} on "{name}"') for name in both),
        )
    kinds = {t: next(c.dtype for c in known[t].columns if c.name == on) for t in (a, b)}
    if kinds[a] != kinds[b]:
        return Refusal(f"{on} holds {kinds[a]} in {a} and {kinds[b]} in {b}: convert one of them.")
    new = ask.scene.fresh("merged")
    rows = {
        "inner": "Rows without a partner are left out.",
        "left": f"Every row of {a} is kept.",
        "right": f"Every row of {b} is kept.",
        "outer": "Every row of both is kept.",
    }[how]
    return Plan(
        f"{a} and {b} joined by {on}",
        f'{new} = {a}.merge({b}, on={quoted(on)}, how="{how}")\n{new}',
        rows,
    )


_HOW = "inner|left|right|outer"
_VERB = "merge|join|combine"


def _rules() -> tuple[Rule, ...]:
    found = []
    for verb in (f"{_VERB}", "<how>"):
        for key in ("", " on|by|using <on>", ' on|by|using <word">'):
            start = verb if verb != "<how>" else "{join:how} join|merge"
            pattern = f"{start} <a&> and|with|to <b&>{key}"
            found.append(Rule(pattern, _merge, conditions=False, polars=True, when=_has_two))
    return tuple(found)


_TOWNS: dict[str, dict[str, list[Any]]] = {"towns": {"city": ["Rome", "Oslo"], "people": [3, 1]}}
_HOMES: dict[str, list[Any]] = {"city": ["Oslo", "Oslo", "Bern"], "price": [5, 6, 7]}

INTENT = Intent(
    "joining two live tables by a common column",
    _rules(),
    (
        Example(
            "merge df with towns", "merged['people'].tolist() == [1, 1]", data=_HOMES, others=_TOWNS
        ),
        Example(
            "left join df and towns on city",
            "len(_) == 3 and _['people'].isna().sum() == 1",
            data=_HOMES,
            others=_TOWNS,
        ),
        Example(
            "merge df and towns",
            "choices == ['city', 'year']",
            data={"city": ["a"], "year": [1]},
            others={"towns": {"year": [1], "city": ["a"]}},
        ),
        Example(
            "merge df and towns",
            "'no column of the same name' in declined",
            data={"x": [1]},
            others=_TOWNS,
        ),
        Example(
            "join df and towns by city",
            "'convert one of them' in declined",
            data={"city": [1]},
            others=_TOWNS,
        ),
    ),
    rank=20,
)
