"""Follow the names of a proposal's cells through the live namespace."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from llm_notebook.context.source import read_source
from llm_notebook.context.typeinfo import module_dict
from llm_notebook.core.decision import Reason
from llm_notebook.policy import predict
from llm_notebook.rules.live import builtin, mapped
from llm_notebook.rules.live.chains import replaced
from llm_notebook.rules.live.elements import acting_elements, methods_of
from llm_notebook.rules.live.homes import finders_are_usual, imports_library
from llm_notebook.rules.live.meaning import Meaning, meaning
from llm_notebook.rules.live.syntax import Syntax, syntax_of
from llm_notebook.rules.live.waiting import Busy, busy

MOST_NAMES = 200
"""Names that are followed for one proposal."""

RULE = "live"

_READ = "is read by what an earlier cell left running, which a dry run does not see."

_BUILTINS = ("builtins", "io", "IPython.display")
"""Where what is a builtin may have been imported from."""

_OUTPUTS = frozenset({"Out", "_oh"})
"""Where IPython keeps outputs; a copy of the variables leaves them out."""


@dataclass
class Looked:
    """What was found.

    Attributes
    ----------
    known : dict of str to str
        What names stand for, as `llm_notebook.policy.predict` takes it.
    sources : dict of str to str
        Sources of the notebook's own functions and classes, by name.
    findings : list of Reason
    kinds : dict of str to list of type
        Classes of what the values hold, by name.
    """

    known: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    findings: list[Reason] = field(default_factory=list)
    kinds: dict[str, list[type]] = field(default_factory=dict)


def look(cells: Iterable[tuple[str, str]], namespace: Mapping[str, object]) -> Looked:
    """Follow the names that some cells use.

    Parameters
    ----------
    cells : iterable of (str, str)
        Id and source of code cells, in the order in which they would run.
    namespace : mapping of str to object
        The live variables.
    """
    found = Looked()
    if not finders_are_usual():
        text = "An earlier cell changed how modules are found, so an import may give anything."
        found.findings.append(Reason("ASK", RULE, text))
    mapped.forget()
    beside = busy(namespace)
    cells = tuple(cells)
    bound: set[str] = set()
    for cell, source in cells:
        facts = read_source(source)
        _builtins(found, cell, facts.uses | set(builtin.ALWAYS), {*namespace, *bound})
        _follow(found, cell, facts.uses - bound, namespace, beside)
        _changes(found, cell, facts.defines, beside)
        syntax = syntax_of(source)
        _imports(found, cell, syntax)
        _members(found, cell, syntax, facts.uses)
        _chains(found, cell, syntax, namespace, bound)
        bound |= facts.defines | facts.touches
    _elements(found, cells, bound)
    return found


def _builtins(found: Looked, cell: str, uses: Iterable[str], own: set[str]) -> None:
    live = module_dict(builtins)
    for name in sorted(uses):
        if name in live and name not in own and not builtin.is_genuine(name):
            text = f"The builtin {name} is not Python's own any more: an earlier cell replaced it."
            found.findings.append(Reason("ASK", RULE, text, cell))


def _follow(
    found: Looked, cell: str, uses: Iterable[str], namespace: Mapping[str, object], beside: Busy
) -> None:
    """Take up what names stand for, and what the notebook's functions among them use in turn."""
    waiting = sorted(name for name in uses if name in namespace)
    if not namespace.keys() & _OUTPUTS and _OUTPUTS & set(uses):
        text = "It takes up outputs of earlier cells by number, which may be anything."
        found.findings.append(Reason("ASK", RULE, text, cell))
    seen = set(found.known) | set(found.sources)
    for name in waiting:
        if name in seen:
            continue
        seen.add(name)
        if len(seen) > MOST_NAMES:
            text = "It uses more names of the notebook than are followed."
            found.findings.append(Reason("ASK", RULE, text, cell))
            return
        value = meaning(name, namespace[name])
        if beside.reads(name, namespace[name]) or (beside.is_there and value.has_signal):
            value.problem = value.problem or f"{name} {_READ}"
        _take(found, cell, name, value, is_builtin=name in module_dict(builtins))
        for source in value.sources.values():
            more = read_source(source).uses
            waiting += sorted(word for word in more if word in namespace and word not in seen)
            _builtins(found, cell, more, set(namespace))
            syntax = syntax_of(source)
            _imports(found, cell, syntax)
            _members(found, cell, syntax, more)
            _chains(found, cell, syntax, namespace, set())


@lru_cache(maxsize=1024)
def _acts(function: str) -> bool:
    """Whether calling a function of a library does anything outside of the namespace."""
    return bool(predict("f(x)", {"f": function}))


def _take(found: Looked, cell: str, name: str, value: Meaning, *, is_builtin: bool) -> None:
    if value.known:
        found.known[name] = value.known
    if value.kinds:
        found.kinds[name] = value.kinds
    for called, source in value.sources.items():
        found.sources.setdefault(called, source)
    for held in sorted(value.holds):
        if _acts(held):
            text = f"{name} holds {held.partition(':')[2]}, which does something outside."
            found.findings.append(Reason("ASK", RULE, text, cell))
    if value.problem:
        found.findings.append(Reason("ASK", RULE, value.problem, cell))
    elif is_builtin and value.known not in (f"function:{at}.{name}" for at in _BUILTINS):
        text = f"The notebook has a {name} of its own, in the place of Python's."
        found.findings.append(Reason("ASK", RULE, text, cell))


def _changes(found: Looked, cell: str, defines: Iterable[str], beside: Busy) -> None:
    """What is bound anew while a thread that an earlier cell started reads it."""
    for name in sorted(beside.names & set(defines)) if beside.is_there else ():
        found.findings.append(Reason("ASK", RULE, f"{name} {_READ}", cell))


def _elements(found: Looked, cells: Iterable[tuple[str, str]], bound: set[str]) -> None:
    """Methods that are called on what the values hold, by any of the cells."""
    if not found.kinds:
        return
    kinds = [kind for several in found.kinds.values() for kind in several]
    known = found.known.keys() - found.kinds.keys() - bound
    texts = [*cells, *(("", source) for source in found.sources.values())]
    for cell, source in texts:
        methods = [(m, line) for name, m, line in methods_of(source) if name not in known]
        for kind, method, line in acting_elements(methods, kinds):
            text = f"A value that it uses holds a {kind}, whose .{method} does something outside."
            found.findings.append(Reason("ASK", RULE, text, cell, line if cell else None))


def _imports(found: Looked, cell: str, syntax: Syntax) -> None:
    for name, line in syntax.imports:
        if not name or not imports_library(name):
            text = f"{name or 'A relative import'} is no installed package: it is a file "
            text += "beside the notebook, or something that an earlier cell put there."
            found.findings.append(Reason("ASK", RULE, text, cell, line))


def _chains(
    found: Looked, cell: str, syntax: Syntax, namespace: Mapping[str, object], bound: set[str]
) -> None:
    for name, parts, line in syntax.chains:
        value: object = None
        called = name
        if name in syntax.modules:
            module, is_member, member = syntax.modules[name].partition(":")
            value = sys.modules.get(module)
            if is_member:
                called, parts = module, (member, *parts)
        elif name in namespace and name not in bound and name not in found.sources:
            value = namespace[name] if found.known.get(name) else None
        where = "" if value is None else replaced(value, parts)
        if where:
            text = f"{called}.{where} was replaced by an earlier cell."
            found.findings.append(Reason("ASK", RULE, text, cell, line))


def _members(found: Looked, cell: str, syntax: Syntax, uses: Iterable[str]) -> None:
    """What is imported out of modules that are there already."""
    lines = dict(reversed(syntax.imports))
    for source in syntax.modules.values():
        module, is_member, member = source.partition(":")
        owner = sys.modules.get(module)
        if not is_member or owner is None:
            continue
        names = sorted(set(uses) & set(module_dict(owner))) if member == "*" else [member]
        for name in names:
            if replaced(owner, (name,)):
                text = f"{module}.{name} was replaced by an earlier cell."
                found.findings.append(Reason("ASK", RULE, text, cell, lines.get(module)))
