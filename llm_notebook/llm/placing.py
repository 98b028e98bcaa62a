"""Directives of a reply, resolved against the notebook into edits with preconditions."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Cell, Snapshot

MAX_EDITS = 200
_START = ""
"""Stands for "before the first cell" where a cell id would stand; no cell has it."""
_TYPES = frozenset({"code", "markdown", "raw"})
_MARKDOWN = frozenset({"markdown", "md"})


class Fault(Exception):
    """What is wrong with a reply, as one sentence."""


def cell_type_of(info: str) -> str:
    """The type of cell that a fence's info string speaks of."""
    return "markdown" if info in _MARKDOWN else "code"


def new_cell_id() -> str:
    """A fresh id in nbformat's pattern, as Jupyter makes them."""
    return secrets.token_hex(4)


class Placing:
    """Builds the edits of one reply and keeps the order of cells that they lead to.

    Places are resolved against the order as it stands after the edits so far,
    because that is how edits apply. What a reply puts behind one cell stays in
    the order of the reply.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        labels: Mapping[str, str],
        target: str | None,
        new_id: Callable[[], str],
    ) -> None:
        self.edits: list[Edit] = []
        self._cells = {cell.id: cell for cell in snapshot}
        self._labels = {label.lower(): cell_id for label, cell_id in labels.items()}
        self._order = list(self._cells)
        self._target = target if target in self._cells else None
        self._new_id = new_id
        self._used = set(self._cells)
        self._touched: set[tuple[str, bool]] = set()
        self._tail: dict[str, str] = {}
        self._before_deleted: dict[str, str] = {}

    def read(self, verb: str, rest: str) -> int | Callable[[str], int] | None:
        """Carry out a directive such as ``insert after c3 code``.

        Returns
        -------
        int, callable or None
            The edit's index; what begins it, given the info string of the
            code block that must follow; or None where it cannot be read.
        """
        words = rest.strip("@: \t").lower().split()
        given = next((word for word in words if word in _TYPES), None)
        words = [word for word in words if word not in _TYPES]
        match verb, words:
            case "delete", [label]:
                return self.delete(label)
            case "move", [label, *place] if place:
                return self.move(label, place)
            case "replace", [label]:
                return lambda _: self.replace(label, given)
            case "insert", _:
                return lambda info: self.insert(words, given or cell_type_of(info))
        return None

    def cell(self, label: str) -> Cell:
        """The cell that a label names."""
        key = label.strip("`'\"[](),.:").lower()
        cell = self._cells.get(self._labels.get(key, ""))
        if cell is None:
            raise Fault(f"It names the cell {label!r}, which this notebook does not have.")
        return cell

    def insert(self, words: list[str], cell_type: str) -> int:
        """Begin an insert without source; return its index."""
        cell_id = self._new_id()
        while cell_id in self._used:
            cell_id = new_cell_id()
        self._used.add(cell_id)
        after = self._put(cell_id, words)
        return self._append(Insert(cell_id, after, cell_type, ""))

    def replace(self, label: str, cell_type: str | None) -> int:
        """Begin a replace without source; return its index."""
        cell = self._touch(label)
        return self._append(Replace(cell.id, cell.hash, cell_type or cell.type, ""))

    def delete(self, label: str) -> int:
        """Delete a cell; return the edit's index."""
        cell = self._touch(label)
        if (cell.id, True) in self._touched:
            raise Fault(f"It moves the cell {label} and deletes it.")
        self._before_deleted[cell.id] = self._previous(cell.id)
        self._order.remove(cell.id)
        return self._append(Delete(cell.id, cell.hash))

    def move(self, label: str, words: list[str]) -> int:
        """Move a cell; return the edit's index."""
        cell = self._touch(label, moves=True)
        before = self._previous(cell.id)
        for gone, anchor in self._before_deleted.items():
            if anchor == cell.id:  # the place of what was deleted behind it stays
                self._before_deleted[gone] = before
        self._order.remove(cell.id)
        self._tail.pop(cell.id, None)
        after = self._put(cell.id, words)
        return self._append(Move(cell.id, cell.hash, after))

    def _put(self, cell_id: str, words: list[str]) -> str | None:
        """Give a cell its place in the order; return the anchor that it stands behind."""
        place, behind = self._place(words)
        if place == cell_id:
            raise Fault(f"It moves the cell {words[-1]} next to itself.")
        anchor = self._behind(place) if behind else self._previous(place)
        self._order.insert(self._order.index(anchor) + 1 if anchor else 0, cell_id)
        if behind:
            self._tail[place] = cell_id
        elif place in self._before_deleted:
            self._before_deleted[place] = cell_id
        return anchor or None

    def _place(self, words: list[str]) -> tuple[str, bool]:
        """The cell that words such as ``after c3`` name, and whether behind it."""
        match [word for word in words if word not in ("the", "cell")]:
            case []:
                return self._target or self._last(), True
            case ["before", "first"] | ["first"] | ["at", "start" | "top" | "beginning"]:
                return _START, True
            case ["after", "last"] | ["last"] | ["at", "end" | "bottom"]:
                return self._last(), True
            case ["after" | "behind" | "below", label]:
                return self.cell(label).id, True
            case ["before" | "above", label]:
                return self.cell(label).id, False
        raise Fault(f"It names a place that cannot be read: {' '.join(words)!r}.")

    def _last(self) -> str:
        return self._order[-1] if self._order else _START

    def _behind(self, place: str) -> str:
        if place in self._tail:
            return self._tail[place]
        if place in self._before_deleted:
            return self._behind(self._before_deleted[place])
        return place

    def _previous(self, place: str) -> str:
        if place in self._before_deleted:
            return self._behind(self._before_deleted[place])
        index = self._order.index(place)
        return self._order[index - 1] if index else _START

    def _touch(self, label: str, *, moves: bool = False) -> Cell:
        """The cell, which may be moved once and have its content edited once."""
        cell = self.cell(label)
        if (cell.id, moves) in self._touched or cell.id in self._before_deleted:
            raise Fault(f"It edits the cell {label} twice.")
        self._touched.add((cell.id, moves))
        return cell

    def _append(self, edit: Edit) -> int:
        if len(self.edits) == MAX_EDITS:
            raise Fault(f"It makes more than {MAX_EDITS} edits.")
        self.edits.append(edit)
        return len(self.edits) - 1
