"""Methods without a file that libraries write for their objects, as scipy's distributions have.

Where they come from cannot be told, since a cell may write such a method too. What
they can do can be told, by their code: one that reaches nothing but methods that its
object has from its library, and that do nothing outside, does no more than those.
"""

from __future__ import annotations

import dis
from functools import lru_cache
from types import CodeType, FunctionType, MethodType

from llm_notebook.context.typeinfo import mro, type_name
from llm_notebook.policy import predict
from llm_notebook.rules.live.homes import home_of

_DICT = type.__dict__["__dict__"].__get__
_PLAIN = (int, float, str, bool, type(None))
_READS = frozenset(("LOAD_ATTR", "LOAD_METHOD"))
_OTHER_NAMES = frozenset(dis.hasname) - {dis.opmap[name] for name in _READS if name in dis.opmap}
_MAKES = frozenset(
    dis.opmap[name] for name in ("MAKE_FUNCTION", "LOAD_BUILD_CLASS") if name in dis.opmap
)


def passes_on(method: MethodType) -> bool:
    """Whether a method only calls harmless ones that a library gave to the class of its object."""
    function = method.__func__
    if type(function) is not FunctionType or function.__closure__:
        return False
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    if not all(type(value) in _PLAIN for value in defaults):
        return False
    return _is_plain(function.__code__) and all(
        _is_of_library(type(method.__self__), name) for name in function.__code__.co_names
    )


@lru_cache(maxsize=512)
def _is_plain(code: CodeType) -> bool:
    """Whether it looks up no global, imports and writes nothing, and makes no function."""
    return all(
        step.opcode not in _OTHER_NAMES and step.opcode not in _MAKES
        for step in dis.get_instructions(code)
    )


def _is_of_library(kind: type, name: str) -> bool:
    for base in mro(kind)[:-1]:
        found = _DICT(base).get(name)
        if found is not None:
            is_library = type(found) is FunctionType and home_of(found) == "library"
            return is_library and not _acts(type_name(kind), name)
    return False


@lru_cache(maxsize=1024)
def _acts(kind: str, name: str) -> bool:
    """Whether the gate says anything against a method; of one that is not public it never does."""
    kinds = {effect.kind for effect in predict(f"x.{name}()", {"x": kind})}
    return bool(kinds - {"unknown"} if name.startswith("_") else kinds)
