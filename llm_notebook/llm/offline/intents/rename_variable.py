"""Rename a variable in every cell of the notebook."""

from __future__ import annotations

import ast
import keyword
import re

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Change, Plan, Refusal
from llm_notebook.llm.offline.sourcecode import SourceCode

_NOT_ALL = "Not every cell is shown to the rules, so a use of the name could be missed."


def _rename(ask: Ask) -> Plan | Refusal:
    context, old, new = ask.scene.context, ask.variable("old"), ask.text("new")
    if not new.isidentifier() or keyword.iskeyword(new):
        return Refusal(f"{new!r} cannot be the name of a variable.")
    shown = {cell.label for cell in context.cells} - set(context.redacted_cells)
    if set(context.labels) - shown:
        return Refusal(_NOT_ALL)
    if ask.scene.variable(new) is not None:
        return Refusal(f"There is a variable {new} already.")
    changes: list[Change] = []
    for shown_cell in context.cells:
        source = shown_cell.cell.source
        if shown_cell.cell.type != "code" or not re.search(rf"\b{old}\b", source):
            continue
        if re.search(rf"\b{new}\b", source):
            return Refusal(f"{shown_cell.label} uses the name {new} already.")
        changed = _changed(source, old, new)
        if changed is None:
            return Refusal(
                f"{old} stands in {shown_cell.label} in a way that the rules cannot change safely."
            )
        if changed != source:
            changes.append(Change(changed, shown_cell.label))
    if not changes:
        return Refusal(f"No cell uses {old}.")
    first, *rest = changes
    why = "Run the changed cells again: until then only the old name has a value."
    return Plan(f"Rename {old} to {new}", first.code, why, True, first.cell, also=tuple(rest))


def _changed(source: str, old: str, new: str) -> str | None:
    """The source with the other name; None where a scope or a text may hide a use."""
    try:
        code = SourceCode(source)
        tree = ast.walk(code.tree)
        for node in tree:
            match node:
                case ast.Name(id=name) if name == old:
                    code.put(node, new)
                case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name) if (
                    name == old
                ):
                    return None
                case ast.alias() if old in (node.asname, node.name.partition(".")[0]):
                    return None
                case ast.Global(names=names) | ast.Nonlocal(names=names) if old in names:
                    return None
                case ast.Constant(value=str(text)) if re.search(rf"@{old}\b|\{{{old}\b", text):
                    return None
    except SyntaxError:
        return None
    lines = [line for line in source.splitlines() if re.match(r"\s*[%!]", line)]
    if any(re.search(rf"\b{old}\b", line) for line in lines):
        return None
    return code.changed()


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _rename, conditions=False, needs_table=False, polars=True)


INTENT = Intent(
    "renaming a variable in every cell",
    (
        _rule("rename variable|dataframe|table? <old&> to|as|into <new=>"),
        _rule('rename variable|dataframe|table? <old&> to|as|into <new">'),
        _rule("change name_of variable? <old&> to <new=>"),
    ),
    (
        Example("rename df to birds", "n == 8", "n = len(df)  # df"),
        Example(
            "rename df to birds",
            "'cannot change safely' in declined",
            "f = lambda df: len(df)\nf(df)",
        ),
        Example("rename df to low_2023", "declined", "len(df)"),
        Example('rename df to "2x"', "'cannot be the name' in declined", "len(df)"),
        Example("rename df to birds", "'uses the name birds' in declined", "birds = df"),
    ),
    rank=21,
)
