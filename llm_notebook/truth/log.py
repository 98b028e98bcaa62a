"""What a kernel really ran since it started, and what that made of its namespace."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence

import msgspec

from llm_notebook.truth.env import Env
from llm_notebook.truth.reading import read_cell
from llm_notebook.truth.trace import Outcome, Trace

MOST = 20_000
"""Runs that are kept; of a kernel that ran more it cannot be told."""


class Run(msgspec.Struct, frozen=True):
    """One run of a cell.

    Attributes
    ----------
    cell : str
        Its id; empty where nobody named it, as from a console.
    outcome : {"ran", "failed", "interrupted"}
    label : str
        As the front end numbers it, such as ``"[3]"``.
    line : int or None
        Line of the cell in which it failed or was stopped, where that is known.
    frames : frozenset of str
        Names of frames and series, after it.
    """

    cell: str
    source: str
    outcome: Outcome = "ran"
    label: str = ""
    seconds: float | None = None
    line: int | None = None
    frames: frozenset[str] = frozenset()


class PutBack(msgspec.Struct, frozen=True):
    """Variables were given the values that they had at a mark.

    Attributes
    ----------
    cells : tuple of str
        Cells that count as not run since that mark: all that they made is undone.
    """

    mark: str
    names: tuple[str, ...]
    cells: tuple[str, ...] = ()


class RunLog:
    """The runs so far, followed as far as somebody asks.

    Recording costs nothing worth measuring. What a run made is worked out when
    it is first asked for, once for each run.
    """

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._events: list[Run | PutBack | str] = []
        self._followed = 0
        self._env = Env()
        self._marks: dict[str, tuple[Env, int]] = {}
        self._traces: dict[int, Trace] = {}
        self._undone: set[int] = set()
        self._lock = threading.RLock()
        self._texts: dict[str, str] = {}

    def ran(self, run: Run) -> None:
        """A cell ran."""
        with self._lock:
            text = self._texts.setdefault(run.source, run.source)
            self._events.append(msgspec.structs.replace(run, source=text))
            self.runs.append(self._events[-1])  # type: ignore[arg-type]

    def mark(self, name: str) -> None:
        """Variables may be put back to what they are now."""
        with self._lock:
            self._events.append(name)

    def put_back(self, done: PutBack) -> None:
        """Variables were put back."""
        with self._lock:
            self._events.append(done)

    @property
    def is_whole(self) -> bool:
        """Whether nothing has fallen out of it."""
        return len(self.runs) <= MOST

    def writes_since(self, mark: str, without: Collection[str]) -> list[tuple[str, str]]:
        """Names that cells other than these made or changed after a mark, and who did."""
        with self._lock:
            self.followed()
            if mark not in self._marks:
                return []
            _, before = self._marks[mark]
            return [
                (name, self.runs[number].label)
                for number in range(before, len(self._traces))
                if self.runs[number].cell not in without
                for name in sorted(self._traces[number].writes)
            ]

    def would_change(self, sources: Sequence[str]) -> tuple[set[str], set[str], bool]:
        """What running these now would bind, what it might change, and whether more is possible."""
        env, _ = self.followed()
        bound: set[str] = set()
        written: set[str] = set()
        changed: set[str] = set()
        doubt = False
        for source in sources:
            facts = read_cell(source)
            trace = env.run(facts, -1)
            doubt = doubt or bool(trace.doubt)
            written |= trace.writes
            for statement in facts.statements:
                bound |= statement.bound | statement.dropped | statement.maybe
                changed |= statement.changed
        return bound, (written - bound) | (changed & written), doubt

    def followed(self) -> tuple[Env, tuple[tuple[int, Run, Trace], ...]]:
        """The namespace by its labels, and each run that counts with what it took and made."""
        with self._lock:
            if self.is_whole:
                self._follow(self._events[self._followed :])
                self._followed = len(self._events)
            counted = tuple(
                (number, self.runs[number], trace)
                for number, trace in self._traces.items()
                if number not in self._undone
            )
            return self._env.copy(), counted

    def _follow(self, events: Iterable[Run | PutBack | str]) -> None:
        for event in events:
            if isinstance(event, Run):
                number = len(self._traces)
                facts = read_cell(event.source)
                self._env.frames = event.frames
                self._traces[number] = self._env.run(facts, number, event.outcome, event.line)
            elif isinstance(event, str):
                self._marks[event] = (self._env.copy(), len(self._traces))
            elif event.mark in self._marks:
                then, before = self._marks[event.mark]
                self._env.put_back(event.names, then)
                self._undone |= {
                    number
                    for number in range(before, len(self._traces))
                    if self.runs[number].cell in event.cells
                }
