"""Numbers that an expression surely has, and how often a loop goes round, from syntax alone."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

NUMBER = (ast.expr, ast.stmt)
"""What counts as one step of a loop's body."""

_LARGEST = 1e18
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WRAPPERS = frozenset("tqdm trange enumerate list tuple reversed track progress_bar".split())  # noqa: SIM905

Value = Callable[[ast.expr], Any]


def number(node: ast.expr, value: Value) -> int | float | None:
    """The number that a plain expression of numbers has; None where it is not sure."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        found = value(node.operand)
        return -found if type(found) in (int, float) else None
    if isinstance(node, ast.Call) and _name(node.func) == "int" and len(node.args) == 1:
        found = value(node.args[0])
        return int(found) if type(found) in (int, float) and abs(found) < _LARGEST else None
    if not isinstance(node, ast.BinOp):
        return None
    left, right = value(node.left), value(node.right)
    if type(left) not in (int, float) or type(right) not in (int, float):
        return None
    if isinstance(node.op, ast.Pow):
        # 10 ** 8, but nothing that would keep us busy.
        if not 0 <= right <= 64 or abs(left) > 1024:
            return None
        return min(left**right, _LARGEST) if left >= 0 else None
    operate = _OPERATORS.get(type(node.op))
    try:
        found = operate(left, right) if operate else None
    except (ArithmeticError, ValueError):
        return None
    return found if found is not None and abs(found) < _LARGEST else None


def rounds(node: ast.AST, value: Value) -> float | None:
    """How often the body of a loop or of a comprehension runs; None where it is not sure."""
    if isinstance(node, ast.For | ast.AsyncFor):
        if _leaves(node):
            return None
        return _length(node.iter, value)
    if isinstance(node, _COMPREHENSIONS):
        product = 1.0
        for generator in node.generators:
            length = _length(generator.iter, value)
            if length is None:
                return None
            product *= length
        return product
    return None


def _leaves(node: ast.For | ast.AsyncFor) -> bool:
    return any(isinstance(part, ast.Break | ast.Return) for part in ast.walk(node))


def _length(node: ast.expr, value: Value) -> float | None:
    if not isinstance(node, ast.Call):
        return None
    name = _name(node.func)
    if name in _WRAPPERS and name != "trange" and node.args:
        return _length(node.args[0], value)
    if name not in ("range", "trange") or not 1 <= len(node.args) <= 3:
        return None
    parts = [value(part) for part in node.args]
    if any(type(part) is not int for part in parts):
        return None
    start, stop, step = (0, parts[0], 1) if len(parts) == 1 else (*parts, 1)[:3]
    if not step:
        return None
    length: float = (stop - start) / step
    return max(0.0, length)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
