"""What a container or an object of a library was handed that could be called."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from llm_notebook.context.typeinfo import derives
from llm_notebook.rules.live.homes import home_of

MOST = 300
"""Objects that are looked at for one name."""

_MOST_ITEMS = 50
_DEEPEST = 5
_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_CONTAINERS = (list, tuple, set, frozenset)
_CALLS = (BuiltinFunctionType, MethodType, functools.partial)
_MODULE = type.__dict__["__module__"].__get__


def held(value: Any) -> Iterator[Any]:
    """The functions, and the objects and classes of the notebook, that a value holds.

    Of an object of a library, what it holds of the notebook; its own functions are
    its own business. Of a plain container, functions of libraries too.
    """
    seen: set[int] = {id(value)}
    waiting = [(item, type(value) in (*_CONTAINERS, dict), 1) for item in _inside(value)]
    while waiting and len(seen) < MOST:
        item, is_plain, depth = waiting.pop(0)
        kind = type(item)
        if any(kind is one for one in _PLAIN) or id(item) in seen:
            continue
        seen.add(id(item))
        if kind is FunctionType:
            if is_plain or home_of(item) != "library":
                yield item
        elif any(kind is one for one in _CALLS):
            if is_plain or (kind is MethodType and _is_own(item.__func__)):
                yield item
        elif derives(kind, type):
            if _MODULE(item) == "__main__":
                yield item
        elif _MODULE(kind) == "__main__":
            yield item
        elif depth < _DEEPEST:
            is_still = is_plain and kind in (*_CONTAINERS, dict)
            waiting += [(inner, is_still, depth + 1) for inner in _inside(item)]


def state_of(value: Any) -> dict[str, Any]:
    """The attributes that an object keeps in its dictionary; nothing is called."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return found if type(found) is dict else {}


def _is_own(function: Any) -> bool:
    return type(function) is FunctionType and home_of(function) != "library"


def _inside(value: Any) -> list[Any]:
    """Some of what a plain container holds, or the attributes of an object."""
    kind = type(value)
    if kind is dict:
        items = value.values()
    elif any(kind is one for one in _CONTAINERS):
        items = value
    else:
        items = state_of(value).values()
    return [item for _, item in zip(range(_MOST_ITEMS), items, strict=False)]
