"""An ask with its columns, tables and files found: one way to read it.

The result is a line of lower-case words and slots: ``C0`` a column, ``T`` the
table, ``N0`` a number, ``S0`` a quoted text, ``F0`` a file, ``O0`` an operator,
``W0`` a word that no rule knows. Names may collide with words of the grammar
(a column called "count"), so there may be more than one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from llm_notebook.core.context import Column
from llm_notebook.llm.offline.schema import Table
from llm_notebook.llm.offline.words import Token, forms

_ARTICLES = frozenset({"a", "an", "the", "my", "our", "me", "all"})
_LONGEST_NAME = 6
# Units that people leave out when they name a column.
UNITS = frozenset(
    {"g", "kg", "mg", "t", "l", "ml", "mm", "cm", "m", "km", "in", "ft", "mi", "ms", "s", "sec"}
    | {"min", "h", "hr", "usd", "eur", "gbp", "pct", "percent", "deg", "c", "f", "k"}
)
_CONDITION_STARTS = re.compile(
    r" whose | (?:with|having|that have) "
    r"(?=C\d+ (?:O\d|is|over|above|below|under|between|greater|less|more|at least|at most|equal))"
)
_SLOTS = {"string": "S", "number": "N", "operator": "O", "file": "F"}


class Reading(msgspec.Struct):
    """One way to read an ask.

    Attributes
    ----------
    text : str
        The line of words and slots, without a condition.
    condition : str
        What follows "where", as a line of the same kind.
    columns, texts : dict
        What the slots stand for.
    unknown : list of str
        Words that no rule knows.
    doubtful : list of str
        Sentences about words that could be more than one column.
    remarks : list of str
        Sentences about names that were not written out.
    names_table : bool
        Whether the ask names the table.
    frame : str
        The expression for the table.
    files : tuple of str
        The data files beside the notebook.
    target : str
        Source of the active cell.
    """

    table: Table
    text: str = ""
    condition: str = ""
    columns: dict[str, str] = {}
    texts: dict[str, str] = {}
    unknown: list[str] = []
    doubtful: list[str] = []
    remarks: list[str] = []
    names_table: bool = False
    frame: str = ""
    files: tuple[str, ...] = ()
    target: str = ""

    def column(self, name: str) -> Column:
        """The table's column of this name."""
        return next(column for column in self.table.columns if column.name == name)


def readings(
    tokens: tuple[Token, ...],
    table: Table,
    files: tuple[str, ...],
    vocabulary: frozenset[str],
    target: str = "",
) -> Iterator[Reading]:
    """The different readings, the likeliest first."""
    seen = set()
    for order in ("TCK", "KTC", "TKC", "CTK", "FCK"):
        reading = _Reader(tokens, table, files, vocabulary, order).read()
        reading.target = target
        key = (reading.text, reading.condition, tuple(reading.columns.values()))
        if key not in seen:
            seen.add(key)
            yield reading


class _Reader:
    def __init__(
        self,
        tokens: tuple[Token, ...],
        table: Table,
        files: tuple[str, ...],
        vocabulary: frozenset[str],
        order: str,
    ) -> None:
        self._tokens = tokens
        self._files = {forms(name.rsplit("/")[-1].partition(".")[0]): name for name in files}
        self._vocabulary = vocabulary
        self._order = order
        self._columns = [(forms(column.name), column.name) for column in table.usable_columns()]
        self._sources = {
            "T": self._table_at,
            "C": self._column_at,
            "K": self._keyword_at,
            "F": self._file_at,
        }
        self._reading = Reading(table, frame=table.name, files=files)

    def read(self) -> Reading:
        parts: list[str] = []
        at = 0
        while at < len(self._tokens):
            size, part = self._next(at)
            at += size
            if part:
                parts.append(part)
        text = re.sub(r"\b(and )+", "and ", " ".join(parts)).removesuffix(" and")
        text = _without_mention_of_table(text)
        main, _, condition = _CONDITION_STARTS.sub(" where ", text, count=1).partition(" where ")
        self._reading.text, self._reading.condition = main, condition
        return self._reading

    def _next(self, at: int) -> tuple[int, str]:
        token = self._tokens[at]
        if token.kind == "comma":
            return 1, "and"
        if token.kind == "string":
            exact = next((name for _, name in self._columns if name == token.text), None)
            return 1, self._slot("S", token.text) if exact is None else self._column(exact)
        if token.kind == "symbol":
            return 1, self._unknown(token.text)
        if token.kind != "word":
            return 1, self._slot(_SLOTS[token.kind], token.text)
        for source in self._order:
            found = self._sources[source](at)
            if found is not None:
                return found
        return self._file_at(at) or (1, self._unknown(token.text))

    def _forms(self, at: int) -> list[str]:
        forms = []
        for token in self._tokens[at : at + _LONGEST_NAME]:
            if token.kind != "word":
                break
            forms.append(token.form)
        return forms

    def _table_at(self, at: int) -> tuple[int, str] | None:
        words = self._forms(at)
        for name in (self._reading.table.name, self._reading.table.alias):
            size = len(forms(name))
            if size and tuple(words[:size]) == forms(name):
                self._reading.names_table = True
                return size, "T"
        return None

    def _file_at(self, at: int) -> tuple[int, str] | None:
        words = self._forms(at)
        for size in range(len(words), 0, -1):
            name = self._files.get(tuple(words[:size]))
            if name is not None:
                return size, self._slot("F", name)
        return None

    def _keyword_at(self, at: int) -> tuple[int, str] | None:
        word = self._tokens[at].text.lower()
        if word in _ARTICLES:
            return 1, ""
        return (1, word) if word in self._vocabulary else None

    def _column_at(self, at: int) -> tuple[int, str] | None:
        words = self._forms(at)
        for size in range(len(words), 0, -1):
            span = tuple(words[:size])
            written = " ".join(token.text for token in self._tokens[at : at + size])
            fits = self._fits(span, written)
            if len(fits) == 1:
                if forms(fits[0]) != span:
                    self._reading.remarks.append(f"“{written}” is read as {fits[0]}.")
                return size, self._column(fits[0])
            if len(fits) > 1 and not self._known(at, size):
                self._reading.doubtful.append(f"“{written}” could be {_either(fits)}.")
                return size, self._unknown(written)
        return None

    def _known(self, at: int, size: int) -> bool:
        texts = [token.text.lower() for token in self._tokens[at : at + size]]
        return all(text in self._vocabulary or text in _ARTICLES for text in texts)

    def _fits(self, span: tuple[str, ...], written: str) -> list[str]:
        """Columns of this name: exactly, without their unit, or as its first or last words."""
        exact = [name for words, name in self._columns if words == span]
        if len(exact) > 1:
            same = [name for name in exact if "".join(written.split()) == name]
            return same or exact
        if exact:
            return exact
        bare = [
            (words[:-1] if words[-1] in UNITS else words, name) for words, name in self._columns
        ]
        if fits := [name for words, name in bare if words == span]:
            return fits
        if all(word in self._vocabulary for word in span):
            return []
        size = len(span)
        return [name for words, name in bare if span in (words[:size], words[-size:])]

    def _column(self, name: str) -> str:
        for slot, known in self._reading.columns.items():
            if known == name:
                return slot
        slot = f"C{len(self._reading.columns)}"
        self._reading.columns[slot] = name
        return slot

    def _slot(self, letter: str, text: str) -> str:
        slot = f"{letter}{len(self._reading.texts)}"
        self._reading.texts[slot] = text
        return slot

    def _unknown(self, text: str) -> str:
        self._reading.unknown.append(text)
        return self._slot("W", text)


def _without_mention_of_table(text: str) -> str:
    """Drop "of T", "in the T data" and the like; the table is known by now."""
    mention = r"\b(?:of|in|from|using|on|for|with) (?:T|(?:data|dataframe|table|dataset))"
    tail = r"(?: (?:T|data|dataframe|table|dataset))?(?= |$)"
    return " ".join(re.sub(mention + tail, "", text).split())


def _either(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"
