"""Reads the syntax tree of a cell, each kind of node by its method."""

# ruff: noqa: N802, D102 (methods are named after the nodes that they read)
from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from llm_notebook.core.decision import PredictedEffect
from llm_notebook.policy import closer, importing, knowledge
from llm_notebook.policy.calls import Call
from llm_notebook.policy.names import Names
from llm_notebook.policy.values import (
    PATH,
    PLAIN_VALUE,
    TEXT,
    UNKNOWN,
    Atom,
    Value,
    is_path,
    joined,
    texts,
)

_ROUNDS = 5


class Reader(Names):
    """One pass over a tree; `read` repeats it until the table of names stands still."""

    def read(self, tree: ast.AST) -> list[PredictedEffect]:
        """All effects of a module, in the order of its text."""
        for _ in range(_ROUNDS):
            self._is_restless = False
            paths = self.makes_paths
            self.found.clear()
            self.value(tree)
            if not self._is_restless and paths == self.makes_paths:
                break
        else:
            self.report("unknown", "names that stand for too many things", tree)
        return sorted(self.found.values(), key=lambda e: (e.line or 0, e.column or 0))

    def value(self, node: Any) -> Value:
        """What the node may be; reports what it does on the way."""
        handler = _HANDLERS.get(node.__class__)
        if handler is not None:
            return handler(self, node)
        return self._parts(node)

    def _parts(self, node: ast.AST) -> Value:
        for name in node._fields:
            child = getattr(node, name, None)
            if child.__class__ is list:
                for one in child:
                    if isinstance(one, ast.AST):
                        self.value(one)
            elif isinstance(child, ast.AST):
                self.value(child)
        return UNKNOWN

    def _nothing(self, _: ast.AST) -> Value:
        return UNKNOWN

    def Constant(self, node: ast.Constant) -> Value:
        value = node.value
        return (Atom("const", value),) if value.__class__ is str else PLAIN_VALUE

    def JoinedStr(self, node: ast.JoinedStr) -> Value:
        whole = ""
        known = True
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                found = texts(self.value(part.value))
                if part.format_spec:
                    self.value(part.format_spec)
                    found = None
            else:
                found = texts(self.value(part))
            if found is None or len(found) != 1:
                known = False
            else:
                whole += found[0]
        return (Atom("const", whole),) if known else TEXT

    def BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add):
            one, other = texts(left), texts(right)
            if one and other and len(one) * len(other) < 9:
                return tuple(Atom("const", a + b) for a in one for b in other)
            if one or other:
                return TEXT
        elif isinstance(node.op, ast.Div) and (is_path(left) or is_path(right)):
            return PATH
        return UNKNOWN

    def _plain(self, node: ast.AST) -> Value:
        self._parts(node)
        return PLAIN_VALUE

    def IfExp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return joined(self.value(node.body), self.value(node.orelse))

    def BoolOp(self, node: ast.BoolOp) -> Value:
        found = self.value(node.values[0])
        for one in node.values[1:]:
            found = joined(found, self.value(one))
        return found

    def Compare(self, node: ast.Compare) -> Value:
        self.value(node.left)
        for operator, right in zip(node.ops, node.comparators, strict=True):
            # Whether a module is loaded tells of the platform, and gives nobody the module.
            if isinstance(operator, ast.In | ast.NotIn) and _is_module_table(right):
                continue
            self.value(right)
        return PLAIN_VALUE

    def NamedExpr(self, node: ast.NamedExpr) -> Value:
        found = self.value(node.value)
        self._assign(node.target, found)
        return found

    def Attribute(self, node: ast.Attribute, call: Call | None = None) -> Value:
        inner = node.value
        if isinstance(inner, ast.Name):  # noqa: SIM108 (mypy narrows a statement only)
            base = self.name(inner, receiver=True)
        else:
            base = self.value(inner)
        if node.ctx.__class__ is ast.Load:
            return self.member(base, node.attr, node, call)
        self.stored(base, node)
        return UNKNOWN

    def Call(self, node: ast.Call) -> Value:
        call = Call.of(node, self.value)
        func = node.func
        if isinstance(func, ast.Attribute):
            callee = self.Attribute(func, call)
        elif isinstance(func, ast.Name):
            callee = self.name(func, call)
        else:
            callee = self.value(func)
        return closer.result(self, callee, call)

    def _assign(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value)
        else:
            self.value(target)

    def Assign(self, node: ast.Assign) -> Value:
        found = self.value(node.value)
        for target in node.targets:
            if isinstance(target, ast.Tuple | ast.List):
                self._unpack(target, node.value)
            else:
                self._assign(target, found)
        return UNKNOWN

    def _unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for one, part in zip(target.elts, value.elts, strict=True):
                self._assign(one, self.value(part))
        else:
            self.value(target)

    def AnnAssign(self, node: ast.AnnAssign) -> Value:
        self._annotation(node.annotation)
        self._assign(node.target, self.value(node.value) if node.value else UNKNOWN)
        return UNKNOWN

    def AugAssign(self, node: ast.AugAssign) -> Value:
        self.value(node.value)
        self.value(node.target)
        return UNKNOWN

    def withitem(self, node: ast.withitem) -> Value:
        found = self.value(node.context_expr)
        if node.optional_vars:
            self._assign(node.optional_vars, found)
        return UNKNOWN

    def _annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        self.value(node)
        # Libraries evaluate annotations that are texts.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "(" in node.value:
            self.report("unknown", "an annotation that is code in a text", node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value:
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [one for one in (arguments.vararg, arguments.kwarg) if one]
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default:
                self.value(default)
        for one in every:
            self.bind(one.arg, UNKNOWN)
            self._annotation(one.annotation)
        body: list[Any] = [node.body] if isinstance(node, ast.Lambda) else node.body
        if not isinstance(node, ast.Lambda):
            for decorator in node.decorator_list:
                self.value(decorator)
            self._annotation(node.returns)
            self.bind(node.name, UNKNOWN)
            if knowledge.METHODS.get(node.name) == "displays":
                self.report("displays", f"defines {node.name}", node)
        self._parameters.append({one.arg for one in every})
        for part in body:
            self.value(part)
        self._parameters.pop()
        return UNKNOWN

    def ClassDef(self, node: ast.ClassDef) -> Value:
        self.bind(node.name, UNKNOWN)
        return self._parts(node)

    def MatchClass(self, node: ast.MatchClass) -> Value:
        for name in node.kwd_attrs:
            self.member(UNKNOWN, name, node, None)
        return self._parts(node)

    def _bound_name(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> Value:
        if node.name:
            self.bind(node.name, UNKNOWN)
        return self._parts(node)

    def Import(self, node: ast.Import) -> Value:
        importing.plain(self, node)
        return UNKNOWN

    def ImportFrom(self, node: ast.ImportFrom) -> Value:
        importing.members(self, node)
        return UNKNOWN


def _is_module_table(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "modules"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


_HANDLERS: dict[type, Callable[[Any, Any], Value]] = (
    {
        getattr(ast, name): getattr(Reader, name)
        for name in (
            "Constant JoinedStr BinOp IfExp BoolOp Compare NamedExpr Attribute Call Assign "
            "AnnAssign AugAssign withitem ClassDef MatchClass Import ImportFrom"
        ).split()
    }
    | {
        ast.Name: Names.name,
        ast.FunctionDef: Reader._function,
        ast.AsyncFunctionDef: Reader._function,
        ast.Lambda: Reader._function,
        ast.ExceptHandler: Reader._bound_name,
        ast.MatchAs: Reader._bound_name,
        ast.MatchStar: Reader._bound_name,
        ast.Load: Reader._nothing,
        ast.Store: Reader._nothing,
        ast.Global: Reader._nothing,
        ast.Pass: Reader._nothing,
    }
    | dict.fromkeys(
        (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp),
        Reader._plain,
    )
)
