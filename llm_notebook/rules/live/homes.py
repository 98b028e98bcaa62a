"""Where code comes from: an installed package, the notebook, or somewhere else."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from functools import cache, lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from types import CodeType, FunctionType
from typing import Any, Literal

from llm_notebook.context.typeinfo import module_dict

Home = Literal["library", "notebook", "elsewhere"]


@cache
def _folders() -> tuple[str, ...]:
    """Folders of installed packages and of Python's own modules."""
    paths = sysconfig.get_paths()
    found = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    found += site.getsitepackages()
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    base = sysconfig.get_path("stdlib", vars={"base": sys.base_prefix})
    return tuple(dict.fromkeys(os.path.realpath(path) + os.sep for path in (*found, base)))


def is_installed(path: object) -> bool:
    """Whether a file is one of an installed package, or of Python itself."""
    return type(path) is str and _is_below(path)


@lru_cache(maxsize=4096)
def _is_below(path: str) -> bool:
    return os.path.realpath(path).startswith(_folders())


def is_library(module: object) -> bool:
    """Whether a module is the one that an import would give, from an installed file."""
    names = module_dict(module)
    name = names.get("__name__")
    if name == "io" and module is sys.modules.get("_io"):
        name = "_io"  # the one module that is called otherwise than it is kept
    if type(name) is not str or sys.modules.get(name) is not module:
        # As `os.path` is called `posixpath`, it is there under its real name.
        return False
    return _is_of_library(name, names.get("__spec__"))


def _is_of_library(name: str, spec: object) -> bool:
    if name in sys.builtin_module_names:
        return True
    if type(spec) is not ModuleSpec:
        return False
    if spec.origin in ("built-in", "frozen"):
        return name.partition(".")[0] in sys.stdlib_module_names
    if spec.origin is None:  # a package without a file of its own
        return all(map(is_installed, spec.submodule_search_locations or ("",)))
    return is_installed(spec.origin)


def imports_library(name: str) -> bool:
    """Whether ``import name`` gives an installed module; nothing is imported to see it.

    True also where it would give nothing at all: then the dry run fails.
    """
    loaded = sys.modules.get(name)
    if loaded is not None:
        return is_library(loaded)
    top = name.partition(".")[0]
    if top != name:
        return imports_library(top)
    if top in sys.builtin_module_names:
        return True
    spec = PathFinder.find_spec(top)
    return spec is None or _is_of_library(top, spec)


def home_of(function: FunctionType) -> Home:
    """Where a function was made, by the very namespace that it looks its names up in."""
    return home_of_code(function.__globals__, function.__code__)


def home_of_code(names: dict[str, Any], code: CodeType) -> Home:
    """Where code is from that looks its names up in a namespace."""
    name = dict.get(names, "__name__")
    if type(name) is not str:
        return "elsewhere"
    module = sys.modules.get(name)
    if module_dict(module) is not names:
        return "elsewhere"
    if name == "__main__":
        return "notebook"
    file = code.co_filename
    # Generated code has no file; a cell's has neither, and code can be exchanged.
    is_foreign = file.startswith("<ipython-input") or not (file[:1] == "<" or is_installed(file))
    return "library" if is_library(module) and not is_foreign else "elsewhere"


def finders_are_usual() -> bool:
    """Whether nothing of the notebook's stands in the way of an import."""
    for finder in (*sys.meta_path, *sys.path_hooks):
        kind = finder if isinstance(finder, type) else type(finder)
        function = getattr(kind, "find_spec", None) if finder in sys.meta_path else finder
        while hasattr(function, "__func__"):
            function = function.__func__
        if type(function) is FunctionType and home_of(function) != "library":
            return False
    return True


def state_of(value: Any) -> dict[str, Any]:
    """The attributes that an object keeps in its dictionary; nothing is called."""
    try:
        found = object.__getattribute__(value, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return found if type(found) is dict else {}
