"""The notebook as a run from its top would make it, held against what really ran."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from llm_notebook.context.source import is_prompt
from llm_notebook.core.notebook import Cell
from llm_notebook.truth.env import Env
from llm_notebook.truth.log import Run
from llm_notebook.truth.names import ABSENT
from llm_notebook.truth.reading import read_cell
from llm_notebook.truth.statements import CellFacts
from llm_notebook.truth.trace import Outcome, Trace

_T = TypeVar("_T")
_PARTNERS = 20


@dataclass(slots=True)
class Place:
    """A code cell of the notebook.

    Attributes
    ----------
    number : int
        Of its last run among all; by which what varies is told from another run of it.
    ran : Trace or None
        What its last run took and made.
    run : Run or None
    would : Trace
        What it would take and make in its place.
    number_then, outcome
        How that run is followed.
    hidden : dict of str to int
        What it takes that no cell above it makes, and the labels that it had.
    """

    cell: Cell
    facts: CellFacts
    number: int = -1
    ran: Trace | None = None
    run: Run | None = None
    would: Trace = field(default_factory=Trace)
    hidden: dict[str, int] = field(default_factory=dict)
    number_then: int = -1
    outcome: Outcome = "ran"

    @property
    def is_same(self) -> bool:
        """Whether its text is what ran."""
        return self.run is not None and read_cell(self.run.source).key == self.facts.key

    @property
    def is_stale(self) -> bool:
        """Whether its last run is not what a run in its place would be."""
        return self.ran is None or self.ran.sign != self.would.sign


@dataclass(slots=True)
class Fresh:
    """A run of these cells from the top, followed.

    Attributes
    ----------
    writers : dict of str to list of int
        The places that make or change a name, from the top.
    pairs : dict of (str, str) to int
        Names that may stand for the same object, and the place that made it so.
    """

    places: list[Place]
    env: Env = field(default_factory=Env)
    writers: dict[str, list[int]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)

    def before(self, name: str, place: int) -> int | None:
        """The last place above this one that makes a name."""
        found = self.writers.get(name, [])
        index = bisect_left(found, place)
        return found[index - 1] if index else None


def placed(cells: Sequence[Cell], runs: Sequence[tuple[int, Run, Trace]]) -> list[Place]:
    """The code cells with their last runs; a cell that was put in anew is known by its text."""
    ids = {cell.id for cell in cells}
    by_id: dict[str, tuple[int, Run, Trace]] = {}
    by_key: dict[int, tuple[int, Run, Trace]] = {}
    for entry in runs:
        run = entry[1]
        if run.cell in ids:
            by_id[run.cell] = entry
        else:
            by_key[read_cell(run.source).key] = entry
    places = []
    for cell in cells:
        if cell.type != "code" or not cell.source.strip() or is_prompt(cell.source):
            continue
        place = Place(cell, read_cell(cell.source))
        last = by_id.get(cell.id) or by_key.get(place.facts.key)
        if last is not None:
            place.number, place.run, place.ran = last
        places.append(place)
    return places


def followed(
    places: list[Place],
    frames: frozenset[str] = frozenset(),
    anew: frozenset[str] = frozenset(),
) -> Fresh:
    """Follow a run from the top.

    Parameters
    ----------
    frames : frozenset of str
        Names of frames and series in the kernel.
    anew : frozenset of str
        Cells that draw by chance and are run again: they make something else than they did.
    """
    fresh = Fresh(places)
    fresh.env.frames = frames
    for at, place in enumerate(places):
        _hide(place, fresh.env)
        if place.facts.is_broken:
            place.would = Trace()
            continue
        place.number_then = number = -2 - at if place.cell.id in anew else place.number
        place.outcome = _outcome(place, fresh.env, number)
        place.would = run_in_place(fresh.env, place, number, place.outcome)
        for name in place.would.writes:
            fresh.writers.setdefault(name, []).append(at)
        _pair(fresh, place, at)
    return fresh


def _hide(place: Place, env: Env) -> None:
    place.hidden = {}
    if place.ran is not None and place.is_same:
        hard = place.ran.known.keys() - place.ran.soft
        place.hidden = {name: place.ran.reads[name] for name in hard if not env.has(name)}


def run_in_place(env: Env, place: Place, number: int, outcome: Outcome) -> Trace:
    """Run a cell where what no cell above it makes is as it was when it ran."""
    then = {name: (env.labels.get(name), env.bodies.get(name)) for name in place.hidden}
    for name, label in place.hidden.items():
        env.labels[name] = label
        if place.ran is not None:
            env.bodies[name] = place.ran.known[name]
    line = place.run.line if place.run is not None else None
    trace = env.run(place.facts, number, outcome, line)
    for name, (was, body) in then.items():
        if name not in trace.writes:
            _set(env.labels, name, was)
            _set(env.bodies, name, body)
    return trace


def _set(known: dict[str, _T], name: str, value: _T | None) -> None:
    if value is None:
        known.pop(name, None)
    else:
        known[name] = value


def _outcome(place: Place, env: Env, number: int) -> Outcome:
    """What failed before on the same values fails again."""
    if place.ran is None or place.run is None or place.run.outcome != "failed":
        return "ran"
    again = run_in_place(env.copy(), place, number, "failed")
    return "failed" if again.sign == place.ran.sign else "ran"


def _pair(fresh: Fresh, place: Place, at: int) -> None:
    binds: set[str] = set()
    for statement in place.facts.statements:
        binds |= statement.bound | statement.maybe | {one for one, _, _ in statement.joins}
        binds |= {name for name, _, _ in statement.results}
    for name in binds & place.would.writes:
        # Where many stand together, some of them tell as much as all.
        for other in islice(fresh.env.group(name) - {name}, _PARTNERS):
            fresh.pairs[name, other] = fresh.pairs[other, name] = at


def wanted(places: list[Place], frames: frozenset[str]) -> list[Place]:
    """The cells that ran, and those of the others that they need."""
    fresh = followed(places, frames)
    needed = {at for at, place in enumerate(places) if place.ran is not None}
    left = list(needed)
    while left:
        at = left.pop()
        for name in places[at].would.reads:
            above = fresh.before(name, at)
            if above is not None and above not in needed:
                needed.add(above)
                left.append(above)
    return [place for at, place in enumerate(places) if at in needed]


def differ(live: Env, fresh: Fresh, changeable: set[str] | None) -> list[int]:
    """The places that would have to run for the names that differ now.

    Parameters
    ----------
    changeable : set of str or None
        Names whose values can be changed in place; None: any.
    """
    found = []
    for name, label in fresh.env.labels.items():
        if label != ABSENT and live.label(name) != label:
            found.append(fresh.writers[name][-1])
    for (name, other), at in fresh.pairs.items():
        if changeable is not None and not {name, other} <= changeable:
            continue
        if other in fresh.env.group(name) and other not in live.group(name):
            found.append(at)
    return found
