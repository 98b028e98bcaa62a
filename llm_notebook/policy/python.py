"""Reads the syntax tree of a cell, each kind of node by its method."""

# ruff: noqa: N802, D102 (methods are named after the nodes that they read)
from __future__ import annotations

import ast
from typing import Any

from llm_notebook.core.decision import PredictedEffect
from llm_notebook.policy import importing, settings
from llm_notebook.policy.expressions import Expressions
from llm_notebook.policy.names import Names
from llm_notebook.policy.values import TEXT, UNKNOWN, Value, texts

_ROUNDS = 5
_WAYS_OUT = (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)


class Reader(Expressions):
    """One pass over a tree; `read` repeats it until the table of names stands still."""

    def read(self, tree: ast.AST) -> list[PredictedEffect]:
        """All effects of a module, in the order of its text."""
        for _ in range(_ROUNDS):
            self._is_restless = False
            before = (self.makes_paths, self.has_code_in_text)
            self.found.clear()
            self.value(tree)
            after = (self.makes_paths, self.has_code_in_text)
            if not self._is_restless and before == after:
                break
        else:
            self.report("unknown", "names that stand for too many things", tree)
        return sorted(self.found.values(), key=lambda e: (e.line or 0, e.column or 0))

    def _assign(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            self.claim(target.id, target)
            self.bind(target.id, value)
        elif isinstance(target, ast.Attribute) and target.attr in ("backend", "input"):
            self._told(target, value)
        else:
            self.value(target)

    def _told(self, target: ast.Attribute, value: Value) -> None:
        """What the keywords of these names say, said by an attribute."""
        word = ast.keyword(target.attr, target)
        if target.attr == "input":
            self.value(target)
            settings.source(self, value, word)
        elif self.value(target.value):
            settings.imported(self, f"the setting {target.attr}", target, value)

    def Assign(self, node: ast.Assign) -> Value:
        found = self.value(node.value)
        for target in node.targets:
            if isinstance(target, ast.Tuple | ast.List):
                self._unpack(target, node.value)
            else:
                self._assign(target, found)
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Dict):
                known = self.dicts.setdefault(target.id, [])
                if node.value not in known:
                    known.append(node.value)
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
        found = self.value(node.value)
        self.value(node.target)
        if isinstance(node.target, ast.Name):
            name = node.target.id
            self.written((*self.env.get(name, ()), *(self.seeded(name) or ())), node.target)
        elif isinstance(node.target, ast.Attribute) and node.target.attr == "rcParams":
            settings.given(self, "rcParams", node, found)
        return UNKNOWN

    def withitem(self, node: ast.withitem) -> Value:
        found = self.value(node.context_expr)
        if node.optional_vars:
            self._assign(node.optional_vars, found)
        return UNKNOWN

    def _annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        found = self.value(node)
        # Libraries evaluate annotations that are texts, or have texts in them.
        parts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
        whole = [*parts, *(texts(found) or ())]
        if any(isinstance(one, str) and "(" in one for one in whole) or TEXT[0] in found:
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
            self.functions.add(node.name)
            if node.name[:2] != "__":  # a class may define how it behaves
                self.claim(node.name, node)
        self._parameters.append({one.arg for one in every})
        for part in body:
            self.value(part)
        self._parameters.pop()
        return UNKNOWN

    def ClassDef(self, node: ast.ClassDef) -> Value:
        self.claim(node.name, node)
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

    def NamedExpr(self, node: ast.NamedExpr) -> Value:
        found = self.value(node.value)
        self._assign(node.target, found)
        return found

    def While(self, node: ast.While) -> Value:
        if isinstance(node.test, ast.Constant) and node.test.value and not _ends(node):
            self.report("unknown", "a loop that has no end", node)
        return self._parts(node)


def _ends(loop: ast.While) -> bool:
    """Whether there is a way out of ``while True``."""
    return any(isinstance(node, _WAYS_OUT) for node in ast.walk(loop))


Reader.handlers = (
    {
        getattr(ast, name): getattr(Reader, name)
        for name in (
            "Constant JoinedStr BinOp Dict Subscript IfExp BoolOp Compare NamedExpr Attribute Call "
            "Assign AnnAssign AugAssign withitem ClassDef While MatchClass Import ImportFrom"
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
    | {
        ast.List: Reader._display,
        ast.Tuple: Reader._display,
        ast.Set: Reader._display,
        ast.ListComp: Reader._plain,
        ast.DictComp: Reader._plain,
        ast.SetComp: Reader._plain,
    }
)
