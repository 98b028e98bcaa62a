"""Follow up what a cell computes: leave out a value, or keep one only."""

from __future__ import annotations

from llm_notebook.core.context import Column
from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.datacode import UNCLEAR, DataCode, changed, code_of
from llm_notebook.llm.offline.grammar import Ask, Builder, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Question, Refusal, Result
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table, is_bool, is_numeric, is_time, tables

_YEARS = range(1000, 3000)


def _is_follow_up(scene: Scene) -> bool:
    return scene.is_follow_up


def _pick(ask: Ask, *, keep: bool) -> Result:
    code, slot = code_of(ask), ask.found["v"]
    value = ask.reading.texts[slot]
    if slot[0] in "VW" and ask.reading.written(slot) != value:
        return Refusal("It is not clear where the value ends. Put it in quotes.")
    table = next((t for t in tables(ask.scene.context) if code and t.name == code.table), None)
    if code is None or table is None:
        return UNCLEAR
    names = [ask.column("x")] if ask.has("x") else _holding(value, slot[0], code, table)
    words = f"{'only' if keep else 'drop'} {quoted(value) if slot[0] == 'S' else value}"
    if not names:
        return Refusal(f"The cell and its table have no column that could hold {value}.")
    if len(names) > 1:
        choices = tuple((name, f'{words} in "{name}"') for name in names)
        return Question(f"Which column holds {value}?", choices)
    column = next((c for c in table.usable_columns() if c.name == names[0]), None)
    test = column and _test(column, value, slot[0], keep=keep)
    if column is None or test is None:
        return Refusal(f"{names[0]} cannot be compared with {value}.")
    why = f"{value} is looked for in {names[0]}, exactly as written."

    def change(code: DataCode) -> bool:
        series = quoted(column.name)
        return code.pick(
            lambda name: f"{name}[{series}]{test}", lambda name: ask.scene.fresh(name, ask.source)
        )

    return changed(ask, f"{'Only' if keep else 'Leave out'} {value}", change, why)


def _holding(value: str, kind: str, code: DataCode, table: Table) -> list[str]:
    """The columns that could hold a value: those that the cell goes by, or else any.

    A number says little of where it belongs, so the column that the cell adds
    up is no better a guess than another; a year belongs to a column of years.
    """
    columns = [c for c in table.usable_columns() if _could_hold(c, value, kind)]
    fits = [c.name for c in columns]
    years = [c.name for c in columns if is_time(c) or "year" in c.name.lower()]
    if kind == "N" and _is_year(value) and years:
        fits = years
    for names in (code.keys(), code.columns() if kind != "N" else ()):
        if found := [name for name in fits if name in names]:
            return found
    return fits


def _could_hold(column: Column, value: str, kind: str) -> bool:
    if is_bool(column):
        return False
    if kind == "N":
        return is_numeric(column) or (is_time(column) and _is_year(value))
    return not is_numeric(column) and not is_time(column)


def _is_year(value: str) -> bool:
    return value.isdecimal() and int(value) in _YEARS


def _test(column: Column, value: str, kind: str, *, keep: bool) -> str | None:
    if not _could_hold(column, value, kind):
        return None
    literal = value if kind == "N" else quoted(value)
    return f"{'.dt.year' if is_time(column) else ''} {'==' if keep else '!='} {literal}"


def _drop(ask: Ask) -> Result:
    return _pick(ask, keep=False)


def _only(ask: Ask) -> Result:
    return _pick(ask, keep=True)


def _each_value(pattern: str, build: Builder) -> list[Rule]:
    """The pattern for a number, a quoted text and a word."""
    return [
        Rule(pattern.replace("<v>", f"<v{mark}>"), build, conditions=False, when=_is_follow_up)
        for mark in ("~", '"', "=")
    ]


_DROP_WORDS = "drop|remove|exclude|without|leave_out|omit|skip|hide"
_ONLY_WORDS = "only|keep_only|just|show_only|only_show|only_for|for_only|keep"
_BARS = """\
ax = df.groupby("island")["body_mass_g"].mean().plot.bar(rot=0)  # by island
ax.set(title="Mean body mass by island", ylabel="mean body mass (g)");"""
_DATES = 'df.groupby("date")["body_mass_g"].sum()'
_ASK = "plot the mean body mass by island"
_MEAN = 'df["body_mass_g"].mean()'
_SELECTED = 'selected = df[df["sex"] == "female"]\nselected.groupby("island").size()'

INTENT = Intent(
    "leaving out a value of what a cell computes, or keeping one only",
    (
        *_each_value(f"{_DROP_WORDS} <v>", _drop),
        *_each_value(f"{_DROP_WORDS} <v> in|from|of <x>", _drop),
        *_each_value(f"{_DROP_WORDS} <x> <v>", _drop),
        *_each_value(f"{_ONLY_WORDS} <v>", _only),
        *_each_value(f"{_ONLY_WORDS} <v> in|from|of <x>", _only),
        *_each_value(f"{_ONLY_WORDS} <x> <v>", _only),
    ),
    (
        Example("drop Dream", "len(ax.patches) == 2", _BARS, follows=_ASK),
        Example("only Dream in island", "len(ax.patches) == 1", _BARS, follows=_ASK),
        Example("without the island Dream", "len(ax.patches) == 2", _BARS, follows=_ASK),
        Example(
            "drop -3 in x",
            "_ == 5",
            'df["x"].sum()',
            data={"x": [-3, 3, 2]},
            follows=_ASK,
        ),
        Example("drop 2024", "len(_) == 0", _DATES, follows=_ASK),
        Example("only 2024", "len(_) == 8", _DATES, follows=_ASK),
        Example("only 2024", "len(ax.patches) == 3", _BARS, follows=_ASK),
        Example("drop 3700", "'body_mass_g' in choices", _BARS, follows=_ASK),
        Example("drop male", "choices == ['species', 'island', 'sex']", _MEAN, follows=_ASK),
        Example(
            "drop male in sex",
            "_ == df.loc[df.sex != 'male', 'body_mass_g'].mean()",
            _MEAN,
            follows=_ASK,
        ),
        Example("drop Dream", "len(selected) == 2 and len(_) == 1", _SELECTED, follows=_ASK),
        Example(
            "log scale, and drop Dream",
            "ax.get_yscale() == 'log' and len(ax.patches) == 2",
            _BARS,
            follows=_ASK,
        ),
    ),
    rank=14,
)
