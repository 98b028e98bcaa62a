"""Methods that code calls on what a container holds: `for p in paths: p.rename(…)`.

The static gate knows what a name stands for, and not what a list holds. So each
method that code names is tried on each class that its containers hold.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from llm_notebook.context.typeinfo import is_one_of, mro, type_name
from llm_notebook.policy import predict
from llm_notebook.rules.live.syntax import syntax_of

_DICT = type.__dict__["__dict__"].__get__
_TEXTS = frozenset("str repr format len int float sorted".split())  # noqa: SIM905
_TEXT_PARTS = frozenset("name stem suffix str dt columns index".split())  # noqa: SIM905
"""Calls and attributes that give a text or the like, whatever they are of."""


@lru_cache(maxsize=256)
def methods_of(source: str) -> tuple[tuple[str, str, int], ...]:
    """Attributes that code names, each with the name that it stands behind, and its line.

    The name is empty where it is behind something else, or where that is a parameter.
    """
    tree = syntax_of(source).tree
    if tree is None:
        return ()
    found: dict[tuple[str, str], int] = {}
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or _is_text(node.value):
            continue
        at = node.value
        name = at.id if isinstance(at, ast.Name) and at.id not in parameters else ""
        found.setdefault((name, node.attr), node.lineno)
    return tuple((name, method, line) for (name, method), line in found.items())


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in _TEXTS
    return isinstance(node, ast.Attribute) and node.attr in _TEXT_PARTS


def acting_elements(
    methods: Iterable[tuple[str, int]], kinds: Iterable[type]
) -> Iterator[tuple[str, str, int]]:
    """Classes and methods of them that do something outside, with the line.

    Parameters
    ----------
    methods : iterable of (str, int)
        Names of methods and their lines.
    kinds : iterable of type
        What containers hold.
    """
    seen: list[type] = []
    lines = dict(reversed(list(methods)))
    for kind in kinds:
        if is_one_of(kind, tuple(seen)):
            continue
        seen.append(kind)
        own = {name for base in mro(kind)[:-1] for name in _DICT(base) if name in lines}
        for name in sorted(own):
            if _acts(type_name(kind), name):
                yield type_name(kind), name, lines[name]


@lru_cache(maxsize=4096)
def _acts(kind: str, method: str) -> bool:
    """Whether it does more than the static gate says of this method of anything."""
    source = f"x.{method}"
    plain = {effect.kind for effect in predict(source)}
    return any(effect.kind not in plain for effect in predict(source, {"x": kind}))
