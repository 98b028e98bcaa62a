"""Some columns of a table, or of the rows that fit a condition."""

from __future__ import annotations

from llm_notebook.llm.offline.code import quoted, said, sentence
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan


def _columns(ask: Ask) -> Plan | None:
    if ask.frame_wanted.plotted:
        return None
    names = ask.columns("y")
    if len(set(names)) < len(names):
        return None
    code = f"{ask.frame}[[{', '.join(map(quoted, names))}]]"
    return Plan(sentence(" and ".join(map(said, names))), code)


INTENT = Intent(
    "chosen columns",
    (
        Rule("{show} columns? <y+> columns?", _columns, polars=True),
        Rule("select|keep|only|take columns? <y+> columns?", _columns, polars=True),
        Rule("what|which <y> is|are|was|were? there|listed?", _columns, polars=True),
        Rule("{show} <y+> of|for|from|in T|all_rows|each_row|each_T|all_T", _columns, polars=True),
    ),
    (
        Example("show species and body mass", "list(_.columns) == ['species', 'body_mass_g']"),
        Example(
            "what is the island where species is Gentoo",
            "_['island'].tolist() == ['Dream', 'Biscoe']",
        ),
        Example("what was the island in body mass 3500", "_['island'].tolist() == ['Torgersen']"),
        Example(
            "show the player where school is St. Mary's High",
            "_['player'].tolist() == ['A. Lee']",
            data={"player": ["A. Lee", "B. Bo"], "school": ["St. Mary's High", "x"]},
        ),
        Example(
            "show species and body mass",
            "_.columns == ['species', 'body_mass_g']",
            library="polars",
        ),
    ),
    rank=60,
)
