"""Whether a function of a library was put where another one belongs: `pd.isna = os.remove`.

The static gate goes by names. So what stands under a name is asked by what it is
itself, and must do no more than the gate says of that name.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from functools import lru_cache
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

from llm_notebook.context.typeinfo import derives, module_dict, mro, type_name
from llm_notebook.policy import predict
from llm_notebook.policy.knowledge import is_open_ended
from llm_notebook.rules.live.homes import state_of

REAL = {
    "posix": "os",
    "nt": "os",
    "posixpath": "os.path",
    "_io": "io",
    "_pickle": "pickle",
    "IPython.core.display": "IPython.display",
    "IPython.core.display_functions": "IPython.display",
    "IPython.lib.display": "IPython.display",
}
"""Names under which the static gate knows what Python keeps elsewhere."""

_DEEPEST = 5


def does_more(owner: Any, attribute: str, found: Any) -> bool:
    """Whether what stands under an attribute does something that the attribute does not say.

    Parameters
    ----------
    owner : object
        The module, class or object that code reaches it from.
    attribute : str
    found : object
        What stands there. It is not called.
    """
    place = f"{owner_of(owner)}.{attribute}"
    roots = frozenset((_root(place), *(_root(type_name(base)) for base in _bases(owner))))
    return any(
        _more(place, roots, name, is_natural=called == attribute) for name, called in _names(found)
    )


def _bases(owner: Any) -> tuple[type, ...]:
    if derives(type(owner), ModuleType):
        return ()
    cls: Any = owner if derives(type(owner), type) else type(owner)
    return mro(cls)[:-1]


@lru_cache(maxsize=8192)
def _more(place: str, roots: frozenset[str], name: str, *, is_natural: bool) -> bool:
    """Whether a function does more than its place says.

    A library's own function under its own name is no other. What is not known to the gate,
    as most that has no public name, says nothing, unless it comes from elsewhere under
    another name, or is known to run anything.
    """
    is_theirs = any(_is_same(root, _root(name)) for root in roots)
    if is_natural and is_theirs:
        return False
    more = _kinds(name) - _kinds(place)
    if more == {"unknown"}:
        return not is_natural and (not is_theirs or is_open_ended(name))
    return bool(more)


def _root(name: str) -> str:
    return name.partition(".")[0].lstrip("_")


def _is_same(one: str, other: str) -> bool:
    """Whether two packages are one library's, as `attr` and `attrs` are."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _kinds(name: str) -> frozenset[str]:
    return frozenset(str(effect.kind) for effect in predict("f(x)", {"f": f"function:{name}"}))


def _names(found: Any) -> Iterator[tuple[str, str]]:
    """Where a function or a class is at home, each with the name that it was made under."""
    is_wrapped = False
    for _ in range(_DEEPEST):
        kind = type(found)
        if kind in (staticmethod, classmethod, MethodType):
            found = found.__func__
        elif kind is functools.partial:
            found = functools.partial.__dict__["func"].__get__(found)
            is_wrapped = True
        else:
            break
    kind = type(found)
    if kind is BuiltinFunctionType:
        owner = found.__module__ if found.__self__ is None else owner_of(found.__self__)
        if type(owner) is str:
            yield f"{owner}.{found.__name__}", "" if is_wrapped else found.__name__
    elif kind is FunctionType:
        # A code object keeps its name. The other can be written over; it says what a
        # decorator has wrapped.
        code = found.__code__
        is_decorated = "<locals>" in code.co_qualname
        called = found.__name__ if is_decorated else code.co_name
        called = "" if is_wrapped else called
        yield _called(found.__module__, found.__qualname__), called
        for inner in _wrapped(found) if is_decorated else (found,):
            yield _called(inner.__globals__.get("__name__"), inner.__code__.co_qualname), called
    elif derives(kind, type):
        if not derives(found, BaseException):
            yield owner_of(found), type.__dict__["__name__"].__get__(found)
    else:
        module, qualified = stored(found, "__module__"), stored(found, "__qualname__")
        if type(module) is str and type(qualified) is str and module:  # such as of Cython
            yield _called(module, qualified), qualified.rpartition(".")[2]


def stored(found: Any, name: str) -> object:
    """What an object keeps under a name by itself, or by a type that is written in C."""
    state = state_of(found)
    if name in state:
        return state[name]
    kept = type.__dict__["__dict__"].__get__(type(found)).get(name)
    return kept.__get__(found) if type(kept) in (GetSetDescriptorType, MemberDescriptorType) else ""


def _wrapped(function: FunctionType) -> Iterator[FunctionType]:
    """The functions that a decorator's own has in its hands."""
    for cell in function.__closure__ or ():
        try:
            inside = cell.cell_contents
        except ValueError:  # not set yet
            continue
        if type(inside) is FunctionType and "<locals>" not in inside.__code__.co_qualname:
            yield inside


def _called(module: object, qualified: str) -> str:
    return f"{REAL.get(str(module), module)}.{qualified}"


def owner_of(owner: object) -> str:
    """The module or the class that a builtin function belongs to."""
    if derives(type(owner), ModuleType):
        name = str(module_dict(owner).get("__name__"))
        return REAL.get(name, name)
    cls: Any = owner if derives(type(owner), type) else type(owner)
    found = type_name(cls)
    return found if "." in found else f"builtins.{found}"
