"""How long the cells of this kernel took, and what that says of those to come."""

from __future__ import annotations

import ast
import builtins
from collections import OrderedDict, deque
from typing import TypeVar

from llm_notebook.context.source import parsed
from llm_notebook.core.notebook import cell_hash

T = TypeVar("T")
_BUILTIN = frozenset(dir(builtins))
_MOST = 2_000
_KEPT = 5


class Durations:
    """Learns from each cell that ran in the live kernel; forgets the oldest.

    Feed it from the shell's ``post_run_cell``.
    """

    def __init__(self) -> None:
        self._cells: OrderedDict[str, tuple[str, float, frozenset[str]]] = OrderedDict()
        self._sources: OrderedDict[str, float] = OrderedDict()
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def record(self, cell: str, source: str, seconds: float) -> None:
        """A cell ran to its end.

        Parameters
        ----------
        cell : str
            Its id; empty where it has none.
        source : str
        seconds : float
            Wall time.
        """
        key = cell_hash("code", source)
        names = names_called(source)
        _put(self._sources, key, seconds)
        if cell:
            _put(self._cells, cell, (key, seconds, names))
        # With two functions in it nobody knows which of them took the time.
        for name in names if len(names) == 1 else ():
            _put(self._calls, name, deque([*self._calls.get(name, ()), seconds], _KEPT))

    def of_source(self, source: str) -> float | None:
        """Seconds that this very source took the last time."""
        return self._sources.get(cell_hash("code", source))

    def of_cell(self, cell: str, source: str) -> float | None:
        """Seconds that a cell took before an edit that still calls all that it called."""
        _, seconds, names = self._cells.get(cell, ("", None, frozenset[str]()))
        return seconds if names and names <= names_called(source) else None

    def of_call(self, name: str) -> float | None:
        """The least seconds of the last cells that called this function and no other."""
        return min(self._calls.get(name, ()), default=None)


def _put(table: OrderedDict[str, T], key: str, value: T) -> None:
    table[key] = value
    table.move_to_end(key)
    while len(table) > _MOST:
        table.popitem(last=False)


def names_called(source: str) -> frozenset[str]:
    """Plain names and dotted ones that a cell calls, but Python's own functions."""
    tree = parsed(source)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call)) if tree else ()
    return frozenset(name for name in map(dotted, calls) if name and name not in _BUILTIN)


def dotted(node: ast.expr) -> str:
    """``"model.fit"`` of such an expression; of one that starts with no name, its end."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    elif parts:
        parts.append("")
    return ".".join(reversed(parts))


def duration(seconds: float) -> str:
    """For a person: ``"4 min"``."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
