"""Texts that are put together from parts that are all written out."""

from __future__ import annotations

import ast
from collections.abc import Callable

from llm_notebook.policy.values import Value, texts

_FOLDED = frozenset(
    "join replace lower upper strip lstrip rstrip title capitalize swapcase casefold removeprefix "
    "removesuffix".split()
)
_LONGEST = 2_000
# Where keywords are names of columns and the like.
_NAMING = frozenset(
    "assign dict format update with_columns select agg aggregate namedtuple DataFrame Series "
    "rename replace from_dict".split()
)


def cut(known: tuple[str, ...] | None, part: ast.expr) -> tuple[str, ...] | None:
    """``"metsys"[::-1]``."""
    if not known:
        return None
    try:
        where = _index(part)
        return tuple(one[where] for one in known)
    except (ValueError, IndexError, TypeError):
        return None


def _index(part: ast.expr) -> slice | int:
    if isinstance(part, ast.Slice):
        return slice(*(p and ast.literal_eval(p) for p in (part.lower, part.upper, part.step)))
    found = ast.literal_eval(part)
    if not isinstance(found, int):
        raise ValueError
    return found


def made(
    func: ast.expr,
    known: tuple[str, ...] | None,
    node: ast.Call,
    value: Callable[[ast.expr], Value],
) -> tuple[str, ...] | None:
    """``"".join(["a", "b"])`` and ``"a-b".replace("-", "")``."""
    if not isinstance(func, ast.Attribute) or func.attr not in _FOLDED or node.keywords:
        return None
    arguments: list[object] = []
    for argument in node.args:
        parts = argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument]
        found = [texts(value(part)) for part in parts]
        if any(one is None or len(one) != 1 for one in found):
            return None
        plain = [one[0] for one in found if one]
        arguments.append(plain if parts is not None and parts != [argument] else plain[0])
    if not known or len(known) != 1 or _length(known[0], arguments) > _LONGEST:
        return None
    try:
        whole = getattr(str, func.attr)(known[0], *arguments)
    except (TypeError, ValueError):
        return None
    return (whole,) if isinstance(whole, str) else None


def _length(base: str, arguments: list[object]) -> int:
    """More than what comes out can be long."""
    parts = [one for a in arguments for one in (a if isinstance(a, list) else [a])]
    return (len(base) + 1) * (1 + len(parts) + sum(len(str(one)) for one in parts))


def has_unknown_keys(given: ast.expr, func: ast.expr) -> bool:
    """Whether ``**{...}`` gives keywords that are not written out, to what may act on them."""
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if name in _NAMING:
        return False
    if isinstance(given, ast.Dict):
        return not all(key is None or isinstance(key, ast.Constant) for key in given.keys)
    return isinstance(given, ast.DictComp)
