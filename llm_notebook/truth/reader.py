"""Reading one statement at the top of a cell."""

# ruff: noqa: N802, N815, D102 (the names are those of ast.NodeVisitor)
from __future__ import annotations

import ast

from llm_notebook.context.names import free_names, root_name
from llm_notebook.truth.bodies import NO_BODY, Body, read_body
from llm_notebook.truth.expressions import (
    arguments,
    changed_by,
    is_dynamic,
    is_once,
    plain,
    shared,
    varies,
)
from llm_notebook.truth.ways import WayReader


class StatementReader(WayReader):
    """Reads one statement into a `Statement`."""

    # -- assignments ------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        if isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Name):
            self._visit_arguments(node.value.args)  # as with ``def``, nobody calls it yet
        else:
            self.visit(node.value)
        for target in node.targets:
            self._join(target, node.value)
            self.visit(target)
            if isinstance(target, ast.Name):
                self._name(target.id, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value:
            self.visit(node.value)
            self._join(node.target, node.value)
            self.visit(node.target)
            if isinstance(node.target, ast.Name):
                self._name(node.target.id, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._join(node.target, node.value)
        self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self._join(node.target, node.value)
        if not isinstance(node.target, ast.Name):
            self.visit(node.target)
            return
        name = node.target.id
        self.found.loaded.add(name)
        if name not in self.bound:
            self.used.add(name)
        self._change({name})
        known = plain(node.value)
        if known is not None:
            self.found.plains[name] = known | {name}

    def _name(self, name: str, value: ast.expr) -> None:
        known = plain(value)
        if known is not None and not self._branches:
            self.found.plains[name] = known
        if is_once(value):
            self.found.once.add(name)
        if isinstance(value, ast.Lambda):
            self.found.bodies[name] = read_body(value)

    def _join(self, target: ast.expr, value: ast.expr) -> None:
        sources = shared(value)
        names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
        if not isinstance(target, ast.Name | ast.Tuple | ast.List | ast.Starred):
            names = {root_name(target)} - {""}
        into = isinstance(target, ast.Attribute | ast.Subscript)
        whole = shared(value, parts=False)
        for source in sources:
            how = "part" if source not in whole else "into" if into else "same"
            self.found.joins |= {(name, source, how) for name in names}
        for call in ast.walk(value):
            if isinstance(call, ast.Call):
                given = frozenset(arguments(call) | ({root_name(call.func)} - {""}))
                self.found.results += [(name, root_name(call.func), given) for name in names]

    # -- calls and definitions --------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        self.visit(node.func)
        for part in [*node.args, *node.keywords]:
            self.visit(part)
        changed = changed_by(node)
        self._change(changed)
        callee = root_name(node.func)
        given = arguments(node)
        # What is put into a container is held by it.
        self.found.joins |= {(name, other, "into") for name in changed for other in given}
        if isinstance(node.func, ast.Attribute):
            given.add(callee)
        self.found.calls.append((callee, frozenset(given - {""})))
        self.found.dynamic = self.found.dynamic or is_dynamic(node)
        draw = varies(node)
        if draw is not None:
            self.found.draws.add(draw)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._visit_arguments(node.args)
        if node.returns:
            self.visit(node.returns)
        self._bind(node.name)
        self.found.bodies[node.name] = read_body(node)
        # A decorator may call it at once, or keep it.
        if node.decorator_list:
            self.found.calls.append((node.name, frozenset()))
            self.found.loaded.add(node.name)

    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function

    def _visit_arguments(self, args: ast.arguments) -> None:
        for default in [*args.defaults, *args.kw_defaults]:
            if default:
                self.visit(default)
        for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]:
            if arg and arg.annotation:
                self.visit(arg.annotation)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_arguments(node.args)
        # Whoever is given it may call it at once.
        self._inner(node, read_body(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            self.visit(part)
        body = NO_BODY
        own: set[str] = set()
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                for part in [*statement.decorator_list, *statement.args.defaults]:
                    self.visit(part)
                found = read_body(statement)
                if statement.name in ("__init__", "__new__", "__post_init__"):
                    # What it changes is the object that it makes.
                    found = Body(found.needs, found.binds, found.changes, found.passes)
                body |= found
                own.add(statement.name)
            else:
                taken = free_names(ast.ClassDef("_", [], [], [statement], []))
                self.used |= taken - own - self.bound
                self.found.loaded |= taken - own
                own |= {part.id for part in ast.walk(statement) if _stored(part)}  # type: ignore[attr-defined]
        self._bind(node.name)
        self.found.bodies[node.name] = body

    def _visit_comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        self._inner(node, NO_BODY)
        self.visit(node.generators[0].iter)
        calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
        for call in calls:
            self._change(changed_by(call))
            self.found.calls.append((root_name(call.func), frozenset(arguments(call))))
            self.found.dynamic = self.found.dynamic or is_dynamic(call)
            draw = varies(call)
            self.found.draws |= set() if draw is None else {draw}
        for part in node.generators:
            self._join(part.target, part.iter)
        inner = {
            target.id
            for part in node.generators
            for target in ast.walk(part.target)
            if isinstance(target, ast.Name)
        }
        if any(root_name(call.func) in inner or arguments(call) & inner for call in calls):
            # What its own names stand for is what it goes through.
            through = set().union(*(shared(part.iter) for part in node.generators))
            self.found.calls += [(root_name(call.func), frozenset(through)) for call in calls]
            if any(changed_by(call) & inner for call in calls):
                self._change(through)
        self.found.maybe |= {
            part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)
        }
        self.found.joins = {it for it in self.found.joins if not inner & {it[0], it[1]}}

    visit_ListComp = _visit_comprehension
    visit_SetComp = _visit_comprehension
    visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension

    def _inner(self, node: ast.Lambda | ast.expr, body: Body) -> None:
        taken = free_names(node)  # type: ignore[arg-type]
        self.used |= taken - self.bound
        self.found.loaded |= taken
        self._change(body.changes)
        self.found.maybe |= body.binds
        self.found.dynamic = self.found.dynamic or body.is_dynamic
        self.found.draws |= {""} if body.varies else set()
        self.found.calls += [(name, body.passes) for name in taken if body.passes]

    # -- imports ------------------------------------------------------------------

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        origin = ""
        if isinstance(node, ast.ImportFrom):
            origin = f"from {'.' * node.level}{node.module or ''} "
        for alias in node.names:
            if alias.name == "*":
                self.found.star = origin
                continue
            top = alias.name.partition(".")[0]
            name = alias.asname or (alias.name if origin else top)
            self._bind(name)
            if not self._branches:
                whole = alias.name if alias.asname or origin else top
                self.found.imports[name] = f"{origin}import {whole}"

    visit_ImportFrom = visit_Import


def _stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
