"""What an intent is: rules, asks that it can offer for a table, and examples, its tests."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal

import msgspec

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.origin import Wants
from llm_notebook.llm.offline.grammar import Rule
from llm_notebook.llm.offline.schema import Table


class Example(msgspec.Struct, frozen=True):
    """An ask and how to see that it is answered rightly.

    Attributes
    ----------
    ask : str
    check : str
        A Python expression over the names that the code leaves behind, with
        the table before as ``df``, the value of the last expression as ``_``
        and the current axes as ``ax``; over ``text`` where the ask is answered
        in words; over the labels of the ``choices`` where it is a question.
    source : str
        The active cell.
    error : ErrorInfo or None
        What the active cell ended in.
    wants : {"edits", "text"}
    follows : str
        The request that this one follows up, of which `source` is the outcome.
    lines : tuple of int
        The first and the last selected line of the active cell.
    data : dict of str to list, optional
        The columns of the table ``df``; without it, eight penguins.
    library : {"pandas", "polars", "none"}
        What kind of table ``df`` is; "none": there is no table.
    others : dict of str to dict
        More tables by name.
    """

    ask: str
    check: str
    source: str = ""
    error: ErrorInfo | None = None
    wants: Wants = "edits"
    follows: str = ""
    lines: tuple[int, int] | None = None
    data: dict[str, list[Any]] | None = None
    library: Literal["pandas", "polars", "none"] = "pandas"
    others: dict[str, dict[str, list[Any]]] = {}


class Intent(msgspec.Struct, frozen=True):
    """One thing that the rules can do.

    Attributes
    ----------
    title : str
        As in "The rules can ...".
    rules : tuple of Rule
        Tried in order.
    examples : tuple of Example
    offers : callable, optional
        Asks that fit a live table.
    rank : int
        Intents of a lower rank are tried first; those of one rank by name.
    """

    title: str
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    offers: Callable[[Table], Iterable[str]] | None = None
    rank: int = 50


@cache
def intents() -> dict[str, Intent]:
    """Every intent by the name of its module in `llm_notebook.llm.offline.intents`."""
    from llm_notebook.llm.offline import intents as package

    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found[module.name] = loaded.INTENT
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))
