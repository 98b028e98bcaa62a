"""Reading the names of a statement, on ways that may not be taken too."""

# ruff: noqa: N802, N815, D102 (the names are those of ast.NodeVisitor)
from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable

from llm_notebook.context.names import NameReader, root_name
from llm_notebook.truth.statements import Statement

_QUIET = frozenset({"suppress", "raises", "assertRaises"})


class WayReader(NameReader, ABC):
    """Reads one statement. `bound` is what is bound on the way that is being read."""

    def __init__(self, found: Statement) -> None:
        super().__init__()
        self.found = found

    # -- names ----------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.found.loaded.add(node.id)
            if node.id not in self.bound:
                self.used.add(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            if node.id not in self.bound:
                self.used.add(node.id)
            self.bound.discard(node.id)
            if self._branches:
                self.found.maybe.add(node.id)
            else:
                self.found.dropped.add(node.id)

    def _bind(self, name: str) -> None:
        self.bound.add(name)
        self.found.dropped.discard(name)
        self.found.plains.pop(name, None)

    def _touch(self, node: ast.expr) -> None:
        self._change({root_name(node)})

    def _change(self, names: Iterable[str]) -> None:
        for name in set(names) - {""}:
            (self.found.altered if name in self.bound else self.found.changed).add(name)

    def _assign_part(self, node: ast.expr) -> None:
        self._touch(node)

    # -- ways that may not be taken -------------------------------------------

    def _arm(self, nodes: Iterable[ast.AST]) -> set[str]:
        """Read what may not run; returns what it binds on its way."""
        before = set(self.bound)
        self._branches += 1
        for node in nodes:
            self.visit(node)
        self._branches -= 1
        fresh = self.bound - before
        self.bound = before
        return fresh

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        one, other = self._arm(node.body), self._arm(node.orelse)
        self.found.maybe |= one | other
        self.bound |= one & other

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._join(node.target, node.iter)
        fresh = self._arm([node.target, *node.body])
        # A loop is taken to go round once, or each cell with an `i` would hang on the one before.
        if any(isinstance(part, ast.Continue | ast.Break) for part in ast.walk(node)):
            self.found.maybe |= fresh
        else:
            self.bound |= fresh
        self.found.maybe |= self._arm(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self.found.maybe |= self._arm(node.body)
        self.found.maybe |= self._arm(node.orelse)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self.found.maybe |= self._arm([*node.body, *node.orelse])
        for handler in node.handlers:
            self.found.maybe |= self._arm([handler]) | ({handler.name} if handler.name else set())
        for statement in node.finalbody:
            self.visit(statement)

    visit_TryStar = visit_Try

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item)
            if item.optional_vars:
                self._join(item.optional_vars, item.context_expr)
        names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
        names |= {part.id for item in node.items for part in ast.walk(item) if _named(part)}  # type: ignore[attr-defined]
        if names & _QUIET:
            self.found.maybe |= self._arm(node.body)
        else:
            for statement in node.body:
                self.visit(statement)

    visit_AsyncWith = visit_With

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        for case in node.cases:
            self.found.maybe |= self._arm([case])

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self._bind(node.rest)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self.found.maybe |= self._arm([node.body]) | self._arm([node.orelse])

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self.found.maybe |= self._arm(node.values[1:])

    @abstractmethod
    def _join(self, target: ast.expr, value: ast.expr) -> None:
        """Two names may stand for one object from here on."""


def _named(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)
