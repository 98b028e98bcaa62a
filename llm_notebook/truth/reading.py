"""What each statement of a cell takes, makes and changes, more carefully than a context needs it.

A context is better for leaving out what is unlikely. Here what is left out would
be called true, so what may happen counts as happening: what a loop binds may be
bound, what a name is assigned to may be the same object.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from llm_notebook.context.source import MAX_PARSED, cell_magic, parsed
from llm_notebook.dryrun.flow import APART, used_in_text
from llm_notebook.truth.reader import StatementReader
from llm_notebook.truth.statements import CellFacts, Statement

_LINE_MAGIC = re.compile(r"^\s*(?:[\w.,\[\]\"' \t]+?=\s*)?%{1,2}(\w+)([^\n]*)$", re.MULTILINE)
_BACKWARDS = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|In|Out|_ih|_oh|_dh")
_TIMES = re.compile(r"^\s*%{1,2}(?:timeit|prun|memit)\b", re.MULTILINE)
_RESTORES = re.compile(r"^\s*%(?:store\s+-r|pylab\b|debug\b|prun\b)", re.MULTILINE)


def read_cell(source: str) -> CellFacts:
    """Read one code cell. Never raises."""
    return _read(source)


@lru_cache(maxsize=4096)
def _read(source: str) -> CellFacts:
    if len(source) > MAX_PARSED:
        return _unread(source, "is too long to be read")
    magic = cell_magic(source)
    tree = parsed(source, whole=True)
    if tree is None:
        if magic in APART:
            names = used_in_text(source)
            return CellFacts(hash(source), (Statement(hash(source), names, set(names)),))
        if magic:
            return _unread(source, f"is run by %%{magic}")
        return CellFacts(hash(source), is_broken=True)
    # A value that a magic makes is masked in the tree, so all the text counts.
    salt = 0 if not magic and _is_plain(source) else hash(source)
    doubt = _magic_doubt(source) if salt else ""
    try:
        statements = tuple(_statement(node, salt) for node in tree.body)
    except RecursionError:
        return _unread(source, "is nested too deeply to be read")
    if salt and statements:
        more = used_in_text(source)
        statements[0].used |= more
        statements[0].loaded |= more
        if magic == "capture":
            line = source.partition("\n")[0]
            statements[0].bound |= {word for word in line.split() if word.isidentifier()}
        if _TIMES.search(source):  # runs it without keeping what it binds
            for statement in statements:
                statement.maybe |= statement.bound
                statement.bound = set()
    if doubt:
        statements = (*statements, Statement(hash(source), dynamic=True))
    if not doubt and any(statement.dynamic for statement in statements):
        doubt = "runs code that only exists when it runs"
    key = hash((salt, tuple(statement.key for statement in statements)))
    return CellFacts(key, statements, doubt)


def _unread(source: str, doubt: str) -> CellFacts:
    return CellFacts(hash(source), (Statement(hash(source), dynamic=True),), doubt)


def _is_plain(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _magic_doubt(source: str) -> str:
    for name, _ in _LINE_MAGIC.findall(source):
        if name not in APART:
            return f"is run by %{name}"
    if _RESTORES.search(source):
        return "binds names by a magic"
    return ""


def _statement(node: ast.stmt, salt: int) -> Statement:
    reader = StatementReader(Statement(hash((salt, ast.dump(node)))))
    if not salt:  # lines of what a magic runs are others than those of the cell
        reader.found.last_line = node.end_lineno or 0
    reader.found.binds_last = _binds_last(node)
    reader.visit(node)
    found = reader.found
    found.used |= reader.used
    found.bound |= reader.bound - found.dropped
    found.maybe -= found.bound
    found.draws |= {""} if any(map(_BACKWARDS.fullmatch, found.used)) else set()
    return found


def _binds_last(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return len(node.names) == 1
    if isinstance(node, ast.Assign):
        return all(isinstance(one, ast.Name) for one in node.targets)
    whole = ast.Expr | ast.Assert | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(node, whole)
