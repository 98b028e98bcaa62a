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
    return tuple(
        dict.fromkeys(name for name, values in _places(shell) if any(map(_is_own, values)))
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


def _is_own(value: Any) -> bool:
    """Whether it is code of the notebook, or of nobody that can be named."""
    from llm_notebook.context.typeinfo import module_dict
    from llm_notebook.rules.live.homes import home_of, is_library

    if type(value) is MethodType:
        value = value.__func__
    if type(value) is FunctionType:
        return home_of(value) != "library" and not _is_ours(value)
    module = type.__dict__["__module__"].__get__(type(value))
    loaded = sys.modules.get(module) if type(module) is str else None
    return not (is_library(loaded) or module_dict(loaded).get("__name__") == "builtins")


def _is_ours(function: FunctionType) -> bool:
    """Whether it is of this package, wherever that lies."""
    from llm_notebook.context.typeinfo import module_dict

    name = function.__globals__.get("__name__", "")
    is_named = type(name) is str and name.startswith("llm_notebook.")
    return is_named and module_dict(sys.modules.get(name)) is function.__globals__
