"""Add a heading, or headings where the notebook turns to something else."""

from __future__ import annotations

import ast
import re

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Change, Plan, Refusal
from llm_notebook.llm.offline.sourcecode import parsed

_MOST = 12
_PARTS = (
    ("Plots", r"\.(?:plot|hist|scatter|boxplot|bar|imshow)\b|plt\.|sns\.|px\.|alt\."),
    ("Model", r"\.(?:fit|predict|score)\(|sklearn|train_test_split"),
    ("Load the data", r"\.read_\w+\(|\.load\w*\(|open\("),
    (
        "Clean the data",
        r"\.(?:dropna|fillna|drop|drop_duplicates|rename|astype|replace)\(|to_datetime",
    ),
    ("Summaries", r"\.(?:groupby|group_by|describe|agg|pivot_table|value_counts|corr|resample)\("),
    ("First look", r"\.(?:head|tail|info|sample|shape|dtypes|columns)\b"),
)


def _one(ask: Ask) -> Plan | Refusal:
    label = ask.scene.label
    if not label:
        return Refusal("No cell is at hand to put a heading above.")
    text = " ".join(ask.text("text").split())
    return Plan(f"Heading “{text}”", f"## {text}", place=f"before {label}", kind="markdown")


def _all(ask: Ask) -> Plan | Refusal:
    context = ask.scene.context
    shown = {cell.label for cell in context.cells}
    if set(context.labels) - shown:
        return Refusal(
            "Not every cell is shown to the rules, so they cannot tell where parts begin."
        )
    changes: list[Change] = []
    now, is_headed = "", False
    for cell in context.cells:
        if cell.cell.type != "code":
            is_headed = bool(re.search(r"(?m)^#+ ", cell.cell.source))
            continue
        part = _part(cell.cell.source)
        if part and part != now:
            now = part
            if not is_headed:
                changes.append(Change(f"## {part}", place=f"before {cell.label}", kind="markdown"))
        is_headed = False
    if not changes:
        return Refusal(
            "Every part has a heading already, or the rules cannot tell the parts apart."
        )
    if len(changes) > _MOST:
        return Refusal(f"That would be {len(changes)} headings; select some cells instead.")
    first, *rest = changes
    why = "By what the cells call: the rules read no meaning."
    return Plan(
        "Add headings", first.code, why, place=first.place, kind="markdown", also=tuple(rest)
    )


def _part(source: str) -> str:
    for part, pattern in _PARTS:
        if re.search(pattern, source):
            return part
    try:
        body = parsed(source).body
    except SyntaxError:
        return ""
    if body and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        return "Imports"
    return ""


def _rule(pattern: str, build: object) -> Rule:
    return Rule(pattern, build, conditions=False, needs_table=False)  # type: ignore[arg-type]


_WHERE = "above|over|before this|it? cell?|here?"

INTENT = Intent(
    "headings, one or for every part of the notebook",
    (
        _rule(
            "add|insert|put heading|section_heading|header called|saying|with?"
            ' <text"> above_this_cell|above|here?',
            _one,
        ),
        _rule("add|insert|put headings|section_headings to|in|for? notebook|cells?", _all),
        _rule("add|insert headings for|to|above each|every section|part", _all),
    ),
    (
        Example('add a heading "Heavy birds"', "markdown == ['## Heavy birds']"),
        Example("add headings", "markdown == ['## Load the data', '## Plots']"),
        Example(
            "add headings to the notebook",
            "markdown == ['## Load the data', '## First look']",
            source="df.head()",
        ),
    ),
    rank=21,
)
