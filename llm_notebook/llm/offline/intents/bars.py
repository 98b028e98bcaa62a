"""A bar for each row or value, and the plot of one column without more."""

from __future__ import annotations

import msgspec

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered, finished
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time


def _one(ask: Ask) -> Result | None:
    """A plot of one column without more: clear for categories only."""
    frame, x = ask.frame_wanted, ask.column("x")
    if not frame.plotted or frame.kind in ("scatter", "box", "line", "area"):
        return None
    column = ask.reading.column(x)
    if not (is_numeric(column) or is_time(column)) or is_bool(column):
        return answered(ask, Query((x,)))
    return Question(
        f"{x} could be shown in several ways. Which one?",
        (
            ("histogram", f"histogram of {x}"),
            ("box plot", f"box plot of {x}"),
            ("number of rows by value", f"plot the number of rows by {x}"),
        ),
    )


def _rows(ask: Ask) -> Plan | Refusal | None:
    """A bar for each row, asked for in so many words."""
    y, x = ask.column("y"), ask.column("x")
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers, so it has no bars.")
    if x == y:
        return None
    frame = ask.frame_wanted
    if frame.kind not in ("", "bar", "barh"):
        return None
    rows = ask.frame
    if frame.ascending is not None:
        by = ask.reading.columns.get(frame.by, x if frame.by == "x" else y)
        if by not in (x, y):
            return None
        direction = "" if frame.drawn_ascending else ", ascending=False"
        rows += f".sort_values({quoted(by)}{direction})"
    title = sentence(f"{said(y)} of each row, by {said(x)}")
    kind, rot = ("barh", "") if frame.kind == "barh" else ("bar", ", rot=0")
    code = f"ax = {rows}.plot.{kind}(x={quoted(x)}, y={quoted(y)}, legend=False{rot})"
    labels = (label(y), label(x)) if kind == "barh" else (label(x), label(y))
    return Plan(title, f"{code}\n{finished(title, *labels)}")


def _which(ask: Ask) -> Result | None:
    """Bars of two columns without an aggregate: there may be several rows to a bar."""
    frame = ask.frame_wanted
    y, x = ask.column("y"), ask.column("x")
    if frame.kind not in ("bar", "barh", "pie") or x == y:
        return None
    numbers = [name for name in (y, x) if _is_number(ask, name)]
    if len(numbers) == 1:
        y, x = numbers[0], ({y, x} - {numbers[0]}).pop()
    elif not numbers:
        return None
    kind = {"bar": "bar chart", "barh": "horizontal bar chart", "pie": "pie chart"}[frame.kind]
    order = ""
    if frame.ascending is not None:
        by = ask.reading.columns.get(frame.by, x if frame.by == "x" else y)
        axis = "x axis" if by == x else "y axis"
        order = f" sorted by {axis} {'ascending' if frame.ascending else 'descending'}"
    each = (("each row as a bar", f"{kind} of {y} of each row by {x}{order}"),)
    return Question(
        f"There may be several values of {y} for each {x}. What should be shown of them?",
        (
            ("mean", f"{kind} of the mean {y} by {x}{order}"),
            ("total", f"{kind} of the total {y} by {x}{order}"),
            *(each if frame.kind != "pie" else ()),
        ),
    )


def _compared(ask: Ask) -> Result | None:
    """A comparison is a bar chart where nothing else is said."""
    if ask.frame_wanted.kind:
        return _which(ask)
    frame = msgspec.structs.replace(ask.frame_wanted, kind="bar", plotted=True)
    return _which(msgspec.structs.replace(ask, frame_wanted=frame))


def _is_number(ask: Ask, name: str) -> bool:
    return is_numeric(ask.reading.column(name)) and not is_bool(ask.reading.column(name))


def _rule(pattern: str, build: object) -> Rule:
    return Rule(pattern, build, frames=True)  # type: ignore[arg-type]


INTENT = Intent(
    "bars of a column's values, or of each row",
    (
        _rule("{show}? <x>", _one),
        _rule("{show}? <y> of|for each|every row|record {by} <x>", _rows),
        _rule("{show}? <y> {by} <x>", _which),
        _rule("{show}? <y> and|{vs} <x>", _which),
        _rule("{show}? about? distribution of|about? <x> and|{vs} <y>", _which),
        _rule("{show}? comparison of|about? <y> and|{vs} <x>", _compared),
        _rule("x_axis|x <x> and? y_axis|y <y>", _which),
        _rule("{show}? <y> and its|their <x>", _which),
    ),
    (
        Example("plot species", "sum(bar.get_height() for bar in ax.patches) == 8"),
        Example("bar chart of island", "sum(bar.get_height() for bar in ax.patches) == 8"),
        Example("pie chart of island", "len(ax.patches) == 3"),
        Example("show island as a bar chart", "len(ax.patches) == 3"),
        Example("plot the bill length", "choices[0] == 'histogram' and len(choices) == 3"),
        Example(
            "bar chart of body mass and island in descending order",
            "choices == ['mean', 'total', 'each row as a bar']",
        ),
        Example(
            "bar chart of body mass of each row by island sorted by y axis descending",
            "ax.patches[0].get_height() == 5400 and len(ax.patches) == 8",
        ),
    ),
    rank=56,
)
