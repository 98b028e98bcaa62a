"""Characters that make a reader see something else than what is there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence, ProposedCell

_JOINER = "\u200d"
_HIDDEN = frozenset({"Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp"})
_FILLERS = "\u3164\u115f\u1160\uffa0"
_GREEK = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι")
_WORD = re.compile(r"[^\W\d]\w*")


def characters(evidence: Evidence) -> Iterator[Reason]:
    """ASK for characters that cannot be seen or turn the direction, and for mixed scripts."""
    for cell in evidence.cells:
        if cell.source.isascii() and not _controls(cell.source):
            continue
        for number, line in enumerate(cell.source.split("\n"), 1):
            hidden = [letter for letter in _letters(line) if _is_hidden(letter)]
            if hidden:
                text = f"It holds a character that cannot be seen (U+{ord(hidden[0]):04X})."
                yield Reason("ASK", "characters", text, cell.id, number)
        yield from _deceptive_names(cell)


def _deceptive_names(cell: ProposedCell) -> Iterator[Reason]:
    if not cell.is_code:
        return
    for number, line in enumerate(cell.source.split("\n"), 1):
        for word in _WORD.findall(line):
            if not word.isascii() and (_is_rewritten(word) or _is_mixed(word)):
                text = f"A word in it is not what it looks like: {word[:40]} ({word[:40]!a})."
                yield Reason("ASK", "characters", text, cell.id, number)


def _is_rewritten(word: str) -> bool:
    """Whether Python reads another, plain word where this one stands."""
    plain = unicodedata.normalize("NFKC", word)
    return plain != word and plain.isascii()


def _is_mixed(word: str) -> bool:
    """Whether Latin letters stand among others that look like them; Δt and μm are as they look."""
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    if "LATIN" not in names:
        return False
    return bool(names & {"CYRILLIC", "CHEROKEE", "ARMENIAN"}) or any(c in _GREEK for c in word)


def _controls(text: str) -> bool:
    return any((letter < " " and letter not in "\n\t\r") or letter == "\x7f" for letter in text)


def _letters(line: str) -> Iterator[str]:
    """Those of a line; the joiner between two pictures is part of one."""
    for at, letter in enumerate(line):
        around = line[max(0, at - 2) : at] + line[at + 1 : at + 2]
        if letter == _JOINER and any(unicodedata.category(c) == "So" for c in around):
            continue
        yield letter


def _is_hidden(letter: str) -> bool:
    if letter in "\t\r\n":
        return False
    kind = unicodedata.category(letter)
    return (
        kind in ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp") or letter in "\u3164\u115f\u1160\uffa0"
    )
