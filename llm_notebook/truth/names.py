"""What is known of the names of a namespace."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self, TypeVar

from llm_notebook.truth.bodies import Body

_T = TypeVar("_T")

ABSENT = hash("absent")
"""The label of a name that nothing bound."""

GIVEN = frozenset(vars(builtins)) | {"display", "get_ipython", "exit", "quit", "In", "Out"}
"""Names that every kernel has."""


@dataclass(slots=True)
class Names:
    """Names and labels.

    Attributes
    ----------
    makers : dict of str to int
        The run that gave a name its value last.
    bodies : dict of str to Body
        What may happen when a name is called.
    groups : dict of str to set of str
        Names that may stand for, hold or view the same object; one set for all of them.
    plain : set of str
        Names of numbers, texts and the like, which nothing changes in place.
    once : set of str
        Iterators: reading uses them up.
    modules : set of str
        What imports bind.
    frames : frozenset of str
        Frames and series: a part of one, or what is put into one, is a copy.
    base : tuple of object
        What names may have been bound that are not known: star imports, unread code.
    """

    labels: dict[str, int] = field(default_factory=dict)
    makers: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    base: tuple[object, ...] = ()
    frames: frozenset[str] = frozenset()

    def copy(self) -> Self:
        """One that goes its own way."""
        sets = {id(group): set(group) for group in self.groups.values()}
        return type(self)(
            dict(self.labels),
            dict(self.makers),
            dict(self.bodies),
            {name: sets[id(group)] for name, group in self.groups.items()},
            set(self.plain),
            set(self.once),
            set(self.modules),
            self.base,
            self.frames,
        )

    def label(self, name: str) -> int:
        """Of a name's value, also where nothing is known to have bound it."""
        found = self.labels.get(name)
        if found is not None:
            return found
        return hash(("absent", self.base)) if self.base and name not in GIVEN else ABSENT

    def has(self, name: str) -> bool:
        """Whether something bound it."""
        return self.labels.get(name, ABSENT) != ABSENT

    def group(self, name: str) -> set[str]:
        """Names whose object a change of this one's may change, itself included."""
        return self.groups.get(name) or {name}

    def put_back(self, names: Iterable[str], then: Names) -> None:
        """These names are what they were then."""
        for name in names:
            self._forget(name)
            _take(self.labels, then.labels, name)
            _take(self.makers, then.makers, name)
            _take(self.bodies, then.bodies, name)
            for known, former in (
                (self.plain, then.plain),
                (self.once, then.once),
                (self.modules, then.modules),
            ):
                known |= former & {name}
        for name in names:
            self._join(name, then.group(name))

    def _join(self, name: str, others: Iterable[str]) -> None:
        group = self.group(name)
        for other in others:
            if other not in group:
                more = self.group(other)
                group, more = (group, more) if len(group) >= len(more) else (more, group)
                group |= more
                for member in more:
                    self.groups[member] = group
                self.groups.setdefault(name, group)
        if len(group) > 1:
            for member in group & {name, *others}:
                self.groups[member] = group

    def _forget_group(self, name: str) -> None:
        group = self.groups.pop(name, None)
        if group is not None:
            group.discard(name)

    def _forget(self, name: str) -> None:
        self._forget_group(name)
        self.labels.pop(name, None)
        self.makers.pop(name, None)
        self.bodies.pop(name, None)
        for names in (self.plain, self.once, self.modules):
            names.discard(name)


def _take(mine: dict[str, _T], others: dict[str, _T], name: str) -> None:
    if name in others:
        mine[name] = others[name]
