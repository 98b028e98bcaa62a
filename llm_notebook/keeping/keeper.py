"""The steps whose variables can be put back, within a measure of memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field

import msgspec

from llm_notebook.core.truth import NotKept
from llm_notebook.dryrun.allowance import headroom
from llm_notebook.keeping.values import CannotKeep, Holding, fill, is_as_held

MOST = 256 << 20
"""Bytes that all steps together may hold, where nobody says otherwise."""

_SHARE = 4
"""They never hold more than this part of what memory is free."""


class Need(msgspec.Struct, frozen=True):
    """A name that a step is expected to change.

    Attributes
    ----------
    in_place : bool
        Its value may change, so that holding on to it is not enough.
    is_certain : bool
        A dry run saw it change.
    """

    name: str
    in_place: bool
    is_certain: bool = True


@dataclass(slots=True)
class _Step:
    values: dict[str, object] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    holding: Holding = field(default_factory=lambda: Holding(0))


class Keeper:
    """Keeps and puts back the variables of one namespace.

    Parameters
    ----------
    namespace : mutable mapping of str to object
        The kernel's own.
    """

    def __init__(self, namespace: MutableMapping[str, object]) -> None:
        self._namespace = namespace
        self._steps: dict[str, _Step] = {}

    def keep(
        self, step: str, needs: Iterable[Need], most: int = 0
    ) -> tuple[tuple[str, ...], tuple[NotKept, ...]]:
        """Keep what these names are now. Older steps give way where there is no room.

        Returns
        -------
        tuple of str
            Names that can be put back.
        tuple of NotKept
        """
        self._steps.pop(step, None)
        room = min(most or MOST, headroom() // _SHARE)
        kept = _Step(holding=Holding(room))
        missed = []
        for need in sorted(needs, key=lambda need: need.name):
            name = need.name
            if name not in self._namespace:
                kept.absent.add(name)
                continue
            value = self._namespace[name]
            if need.in_place:
                try:
                    kept.holding.hold(value)
                except CannotKeep as why:
                    if need.is_certain:
                        missed.append(NotKept(name, str(why)))
                    continue
            kept.values[name] = value
        self._make_room(room - kept.holding.used)
        self._steps[step] = kept
        return tuple(sorted(kept.values.keys() | kept.absent)), tuple(missed)

    def has(self, step: str) -> bool:
        """Whether something is kept of a step."""
        return step in self._steps

    def forget(self, step: str) -> None:
        """It will not be undone."""
        self._steps.pop(step, None)

    def restore(
        self, step: str, spared: Mapping[str, str]
    ) -> tuple[tuple[str, ...], tuple[NotKept, ...]]:
        """Put the variables of a step back, each compared with what was kept.

        Parameters
        ----------
        spared : mapping of str to str
            Names that are left as they are, and why.

        Returns
        -------
        tuple of str
        tuple of NotKept
        """
        kept = self._steps.pop(step, None)
        if kept is None:
            return (), ()
        missed = [NotKept(name, why) for name, why in spared.items() if self._is_of(kept, name)]
        done = []
        for name in sorted(kept.absent - spared.keys()):
            self._namespace.pop(name, None)
            done.append(name)
        wanted = {name: value for name, value in kept.values.items() if name not in spared}
        lost = self._fill(kept, wanted.values())
        for name, value in sorted(wanted.items()):
            now = lost.get(id(value), value)
            self._namespace[name] = now
            held = kept.holding.held.get(id(value))
            if held is None or is_as_held(held, now):
                done.append(name)
            else:
                missed.append(NotKept(name, "what was put back is not what was kept"))
        return tuple(sorted(done)), tuple(missed)

    def _is_of(self, kept: _Step, name: str) -> bool:
        return name in kept.values or name in kept.absent

    def _fill(self, kept: _Step, values: Iterable[object]) -> dict[int, object]:
        """Fill the objects again; returns what takes the place of those that cannot be filled."""
        lost: dict[int, object] = {}
        reached = _reached(values, kept.holding)
        for key in reached:
            held = kept.holding.held[key]
            if not fill(held):
                lost[key] = held.content
        return lost

    def _make_room(self, room: int) -> None:
        """Let the oldest steps go until the rest fits."""
        used = sum(step.holding.used for step in self._steps.values())
        for name in tuple(self._steps):
            if used <= room:
                return
            used -= self._steps.pop(name).holding.used


def _reached(values: Iterable[object], holding: Holding) -> list[int]:
    """The held objects that these values are or hold."""
    left, met = list(values), set[int]()
    found = []
    while left:
        value = left.pop()
        if id(value) in met:
            continue
        met.add(id(value))
        held = holding.held.get(id(value))
        if held is not None:
            found.append(id(value))
            content = held.content
            if type(content) is list:
                left += [
                    part for item in content for part in (item if type(item) is tuple else (item,))
                ]
        elif type(value) in (tuple, frozenset):
            left += value  # type: ignore[arg-type]
    return found
