"""The state as it was right before the first cell: asked of a witness, or remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from llm_notebook.core.preview import VariableState
from llm_notebook.dryrun.observing import columns
from llm_notebook.dryrun.observing.pages import ABSENT, Pagemap, Run, digest, is_absent
from llm_notebook.dryrun.observing.prints import Print, Region
from llm_notebook.dryrun.observing.states import state_of
from llm_notebook.dryrun.observing.witness import Witness
from llm_notebook.dryrun.observing.world import World

NO_DIGEST = bytes(12)
"""Stands for memory that was never touched."""

_REMEMBERED = 32 << 20
_STATES_SECONDS = 0.3
_GRACE = 0.5


class Described(msgspec.Struct, frozen=True):
    """How variables looked, and what the process had beside them."""

    states: dict[str, VariableState] = {}
    world: World | None = None


class Question(msgspec.Struct, frozen=True):
    """What is asked of the witness."""

    about: Literal["prints", "states", "memory", "columns", "contents"]
    names: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    places: tuple[int, ...] = ()
    frames: dict[str, tuple[int, ...] | None] = {}
    seconds: float = 0.0


class Past:
    """What is known of the state at the moment this was made.

    Parameters
    ----------
    names : callable
        Gives the variables, by name.

    Attributes
    ----------
    pages : Pagemap
        Of this process.
    is_remembered : bool
        There is no witness; only what is cheap was remembered.
    """

    def __init__(self, names: Callable[[], Mapping[str, Any]]) -> None:
        self._names = names
        self.pages = Pagemap()
        self._witness: Witness | None = None
        self._memory: dict[Region, bytes] = {}
        self._wanted: tuple[str, ...] = ()
        self._prints: dict[str, bytes] = {}
        self._world: World | None = None
        try:
            self._witness = Witness(self._answer, self._ahead().__next__)
        except OSError:
            self._remember()
        self.pages.mark()

    @property
    def is_remembered(self) -> bool:
        """Whether there is no witness."""
        return self._witness is None

    def close(self) -> None:
        """End the witness."""
        if self._witness:
            self._witness.close()

    def ask_prints(self, names: Iterable[str]) -> None:
        """Have the fingerprints made; `prints` fetches them."""
        self._ask(Question("prints", tuple(names)))

    def prints(self, seconds: float) -> dict[str, bytes]:
        """Digests by name; a name that is missing could not be read."""
        if self._witness is None:
            return self._prints
        return self._fetch(seconds, dict[str, bytes]) or {}

    def ask_states(self, wanted: Mapping[str, tuple[int, ...] | None]) -> None:
        """Have these variables described, of large frames only the columns at these places."""
        self._wanted = tuple(wanted)
        self._ask(Question("states", self._wanted, frames=dict(wanted)))

    def described(self, seconds: float) -> Described:
        """How the variables that were asked for looked, and what there was beside them."""
        if self._witness is None:
            found = {name: self._states[name] for name in self._wanted if name in self._states}
            return Described(found, self._world)
        return self._fetch(seconds, Described) or Described()

    def memory(self, runs: Iterable[Run], seconds: float) -> list[bytes] | None:
        """A digest of each of these runs of bytes as they were; None where that is not known.

        Fewer where the time is over before.
        """
        if self._witness is None:
            return None
        self._ask(Question("memory", runs=tuple(runs), seconds=seconds))
        found: list[bytes] | None = self._fetch(seconds + _GRACE, list[bytes])
        return found

    def columns(self, name: str, seconds: float) -> list[bytes] | None:
        """`columns.prints` of a frame."""
        self._ask(Question("columns", (name,)))
        found: list[bytes] | None = self._fetch(seconds, list[bytes] | None)
        return found

    def contents(self, name: str, places: Collection[int], seconds: float) -> list[bytes]:
        """`columns.contents` of a frame; fewer where the time is over before."""
        if not places:
            return []
        self._ask(Question("contents", (name,), places=tuple(places), seconds=seconds))
        return self._fetch(seconds + _GRACE, list[bytes]) or []

    def remembered(self, region: Region) -> bytes | None:
        """The digest of a whole region, where it was taken beforehand."""
        return self._memory.get(region)

    def _ask(self, question: Question) -> None:
        if self._witness:
            self._witness.put(msgspec.msgpack.encode(question))

    def _fetch(self, seconds: float, kind: Any) -> Any:
        answer = self._witness.get(seconds) if self._witness else None
        if answer:
            return msgspec.msgpack.decode(answer, type=kind)
        # It may still answer, to the wrong question.
        self.close()
        return None

    def _answer(self, data: bytes) -> bytes:
        """In the witness."""
        question = msgspec.msgpack.decode(data, type=Question)
        names = self._names()
        wanted = {name: names[name] for name in question.names if name in names}
        found: Any
        if question.about == "prints":
            rest = {n: v for n, v in wanted.items() if n not in self._prints}
            known = {n: self._prints[n] for n in wanted if n in self._prints}
            found = known | prints_of(rest)
        elif question.about == "states":
            states = {
                name: state_of(value, _STATES_SECONDS / len(wanted), question.frames.get(name))
                for name, value in wanted.items()
            }
            found = Described(states, self._world or World.now())
        elif question.about == "columns":
            found = columns.prints(names[question.names[0]])
        elif question.about == "contents":
            until = time.monotonic() + question.seconds
            parts = columns.parts(names[question.names[0]]) or []
            found = list(columns.contents(parts, question.places, until))
        else:
            found = list(_digests(question.runs, time.monotonic() + question.seconds))
        return msgspec.msgpack.encode(found)

    def _ahead(self) -> Iterator[bool]:
        """In the witness, which is idle while the cells run: what is going to be asked for sure."""
        self._world = World.now()
        yield True
        for name, value in self._names().items():
            self._prints |= prints_of({name: value})
            yield True
        yield False

    def _remember(self) -> None:
        names = self._names()
        self._prints = prints_of(names)
        self._states = {name: state_of(value, 0.0) for name, value in names.items()}
        self._world = World.now()
        left = _REMEMBERED
        for value in names.values():
            for region in Print(value).regions:
                if region not in self._memory and region[1] <= left:
                    left -= region[1]
                    self._memory[region] = digest(*region)


def _digests(runs: Iterable[Run], until: float) -> Iterator[bytes]:
    for kind, address, size in runs:
        if time.monotonic() > until:
            return
        absent = kind == ABSENT and is_absent(address, size)
        yield NO_DIGEST if absent else digest(address, size)


def prints_of(names: Mapping[str, Any]) -> dict[str, bytes]:
    """The digest of each value's fingerprint, of those that can be read."""
    found = {}
    for name, value in names.items():
        try:
            found[name] = Print(value).digest
        except Exception:  # one object that fails costs only its own
            continue
    return found
