"""Box plots."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import label, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.query import finished
from llm_notebook.llm.offline.schema import Table, is_numeric


def _box(ask: Ask) -> Plan | Refusal | None:
    if ask.frame_wanted.kind != "box" or ask.frame_wanted.ascending is not None:
        return None
    y = ask.column("y")
    if not is_numeric(ask.reading.column(y)):
        return Refusal(f"{y} does not hold numbers, so it has no box plot.")
    if not ask.has("x"):
        title = f"Distribution of {said(y)}"
        code = f"ax = {ask.frame}[{quoted(y)}].plot.box()"
        return Plan(title, f"{code}\nax.set(title={quoted(title)}, ylabel={quoted(label(y))});")
    x = ask.column("x")
    if x == y:
        return Refusal("It uses one column twice.")
    title = sentence(f"{said(y)} by {said(x)}")
    code = f"ax = {ask.frame}.boxplot(column={quoted(y)}, by={quoted(x)}, grid=False)"
    # pandas puts a second title over the figure.
    return Plan(title, f'{code}\nax.figure.suptitle("")\n{finished(title, label(x), label(y))}')


def _offers(table: Table) -> Iterator[str]:
    for y in table.numeric()[:1]:
        for x in table.categories()[:1]:
            yield f"box plot of {y} by {x}"


INTENT = Intent(
    "box plots, whole or by groups",
    tuple(
        Rule(pattern, _box, frames=True)
        for pattern in (
            "{show}? <y>",
            "{show}? <y> {by}|{vs} <x>",
            "{show}? distribution of <y>",
            "{show}? distribution of <y> {by} <x>",
            "<y> distribution {by} <x>",
        )
    ),
    (
        Example("box plot of body mass by species", "ax.get_title() == 'Body mass by species'"),
        Example("boxplot of bill length", "ax.get_ylabel() == 'bill length (mm)'"),
        Example(
            "show the distribution of body mass by species as a box plot",
            "ax.get_title() == 'Body mass by species'",
        ),
        Example("box plot of species", "'has no box plot' in declined"),
    ),
    _offers,
    rank=55,
)
