"""What the tree of a cell says of imports, attributes and bindings, in one walk."""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache

from llm_notebook.context.source import parsed

_MOST_CHAINS = 300
_NAMED = (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)

Chain = tuple[str, tuple[str, ...], int]
"""A name, the attributes behind it, and the line."""


@dataclass
class Syntax:
    """Of one cell.

    Attributes
    ----------
    tree : ast.Module or None
        None where Python cannot parse it.
    imports : list of (str, int)
        Modules that it imports, anywhere, each with its line; empty for a relative one.
    modules : dict of str to str
        Names that imports bind, and the module that each stands for; ``module:name``
        where it is something out of one.
    chains : list of Chain
        Every ``name.attribute…``, the longest of each place, once.
    assigned : set of str
        Names that anything but an import or a definition binds, or several imports.
    """

    tree: ast.Module | None = None
    imports: list[tuple[str, int]] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    chains: list[Chain] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)


@lru_cache(maxsize=256)
def syntax_of(source: str) -> Syntax:
    """Read a cell; the result is shared and must not be changed."""
    found = Syntax(parsed(source))
    if found.tree is None:
        return found
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting: deque[ast.AST] = deque([found.tree])
    while waiting:
        node = waiting.popleft()
        kind = type(node)
        if kind is ast.Constant:
            continue
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                found.assigned.add(node.id)  # type: ignore[attr-defined]
            continue
        if kind is ast.Attribute:
            inner = _chain(node, found, seen)  # type: ignore[arg-type]
            if inner is not None:
                waiting.append(inner)
            continue
        if kind is ast.Import:
            _import(node, found)  # type: ignore[arg-type]
            continue
        if kind is ast.ImportFrom:
            _import_from(node, found)  # type: ignore[arg-type]
            continue
        if kind in _NAMED and node.name:  # type: ignore[attr-defined]
            found.assigned.add(node.name)  # type: ignore[attr-defined]
        for name in node._fields:
            child = getattr(node, name, None)
            if type(child) is list:
                waiting.extend(item for item in child if isinstance(item, ast.AST))
            elif isinstance(child, ast.expr | ast.stmt | ast.arguments | ast.pattern):
                waiting.append(child)
    return found


def _import(node: ast.Import, found: Syntax) -> None:
    for alias in node.names:
        top = alias.name.partition(".")[0]
        found.imports.append((alias.name, node.lineno))
        _bind(found, alias.asname or top, alias.name if alias.asname else top)


def _import_from(node: ast.ImportFrom, found: Syntax) -> None:
    module = "" if node.level else node.module or ""
    found.imports.append((module, node.lineno))
    for alias in node.names:
        _bind(found, alias.asname or alias.name, f"{module}:{alias.name}")


def _bind(found: Syntax, name: str, module: str) -> None:
    """Note what an import binds; a name that several bind in another way is any of them."""
    if found.modules.setdefault(name, module) != module:
        found.assigned.add(name)


def _chain(
    node: ast.Attribute, found: Syntax, seen: set[tuple[str, tuple[str, ...]]]
) -> ast.expr | None:
    """Take up an attribute with all before it; what it begins with, where that is no name."""
    parts: list[str] = []
    at: ast.expr = node
    while type(at) is ast.Attribute:
        parts.append(at.attr)
        at = at.value
    if type(at) is not ast.Name:
        return at
    key = (at.id, tuple(reversed(parts)))
    if key not in seen and len(seen) < _MOST_CHAINS:
        seen.add(key)
        found.chains.append((*key, node.lineno))
    return None
