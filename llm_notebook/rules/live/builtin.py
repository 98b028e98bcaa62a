"""Whether a builtin is still Python's own."""

from __future__ import annotations

import builtins
import sys
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from llm_notebook.context.typeinfo import derives, genuine, module_dict
from llm_notebook.rules.live.homes import home_of

ALWAYS = ("__import__", "__build_class__")
"""What is used without being named."""


def is_genuine(name: str) -> bool:
    """Whether what stands under this name among the builtins is what Python put there."""
    value: Any = module_dict(builtins).get(name)
    kind = type(value)
    if kind is BuiltinFunctionType:
        owner = value.__self__
        is_python = owner is builtins or owner is sys.modules.get("_io")
        return is_python and value.__name__ == name
    if derives(kind, type):
        return genuine(value, "builtins") and type.__dict__["__name__"].__get__(value) in (
            name,
            "OSError",  # EnvironmentError and IOError are other names of it
        )
    if kind in (bool, type(None), type(...), type(NotImplemented)):
        return True
    if kind is FunctionType:  # IPython's `display` and `get_ipython`
        return home_of(value) == "library" and value.__name__ == name
    if kind is MethodType:  # ipykernel's `input`
        return type(value.__func__) is FunctionType and home_of(value.__func__) == "library"
    return genuine(kind, "_sitebuiltins", "IPython", "ipykernel")
