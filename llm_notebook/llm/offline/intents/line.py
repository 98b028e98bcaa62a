"""Lines over time or over a number; and the plot of one column by another without more."""

from __future__ import annotations

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import finished
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time


def _line(ask: Ask) -> Result | None:
    frame = ask.frame_wanted
    if frame.kind not in ("line", "area") or frame.ascending is not None:
        return None
    return _over(ask)


def _over(ask: Ask) -> Result:
    x, ys = ask.column("x"), ask.columns("y")
    if x in ys:
        return Refusal("It uses one column twice.")
    for name in ys:
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers, so it cannot be a line.")
    column = ask.reading.column(x)
    if not (is_numeric(column) or is_time(column)) or is_bool(column):
        return _which(ys[0], x)
    if not is_time(column):
        return _which(
            ys[0], x, "each row, joined in order", f"line of {ys[0]} of each row over {x}"
        )
    return _joined(ask, x, ys)


def _each_row(ask: Ask) -> Result | None:
    if ask.frame_wanted.kind != "line":
        return None
    return _joined(ask, ask.column("x"), ask.columns("y"))


def _joined(ask: Ask, x: str, ys: list[str]) -> Plan | Refusal:
    for name in ys:
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers, so it cannot be a line.")
    title = sentence(f"{' and '.join(map(said, ys))} over {said(x)}")
    y = quoted(ys[0]) if len(ys) == 1 else f"[{', '.join(map(quoted, ys))}]"
    kind = "area" if ask.frame_wanted.kind == "area" else "line"
    code = f"ax = {ask.frame}.sort_values({quoted(x)}).plot.{kind}(x={quoted(x)}, y={y})"
    return Plan(title, f"{code}\n{finished(title, label(x), label(ys[0]) if len(ys) == 1 else '')}")


def _pair(ask: Ask) -> Result | None:
    """A plot of A by B without an aggregate: clear over time, else many things."""
    frame = ask.frame_wanted
    y, x = ask.column("y"), ask.column("x")
    if not frame.plotted or frame.kind or frame.ascending is not None or x == y:
        return None
    if not is_numeric(ask.reading.column(y)) or is_bool(ask.reading.column(y)):
        return None
    return _over(ask)


def _trend(ask: Ask) -> Result | None:
    """A trend is a plot, though no word says so."""
    frame = ask.frame_wanted
    if frame.kind or frame.ascending is not None or ask.column("x") == ask.column("y"):
        return None
    return _over(ask)


def _which(y: str, x: str, *more: str) -> Question:
    last = more or ("all of them, as box plots", f"box plot of {y} by {x}")
    return Question(
        f"There may be several values of {y} for each {x}. What should be shown of them?",
        (
            ("mean", f"plot the mean {y} by {x}{' as a line chart' if more else ''}"),
            ("total", f"plot the total {y} by {x}{' as a line chart' if more else ''}"),
            (last[0], last[1]),
        ),
    )


_TREND = "trend|trends|change|changes|evolution|development"

INTENT = Intent(
    "lines of a column over time, and plots of one column by another",
    (
        Rule("{show}? <y+> {by}|{vs} <x>", _line, frames=True),
        Rule("{show}? <y> of each row over <x>", _each_row, frames=True),
        Rule(f"{{show}}? {_TREND} of|in <y> {{by}}|{{vs}} <x>", _line, frames=True),
        Rule(f"{{show}}? {_TREND} of|in <y> {{by}}|{{vs}} <x>", _trend, frames=True),
        Rule("<y> {by}|{vs} <x>", _pair, frames=True),
    ),
    (
        Example("line plot of body mass over date", "len(ax.lines[0].get_xdata()) == 8"),
        Example("plot body mass over date", "len(ax.lines) == 1"),
        Example(
            "plot body mass by species",
            "choices == ['mean', 'total', 'all of them, as box plots']",
        ),
        Example(
            "line chart of price by year",
            "choices == ['mean', 'total', 'each row, joined in order']",
            data={"price": [3, 1], "year": [2001, 2000]},
        ),
        Example(
            "line of price of each row over year",
            "list(ax.lines[0].get_xdata()) == [2000, 2001]",
            data={"price": [3, 1], "year": [2001, 2000]},
        ),
        Example(
            "plot price over day",
            "choices == ['mean', 'total', 'all of them, as box plots']",
            data={"price": [3, 1], "day": ["03/01/2024", "02/02/2024"]},
        ),
    ),
    rank=57,
)
