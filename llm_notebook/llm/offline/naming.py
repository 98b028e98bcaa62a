"""The columns of a table by the words that may mean them."""

from __future__ import annotations

from functools import lru_cache

from llm_notebook.llm.offline.schema import Table
from llm_notebook.llm.offline.words import UNITS, forms

_Words = tuple[str, ...]


class Naming:
    """For each run of words the columns that it may mean, in the order of the table.

    Attributes
    ----------
    names : set of str
    exact, bare, partial : dict of tuple of str to list of str
        By all words, by all but a unit at the end, by the first or the last words.
    joined : dict of str to list of str
        By all words written as one.
    """

    def __init__(self, table: Table) -> None:
        self.names: set[str] = set()
        self.exact: dict[_Words, list[str]] = {}
        self.bare: dict[_Words, list[str]] = {}
        self.partial: dict[_Words, list[str]] = {}
        self.joined: dict[str, list[str]] = {}
        for column in table.usable_columns():
            name, words = column.name, forms(column.name)
            self.names.add(name)
            self.exact.setdefault(words, []).append(name)
            self.joined.setdefault("".join(words), []).append(name)
            bare = words[:-1] if words and words[-1] in UNITS else words
            self.bare.setdefault(bare, []).append(name)
            parts = {bare[:size] for size in range(1, len(bare) + 1)}
            parts |= {bare[size:] for size in range(len(bare))}
            for part in parts:
                self.partial.setdefault(part, []).append(name)


@lru_cache(maxsize=64)
def naming(table: Table) -> Naming:
    """The naming of a table; kept, as an ask is read in several ways."""
    return Naming(table)
