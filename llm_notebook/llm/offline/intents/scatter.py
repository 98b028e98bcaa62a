"""Scatter plots, also coloured by a third column; two numbers against each other."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal, Result
from llm_notebook.llm.offline.query import finished, grouped
from llm_notebook.llm.offline.schema import Table, is_bool, is_numeric, is_time


def _points(ask: Ask) -> Result | None:
    frame = ask.frame_wanted
    if frame.kind != "scatter" or frame.ascending is not None:
        return None
    return _scatter(ask)


def _plotted(ask: Ask) -> Result | None:
    """Two columns of numbers against each other, without a word of the kind of plot."""
    frame = ask.frame_wanted
    numbers = all(_is_number(ask, name) for name in (ask.column("x"), ask.column("y")))
    if not numbers or not frame.plotted or frame.kind or frame.ascending is not None:
        return None
    return _scatter(ask)


def _against(ask: Ask) -> Result | None:
    """As in "show A versus B": of two numbers that is a plot, though no word says so."""
    frame = ask.frame_wanted
    numbers = all(_is_number(ask, name) for name in (ask.column("x"), ask.column("y")))
    return _scatter(ask) if numbers and not frame.kind and frame.ascending is None else None


def _is_number(ask: Ask, name: str) -> bool:
    column = ask.reading.column(name)
    return is_numeric(column) and not is_bool(column)


def _scatter(ask: Ask) -> Plan | Refusal:
    x, y = ask.column("x"), ask.column("y")
    for name in (x, y):
        if not (is_numeric(ask.reading.column(name)) or is_time(ask.reading.column(name))):
            return Refusal(f"{name} does not hold numbers, so it cannot be in a scatter plot.")
    if x == y:
        return Refusal("It uses one column twice.")
    title = sentence(f"{said(y)} against {said(x)}")
    end = finished(title, label(x), label(y))
    if not ask.has("c"):
        code = f"ax = {ask.frame}.plot.scatter(x={quoted(x)}, y={quoted(y)})"
        return Plan(title, f"{code}\n{end}")
    c = ask.column("c")
    if c in (x, y):
        return Refusal("It uses one column twice.")
    if is_numeric(ask.reading.column(c)) and not is_bool(ask.reading.column(c)):
        marks = f'x={quoted(x)}, y={quoted(y)}, c={quoted(c)}, colormap="viridis"'
        return Plan(f"{title}, by {said(c)}", f"ax = {ask.frame}.plot.scatter({marks})\n{end}")
    code = f"""\
fig, ax = plt.subplots()
for name, group in {grouped(ask.reading, [c])}:
    ax.scatter(group[{quoted(x)}], group[{quoted(y)}], label=str(name))
ax.legend(title={quoted(label(c))})
{end}"""
    return Plan(f"{title}, by {said(c)}", code, uses=("plt",))


def _offers(table: Table) -> Iterator[str]:
    numbers = [name for name in table.numeric() if not name.lower().endswith("id")]
    if len(numbers) > 1:
        yield f"scatter plot of {numbers[0]} against {numbers[1]}"


def _rules(pattern: str, build: object = _points) -> Iterator[Rule]:
    yield Rule(pattern, build, frames=True)  # type: ignore[arg-type]
    yield Rule(f"{pattern} {_COLOUR} <c>", build, frames=True)  # type: ignore[arg-type]
    yield Rule(f"{_COLOUR} <c> {pattern}", build, frames=True)  # type: ignore[arg-type]


_COLOUR = (
    "coloured_by|colored_by|colour_by|color_by|with_colour_by|with_color_by|colouring_by"
    "|coloring_by|with_different_colors_by|with_different_colours_by|and_color_by|and_colour_by"
    "|color_indicating|with_color_indicating|points_colored_by|with_points_colored_by"
)
_LINK = "correlation|relationship|relation|association"
_ON_X = "on_x_axis|along_x_axis"
_ON_Y = "on_y_axis|along_y_axis"

INTENT = Intent(
    "scatter plots, also coloured by a column",
    (
        *_rules("{show}? <y> {vs}|by <x>"),
        *_rules("{show}? <x> and|with <y>"),
        *_rules(f"{{show}}? {_LINK} between|of <x> and|with <y>"),
        *_rules(f"{{show}}? <x> {_ON_X} and? <y> {_ON_Y}"),
        *_rules("x <x> y <y>"),
        Rule("{show}? <x> and|{vs} <y> by|for_each|for_different <c>", _points, frames=True),
        *_rules("<y> {vs}|by <x>", _plotted),
        Rule("{show}? <y> vs|versus|against <x>", _against, frames=True),
        *_rules(f"{_LINK} between|of <x> and|with <y>", _plotted),
    ),
    (
        Example(
            "scatter plot of body mass vs bill length",
            "ax.get_xlabel() == 'bill length (mm)' and len(ax.collections[0].get_offsets()) == 8",
        ),
        Example("show body mass and bill length as a scatter plot", "len(ax.collections) == 1"),
        Example(
            "plot body mass against bill length coloured by species",
            "[text.get_text() for text in ax.get_legend().get_texts()]"
            " == ['Adelie', 'Chinstrap', 'Gentoo']",
        ),
        Example(
            "Scatterplot of net price vs qty. Color by store",
            "len(ax.collections) == 2",
            data={"net price": [1.5, 2], "qty": [3, 4], "store": ['"a"', "b"]},
        ),
        Example("show me body mass versus bill length", "len(ax.collections) == 1"),
        Example("scatter plot of species and island", "'does not hold numbers' in declined"),
    ),
    _offers,
    rank=54,
)
