"""What a name stands for that the code does not bind.

Such a name is a builtin, or was bound by an earlier cell, which a person has
reviewed. So calling it is not held, but for what live variables or the sources of
functions tell, and for names that all notebooks use for one thing.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_notebook.policy import knowledge
from llm_notebook.policy.tables.names import DUNDERS
from llm_notebook.policy.values import ANY, UNKNOWN, Atom, Value

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_DEEPEST = 3
_CALLED_ONLY = ("fetch_", "download_", "upload_")


def free_name(names: Names, node: ast.Name, call: Call | None) -> Value:
    """What an unbound name may be; reports what mentioning it does."""
    name = node.id
    rule = knowledge.BUILTINS.get(name)
    if rule is not None:
        if rule != knowledge.PURE:
            names.judge(rule, name, node, call)
        return (Atom("ref", f"builtins.{name}"),)
    if name[:2] == "__" and name not in DUNDERS:
        names.report("unknown", f"the name {name}", node, name)
        return UNKNOWN
    seeded = names.seeded(name)
    if seeded is not None:
        for atom in seeded:
            if atom.kind == "ref" and not knowledge.is_module(atom.of):
                names.judge(knowledge.of_path(atom.of), atom.of, node, call)
        return seeded
    if name in names.sources:
        _by_source(names, name, node)
        return UNKNOWN
    path = knowledge.by_convention(name)
    if path is not None:
        if not knowledge.is_module(path):
            names.makes_paths |= path == "pathlib.Path"
            names.judge(knowledge.of_path(path), path, node, call)
        return (Atom("ref", path),)
    for module in names.stars:
        found = knowledge.of_path(f"{module}.{name}")
        if found != knowledge.PURE:
            names.judge(found, f"{module}.{name}", node, call)
    if call is not None and name.startswith(_CALLED_ONLY):
        names.report("contacts", name, node, call.target())
    return (ANY,)


def _by_source(names: Names, name: str, node: ast.Name) -> None:
    """What a function of an earlier cell does, at the place where it is mentioned."""
    if names.depth >= _DEEPEST:
        names.report("unknown", f"{name}, which calls too many others", node, name)
        return
    from llm_notebook.policy.predicting import predict_within

    others = {key: text for key, text in names.sources.items() if key != name}
    for effect in predict_within(names.sources[name], names.known, others, names.depth + 1):
        names.report(effect.kind, f"{name}, by {effect.why}", node, effect.target)
