"""Look-ups in the tables: what holds for a dotted name, a method, a builtin."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Final, get_args

from llm_notebook.core.decision import EffectKind
from llm_notebook.policy.tables import (
    data,
    learning,
    methods,
    names,
    services,
    standard,
    vetted,
    vetted_models,
)

PURE: Final = "pure"
_QUIET: Final = frozenset({PURE, "symbolic"})
"""Rules of modules that only compute; those that are ``symbolic`` take texts for code."""
_CLASSES: Final = "^"
"""Stands in the tables for all members that are written as classes are."""

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
                elif name.endswith(("*", _CLASSES)):
                    parent, _, start = whole.removesuffix("*").rpartition(".")
                    _prefixes.setdefault(parent, []).append((start, rule))
                else:
                    _members[whole] = rule


for _text in (
    standard.MODULES,
    vetted.MODULES,
    vetted_models.MODULES,
    learning.MODULES,
    data.MODULES,
    services.MODULES,
):
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


_LEADS_OUT: Final = (
    names.ATTRIBUTES
    | names.CARRIED
    | {
        module
        for module, rule in _defaults.items()
        if rule != PURE and module in sys.stdlib_module_names and module not in names.GADGETS_NOT
    }
)


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
            rule = _by_beginning(prefix, rest) or _defaults.get(prefix)
            if rule is not None:
                if rule in _QUIET:
                    return _in_pure(path, rest, rule)
                last = f"{prefix}.*.{path.rpartition('.')[2]}"
                return _members.get(last, rule)
        found = _members.get(prefix)
        if found is not None:
            return _in_pure(path, path[end + 1 :], PURE) if found == PURE and not whole else found
        end = path.rfind(".", 0, end)
        whole = False
    return None


def _by_beginning(prefix: str, rest: str) -> str | None:
    for start, rule in _prefixes.get(prefix, ()):
        if rest[:1].isupper() if start == _CLASSES else rest.startswith(start):
            return rule
    return None


def _in_pure(path: str, rest: str, rule: str) -> str:
    """A member of a module that is pure but for what is named, and for what leads out of it."""
    for part in rest.split("."):
        if part in _LEADS_OUT or (part[:1] == "_" and part not in names.DUNDERS):
            return "unknown"
        if part in names.SAME_MODULE:  # `seaborn.pd` is pandas
            _, _, behind = rest.partition(f"{part}.")
            return (of_path(f"{FREE.get(part, part)}.{behind}") or PURE) if behind else PURE
    last = rest.rpartition(".")[2]
    if last in _RUNNERS:
        return "unknown"
    # A library has most of its members in several places.
    found = _elsewhere.get((path.partition(".")[0], last))
    return found or of_method(last) or rule


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


def of_instance(of: str, name: str) -> str | None:
    """What a member of an instance of a type does; None where the type's module is not known."""
    explicit = _members.get(f"{of}.{name}")
    if explicit is not None:
        return explicit
    if of in _defaults:  # a class that has a paragraph of its own
        return _defaults[of]
    if _members.get(of) == PURE and of.partition(".")[0] in sys.stdlib_module_names:
        return PURE
    rule = of_path(_public(of))
    if rule == "unknown" and is_vetted(of):  # defined in another place than it is imported from
        rule = of_path(f"{of.partition('.')[0]}.{of.rpartition('.')[2]}")
    if rule is None or (rule in _KINDS and rule != "reads"):
        return rule
    # What is read may be written by a method; what looks closer at a call says nothing here.
    if rule == "open":
        rule = "reads"
    return of_method(name) or (rule if rule in _KINDS or rule in _QUIET else PURE)


def _public(of: str) -> str:
    """A type's name without the private modules that libraries define their types in."""
    root, *parts = of.split(".")
    return ".".join([root, *(p for p in parts if p[:1] != "_" and p not in ("python", "src"))])


def is_vetted(module: str) -> bool:
    """Whether a module only has members of which some are not known."""
    return module.partition(".")[0] in _vetted


def is_open_ended(path: str) -> bool:
    """Whether the tables name a function as one that may do anything."""
    return _members.get(path) == "unknown"


def is_quiet(module: str) -> bool:
    """Whether a module only computes, as far as the tables know."""
    return of_module(module) in _QUIET


def by_convention(name: str) -> str | None:
    """The module or member that an undefined name stands for in notebooks."""
    found = FREE.get(name)
    if found is None and name in _defaults and name not in names.NO_MODULE_BY_NAME:
        return name
    return found


def is_class(path: str) -> bool:
    """Whether a name is written as classes are."""
    return path[path.rfind(".") + 1 :][:1].isupper()


_vetted: Final = {
    module
    for text in (vetted.MODULES, vetted_models.MODULES)
    for modules, rule, _ in _rules(text)
    if rule == "unknown"
    for module in modules
}
_elsewhere: dict[tuple[str, str], str] = {}
_KINDS: Final = frozenset(get_args(EffectKind))
_RUNNERS: Final = frozenset(n for n, rule in BUILTINS.items() if rule in ("unknown", "open"))


def _add_telling_names() -> None:
    """What acts in a module that is pure otherwise acts under whatever name the module goes by."""
    for path, rule in _members.items():
        module, _, name = path.rpartition(".")
        if rule != PURE and of_module(module) == PURE:
            _elsewhere.setdefault((path.partition(".")[0], name), rule)
        is_telling = "_" in name.strip("_") or sum(map(str.isupper, name)) > 1
        if name in _NO_PREFIX:
            continue
        if rule != PURE and is_telling and of_module(module) == PURE:
            METHODS.setdefault(name, rule)


_add_telling_names()
