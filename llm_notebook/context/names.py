"""Which names a module's syntax binds, changes and uses, in the order of execution."""

# ruff: noqa: N815, D102 (the names are those of ast.NodeVisitor)
from __future__ import annotations

import ast
from typing import Self

_Scope = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.Lambda
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
)

# Methods that change the object they are called on. A method that is not here
# is taken to leave it alone: `df.head()` must not pull its cell into the slice.
MUTATORS = frozenset(
    "append extend insert add update setdefault pop popitem remove discard clear sort reverse "  # noqa: SIM905
    "fit partial_fit compile load_state_dict load_weights add_module register push put".split()
)
_SEEDS = frozenset({"seed", "manual_seed", "set_seed", "set_random_seed"})


class NameReader(ast.NodeVisitor):
    """Collect what a cell binds, touches and uses.

    Attributes
    ----------
    bound, touched, used, imported : set of str
    assigned : set of str
        Names of whose value a part is assigned to, or that are seeded.
    bodies : dict of str to set of str
        Functions and classes, and the names that these take from outside when they are called.
    deferred : set of str
        Those of `used` that only such bodies need.
    star : bool
    """

    def __init__(self) -> None:
        self.bodies: dict[str, set[str]] = {}
        self.deferred: set[str] = set()
        self.bound: set[str] = set()
        self.touched: set[str] = set()
        self.used: set[str] = set()
        self.imported: set[str] = set()
        self.assigned: set[str] = set()
        self.star = False
        self._later: set[str] = set()
        self._branches = 0

    @classmethod
    def of(cls, tree: ast.Module) -> Self:
        """Read a whole module."""
        reader = cls()
        reader.visit(tree)
        # A function's body runs when it is called: names that the cell defines
        # below the function are not needed from elsewhere.
        reader.deferred = reader._later - reader.bound - reader.used
        reader.used |= reader.deferred
        return reader

    def _bind(self, name: str) -> None:
        # What only one branch binds may still come from an earlier cell.
        (self.touched if self._branches else self.bound).add(name)

    def _touch(self, node: ast.expr) -> None:
        name = root_name(node)
        if name:
            self.touched.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.bound:
                self.used.add(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self.touched.add(node.id)

    def _assign_part(self, node: ast.expr) -> None:
        self._touch(node)
        self.assigned.add(root_name(node))

    def visit_Constant(self, node: ast.Constant) -> None:
        """Nothing; the inherited one is slow."""

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._assign_part(node)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._assign_part(node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            method = node.func.attr
            inplace = any(word.arg == "inplace" for word in node.keywords)
            if inplace or method in MUTATORS or method.startswith("set_"):
                self._touch(node.func)
            if method in _SEEDS:
                self._assign_part(node.func)
            if method == "shuffle":
                for argument in node.args:
                    self._touch(argument)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)
            if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name):
                self.bodies[target.id] = free_names(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            if node.target.id not in self.bound:
                self.used.add(node.target.id)
            self.touched.add(node.target.id)
        else:
            self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value:
            self.visit(node.value)
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)

    visit_AsyncFor = visit_For

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self._branches += 1
        for statement in [*node.body, *node.orelse]:
            self.visit(statement)
        self._branches -= 1

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.star = True
                continue
            name = alias.asname or alias.name.partition(".")[0]
            self._bind(name)
            self.imported.add(name)

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type:
            self.visit(node.type)
        # Python deletes the name behind the handler: it is no definition.
        fresh = {node.name} - self.bound if node.name else set()
        self.bound |= fresh
        for statement in node.body:
            self.visit(statement)
        self.bound -= fresh

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name:
            self._bind(node.name)

    def _visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        defaults = [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        for expression in [*node.decorator_list, *defaults]:
            self.visit(expression)
        self._bind(node.name)
        free = free_names(node)
        self.bodies[node.name] = free
        self._later |= free
        # It changes them when it is called, which may be anywhere below.
        parts = _parts_assigned(node) & free
        self.assigned |= parts
        self.touched |= parts | _global_names(node)

    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for expression in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            self.visit(expression)
        self._bind(node.name)
        self.bodies[node.name] = free_names(node)
        self._later |= self.bodies[node.name]

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._later |= free_names(node)

    def _visit_comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        self.used |= free_names(node) - self.bound

    visit_ListComp = _visit_comprehension
    visit_SetComp = _visit_comprehension
    visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension


def root_name(node: ast.expr) -> str:
    """The name that a chain of attributes, subscripts and calls starts from."""
    while True:
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else ""


def free_names(scope: _Scope) -> set[str]:
    """Names that a scope takes from outside."""
    bound: set[str] = set()
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        args = scope.args
        parameters = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        bound.update(arg.arg for arg in parameters if arg)
    return _names_taken(list(ast.iter_child_nodes(scope)), bound)


def _names_taken(stack: list[ast.AST], bound: set[str]) -> set[str]:
    loads: set[str] = set()
    outside: set[str] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            (loads if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outside.update(node.names)
        elif isinstance(node, _Scope):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bound.add(node.name)
            loads |= free_names(node)
        else:
            if isinstance(node, ast.alias):
                bound.add(node.asname or node.name.partition(".")[0])
            elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
                bound.add(node.name)
            stack.extend(ast.iter_child_nodes(node))
    return loads - (bound - outside)


def _parts_assigned(function: ast.AST) -> set[str]:
    stores = (
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)
    )
    return set(map(root_name, stores))


def _global_names(function: ast.AST) -> set[str]:
    nodes = ast.walk(function)
    return {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
