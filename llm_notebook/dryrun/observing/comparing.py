"""Which variables that were there before have changed, and how surely that is known."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from llm_notebook.dryrun.observing import columns
from llm_notebook.dryrun.observing.memory import Memory
from llm_notebook.dryrun.observing.past import Past
from llm_notebook.dryrun.observing.prints import Print, Region

UNCERTAIN = "may have changed in place; too large to be compared in full"
EQUAL = "a new object with equal values"


@dataclass(frozen=True)
class Compared:
    """How a variable changed.

    Attributes
    ----------
    in_place : bool
    note : str
    places : tuple of int or None
        Of a pandas frame, the columns that changed, where that is known.
    """

    in_place: bool = False
    note: str = ""
    places: tuple[int, ...] | None = None


class Comparison:
    """Compares the variables with what they were.

    Parameters
    ----------
    past : Past
    names : mapping of str to object
        The variables as they are.
    touched : collection of str
        Names that the code changes by its syntax.
    until : float
        Of `time.monotonic`.
    """

    def __init__(
        self, past: Past, names: Mapping[str, Any], touched: Collection[str], until: float
    ) -> None:
        self._past = past
        self._names = names
        self._touched = touched
        self._until = until
        self._memory = Memory(past)
        self._known: dict[Region, bool | None] = {}

    def of(self, same: Mapping[str, bool]) -> dict[str, Compared]:
        """Those that changed, of the names given, each with whether it is the same object."""
        self._past.ask_prints(same)
        mine: dict[str, Print] = {}
        for name in same:
            try:
                mine[name] = Print(self._names[name])
            except Exception:  # one object that fails costs only its own
                continue
        then = self._past.prints(self._left())
        self._look([r for n, p in mine.items() if then.get(n) == p.digest for r in p.regions])
        found = {}
        for name, is_same in same.items():
            compared = self._of_one(name, mine.get(name), then.get(name), is_same=is_same)
            if compared is not None:
                found[name] = compared
        return found

    def _left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def _look(self, regions: Collection[Region]) -> set[bool | None]:
        fresh = [region for region in regions if region not in self._known]
        self._known.update(self._memory.changed(fresh, self._until))
        return {self._known[region] for region in regions}

    def _of_one(
        self, name: str, mine: Print | None, then: bytes | None, *, is_same: bool
    ) -> Compared | None:
        if mine is None or then is None:
            # Nothing but the identity is known.
            return None if is_same else Compared()
        if not is_same or mine.is_plain:
            if mine.digest != then:
                return Compared()
            found = self._look(mine.regions)
            is_equal = mine.is_whole and found <= {False}
            return None if mine.is_plain else Compared(note=EQUAL if is_equal else "")
        if mine.digest != then:
            return self._by_columns(name)
        found = self._look(mine.regions)
        if True in found:
            return self._by_columns(name) or Compared(in_place=True)
        return None if mine.is_whole and None not in found else self._uncertain(name)

    def _uncertain(self, name: str) -> Compared | None:
        return Compared(in_place=True, note=UNCERTAIN) if name in self._touched else None

    def _by_columns(self, name: str) -> Compared | None:
        """The same of a pandas frame, column by column; of anything else it is sure already.

        Reading a frame may move its memory, which changes nothing.
        """
        parts = columns.parts(self._names[name])
        if parts is None or self._past.is_remembered or not self._left():
            return Compared(in_place=True)
        mine = [Print(part) for part in parts]
        then = self._past.columns(name, self._left())
        if then is None or len(mine) != len(then):
            return Compared(in_place=True)
        stayed = [i for i, print_ in enumerate(mine) if print_.digest == then[i]]
        self._look([region for i in stayed for region in mine[i].regions])
        found = {i: self._look(mine[i].regions) for i in stayed}
        different = {i for i in stayed if True in found[i]}
        moved = [i for i in range(len(mine)) if i not in found]
        seconds = self._left()
        before = self._past.contents(name, moved, seconds)
        after = list(columns.contents(parts, moved[: len(before)], time.monotonic() + seconds))
        pairs = zip(moved, before, after, strict=False)
        different |= {i for i, old, new in pairs if old != new or old == columns.NO_CONTENT}
        if different:
            # Those of which too little is known may have changed as well.
            different |= {i for i in stayed if None in found[i]} | set(moved[len(after) :])
            first = columns.AXES
            return Compared(True, places=tuple(sorted(i - first for i in different if i >= first)))
        is_certain = len(after) == len(moved) and not any(None in v for v in found.values())
        return None if is_certain else self._uncertain(name)
