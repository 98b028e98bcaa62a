"""Choose the cells that a model needs: a static def-use slice, in rank order.

Starting from the names that the target cell and the prompt need, the slice goes
back to the cell that defines each one, takes the cells in between that change
it in place, and goes on with the names that those cells need. Document order
stands for execution order. A name that nothing above defines is looked for
below, once.
"""

from __future__ import annotations

import builtins
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from llm_notebook.context.source import Facts

MAX_CELLS = 200
_BUILTINS = frozenset(dir(builtins))
_WORD = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"`([^`\n]{1,80})`")
_WORDS_FIRST = frozenset({"a", "A", "I"})
_STOP = frozenset(
    "the and for with from all how what show plot make give this that into per each are its".split()  # noqa: SIM905
)


def names_in(prompt: str, known: Iterable[str]) -> list[str]:
    """Known names that the prompt mentions, in its order.

    "a" and "I" count only in backticks: they are words first.
    """
    words = list(dict.fromkeys(_WORD.findall(prompt)))
    quoted = {word for quote in _QUOTED.findall(prompt) for word in _WORD.findall(quote)}
    names = set(known)
    return [
        word for word in words if word in names and (word not in _WORDS_FIRST or word in quoted)
    ]


def mentions(prompt: str, columns: Sequence[str]) -> int:
    """How many of a table's columns share a word with the prompt."""
    words = _plain_words(prompt)
    return sum(not words.isdisjoint(_plain_words(column)) for column in columns)


def _plain_words(text: str) -> set[str]:
    words = re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", text)
    return {w.lower().removesuffix("s") for w in words if len(w) > 2 and w.lower() not in _STOP}


def slice_cells(
    facts: Sequence[Facts], position: int, names: Iterable[str]
) -> tuple[dict[int, str], set[str]]:
    """Indices of the cells that define what is needed at `position`.

    Parameters
    ----------
    facts : sequence of Facts
        One for each cell of the notebook.
    position : int
        Index of the cell that needs the names; ``len(facts)`` for the end.
    names : iterable of str

    Returns
    -------
    reasons : dict of int to str
        Index of a cell, and why it is there, such as ``"makes df"``. Ranked:
        what defines the names directly comes first, then what those cells need,
        and so on; within a step the nearest first.
    involved : set of str
        Every name that was followed.
    """
    defined, touched = _index(facts)
    stars = [i for i, fact in enumerate(facts) if fact.star and i < position]
    chosen: dict[int, str] = {}
    seen: set[tuple[str, int]] = set()
    involved: set[str] = set()
    step = [(name, position) for name in names]
    first = True
    while step and len(chosen) < MAX_CELLS:
        found: dict[int, str] = {}
        for name, before in step:
            if (name, before) in seen:
                continue
            seen.add((name, before))
            involved.add(name)
            # A function's body needs its names only where it is called: a helper may
            # stand below it.
            at = _sources(name, before, defined, touched) or _sources(
                name, position, defined, touched
            )
            if not at and first:
                at = [*defined.get(name, []), *touched.get(name, [])][-1:]
            for i in at:
                found.setdefault(i, f"{'makes' if name in facts[i].defines else 'changes'} {name}")
            if not at and name not in _BUILTINS:
                found.update({i: f"may import {name}" for i in stars if i not in found})
        fresh = sorted(found.keys() - chosen.keys() - {position}, reverse=True)
        chosen.update((i, found[i]) for i in fresh)
        step = [(name, i) for i in fresh for name in sorted(facts[i].uses)]
        first = False
    return dict(islice(chosen.items(), MAX_CELLS)), involved


def _index(facts: Sequence[Facts]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    defined: dict[str, list[int]] = {}
    touched: dict[str, list[int]] = {}
    imported = frozenset(name for fact in facts for name in fact.imports)
    for i, fact in enumerate(facts):
        for name in fact.defines:
            defined.setdefault(name, []).append(i)
        for name in fact.touches:
            # A module's methods configure it rather than change it (`plt.rc…`): its
            # import is enough. An assignment (`os.environ[…] = …`) or a seed counts.
            if name in imported and name not in fact.assigns | fact.imports:
                continue
            touched.setdefault(name, []).append(i)
    return defined, touched


def _sources(
    name: str,
    before: int,
    defined: Mapping[str, list[int]],
    touched: Mapping[str, list[int]],
) -> list[int]:
    """The last definition above `before`, and the changes in place since."""
    cells = defined.get(name, [])
    end = bisect_left(cells, before)
    last = cells[end - 1] if end else -1
    found = [last] if end else []
    return found + [i for i in touched.get(name, []) if last < i < before]
