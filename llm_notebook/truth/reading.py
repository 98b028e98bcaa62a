"""What each statement of a cell takes, makes and changes, more carefully than a context needs it.

A context is better for leaving out what is unlikely. Here what is left out would
be called true, so what may happen counts as happening: what a loop binds may be
bound, what a name is assigned to may be the same object.
"""

# ruff: noqa: N815, D102 (the names are those of ast.NodeVisitor)
from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from llm_notebook.context.names import NameReader, free_names, root_name
from llm_notebook.context.source import MAX_PARSED, cell_magic, parsed
from llm_notebook.dryrun.flow import APART, used_in_text
from llm_notebook.truth.expressions import (
    NO_BODY,
    Body,
    arguments,
    changed_by,
    is_dynamic,
    is_once,
    plain,
    read_body,
    shared,
    varies,
)

_LINE_MAGIC = re.compile(r"^\s*(?:[\w.,\[\]\"' \t]+?=\s*)?%{1,2}(\w+)([^\n]*)$", re.MULTILINE)
_BACKWARDS = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|In|Out|_ih|_oh|_dh")
_QUIET = frozenset({"suppress", "raises", "assertRaises"})
_TIMES = re.compile(r"^\s*%{1,2}(?:timeit|prun|memit)\b", re.MULTILINE)
_RESTORES = re.compile(r"^\s*%(?:store\s+-r|pylab\b|debug\b|prun\b)", re.MULTILINE)


@dataclass(slots=True)
class Statement:
    """One statement at the top of a cell.

    Attributes
    ----------
    key : int
        The same for the same code, however it is laid out.
    used : set of str
        Names that it takes from before it.
    loaded : set of str
        All names that it reads, its own too.
    bound, maybe, dropped : set of str
        Names that it binds for certain, perhaps, and deletes for certain.
    changed : set of str
        Names whose value from before it may change in place.
    altered : set of str
        The same of values that it made itself, which may be shared.
    imports : dict of str to str
        Names that an import binds, and what they are then.
    bodies : dict of str to Body
    calls : list of (str, frozenset of str)
        Whom it calls, and what it hands over.
    joins : set of (str, str, str)
        Two names that may stand for the same object, and how: the one may be or hold the other
        (``same``), be a part of it (``part``), or have it put in (``into``).
    results : list of (str, str, frozenset of str)
        A name that is assigned to what a call gives back: name, callee, arguments.
    plains : dict of str to frozenset of str
        Names that are numbers or texts then, where the names of the set are.
    once : set of str
        Names that stand for an iterator then.
    draws : set of str
        What a draw by chance goes through; empty for none.
    dynamic : bool
    last_line : int
        Of the cell, from 1; 0 where it is not known.
    binds_last : bool
        It binds nothing where it fails.
    """

    key: int
    used: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    altered: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    calls: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    joins: set[tuple[str, str, str]] = field(default_factory=set)
    results: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    plains: dict[str, frozenset[str]] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)
    draws: set[str] = field(default_factory=set)
    star: str = ""
    dynamic: bool = False
    last_line: int = 0
    binds_last: bool = False


@dataclass(frozen=True, slots=True)
class CellFacts:
    """A code cell, statement by statement.

    Attributes
    ----------
    key : int
        The same for the same code.
    doubt : str
        Why it cannot be followed; empty where it can.
    is_broken : bool
        It is no Python, so nothing of it can run.
    """

    key: int
    statements: tuple[Statement, ...] = ()
    doubt: str = ""
    is_broken: bool = False


def read_cell(source: str) -> CellFacts:
    """Read one code cell. Never raises."""
    return _read(source)


@lru_cache(maxsize=4096)
def _read(source: str) -> CellFacts:
    if len(source) > MAX_PARSED:
        return _unread(source, "is too long to be read")
    magic = cell_magic(source)
    tree = parsed(source, whole=True)
    if tree is None:
        if magic in APART:
            names = used_in_text(source)
            return CellFacts(hash(source), (Statement(hash(source), names, set(names)),))
        if magic:
            return _unread(source, f"is run by %%{magic}")
        return CellFacts(hash(source), is_broken=True)
    # A value that a magic makes is masked in the tree, so all the text counts.
    salt = 0 if not magic and _is_plain(source) else hash(source)
    doubt = _magic_doubt(source) if salt else ""
    try:
        statements = tuple(_statement(node, salt) for node in tree.body)
    except RecursionError:
        return _unread(source, "is nested too deeply to be read")
    if salt and statements:
        more = used_in_text(source)
        statements[0].used |= more
        statements[0].loaded |= more
        if magic == "capture":
            line = source.partition("\n")[0]
            statements[0].bound |= {word for word in line.split() if word.isidentifier()}
        if _TIMES.search(source):  # runs it without keeping what it binds
            for statement in statements:
                statement.maybe |= statement.bound
                statement.bound = set()
    if not doubt and any(statement.dynamic for statement in statements):
        doubt = "runs code that only exists when it runs"
    key = hash((salt, tuple(statement.key for statement in statements)))
    return CellFacts(key, statements, doubt)


def _unread(source: str, doubt: str) -> CellFacts:
    return CellFacts(hash(source), (Statement(hash(source), dynamic=True),), doubt)


def _is_plain(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _magic_doubt(source: str) -> str:
    for name, _ in _LINE_MAGIC.findall(source):
        if name not in APART:
            return f"is run by %{name}"
    if _RESTORES.search(source):
        return "binds names by a magic"
    return ""


def _statement(node: ast.stmt, salt: int) -> Statement:
    reader = _Reader(Statement(hash((salt, ast.dump(node)))))
    if not salt:  # lines of what a magic runs are others than those of the cell
        reader.found.last_line = node.end_lineno or 0
    reader.found.binds_last = _binds_last(node)
    reader.visit(node)
    found = reader.found
    found.used |= reader.used
    found.bound |= reader.bound - found.dropped
    found.maybe -= found.bound
    found.draws |= {""} if any(map(_BACKWARDS.fullmatch, found.used)) else set()
    return found


def _binds_last(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return len(node.names) == 1
    if isinstance(node, ast.Assign):
        return all(isinstance(one, ast.Name) for one in node.targets)
    whole = ast.Expr | ast.Assert | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(node, whole)


class _Reader(NameReader):
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
        # A loop is taken to go round at least once, or each cell with an `i` hung on the one before.
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

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self._bind(name)
            if not self._branches:
                whole = alias.name if alias.asname else name
                self.found.imports[name] = f"import {whole}"

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.found.star = f"{'.' * node.level}{node.module or ''}"
                continue
            name = alias.asname or alias.name
            self._bind(name)
            if not self._branches:
                origin = f"{'.' * node.level}{node.module or ''}"
                self.found.imports[name] = f"from {origin} import {alias.name}"


def _named(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
