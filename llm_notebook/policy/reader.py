"""Reads the syntax tree of a cell: what names stand for, and what is done with them.

All bindings of a cell are one table, and a name may be any of the values it is bound
to anywhere; so an order of execution that the text does not show changes nothing.
What counts is that code *mentions* a thing that acts, not that it calls it: whoever
gets hold of ``os.system`` can call it from where no syntax shows it.
"""

# ruff: noqa: N802, D102 (methods are named after the nodes that they read)
from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from llm_notebook.core.decision import EffectKind, PredictedEffect
from llm_notebook.policy import closer, importing, knowledge
from llm_notebook.policy.calls import Call
from llm_notebook.policy.locating import Places
from llm_notebook.policy.naming import free_name
from llm_notebook.policy.tables.methods import ATTRIBUTES, DUNDERS
from llm_notebook.policy.values import (
    ANY,
    PATH,
    PLAIN_VALUE,
    TEXT,
    UNKNOWN,
    Atom,
    Value,
    instance,
    is_path,
    is_plain,
    joined,
    texts,
)

_RESTLESS = 5
_SETTINGS = ("rcParams", "options", "config", "defaultParams", "theme")
_STORABLE = frozenset({"__name__", "__doc__", "__qualname__", "__module__", "__all__"})


class Reader:
    """One pass over a tree; `read` repeats it until the table of names stands still."""

    def __init__(
        self, places: Places, known: Mapping[str, str], sources: Mapping[str, str], depth: int = 0
    ) -> None:
        self.places = places
        self.known = known
        self.sources = sources
        self.depth = depth
        self.env: dict[str, Value] = {}
        self.imported: set[str] = set()
        self.stars: set[str] = set()
        self.makes_paths = False
        self._loaded: set[str] = set()
        self._parameters: list[set[str]] = []
        self._restless = False
        self.found: dict[tuple[str, int, int, str], PredictedEffect] = {}

    def read(self, tree: ast.AST) -> list[PredictedEffect]:
        """All effects of a module, in the order of its text."""
        for _ in range(_RESTLESS):
            self._restless = False
            paths = self.makes_paths
            self.found.clear()
            self.value(tree)
            if not self._restless and paths == self.makes_paths:
                break
        else:
            self.report("unknown", "names that stand for too many things", tree)
        return sorted(self.found.values(), key=lambda e: (e.line or 0, e.column or 0))

    # What is found

    def report(self, kind: EffectKind, why: str, node: ast.AST, target: str = "") -> None:
        line, column = self.places.of(node)
        self.found.setdefault(
            (kind, line, column, why), PredictedEffect(kind, target, why, line, column)
        )

    def bind(self, name: str, value: Value) -> None:
        old = self.env.get(name)
        new = value if old is None else joined(old, value)
        if new != old:
            self.env[name] = new
            if name in self._loaded:
                self._restless = True

    # Expressions

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

    def Name(self, node: ast.Name, call: Call | None = None, receiver: bool = False) -> Value:
        name = node.id
        if node.ctx.__class__ is not ast.Load:
            self.bind(name, UNKNOWN)
            return UNKNOWN
        self._loaded.add(name)
        found = self.env.get(name)
        if found is None:
            found = free_name(self, node, call)
        else:
            found = self._bound(node, found, call, receiver)
        if not receiver:
            for atom in found:
                if atom.kind == "ref" and knowledge.is_module(atom.of):
                    importing.handed_on(self, atom.of, node)
        return found

    def _bound(self, node: ast.Name, found: Value, call: Call | None, receiver: bool) -> Value:
        name = node.id
        for atom in found:
            if atom.kind == "ref":
                self.judge(knowledge.of_path(atom.of), atom.of, node, call)
        rule = knowledge.BUILTINS.get(name, "pure")
        if rule != "pure" and not receiver and not any(name in one for one in self._parameters):
            self.judge(rule, name, node, call)
        if name not in self.imported:
            module = importing.by_convention(name)
            if module:
                found = joined(found, (Atom("ref", module),))
        return found

    def Attribute(self, node: ast.Attribute, call: Call | None = None) -> Value:
        inner = node.value
        if inner.__class__ is ast.Name:
            base = self.Name(inner, receiver=True)  # type: ignore[arg-type]
        else:
            base = self.value(inner)
        if node.ctx.__class__ is ast.Load:
            return self.member(base, node.attr, node, call)
        self._stored(base, node)
        return UNKNOWN

    def _stored(self, base: Value, node: ast.Attribute) -> None:
        name = node.attr
        if name in ATTRIBUTES or (name[:2] == "__" and name not in _STORABLE):
            self.report("unknown", f"changes {name}", node, name)
        for atom in base:
            if atom.kind == "ref" and not any(part in _SETTINGS for part in atom.of.split(".")):
                self.report("unknown", f"changes {atom.of}.{name}", node, atom.of)

    def member(self, base: Value, name: str, node: ast.AST, call: Call | None) -> Value:
        """An attribute of a value, got by a dot or by ``getattr``."""
        if name[:1] == "_" and name[:2] == "__" and name not in DUNDERS:
            self.report("unknown", f"the attribute {name}", node, name)
        elif name in ATTRIBUTES and not any(atom.kind == "ref" for atom in base):
            self.report("unknown", f"the attribute {name}", node, name)
        found: list[Atom] = []
        for atom in base:
            if atom.kind == "ref":
                path = f"{atom.of}.{name}"
                found.append(Atom("ref", path))
                self.judge(knowledge.of_path(path), path, node, call)
            elif atom.kind == "inst":
                if not is_plain(atom.of):
                    self._of_instance(atom.of, name, node, call)
                if atom.of == "pathlib.Path":
                    found.append(PATH[0])
                else:
                    found.append(ANY)
            else:
                if atom.kind == "any":
                    self._of_anything(name, node, call)
                found.append(ANY)
        return tuple(dict.fromkeys(found))

    def _of_instance(self, of: str, name: str, node: ast.AST, call: Call | None) -> None:
        path = f"{of}.{name}"
        if knowledge.of_path(of) is None:
            self._of_anything(name, node, call)
        else:
            self.judge(knowledge.of_instance(of, name), path, node, call)

    def _of_anything(self, name: str, node: ast.AST, call: Call | None) -> None:
        rule = knowledge.of_method(name)
        if rule is None and self.makes_paths and call is not None:
            rule = knowledge.PATH_METHODS.get(name)
        if rule is not None:
            self.judge(rule, f".{name}", node, call)

    def judge(self, rule: str | None, why: str, node: ast.AST, call: Call | None) -> None:
        if rule is None:
            self.report("unknown", f"{why}, of a module that is not known", node, why)
        elif rule != "pure":
            closer.look(self, rule, why, node, call)

    def Call(self, node: ast.Call) -> Value:
        call = Call.of(node, self.value)
        func = node.func
        if func.__class__ is ast.Attribute:
            callee = self.Attribute(func, call)  # type: ignore[arg-type]
        elif func.__class__ is ast.Name:
            callee = self.Name(func, call)  # type: ignore[arg-type]
        else:
            callee = self.value(func)
        return closer.result(self, callee, call)

    # Statements

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

    def seeded(self, name: str) -> Value | None:
        """What a live variable is; None where nobody said."""
        of = self.known.get(name)
        if of is None:
            return None
        kind, colon, path = of.partition(":")
        return (Atom("ref", path),) if colon and kind != "type" else (instance(of),)


def _is_module_table(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "modules"
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


_HANDLERS: dict[type, Any] = {
    getattr(ast, name): getattr(Reader, name)
    for name in (
        "Constant JoinedStr BinOp IfExp BoolOp Compare NamedExpr Name Attribute Call Assign "
        "AnnAssign AugAssign withitem ClassDef MatchClass Import ImportFrom"
    ).split()
} | {
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
} | dict.fromkeys(
    (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp),
    Reader._plain,
)
