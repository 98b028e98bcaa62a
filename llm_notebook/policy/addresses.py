"""Addresses in texts that are handed to something.

A chart or a widget that gets one lets the browser fetch it, past every wall around
the kernel, with whatever was filled into it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from llm_notebook.policy import knowledge
from llm_notebook.policy.targets import is_address
from llm_notebook.policy.values import Atom, Value

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_ONLY_TEXT = (
    "builtins.",
    "re.",
    "urllib.parse.",
    "logging.",
    "warnings.",
    "json.",
    "html.",
    "hashlib.",
    "textwrap.",
    "base64.",
    "numpy.",
    "pandas.",
    "collections.",
)
"""Whoever gets a text here does not fetch it; what reads files says so in its own right."""

_CARRYING = frozenset({"format", "replace", "join", "encode"})
_COLLECTING = frozenset({"dict", "list", "tuple", "set", "str"})
_TEXT_METHODS = frozenset(
    "append split startswith endswith replace format strip join find count index encode get add "
    "extend insert update match search sub info debug warning error".split()
)


def begun(start: str, value: Value) -> Value:
    """A text that is not known whole, but how it begins."""
    return (*value, Atom("address", start)) if is_address(start) else value


def among(values: Iterable[Value], value: Value) -> Value:
    """A list or a dict with such values in it."""
    for one in values:
        for atom in one:
            if _is_one(atom):
                return (*value, Atom("address", atom.of))
    return value


def _is_one(atom: Atom) -> bool:
    return atom.kind == "address" or (atom.kind == "const" and is_address(atom.of))


def given(names: Names, callee: Value, call: Call) -> None:
    """Report a call that gets an address and is not known to treat it as a text."""
    found = next(
        (a for value in (*call.values, *call.keywords.values()) for a in value if _is_one(a)), None
    )
    if found is None:
        return
    if callee and all(map(_takes_text, callee)):
        return
    func = call.node.func
    if isinstance(func, ast.Attribute) and func.attr in _TEXT_METHODS:
        return
    target = found.of[:200]
    if any(effect.target == target for effect in names.found.values()):
        return  # said already, and better
    names.report("contacts", "an address handed on", call.node, target)


def _takes_text(atom: Atom) -> bool:
    # A closer look that ends early, as at a file in memory, has not seen the other arguments.
    is_known = atom.kind == "ref" and atom.of.startswith(_ONLY_TEXT)
    return is_known and knowledge.of_path(atom.of) not in ("reads", "writes")


def passed_on(names: Names, call: Call, value: Value) -> Value:
    """What ``dict(url="https://h")`` and ``"https://h/{}".format(x)`` give: an address still."""
    func = call.node.func
    if isinstance(func, ast.Name) and func.id in _COLLECTING:
        return among((*call.values, *call.keywords.values()), value)
    if not isinstance(func, ast.Attribute) or func.attr not in (
        "format",
        "replace",
        "join",
        "encode",
    ):
        return value
    base = func.value
    if isinstance(base, ast.Constant) and isinstance(base.value, str):
        return begun(base.value, value)
    if isinstance(base, ast.Name):
        return among([names.env.get(base.id, ())], value)
    return value
