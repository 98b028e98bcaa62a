"""Classes of known libraries looked into before the fork, which finds it done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from llm_notebook.context.typeinfo import library_class
from llm_notebook.dryrun import modules
from llm_notebook.dryrun.observing.kinds import kind_of
from llm_notebook.dryrun.observing.prints import Print
from llm_notebook.dryrun.observing.world import World

_EXAMPLES: tuple[tuple[str, str, Callable[[Any], object]], ...] = (
    ("numpy", "ndarray", lambda cls: cls(1)),
    ("pandas", "DataFrame", lambda cls: cls({"a": [1.0], "b": ["text"]})),
    ("pandas", "Series", lambda cls: cls([1])),
)
_CLASSES = (("matplotlib.figure", "Figure"), ("matplotlib.axes", "Axes"))


@modules.remembered
def warm() -> None:
    """Look into values of our own making: what is remembered holds on to no class of a person's."""
    World.now()
    for module, name in _CLASSES:
        cls = library_class(module, name)
        if cls is not None:
            kind_of(cls)
    for module, name, make in _EXAMPLES:
        cls = library_class(module, name)
        with suppress(Exception):  # a library that another thread is importing
            if cls is not None:
                Print(make(cls))
