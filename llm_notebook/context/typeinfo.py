"""Look at a value's type without running code of the person's.

`type(x)` is what C says; `x.__class__`, `isinstance` and even `cls.__mro__` may
run Python that a class or a metaclass brings along. Known libraries are found
by identity with the class in `sys.modules`, so a class that merely calls itself
"DataFrame" is not taken for one, and nothing is imported.
"""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType
from typing import Any

_TYPE: Any = type.__dict__
_MODULE_TYPE: Any = ModuleType.__dict__
_MRO = _TYPE["__mro__"].__get__
_DICT = _TYPE["__dict__"].__get__
_MODULE = _TYPE["__module__"].__get__
_QUALNAME = _TYPE["__qualname__"].__get__
_MODULE_DICT = _MODULE_TYPE["__dict__"].__get__

# A subclass that changes one of these may run its own code when a column is read.
_HOOKS = frozenset(
    "__getattribute__ __getattr__ __len__ __getitem__ __iter__ columns dtypes dtype shape index "  # noqa: SIM905
    "axes ndim iloc schema names types num_rows num_columns column array _values _data null_count "
    "to_series name head to_list slice width height _mgr _df _s _info_axis _constructor "
    "_constructor_sliced _constructor_from_mgr _constructor_sliced_from_mgr".split()
)


def mro(cls: type) -> tuple[type, ...]:
    """The method resolution order, past any metaclass."""
    order: tuple[type, ...] = _MRO(cls)
    return order


def module_dict(module: object) -> dict[str, Any]:
    """A module's names, past any ``__getattr__`` of it. Empty for anything else."""
    kind = type(module)
    if kind is not ModuleType and not any(base is ModuleType for base in mro(kind)):
        return {}
    names: dict[str, Any] = _MODULE_DICT(module)
    return names


def is_ours(function: FunctionType) -> bool:
    """Whether it is of this package, by the very namespace that it looks its names up in."""
    names = function.__globals__
    name = names.get("__name__", "")
    is_named = type(name) is str and name.startswith("llm_notebook.")
    return is_named and module_dict(sys.modules.get(name)) is names


def type_name(cls: type) -> str:
    """Module and qualified name; the library's root only, where it re-exports the class."""
    module, name = _text(_MODULE, cls), _text(_QUALNAME, cls)
    if module in ("", "builtins"):
        return name
    root = module.partition(".")[0]
    if module_dict(sys.modules.get(root)).get(name) is cls:
        module = root
    return f"{module}.{name}"


def type_root(cls: type) -> str:
    """The top-level package that a class says it comes from. For naming only."""
    return _text(_MODULE, cls).partition(".")[0]


def _text(getter: Any, cls: type) -> str:
    # A class may put anything under __module__.
    try:
        value = getter(cls)
    except AttributeError:
        return ""
    return value if type(value) is str else ""


def genuine(cls: type, *libraries: str) -> bool:
    """Whether a class is found where it says it comes from, in one of these libraries.

    Anybody may write ``__module__ = "pandas"`` into a class of their own.
    """
    module, name = _text(_MODULE, cls), _text(_QUALNAME, cls)
    if module.partition(".")[0] not in libraries:
        return False
    return module_dict(sys.modules.get(module)).get(name) is cls


def library_class(module: str, name: str) -> type | None:
    """The class of this name in a library that is already imported."""
    found = module_dict(sys.modules.get(module)).get(name)
    return found if found is not None and any(b is type for b in mro(type(found))) else None


def is_one_of(cls: type, classes: tuple[type, ...]) -> bool:
    """Membership by identity: ``in`` would ask a metaclass for equality."""
    return any(cls is one for one in classes)


def derives(cls: type, base: type) -> bool:
    """Whether `base` is in the method resolution order, by identity."""
    return any(one is base for one in mro(cls))


def reads_plainly(cls: type, base: type) -> bool:
    """Whether reading an attribute of `cls` runs nothing but the code of `base`."""
    for one in mro(cls):
        if one is base:
            return True
        if not _HOOKS.isdisjoint(_DICT(one)):
            return False
    return False
