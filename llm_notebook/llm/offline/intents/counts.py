"""Count rows: "how many rows per island", "value counts of species", also as a chart."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.query import Query, answered, stacked
from llm_notebook.llm.offline.schema import Table, is_numeric


def _count(ask: Ask) -> Result | None:
    keys = ask.columns("x")
    of_different = "of different" in (ask.phrase("by"), ask.phrase("of"))
    if of_different and not ask.has("rows") and not ask.frame_wanted.plotted:
        # "number of different islands" is one number.
        return None
    if ask.has("x3"):
        keys = [*keys, ask.column("x3")]
    if ask.has("x2") and ask.columns("x2") != keys:
        return None
    if ask.is_polars:
        return _polars(ask, keys)
    return answered(stacked(ask), Query(tuple(keys)))


def _total(ask: Ask) -> Result | None:
    """Of a table that is called as one of its columns, "total sales" means the column."""
    return None if ask.reading.is_table_a_column else _count(ask)


def _polars(ask: Ask, keys: list[str]) -> Plan | Refusal:
    if ask.frame_wanted.plotted or ask.frame_wanted.ascending is not None:
        return Refusal("This the rules can write for pandas only.")
    title = f"Number of rows by {' and '.join(map(said, keys))}"
    if len(keys) == 1:
        return Plan(title, f"{ask.frame}[{quoted(keys[0])}].value_counts(sort=True)")
    return Plan(title, f"{ask.frame}.group_by({listed(keys)}, maintain_order=True).len()")


def _alone(ask: Ask) -> Result | None:
    """Of a column alone: the rows of each of its values in a chart, else one of two numbers."""
    x, frame = ask.column("x"), ask.frame_wanted
    numeric = is_numeric(ask.reading.column(x))
    if frame.plotted:
        return None if numeric else _count(ask)
    if frame.ascending is not None:
        return None
    if numeric:
        return Question(
            "What should be counted?",
            (
                ("rows", "number of rows"),
                (f"different values of {x}", f"number of different values of {x}"),
                (f"total of {x}", f"total of {x}"),
            ),
        )
    return Question(
        "What should be counted?",
        (
            ("rows", "number of rows"),
            (f"different values of {x}", f"number of different values of {x}"),
        ),
    )


def _of_what(ask: Ask) -> Result | None:
    """Of another column by groups: its rows, or its different values."""
    y, x = ask.column("y"), ask.column("x")
    if x == y:
        return _count(ask)
    wanted = ask.frame_wanted
    chart = f"{'plot ' if wanted.plotted else ''}"
    return Question(
        f"What should be counted for each {x}?",
        (
            ("rows", f"{chart}number of rows by {x}"),
            (f"different values of {y}", f"number of different values of {y} by {x}"),
        ),
    )


def _offers(table: Table) -> Iterator[str]:
    for x in table.categories()[:2]:
        yield f"number of rows by {x}"
        yield f"bar chart of the number of rows by {x}"


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _count, frames=True, polars=True)


_N = "count|counts|number|total_number|how_many|total|total_count|amount|frequency|number_count"
_EXIST = "are_there|do_we_have|are|there_are|exist"

INTENT = Intent(
    "the number of rows of each value or group, also charted",
    (
        _rule("{show}? number|total_number|frequency of? {rows} {by} <x+>"),
        Rule("{show}? total of? {rows} {by} <x+>", _total, frames=True, polars=True),
        _rule("{show}? count|counts|how_many of? {rows}? are_there|do_we_have|are? {by} <x+>"),
        _rule("{show}? count|number|number_count of? {rows}? {by} <x+>"),
        _rule("{by} <x> {show}? count|number|how_many of? {rows} are_there?"),
        _rule("{rows} count|counts {by} <x+>"),
        _rule("{show}? value_counts|frequency|frequencies of? <x>"),
        _rule(
            "{show}? different|each|all|distinct? <x> {along} number|count"
            " of? {rows}? {has_each}? each|every|that? <x2>"
        ),
        _rule(
            "{show}? different|each|all|distinct? <x> {along} how_many {rows} are_there|are|have?"
            " {has_each}? each|every|that? <x2>"
        ),
        _rule("{show}? different|each|all|distinct <x> {along} number|count of? {rows}?"),
        _rule("{show}? how_many {rows} {has_each} each|every <x>"),
        _rule("{show}? different|each|all? <x> {along} number|count of {rows} {has_each} each"),
        _rule("{show}? different|each|all? <x> {along} how_many {rows} {has_each} each"),
        _rule("{show}? total_number|number|count {of_each:of} <x>"),
        _rule("{show}? total_number|total_count {by} <x>"),
        _rule("{show}? count|number of? {rows} {by} <x> {then} <x3>"),
        Rule(f"{{show}}? {_N} of? <x>", _alone, frames=True),
        _rule(f"{{show}}? {_N} of? <x> from|of|by|for|in each|different? <x2>"),
        _rule(f"x_axis <x> y_axis {_N} of? <x2>"),
        _rule("x_axis <x> y_axis count|number of {rows}"),
        Rule(f"{{show}}? {_N} of? <y> {_EXIST}? {{by}} <x>", _of_what, frames=True),
    ),
    (
        Example("how many rows per island?", "_['Biscoe'] == 3"),
        Example("count the penguins by species and island", "_['Adelie', 'Torgersen'] == 2"),
        Example("value counts of island", "_['Torgersen'] == 2"),
        Example(
            "plot the number of penguins per island",
            "sorted(bar.get_height() for bar in ax.patches) == [2, 3, 3]",
        ),
        Example(
            "Show different islands and the number of penguins on each island as a bar chart",
            "len(ax.patches) == 3",
        ),
        Example(
            "A bar chart of how many penguins in each species, and sort from low to high by the Y",
            "[bar.get_height() for bar in ax.patches] == [2, 2, 4]",
        ),
        Example(
            "Give me a pie chart showing the number of penguins for each island",
            "len(ax.patches) == 3",
        ),
        Example(
            "number of species by island",
            "choices == ['rows', 'different values of species']",
        ),
        Example("bar chart of the number of species", "len(ax.patches) == 3"),
        Example("bar chart of the number of different species", "len(ax.patches) == 3"),
        Example("number of rows for different species", "len(_) == 3"),
        Example("number of islands", "choices == ['rows', 'different values of island']"),
        Example("number of rows by species and sex as a stacked bar chart", "len(ax.patches) == 6"),
        Example("how many rows per island?", "_.rows()[0][1] == 3", library="polars"),
        Example("count by visits", "list(_.index) == [1, 2]", data={"visits": [2, 2, 1]}),
    ),
    _offers,
    rank=41,
)
