"""Whether an attribute that code reaches from a name was replaced."""

from __future__ import annotations

from types import FunctionType, MethodType, ModuleType
from typing import Any

from llm_notebook.context.typeinfo import derives, module_dict, mro
from llm_notebook.rules.live.homes import home_of, is_library, state_of
from llm_notebook.rules.live.outside import outside
from llm_notebook.rules.live.sorts import sort_of
from llm_notebook.rules.live.standing import does_more

_DICT = type.__dict__["__dict__"].__get__


def replaced(value: object, parts: tuple[str, ...]) -> str:
    """The first attribute of a chain that an earlier cell replaced; empty where none was.

    One that a library put there in the place of another counts where it does no more.
    """
    at: Any = value
    for number, name in enumerate(parts):
        found = _attribute(at, name)
        if found is None:
            return ""
        if not _is_own(found) or does_more(at, name, found):
            return ".".join(parts[: number + 1])
        at = found
    return ""


def _attribute(value: object, name: str) -> object | None:
    """What stands under a name, as it is stored: no property and no method is called."""
    kind = type(value)
    if derives(kind, ModuleType):
        return module_dict(value).get(name)
    state = {} if derives(kind, type) else state_of(value)
    if name in state:
        return state[name]  # type: ignore[no-any-return]
    order = mro(value) if derives(kind, type) else mro(kind)  # type: ignore[arg-type]
    for base in order:
        names = _DICT(base)
        if name in names:
            return names[name]  # type: ignore[no-any-return]
    return None


def _is_own(value: Any) -> bool:
    """Whether it is no function, and no file or memory of one, that an earlier cell put there."""
    kind = type(value)
    if kind is property:
        return all(_is_own(f) for f in (value.fget, value.fset) if f is not None)
    if kind in (staticmethod, classmethod, MethodType):
        return _is_own(value.__func__)
    if kind is FunctionType:
        return home_of(value) == "library"
    if derives(kind, ModuleType):
        # Some libraries have a class of their own for modules that are loaded when needed.
        return is_library(value) or (kind is not ModuleType and not sort_of(kind).is_own)
    return not outside(value)
