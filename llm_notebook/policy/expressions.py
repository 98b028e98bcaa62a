"""What expressions may be, each kind of node by its method."""

# ruff: noqa: N802, D102 (methods are named after the nodes that they read)
from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from llm_notebook.policy import addresses, by_name, closer, folding
from llm_notebook.policy.calls import Call
from llm_notebook.policy.names import Names
from llm_notebook.policy.tables.methods import KEYWORDS
from llm_notebook.policy.tables.names import CODE, DUNDERS, LOUD
from llm_notebook.policy.values import (
    ANY,
    BYTES,
    PATH,
    PLAIN_VALUE,
    SOME_TEXT,
    TEXT,
    UNKNOWN,
    Atom,
    Value,
    is_path,
    is_text,
    joined,
    texts,
)


class Expressions(Names):
    """Reads expressions; statements are `Reader`'s."""

    _base: Value = UNKNOWN  # what stood before the dot of the attribute read last
    handlers: ClassVar[dict[type, Callable[[Any, Any], Value]]] = {}

    def value(self, node: Any) -> Value:
        """What the node may be; reports what it does on the way."""
        handler = self.handlers.get(node.__class__)
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
        if not isinstance(value, str):
            return BYTES if isinstance(value, bytes) else PLAIN_VALUE
        return self._text((value,), node)

    def _text(self, known: tuple[str, ...], node: ast.AST) -> Value:
        """Texts, written out or put together from such."""
        for one in known:
            loud = LOUD.search(one)
            if loud:
                self.report("unknown", "a text that makes libraries act", node, loud[0])
            self.has_code_in_text |= bool(CODE.search(one))
        return tuple(Atom("const", one) for one in known)

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
        return self._text((whole,), node) if known else addresses.begun(whole, TEXT)

    def BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add):
            one, other = texts(left), texts(right)
            if one and other and len(one) * len(other) < 9:
                return self._text(tuple(a + b for a in one for b in other), node)
            if is_text(left) or is_text(right):
                return addresses.begun(one[0] if one else "", SOME_TEXT)
        elif isinstance(node.op, ast.Mod | ast.Mult) and is_text(left):
            return addresses.among([left], SOME_TEXT)
        elif isinstance(node.op, ast.Div) and (is_path(left) or is_path(right)):
            return PATH
        return UNKNOWN

    def _plain(self, node: ast.AST) -> Value:
        self._parts(node)
        return PLAIN_VALUE

    def _display(self, node: ast.List | ast.Tuple | ast.Set) -> Value:
        return addresses.among([self.value(one) for one in node.elts], PLAIN_VALUE)

    def Dict(self, node: ast.Dict) -> Value:
        keys = [self.value(key) for key in node.keys if key is not None]
        is_known = len(keys) == len(node.keys) and all(map(_is_constant, keys))
        of = PLAIN_VALUE if is_known else (*PLAIN_VALUE, ANY)
        return addresses.among([self.value(one) for one in node.values], of)

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
        return UNKNOWN

    def Subscript(self, node: ast.Subscript) -> Value:
        base = self.value(node.value)
        key = self.value(node.slice)
        if node.ctx.__class__ is not ast.Load:
            self.written(base, node)
            if getattr(node.value, "attr", "") == "rcParams" or any(
                atom.kind == "ref" and atom.of.endswith("rcParams") for atom in base
            ):
                known = texts(key)
                if known is None or "backend" in known:
                    self.report("unknown", "a setting that is not known", node)
            return UNKNOWN
        if not is_text(base):
            return UNKNOWN
        whole = folding.cut(texts(base), node.slice)
        return self._text(whole, node) if whole else SOME_TEXT

    def Attribute(
        self, node: ast.Attribute, call: Call | None = None, within: bool = False
    ) -> Value:
        inner = node.value
        if isinstance(inner, ast.Name):
            base = self.name(inner, receiver=True)
        elif isinstance(inner, ast.Attribute):
            base = self.Attribute(inner, within=True)
        else:
            base = self.value(inner)
        self._base = base
        if node.ctx.__class__ is ast.Load:
            return self.member(base, node.attr, node, call, within)
        self.stored(base, node)
        return UNKNOWN

    def Call(self, node: ast.Call) -> Value:
        call = Call.of(node, self.value, self.dicts)
        func = node.func
        for word in call.node.keywords:
            name = (word.arg or "").rpartition("__")[2]  # scikit-learn's `step__parameter`
            kind = KEYWORDS.get(name)
            if kind is not None:
                closer.keyword(self, kind, word, call.keywords[word.arg or ""])
            elif (word.arg or "")[:2] == "__" and word.arg not in DUNDERS:
                self.report("unknown", f"the keyword {word.arg}", word.value)
            elif word.arg is None and folding.has_unknown_keys(word.value, func):
                self.report("unknown", "keywords that are not known", word.value)
        by_name.handed(self, func, call)
        if isinstance(func, ast.Attribute):
            callee = self.Attribute(func, call)
        elif isinstance(func, ast.Name):
            callee = self.name(func, call)
        else:
            callee = self.value(func)
        is_of_text = isinstance(func, ast.Attribute) and is_text(self._base)
        addresses.given(self, callee, call)
        if is_of_text:
            whole = folding.made(func, texts(self._base), node, self.value)
            found = self._text(whole, node) if whole else SOME_TEXT
        else:
            found = closer.result(self, callee, call)
        return addresses.passed_on(self, call, found)


def _is_constant(value: Value) -> bool:
    return texts(value) is not None or value == PLAIN_VALUE


def _is_module_table(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "modules"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )
