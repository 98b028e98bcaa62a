"""Look-ups in the tables: what holds for a dotted name, a method, a builtin."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Final

from llm_notebook.policy.tables import data, learning, methods, names, services, standard

PURE: Final = "pure"

_COMPAT: Final = re.compile(r"\.compat\.v[12]\b")

_members: dict[str, str] = {}
_defaults: dict[str, str] = {}
_prefixes: dict[str, list[tuple[str, str]]] = {}


def _rules(text: str) -> Iterator[tuple[list[str], str, list[str]]]:
    """Each rule with the modules that it is about and the names that it names."""
    modules: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if words and not line.startswith(" "):
            modules = words
        elif words:
            width = 2 if words[0].startswith("key:") else 1
            yield modules, " ".join(words[:width]), words[width:]


def _read(text: str) -> None:
    for modules, rule, members in _rules(text):
        for module in modules:
            for name in members:
                whole = f"{module}.{name}"
                if name == "*":
                    _defaults[module] = rule
                elif whole.endswith(".*"):
                    _defaults[whole[:-2]] = rule
                elif name.endswith("*"):
                    parent, _, start = whole[:-1].rpartition(".")
                    _prefixes.setdefault(parent, []).append((start, rule))
                else:
                    _members[whole] = rule


for _text in (standard.MODULES, learning.MODULES, data.MODULES, services.MODULES):
    _read(_text)


def words(text: str) -> dict[str, str]:
    """``rule word word …`` by word; a line that begins with a rule goes on below."""
    return {word: line.split()[0] for line in text.splitlines() for word in line.split()[1:]}


METHODS: Final = words(methods.METHODS)
PATH_METHODS: Final = words(methods.PATH_METHODS)
BUILTINS: Final = words(names.BUILTINS)
_members.update({f"builtins.{name}": rule for name, rule in BUILTINS.items()})
FREE: Final = dict(line.split() for line in names.FREE.splitlines() if line)
_PREFIXES: Final = tuple(
    (start, line.split()[0]) for line in methods.PREFIXES.splitlines() for start in line.split()[1:]
)
_NO_PREFIX: Final = frozenset(methods.PURE.split())


_LEADS_OUT: Final = names.ATTRIBUTES | {
    module
    for module, rule in _defaults.items()
    if rule != PURE and module in sys.stdlib_module_names and module not in names.GADGETS_NOT
}


def of_method(name: str) -> str | None:
    """What a method of that name does on whatever it is called on; None: nothing known of it."""
    found = METHODS.get(name)
    if found is None and "_" in name and name not in _NO_PREFIX:
        for start, rule in _PREFIXES:
            if name.startswith(start):
                return rule
    return found


def of_path(path: str) -> str | None:
    """What mentioning a dotted name does; None where its module is not known."""
    if path in _defaults:
        return _members.get(path, PURE)
    if ".compat.v" in path:
        path = _COMPAT.sub("", path)
    end = len(path)
    whole = True
    while end > 0:
        prefix = path[:end]
        if not whole:
            rest = path[end + 1 :]
            for start, rule in _prefixes.get(prefix, ()):
                if rest.startswith(start):
                    return rule
            rule_or_none = _defaults.get(prefix)
            if rule_or_none is not None:
                if rule_or_none == PURE:
                    return _in_pure(rest)
                last = f"{prefix}.*.{path.rpartition('.')[2]}"
                return _members.get(last, rule_or_none)
        found = _members.get(prefix)
        if found is not None:
            return found
        end = path.rfind(".", 0, end)
        whole = False
    return None


def _in_pure(rest: str) -> str:
    """A member of a module that is pure but for what is named, and for what leads out of it."""
    for part in rest.split("."):
        if part in _LEADS_OUT or (part[:1] == "_" and part not in names.DUNDERS):
            return "unknown"
        if part in names.SAME_MODULE:  # `seaborn.pd` is pandas
            _, _, behind = rest.partition(f"{part}.")
            return (of_path(f"{FREE.get(part, part)}.{behind}") or PURE) if behind else PURE
    return of_method(rest.rpartition(".")[2]) or PURE


def of_module(name: str) -> str | None:
    """What its members do unless it is said otherwise; None where it is not known."""
    end = len(name)
    while end > 0:
        found = _defaults.get(name[:end])
        if found is not None:
            return found
        end = name.rfind(".", 0, end)
    return None


def is_module(path: str) -> bool:
    """Whether a dotted name is that of a module in the tables."""
    return path in _defaults and path not in _members


def of_instance(of: str, name: str) -> str:
    """What a member of an instance of a known type does."""
    explicit = _members.get(f"{of}.{name}")
    if explicit is not None:
        return explicit
    if of in _defaults:  # a class that has a paragraph of its own
        return _defaults[of]
    if of in _members and _members[of] == PURE:
        return PURE
    method = of_method(name)
    if method is not None:
        return method
    return of_module(of) or "unknown"


def by_convention(name: str) -> str | None:
    """The module or member that an undefined name stands for in notebooks."""
    found = FREE.get(name)
    if found is None and name in _defaults and name not in names.NO_MODULE_BY_NAME:
        return name
    return found


def is_class(path: str) -> bool:
    """Whether a name is written as classes are."""
    return path[path.rfind(".") + 1 :][:1].isupper()


def _add_telling_names() -> None:
    """What acts in a module that is pure otherwise acts under whatever name the module goes by."""
    for path, rule in _members.items():
        module, _, name = path.rpartition(".")
        is_telling = "_" in name.strip("_") or sum(map(str.isupper, name)) > 1
        if rule != PURE and is_telling and of_module(module) == PURE:
            METHODS.setdefault(name, rule)


_add_telling_names()
