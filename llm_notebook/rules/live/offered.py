"""Where a library offers a function or a class: the name under which people import it.

What is defined in a private module, or by a compiled one, carries another name than the
one that the static gate knows. So the value itself is looked for in the public modules of
its library; a name that it merely carries counts for nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from llm_notebook.context.typeinfo import derives, module_dict
from llm_notebook.rules.live.homes import is_library
from llm_notebook.rules.live.standing import REAL, does_more, stored

_DICT = type.__dict__["__dict__"].__get__


def place_of(value: Any) -> str:
    """Module and name under which a library offers a value; empty where none does."""
    for module, where in _claims(value):
        for name in _public(module):
            if is_at(value, name, where) and not _is_stranger(value, name, where):
                return f"{REAL.get(name, name)}.{where}"
    return ""


def _is_stranger(value: Any, module: str, where: str) -> bool:
    """Whether a function stands where another one belongs, and was given its name."""
    return type(value) is FunctionType and does_more(sys.modules[module], where, value)


def _claims(value: Any) -> Iterator[tuple[str, str]]:
    """Modules and names by which it may be found."""
    kind = type(value)
    modules: list[object]
    if kind is FunctionType:
        modules = [value.__module__, value.__globals__.get("__name__")]
        names: list[object] = [own_name(value)]
    elif kind is MethodType:
        bound = type(value.__self__)
        modules = [stored(value.__func__, "__module__"), type.__dict__["__module__"].__get__(bound)]
        names = [stored(value.__func__, "__name__")]
    elif kind is BuiltinFunctionType:
        owner = value.__self__
        own = module_dict(owner).get("__name__") if derives(type(owner), ModuleType) else None
        # Its module can be written over, where it belongs cannot.
        modules, names = [own, value.__module__], [value.__name__]
    elif derives(kind, type):
        modules = [type.__dict__["__module__"].__get__(value)]
        names = [type.__dict__["__qualname__"].__get__(value)]
    else:
        modules, names = [stored(value, "__module__")], [stored(value, "__qualname__")]
    for module in dict.fromkeys(one for one in modules if type(one) is str and one):
        yield from ((module, name) for name in names if type(name) is str and name)


def own_name(function: FunctionType) -> str:
    """The name that a function was made under; of a decorator's, the one that it was given."""
    made = function.__code__.co_qualname
    return function.__qualname__ if "<locals>" in made else made


def _public(module: str) -> Iterator[str]:
    """The modules of a library from which people may import what this one defines."""
    root, *rest = module.split(".")
    yield root.lstrip("_")
    for count in range(len(rest), 0, -1):
        name = ".".join((root, *rest[:count]))
        if "._" not in name:
            yield name
    if "._" in module:
        yield from _modules(root, len(sys.modules))


@lru_cache(maxsize=64)
def _modules(root: str, _: int) -> tuple[str, ...]:
    """The public modules of a library that are loaded; asked again once others are."""
    found = [name for name in list(sys.modules) if name.startswith(f"{root}.")]
    return tuple(sorted((n for n in found if "._" not in n), key=lambda n: (n.count("."), n)))


def is_at(value: Any, module: str, where: str) -> bool:
    """Whether a module of a library has the very value under this name."""
    loaded: Any = sys.modules.get(module)
    at = loaded
    for part in where.split("."):
        if derives(type(at), ModuleType):
            at = module_dict(at).get(part)
        elif derives(type(at), type):
            at = _DICT(at).get(part)
        else:
            return False
    return at is value and is_library(loaded)
