"""How an ask is read: each of its words as a column, a table, a value, or a word of the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm_notebook.llm.offline.lines import (
    CONDITION_STARTS,
    condition_first,
    split,
    without_mention_of_table,
)
from llm_notebook.llm.offline.naming import naming
from llm_notebook.llm.offline.reading import Doubt, Reading
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table, is_numeric
from llm_notebook.llm.offline.words import GRAIN_WORDS, NUMBERS, Token, cleaned, form_of, forms

_ARTICLES = frozenset({"a", "an", "the", "my", "our", "me", "all", "please", "kindly"})
_LONGEST_NAME = 6
_IS = frozenset({"is", "was", "are", "were", "equals", "of"})
_INSIDE_A_VALUE = frozenset({"of", "the", "de", "la", "von"})
_SLOTS = {"string": "S", "number": "N", "operator": "O", "file": "F"}


def readings(
    tokens: tuple[Token, ...],
    table: Table,
    scene: Scene,
    vocabulary: frozenset[str],
) -> Iterator[Reading]:
    """The different readings, the likeliest first."""
    seen = set()
    for order in ("TCK", "KTC", "TKC", "CTK", "FCK", "VTCK"):
        reading = _Reader(tokens, table, scene, vocabulary, order).read()
        key = (reading.text, reading.condition, tuple(reading.columns.values()))
        if key not in seen:
            seen.add(key)
            yield reading


class _Reader:
    def __init__(
        self,
        tokens: tuple[Token, ...],
        table: Table,
        scene: Scene,
        vocabulary: frozenset[str],
        order: str,
    ) -> None:
        self._tokens = tokens
        files = scene.context.files
        self._files = {forms(name.rsplit("/")[-1].partition(".")[0]): name for name in files}
        self._vocabulary = vocabulary
        self._order = order
        self._naming = naming(table)
        self._sources = {
            "T": self._table_at,
            "C": self._column_at,
            "K": self._keyword_at,
            "F": self._file_at,
            "V": self._value_at,
        }
        self._text = cleaned(scene.words)
        self._reading = Reading(table, scene, frame=table.name, source=self._text)
        self._parts: list[str] = []

    def read(self) -> Reading:
        parts = self._parts
        at = 0
        while at < len(self._tokens):
            size, part = self._next(at)
            if part in self._reading.texts:
                place = self._tokens[at].start, self._tokens[at + size - 1].end
                self._reading.places[part] = place
            at += size
            if part:
                parts.append(part)
        text, self._reading.front = condition_first(" ".join(parts))
        text = re.sub(r"\b(and )+", "and ", text).removesuffix(" and")
        text = re.sub(r"\b([xy])(?: axis)? O\d+ ", r"\1 axis ", text)
        text = re.sub(r"\bnumber of (C\d+)", self._counted, text)
        text = without_mention_of_table(CONDITION_STARTS.sub(" where ", text, count=1))
        self._reading.text, self._reading.condition = split(text)
        return self._reading

    def _counted(self, match: re.Match[str]) -> str:
        """A number of things is the column that holds it: "by number of cylinders"."""
        before = match.string[: match.start()].split()[-1:]
        column = self._reading.column(self._reading.columns[match[1]])
        is_named = before and before[0] in (
            "by",
            "per",
            "vs",
            "versus",
            "against",
            "on",
            "over",
            "each",
        )
        return match[1] if is_named and is_numeric(column) else match[0]

    def _next(self, at: int) -> tuple[int, str]:
        token = self._tokens[at]
        if token.kind == "comma":
            return 1, "and" if token.text == "&" else ","
        if token.kind == "string":
            exact = token.text if token.text in self._naming.names else None
            return 1, self._slot("S", token.text) if exact is None else self._column(exact)
        if "V" in self._order and (found := self._value_at(at)) is not None:
            return found
        if token.kind == "symbol":
            return 1, "" if self._is_in_the_name(token.text) else self._unknown(token.text)
        if token.kind != "word":
            return 1, self._slot(_SLOTS[token.kind], token.text)
        if (found := self._variable_at(at)) is not None:
            return found
        for source in self._order:
            found = self._sources[source](at)
            if found is not None:
                return found
        if self._reading.scene.variable(token.text) is not None:
            return 1, self._slot("V", token.text)
        if (number := NUMBERS.get(token.text.lower())) is not None:
            return 1, self._slot("N", number)
        return self._file_at(at) or (1, self._unknown(token.text))

    def _variable_at(self, at: int) -> tuple[int, str] | None:
        """Another live variable whose name has several words, such as ``sales_2023``."""
        last = min(len(self._tokens), at + _LONGEST_NAME)
        for end in range(last, at + 1, -1):
            written = self._text[self._tokens[at].start : self._tokens[end - 1].end]
            if written == self._reading.table.name or written in self._naming.names:
                return None
            if written.isidentifier() and self._reading.scene.variable(written) is not None:
                return end - at, self._slot("V", written)
        return None

    def _value_at(self, at: int) -> tuple[int, str] | None:
        """A text of several words as it is written, behind "COLUMN is"."""
        if not self._is_value_due():
            return None
        end = at
        for token in self._tokens[at:]:
            word = token.text.lower()
            is_own = token.text[:1].isupper() or word not in self._vocabulary
            if token.kind == "word" and not is_own and word not in _INSIDE_A_VALUE:
                break
            if token.kind not in ("word", "number", "symbol", "file"):
                break
            end += 1
        if end - at < 2 or self._tokens[end - 1].text.lower() in _INSIDE_A_VALUE:
            return None
        text = self._text[self._tokens[at].start : self._tokens[end - 1].end]
        return end - at, self._slot("W", text)

    def _is_value_due(self) -> bool:
        """Whether "COLUMN is" or "COLUMN is not" stands right before."""
        before = self._parts[:-1] if self._parts[-1:] == ["not"] else self._parts
        return len(before) > 1 and before[-1] in _IS and before[-2][0] == "C"

    def _is_in_the_name(self, symbol: str) -> bool:
        """Whether a symbol belongs to the column before it, as in "Pick #"."""
        last = self._parts[-1] if self._parts else ""
        return symbol in self._reading.columns.get(last, "")

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
            if self._names_a_column(words, size):
                continue
            if size and tuple(words[:size]) == forms(name):
                span = self._text[self._tokens[at].start : self._tokens[at + size - 1].end]
                if span in self._naming.names and span != name:
                    # Of a table "rents", "rent" is the column of that name.
                    return None
                self._reading.names_table = True
                last = self._tokens[at + size - 1]
                is_plural = form_of(name) != name.lower()
                self._reading.names_row = is_plural and last.text.lower() == last.form
                return size, "T"
        return None

    def _names_a_column(self, words: list[str], longer_than: int) -> bool:
        """Whether more words than those of the table name a column: "product type"."""
        return any(
            len(self._fits(tuple(words[:size]), " ".join(words[:size]))) == 1
            for size in range(longer_than + 1, len(words) + 1)
        )

    def _file_at(self, at: int) -> tuple[int, str] | None:
        words = self._forms(at)
        for size in range(len(words), 0, -1):
            name = self._files.get(tuple(words[:size]))
            if name is not None:
                return size, self._slot("F", name)
        return None

    def _keyword_at(self, at: int) -> tuple[int, str] | None:
        token = self._tokens[at]
        word = token.text.lower()
        if word in _ARTICLES:
            # "the grade is A", "the band is The Who", "a_b", "a-b".
            is_value = word != token.text and self._is_value_due()
            is_glued = self._text[token.end : token.end + 1] in ("_", "-")
            return None if is_value or is_glued else (1, "")
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
                self._reading.doubtful.append(Doubt(written, tuple(fits)))
                return size, self._unknown(written)
        return None

    def _known(self, at: int, size: int) -> bool:
        texts = [token.text.lower() for token in self._tokens[at : at + size]]
        return all(text in self._vocabulary or text in _ARTICLES for text in texts)

    def _fits(self, span: tuple[str, ...], written: str) -> list[str]:
        """Columns of this name: exactly, without their unit, or as its first or last words."""
        exact = self._naming.exact.get(span, [])
        if len(exact) > 1:
            same = [name for name in exact if "".join(written.split()) == name]
            return same or exact
        if fits := exact or self._naming.bare.get(span, []):
            return fits
        whole = "".join(span)
        joined = self._naming.joined.get(whole, [])
        if len(joined) == 1 and len(whole) > 4:
            return joined
        if all(word in self._vocabulary and word not in GRAIN_WORDS for word in span):
            return []
        return self._naming.partial.get(span, [])

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
