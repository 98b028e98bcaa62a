"""What runs together with every cell, where code of the notebook put it there.

Such code sees each cell before it runs, or runs beside it, so a cell that is harmless
by itself is not. Nothing of it is called here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import FunctionType, MethodType
from typing import Any

_METHODS = (
    "run_cell",
    "run_cell_async",
    "run_code",
    "run_ast_nodes",
    "transform_cell",
    "run_line_magic",
)


def hooks_of(shell: Any) -> tuple[str, ...]:
    """What of a shell the notebook has changed, in words; empty where nothing is."""
    found = _Found()
    return tuple(
        dict.fromkeys(name for name, values in _places(shell) if any(map(found.is_own, values)))
    )


def _places(shell: Any) -> Iterator[tuple[str, Iterable[Any]]]:
    manager = shell.input_transformer_manager
    yield (
        "a change to the source of each cell",
        [
            *shell.input_transformers_cleanup,
            *shell.input_transformers_post,
            *manager.cleanup_transforms,
            *manager.line_transforms,
            *manager.token_transformers,
        ],
    )
    yield "a change to the syntax of each cell", shell.ast_transformers
    for event, callbacks in shell.events.callbacks.items():
        yield f"a function on {event}", callbacks
    for kind, formatter in shell.display_formatter.formatters.items():
        yield f"a formatter for {kind}", [*formatter.type_printers.values()]
    for kind, magics in shell.magics_manager.magics.items():
        yield f"a {kind} magic", magics.values()
    yield "a method of the shell", [vars(shell)[name] for name in _METHODS if name in vars(shell)]
    yield "a trace function", filter(None, (sys.gettrace(), sys.getprofile()))
    yield "a display hook", [sys.displayhook]


class _Found:
    """What was found out in one look. A shell has 170 such functions, of a few modules."""

    def __init__(self) -> None:
        self._functions: dict[tuple[int, str], bool] = {}
        self._types: dict[int, bool] = {}

    def is_own(self, value: Any) -> bool:
        """Whether it is code of the notebook, or of nobody that can be named."""
        if type(value) is MethodType:
            value = value.__func__
        if type(value) is FunctionType:
            # All that is looked at: where it looks up its names, and its file.
            key = id(value.__globals__), value.__code__.co_filename
            if key not in self._functions:
                self._functions[key] = _is_own_function(value)
            return self._functions[key]
        kind = type(value)
        if id(kind) not in self._types:  # a metaclass may have a hash of its own
            self._types[id(kind)] = _is_own_type(kind)
        return self._types[id(kind)]


def _is_own_function(function: FunctionType) -> bool:
    from llm_notebook.context.typeinfo import is_ours
    from llm_notebook.rules.live.homes import home_of

    return home_of(function) != "library" and not is_ours(function)


def _is_own_type(kind: type) -> bool:
    from llm_notebook.context.typeinfo import module_dict
    from llm_notebook.rules.live.homes import is_library

    module = type.__dict__["__module__"].__get__(kind)
    loaded = sys.modules.get(module) if type(module) is str else None
    return not (is_library(loaded) or module_dict(loaded).get("__name__") == "builtins")
