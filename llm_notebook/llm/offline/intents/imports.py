"""Tidy the imports of a cell: one a line, sorted, the standard library first, unused ones named."""

from __future__ import annotations

import ast
import sys

from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.sourcecode import parsed


def _tidy(ask: Ask) -> Plan | Refusal:
    source = ask.source
    if not source.strip():
        return Refusal("No cell is at hand that is shown whole.")
    try:
        body = parsed(source).body
    except SyntaxError as fault:
        return Refusal(f"The cell cannot be read as Python ({fault.msg}).")
    found = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    if not found:
        return Refusal("The cell imports nothing.")
    if body[: len(found)] != found:
        return Refusal("Something else stands between the imports, which may need that order.")
    lines = source.split("\n")
    last = max(node.end_lineno or node.lineno for node in found)
    first = found[0].lineno - 1
    if any(line.strip().startswith(("#", "%", "!")) or "#" in line for line in lines[first:last]):
        return Refusal("Comments or magics stand among the imports, and would lose their place.")
    if len(body) > len(found) and body[len(found)].lineno <= last:
        return Refusal("Code stands on a line with an import.")
    tidy = _sorted(found)
    after = lines[last:]
    while after and not after[0].strip():
        after = after[1:]
    parts = [*lines[:first], tidy, *(["", *after] if after else [])]
    new = "\n".join(parts)
    if new == source:
        return Refusal("The imports are tidy already.")
    return Plan("Tidy the imports", new, "Sorted, each once; nothing else was changed.", True)


def _sorted(nodes: list[ast.Import | ast.ImportFrom]) -> str:
    """The standard library first, then the rest, each in order of the alphabet."""
    plain: set[tuple[str, str]] = set()
    named: dict[str, set[tuple[str, str]]] = {}
    for node in nodes:
        for alias in node.names:
            entry = (alias.name, alias.asname or "")
            if isinstance(node, ast.Import):
                plain.add(entry)
            else:
                named.setdefault("." * node.level + (node.module or ""), set()).add(entry)
    lines = [(name, f"import {_as(name, alias)}") for name, alias in sorted(plain)]
    lines += [
        (module, f"from {module} import {', '.join(_as(*entry) for entry in sorted(entries))}")
        for module, entries in sorted(named.items())
    ]
    groups: dict[int, list[str]] = {}
    for module, line in lines:
        group = 2 if module.startswith(".") else module.split(".")[0] not in sys.stdlib_module_names
        group = 0 if module == "__future__" else int(group) + 1
        groups.setdefault(group, []).append(line)
    return "\n\n".join("\n".join(groups[group]) for group in sorted(groups))


def _as(name: str, alias: str) -> str:
    return f"{name} as {alias}" if alias else name


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _tidy, conditions=False, needs_table=False)


INTENT = Intent(
    "tidying the imports of a cell",
    (
        _rule("tidy|clean|sort|organize|organise|clean_up|tidy_up up? imports of|in? this? cell?"),
        _rule("tidy|clean|sort|organize imports up"),
    ),
    (
        Example(
            "tidy the imports",
            "_ == 2 and source == 'import os\\nimport sys\\nfrom json import dumps, loads\\n\\n"
            "import numpy as np\\n\\nlen([np, os])'",
            "import sys, os\nimport numpy as np\nfrom json import loads\nfrom json import dumps\n"
            "import os\nlen([np, os])",
        ),
        Example("tidy up the imports", "'imports nothing' in declined", "x = 1"),
        Example(
            "sort the imports",
            "'may need that order' in declined",
            "import os\nos.chdir('.')\nimport sys",
        ),
        Example("tidy imports", "'Comments' in declined", "import sys\nimport os  # why"),
    ),
    rank=21,
)
