"""Watch a namespace while unreviewed code runs over it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from llm_notebook.context.source import read_source
from llm_notebook.core.preview import FileEffect, ObservedEffects, VariableChange, VariableState
from llm_notebook.dryrun.observing.comparing import Compared, Comparison
from llm_notebook.dryrun.observing.effects import Recorder
from llm_notebook.dryrun.observing.past import Past
from llm_notebook.dryrun.observing.states import state_of
from llm_notebook.dryrun.observing.world import World

_SECONDS = 1.5
_COUNTING = 0.3
_FRONT_ENDS = re.compile(r"_(i{0,3}|\d+|i\d+|_+|ih|oh|dh|exit_code|__.*)|__.*__")
_OF_THE_SHELL = frozenset("In Out exit quit get_ipython open display".split())  # noqa: SIM905
UNKNOWN = "values could not be compared"
SAME_OBJECT = "the same object as "


class Watch:
    """What changes in a namespace, and what code does outside of it.

    Made in the child, inside of the sandbox, right before the first cell. It
    holds no reference to any value, so that what is deleted is really gone.

    Parameters
    ----------
    namespace : mutable mapping of str to object
    hidden : iterable of str
        Names that are not the person's own.
    sources : iterable of str
        What is going to run. Of values that are too large to be compared in
        full, only those are told that it may change by its syntax.
    noise : iterable of str
        Folders in which files come and go without meaning.
    """

    def __init__(
        self,
        namespace: MutableMapping[str, Any],
        hidden: Iterable[str] = (),
        sources: Iterable[str] = (),
        noise: Iterable[str] = (),
    ) -> None:
        self._namespace = namespace
        self._hidden = frozenset(hidden) | _OF_THE_SHELL
        self._touched = frozenset(n for source in sources for n in read_source(source).touches)
        self._before = {n: (id(v), id(type(v))) for n, v in self._names().items()}
        self._past = Past(self._names)
        self._recorder = Recorder(noise)
        self._done: tuple[tuple[VariableChange, ...], ObservedEffects] | None = None

    def _names(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in dict(self._namespace).items()
            if type(name) is str and name not in self._hidden and not _FRONT_ENDS.fullmatch(name)
        }

    def finish(
        self, files: Iterable[FileEffect] | None = None
    ) -> tuple[tuple[VariableChange, ...], ObservedEffects]:
        """What has changed since, and what was done. Never raises; a second call says the same.

        Parameters
        ----------
        files : iterable of FileEffect, optional
            All files that were changed, where the sandbox knows.
        """
        if self._done is None:
            effects = self._recorder.finish(files)
            try:
                changes = tuple(self._changes(time.monotonic() + _SECONDS))
            except Exception:  # such as no memory left, or builtins that the code replaced
                changes = tuple(self._identities())
            self._past.close()
            self._done = changes, effects
        return self._done

    def _identities(self) -> Iterator[VariableChange]:
        """The least that can be said: which names stand for other objects."""
        after = self._names()
        for name, value in after.items():
            before = self._before.get(name)
            if before != (id(value), id(type(value))):
                yield VariableChange(name, "changed" if before else "created", note=UNKNOWN)
        yield from (VariableChange(n, "deleted") for n in self._before if n not in after)

    def _changes(self, until: float) -> Iterator[VariableChange]:
        after = self._names()
        same = {
            name: self._before[name] == (id(value), id(type(value)))
            for name, value in after.items()
            if name in self._before
        }
        comparison = Comparison(self._past, after, self._touched, until)
        found = comparison.of(same)
        gone = [name for name in self._before if name not in after]
        # The witness describes what was while we describe what is.
        places = {name: compared.places for name, compared in found.items()}
        self._past.ask_states({**places, **dict.fromkeys(gone)})
        first: dict[int, str] = {}
        told: list[tuple[str, VariableState, Compared | None, str]] = []
        for name, value in after.items():
            compared = found.get(name)
            if name in same and compared is None:
                continue
            seconds = max(0.0, min(_COUNTING, until - time.monotonic()))
            state = state_of(value, seconds, compared.places if compared else None)
            other = first.setdefault(id(value), name)
            is_shared = other != name and bool(state.shape)
            told.append((name, state, compared, f"{SAME_OBJECT}{other}" if is_shared else ""))
        described = self._past.described(max(0.1, until - time.monotonic()))
        before = described.states
        for name, state, compared, note in told:
            if compared is None:
                yield VariableChange(name, "created", None, state, note=note)
            else:
                note = note or compared.note
                was = before.get(name)
                yield VariableChange(name, "changed", was, state, compared.in_place, note)
        for name in gone:
            yield VariableChange(name, "deleted", before.get(name))
        yield from _world(described.world, World.now())


def _world(before: World | None, after: World) -> Iterator[VariableChange]:
    """What changed beside the variables, under names that no variable can have."""
    if before is None:
        return
    if before.folder != after.folder:
        was, now = (VariableState("folder", text=f) for f in (before.folder, after.folder))
        yield VariableChange("working folder", "changed", was, now)
    old, new = before.environment, after.environment
    names = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
    if names:
        # Values may be secrets.
        note = ", ".join(f"{'sets' if n in new else 'removes'} {n}" for n in names[:10])
        yield VariableChange("environment variables", "changed", note=note)
    for name, digest in after.states.items():
        if before.states.get(name, digest) != digest:
            yield VariableChange(name, "changed", in_place=True)
