"""Members got by their names in texts: ``attrgetter``, ``df.apply("mean")``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_notebook.policy import knowledge
from llm_notebook.policy.tables.methods import KEYWORDS, PATH_WORDS
from llm_notebook.policy.values import TEXT, UNKNOWN, texts

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_CALLING = frozenset(
    "map filter reduce partial starmap accumulate apply applymap map_elements map_batches pipe "
    "transform agg aggregate submit delayed vectorize".split()
)
_LOOKING = frozenset(
    {"symbolic", "formula", "signature", "plainly", "backend", "option", "style", "rc"}
)


def names_of(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``attrgetter`` and ``methodcaller``: attributes by name."""
    given = None if call is None or call.is_open_ended else [texts(v) for v in call.values[:9]]
    if why.endswith("methodcaller") and given:
        given = given[:1]
    if not given or None in given:
        names.report("unknown", f"{why} of names that are not known", node)
        return
    for several in given:
        for name in several or ():
            for part in name.split("."):
                names.member(UNKNOWN, part, node, call)


def apply(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``df.apply("to_csv")``: a method by name, alone or in a list or a dict."""
    if call is None:
        return
    for argument in (*call.node.args, *(word.value for word in call.node.keywords)):
        for name in _names_within(argument, call):
            rule = knowledge.of_method(name)
            if rule is not None or name[:2] == "__":
                names.report("unknown", f"{why} of {name!r}", node, name)
    if call.values and any(atom in TEXT for atom in call.values[0]):
        names.report("unknown", f"{why} of a name that is not known", node)
    elif (
        why != ".pipe"
        and _is_given_more(call)
        and not _is_known(names, call.argument(0, "func", "function"), call)
    ):
        names.report("unknown", f"{why} of a name that is not known, with a path", node)


def handed(names: Names, func: ast.expr, call: Call) -> None:
    """``map(sympy.simplify, texts)``: what looks closer at its arguments, called by another."""
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if name not in _CALLING:
        return
    for value in (*call.values, *call.keywords.values()):
        for atom in value:
            if atom.kind == "ref" and knowledge.of_path(atom.of) in _LOOKING:
                names.report("unknown", f"hands on {atom.of}", call.node, atom.of)


def _is_given_more(call: Call) -> bool:
    """Whether a method that is named would get what may be a path."""
    words = call.keywords.keys()
    paths = PATH_WORDS | KEYWORDS.keys()
    return call.is_open_ended or bool(words & paths) or "args" in words or len(call.values) > 2


def _is_known(names: Names, argument: ast.expr | None, call: Call) -> bool:
    """Whether it is a function, or a name that was judged already."""
    if isinstance(argument, ast.Lambda | ast.Constant):
        return True
    if isinstance(argument, ast.Name) and argument.id in names.functions:
        return True
    value = call.value_of(argument) if argument is not None else None
    return bool(value) and all(atom.kind in ("const", "ref") for atom in value or ())


def _names_within(argument: ast.expr, call: Call) -> list[str]:
    found = list(texts(call.value_of(argument) or UNKNOWN) or ())
    if isinstance(argument, ast.List | ast.Tuple | ast.Dict):
        for one in ast.walk(argument):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found.append(one.value)
    return found
