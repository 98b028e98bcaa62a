"""What one live value is, for the static gate."""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from llm_notebook.context.typeinfo import derives, is_one_of, module_dict, mro, type_name
from llm_notebook.rules.live.holding import Held, held, inside
from llm_notebook.rules.live.homes import home_of, is_library, state_of
from llm_notebook.rules.live.offered import is_at, own_name, place_of
from llm_notebook.rules.live.outside import outside
from llm_notebook.rules.live.passing import passes_on
from llm_notebook.rules.live.sorts import sort_of
from llm_notebook.rules.live.sources import class_source, source_of
from llm_notebook.rules.live.standing import REAL, owner_of, stored

_DICT = type.__dict__["__dict__"].__get__
_NAME = type.__dict__["__name__"].__get__
_QUALNAME = type.__dict__["__qualname__"].__get__
_MODULE = type.__dict__["__module__"].__get__
_DEEPEST = 5
_CACHED = type(functools.lru_cache(len))
_CALLS = (BuiltinFunctionType, MethodType, functools.partial)


@dataclass
class Meaning:
    """What a name stands for.

    Attributes
    ----------
    known : str
        As `llm_notebook.policy.predict` takes it; empty where the sources say it.
    sources : dict of str to str
        Of the notebook's own functions and classes behind it.
    problem : str
        Why it cannot be told; a sentence, empty where it can.
    holds : set of str
        Functions of libraries that it was handed, as `known` names them.
    kinds : list of type
        Classes of the objects of libraries that it holds and does nothing with.
    has_signal : bool
        Whether another thread may wait for it.
    """

    known: str = ""
    sources: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    holds: set[str] = field(default_factory=set)
    kinds: list[type] = field(default_factory=list)
    has_signal: bool = False


def meaning(name: str, value: Any, depth: int = 0) -> Meaning:
    """What a live value is; nothing of it is called."""
    kind = type(value)
    if derives(kind, ModuleType):
        return _of_module(name, value)
    if kind is FunctionType:
        return _of_function(name, value, depth)
    if kind is BuiltinFunctionType:
        called = place_of(value) or f"{owner_of(value.__self__)}.{value.__name__}"
        found = Meaning(known=f"function:{called}")
        return found if derives(type(value.__self__), ModuleType) else _bound(name, value, found)
    if kind is MethodType:
        return _bound(name, value, _of_method(name, value, depth))
    if kind is _CACHED:
        # Its `__wrapped__` can be written over; this is what it calls.
        calls = [p for p in gc.get_referents(value) if is_one_of(type(p), (FunctionType, *_CALLS))]
        found = meaning(name, calls[0], depth + 1) if len(calls) == 1 else _lost(name)
        return _bound(name, value, found)
    if kind is functools.partial:
        inner = functools.partial.__dict__["func"].__get__(value)
        found = meaning(name, inner, depth + 1) if depth < 5 else _lost(name)
        return _bound(name, value, found)
    if derives(kind, type):
        return _of_class(name, value)
    place = place_of(value)
    if place:  # such as a function of Cython
        return Meaning(known=f"function:{place}")
    found = _of_class(name, kind)
    if found.sources or found.problem:
        return found if found.problem else _with_state(name, value, found, depth)
    known = type_name(kind)
    found = Meaning(known=known if "." in known else f"builtins.{known}")
    _hold(found, name, held(value), depth)
    if found.sources:  # what is in it counts wherever it is used
        found.known = ""
    return found


def _hold(found: Meaning, name: str, inner: Held, depth: int) -> None:
    """Take up what a value holds."""
    found.kinds += inner.kinds
    found.has_signal = found.has_signal or inner.has_signal
    found.problem = found.problem or (f"{name} {inner.beyond}." if inner.beyond else "")
    for item in inner.calls:
        inside = meaning(name, item, depth)
        found.sources |= inside.sources
        found.problem = found.problem or inside.problem
        found.kinds += inside.kinds
        if inside.known.startswith("function:"):
            found.holds.add(inside.known)


def _bound(name: str, value: Any, found: Meaning) -> Meaning:
    """A function that has its object, or arguments, with it: where those lead."""
    inner = held(value)
    found.kinds += inner.kinds
    found.has_signal = found.has_signal or inner.has_signal
    found.problem = found.problem or (f"{name} {inner.beyond}." if inner.beyond else "")
    return found


def _lost(name: str) -> Meaning:
    return Meaning(problem=f"What {name} does cannot be followed.")


def _of_module(name: str, module: ModuleType) -> Meaning:
    called = module_dict(module).get("__name__")
    if not is_library(module):
        return Meaning(problem=f"{name} is not a module of an installed package.")
    return Meaning(known=f"module:{REAL.get(str(called), called)}")


def _of_function(name: str, function: FunctionType, depth: int) -> Meaning:
    home = home_of(function)
    if home == "library":
        called = _named(function)
        return Meaning(known=f"function:{called}") if called else _lost(name)
    if depth > _DEEPEST:  # it may hold itself
        return _lost(name)
    source = source_of(function) if home == "notebook" else None
    if source is None:
        text = f"{name} is a function whose code cannot be found, so what it does is not known."
        return Meaning(problem=text)
    found = Meaning(sources={name: source})
    attributes = state_of(function)
    if attributes:
        _join(found, name, attributes, depth)
    for cell in function.__closure__ or ():
        try:
            inside = cell.cell_contents
        except ValueError:  # not set yet
            continue
        if depth > 3:
            return _lost(name)
        _join(found, name, inside, depth)
    for default in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
        _join(found, name, default, depth)
    return found


def _named(function: FunctionType) -> str:
    """A function of a library by the name that the gate knows; empty where it has none.

    A name that a function merely carries can be written over.
    """
    if found := place_of(function):
        return found
    # One of a private module that no public one offers, such as a helper.
    module, where = function.__globals__["__name__"], own_name(function)
    if is_at(function, module, where):
        return f"{REAL.get(module, module)}.{where}"
    # What IPython puts in the place of `open` calls that, but for three descriptors.
    shell = module_dict(sys.modules.get("IPython.core.interactiveshell"))
    return "io.open" if shell.get("_modified_open") is function else ""


def _join(found: Meaning, name: str, value: Any, depth: int) -> None:
    """What a function brings along: what of it is the notebook's own must be readable too."""
    inside = meaning(f"{name} (what it holds)", value, depth + 1)
    found.sources |= inside.sources
    found.problem = found.problem or inside.problem
    if inside.known.startswith("function:"):
        # The source calls it by another name than the one by which it is known.
        found.problem = found.problem or f"{name} calls what it was handed earlier."


def _of_method(name: str, method: MethodType, depth: int) -> Meaning:
    function = method.__func__
    if type(function) is not FunctionType:
        called = stored(function, "__name__")  # of Cython
        if place := place_of(method):
            return Meaning(known=f"function:{place}")
        of = owner_of(method.__self__)
        return Meaning(known=f"function:{of}.{called}") if type(called) is str else _lost(name)
    if home_of(function) != "library" and not passes_on(method):
        owner = _of_owner(name, method.__self__, depth)
        return owner if owner.sources or owner.problem else _of_function(name, function, depth)
    return Meaning(known=f"function:{owner_of(method.__self__)}.{function.__name__}")


def _of_owner(name: str, owner: Any, depth: int) -> Meaning:
    """What of the notebook's a method is bound to."""
    if not derives(type(owner), type):
        found = _of_class(name, type(owner))
        if not found.sources and not found.problem:
            return found  # of a library: what it holds, the method among it, is looked at anyway
    return meaning(name, owner, depth + 1)


def _of_class(name: str, cls: type) -> Meaning:
    """A class, and all that it derives from, of which the notebook's own are read."""
    sources: dict[str, str] = {}
    for base in mro(cls):
        module = _MODULE(base)
        if type(module) is not str:
            return _lost(name)
        if module == "__main__":
            functions = list(_functions(base))
            source = class_source(base, functions)
            if source is None:
                text = f"The class of {name} is of the notebook, and its code cannot be found."
                return Meaning(problem=text)
            if any(is_one_of(type(value), _CALLS) for value in _DICT(base).values()):
                return Meaning(problem=f"The class of {name} was handed what it calls.")
            sources[name if base is cls else _NAME(base)] = source
            beyond = held(list(_DICT(base).values())).beyond
            if beyond:
                return Meaning(problem=f"The class of {name} {beyond}.")
        elif not _is_vouched_for(base, module):
            text = f"The class of {name} is of no installed package, so what it does is not known."
            return Meaning(problem=text)
    return Meaning("" if sources else f"function:{place_of(cls) or type_name(cls)}", sources)


def _with_state(name: str, value: Any, found: Meaning, depth: int) -> Meaning:
    """An object of the notebook's, with what it was handed."""
    beyond = outside(value)
    found.problem = f"{name} {beyond}." if beyond else ""
    for item in inside(value):
        kind = type(item)
        if is_one_of(kind, (*_CALLS, FunctionType)):
            return Meaning(problem=f"{name} was handed what it calls.")
        inner = meaning(name, item, depth + 1) if depth < 2 else _bound(name, item, Meaning())
        found.problem = found.problem or inner.problem
        found.sources |= {key: text for key, text in inner.sources.items() if key != name}
        found.holds |= inner.holds
        found.kinds += [*inner.kinds, *([kind] if sort_of(kind).acts_alone else [])]
        found.has_signal = found.has_signal or inner.has_signal
    return found


def _is_vouched_for(cls: type, module: str) -> bool:
    """Whether a class is a library's: found there, or made there of nothing but its functions."""
    if is_at(cls, module, _QUALNAME(cls)):
        return True
    loaded = sys.modules.get(module)
    if loaded is None or not is_library(loaded):
        return bool(place_of(cls))
    was_handed = any(is_one_of(type(value), _CALLS) for value in _DICT(cls).values())
    return not was_handed and next(_functions(cls), None) is None


def _functions(cls: type) -> Iterator[FunctionType]:
    for value in _DICT(cls).values():
        kind = type(value)
        if kind in (staticmethod, classmethod):
            value = value.__func__
        parts = (value.fget, value.fset, value.fdel) if kind is property else (value,)
        for part in parts:
            if type(part) is FunctionType:
                yield from _own(part)


def _own(function: FunctionType, depth: int = 0) -> Iterator[FunctionType]:
    """The function, or of a library's decorator what of the notebook it wraps."""
    if home_of(function) != "library" or depth > 3:
        yield function
        return
    for cell in function.__closure__ or ():
        try:
            inside = cell.cell_contents
        except ValueError:  # not set yet
            continue
        if type(inside) is FunctionType:
            yield from _own(inside, depth + 1)
