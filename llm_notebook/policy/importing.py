"""What imports bind, and what handing a module on means."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_notebook.policy import knowledge
from llm_notebook.policy.values import Atom

if TYPE_CHECKING:
    from llm_notebook.policy.names import Names

_ACTING = frozenset(
    {"antigravity", "turtledemo", "test", "pip", "setuptools", "pyximport", "hvplot"}
)
"""Modules that do something when they are imported."""


def plain(names: Names, node: ast.Import) -> None:
    """``import a.b as c``."""
    for alias in node.names:
        _loading(names, alias.name, alias)
        name = alias.asname or alias.name.partition(".")[0]
        path = alias.name if alias.asname else name
        _named(names, name, path, alias)
        if alias.asname and not knowledge.is_module(path):
            names.judge(knowledge.of_path(path) or knowledge.PURE, path, alias, None)
        names.bind(name, (Atom("ref", path),))


def members(names: Names, node: ast.ImportFrom) -> None:
    """``from a import b as c``."""
    if node.level or not node.module:
        names.report("unknown", "imports a module beside the notebook", node, node.module or ".")
        for alias in node.names:
            names.bind(alias.asname or alias.name, (Atom("any"),))
        return
    module = node.module
    known = _loading(names, module, node)
    for alias in node.names:
        if alias.name == "*":
            names.stars.add(module)
            if not knowledge.is_quiet(module):
                names.report("unknown", f"all names of {module}", alias, module)
            continue
        path = f"{module}.{alias.name}"
        name = alias.asname or alias.name
        names.makes_paths |= path.startswith("pathlib.") and "Pure" not in path
        names.bind(name, (Atom("ref", path),))
        if not known:
            continue
        if knowledge.is_module(path):
            _named(names, name, path, alias)
        elif knowledge.by_convention(name) != path and not name.startswith("fetch_"):
            # A later cell would see a bare name, and nothing of what it stands for.
            names.judge(knowledge.of_path(path), path, alias, None)


def _loading(names: Names, module: str, node: ast.AST) -> bool:
    """Report what importing does; whether the module is known."""
    rule = knowledge.of_module(module)
    root = module.partition(".")[0]
    if rule is None:
        names.strangers.add(root)
        names.report("unknown", f"imports {module}, which is not known", node, module)
    elif rule == "authority":
        names.report("authority", f"imports {module}", node, module)
    elif root in _ACTING:
        names.report("unknown", f"imports {module}, which acts at once", node, module)
    return rule is not None


def _named(names: Names, name: str, path: str, node: ast.AST) -> None:
    """A module gets a name: one that tells what it is, and no other's."""
    meant = knowledge.by_convention(name)
    # Some libraries have names that are as well those of variables.
    if meant == path or (meant is None and name == path and knowledge.is_vetted(path)):
        return
    _hidden(names, path, node)
    if meant is not None:
        _hidden(names, meant, node)


def _hidden(names: Names, path: str, node: ast.AST) -> None:
    """A module that acts, under a name that tells nobody so."""
    if knowledge.is_module(path) and not knowledge.is_quiet(path):
        names.report(
            "unknown", f"{path}, which acts, under a name that does not tell so", node, path
        )


def handed_on(names: Names, path: str, node: ast.AST) -> None:
    """A module as a value: whoever gets it can do all that it does."""
    if not knowledge.is_quiet(path):
        names.report("unknown", f"hands on the module {path}", node, path)


def by_text(names: Names, name: str, node: ast.AST) -> Atom:
    """``__import__`` and its like, with a name that is known."""
    _loading(names, name, node)
    return Atom("ref", name)
