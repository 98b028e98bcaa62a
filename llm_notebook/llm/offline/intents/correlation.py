"""Correlations as numbers."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.llm.offline.code import listed, quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.schema import Table, is_numeric


def _matrix(ask: Ask) -> Plan:
    return Plan("Correlations", f"{ask.frame}.corr(numeric_only=True)")


def _columns(ask: Ask) -> Plan | Refusal:
    names = ask.columns("y")
    for name in names:
        if not is_numeric(ask.reading.column(name)):
            return Refusal(f"{name} does not hold numbers, so it has no correlation.")
    if len(names) < 2:
        rest = f"{ask.frame}.corr(numeric_only=True)[{quoted(names[0])}]"
        code = f"{rest}.drop({quoted(names[0])}).sort_values(ascending=False)"
        return Plan(sentence(f"correlation of {said(names[0])} with each column"), code)
    title = sentence(f"correlation of {' and '.join(map(said, names))}")
    if len(names) > 2:
        return Plan(title, f"{ask.frame}[{listed(names)}].corr()")
    a, b = (f"{ask.frame}[{quoted(name)}]" for name in names)
    return Plan(title, f"{a}.corr({b})")


def _offers(table: Table) -> Iterator[str]:
    numbers = [name for name in table.numeric() if not name.lower().endswith("id")]
    if len(numbers) > 1:
        yield f"correlation between {numbers[0]} and {numbers[1]}"


_CORRELATION = "correlation|correlations|correlation_coefficient"

INTENT = Intent(
    "correlations of columns",
    (
        Rule(f"{{show}}? {_CORRELATION} matrix? of? {{data}}? columns?", _matrix),
        Rule(f"{{show}}? {_CORRELATION} of|between? <y+>", _columns),
        Rule(
            f"{{show}}? {_CORRELATION} of|between <y> with everything|other_columns|each_column|"
            "every_column|all_columns",
            _columns,
        ),
        Rule("correlate <y+>", _columns),
        Rule("how correlated are <y+>", _columns),
    ),
    (
        Example("correlation between body mass and bill length", "0.5 < _ < 1"),
        Example("correlation matrix", "_.shape == (2, 2)"),
        Example(
            "correlation of body mass with every column", "list(_.index) == ['bill_length_mm']"
        ),
        Example("correlate body mass and species", "'has no correlation' in declined"),
    ),
    _offers,
)
