"""What a function or a class of the notebook does when it is called, by its syntax."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from llm_notebook.context.names import free_names, root_name
from llm_notebook.truth.expressions import (
    arguments,
    changed_by,
    is_dynamic,
    receiver,
    shared,
    varies,
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a function or a class of the notebook does when it is called.

    Attributes
    ----------
    needs : frozenset of str
        Names that it takes from outside.
    binds : frozenset of str
        Names outside that it may bind.
    changes : frozenset of str
        Names outside whose value it may change in place.
    passes : frozenset of str
        Names outside that it hands on to what it calls.
    changes_arguments : bool
        It may change in place what it is given.
    is_dynamic, varies : bool
        It runs what cannot be read; it draws by chance, or reads the clock.
    """

    needs: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    passes: frozenset[str] = frozenset()
    changes_arguments: bool = False
    is_dynamic: bool = False
    varies: bool = False

    def __or__(self, other: Body) -> Body:
        return Body(
            self.needs | other.needs,
            self.binds | other.binds,
            self.changes | other.changes,
            self.passes | other.passes,
            self.changes_arguments or other.changes_arguments,
            self.is_dynamic or other.is_dynamic,
            self.varies or other.varies,
        )


NO_BODY = Body()


def read_body(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Body:
    """What a function does when it is called."""
    needs = frozenset(free_names(function))
    args = function.args
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    parameters = {arg.arg for arg in given if arg}
    changed: set[str] = set()
    binds: set[str] = set()
    passes: set[str] = set()
    holds: dict[str, set[str]] = {}
    dynamic = chance = False
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed.add(root_name(node))
        elif isinstance(node, ast.AugAssign):
            changed.add(root_name(node.target))
        elif isinstance(node, ast.Global):
            binds.update(node.names)
        elif isinstance(node, ast.Call):
            changed |= changed_by(node)
            passes |= arguments(node) | receiver(node)
            dynamic = dynamic or is_dynamic(node)
            draw = varies(node)
            chance = chance or draw is not None
        if isinstance(
            node, ast.Assign | ast.For | ast.NamedExpr | ast.comprehension | ast.withitem
        ):
            _hold(node, holds)
    # A local name that stands for a parameter or an outer value is as good as that.
    left = list(changed)
    while left:
        more = holds.get(left.pop(), set()) - changed
        changed |= more
        left += more
    return Body(
        needs=needs,
        binds=frozenset(binds),
        changes=frozenset(changed & needs) - parameters,
        passes=frozenset(passes & needs),
        changes_arguments=bool(changed & parameters),
        is_dynamic=dynamic,
        varies=chance,
    )


def _hold(node: ast.AST, holds: dict[str, set[str]]) -> None:
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.NamedExpr):
        targets, value = [node.target], node.value
    elif isinstance(node, ast.For | ast.comprehension):
        targets, value = [node.target], node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars:
        targets, value = [node.optional_vars], node.context_expr
    else:
        return
    # Whoever is called may give back what it was given.
    given = shared(value) | {
        name for call in ast.walk(value) if isinstance(call, ast.Call) for name in arguments(call)
    }
    for target in targets:
        for part in ast.walk(target):
            if isinstance(part, ast.Name):
                holds.setdefault(part.id, set()).update(given)
