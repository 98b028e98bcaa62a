"""An ask as tokens, and words in the form in which they are compared."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

FILE_ENDINGS = (
    "csv.gz", "csv", "tsv", "parquet", "jsonl", "ndjson", "json", "xlsx", "xls", "feather",
)  # fmt: skip

# Units that people leave out when they name a column.
UNITS = frozenset(
    {"g", "kg", "mg", "t", "l", "ml", "mm", "cm", "m", "km", "in", "ft", "mi", "ms", "s", "sec"}
    | {"min", "h", "hr", "usd", "eur", "gbp", "pct", "percent", "deg", "c", "f", "k"}
)
NUMBERS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20",
    "fifty": "50",
}  # fmt: skip
# Spans of time, which are also what columns are often called.
GRAIN_WORDS = frozenset(
    {"year", "quarter", "month", "week", "day", "hour", "weekday", "years", "months", "weeks"}
    | {"days", "hours", "quarters", "date", "name", "title", "label", "column", "columns", "number"}
)

_POLITE = re.compile(
    r"(?:please|can you|could you|would you|will you"
    r"|i (?:want|would like|need) to (?:know|see|find)|i want(?: you)? to|i would like(?: you)? to"
    r"|i'd like(?: you)? to|i need(?: you)? to|let's|lets|let us|help me(?: to)?|hi|hello|hey|ok"
    r"|now)[\s,!]+",
    re.I,
)
_THANKS = re.compile(r"[\s,]+(?:please|for me|thanks|thank you)[\s.!]*$", re.I)
_TOKEN = re.compile(
    r"(?P<string>\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w))"
    rf"|(?P<file>[\w./~-]*\w\.(?:{'|'.join(re.escape(e) for e in FILE_ENDINGS)})\b)"
    r"|(?P<date>(?<![\w.-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\w-]|[:.]\d))"
    # Behind a word or a number a dash joins or parts, in front of a number it is a sign. Alone it
    # may be either, so it is a symbol, which must be accounted for.
    r"|(?P<number>(?<![\w.])[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w%]|\.\d|,\d))"
    r"|(?P<operator>>=|<=|==|!=|≥|≤|≠|>|<|=)"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<comma>,|&)"
    r"|(?P<pause>(?:[\s_?:;()]|!(?!=))+|(?<=\w)-|\.(?!\d))"
    r"|(?P<symbol>.)",
    re.I,
)
_SHORT = re.compile(
    r"(?P<quoted>\"[^\"]*\"|“[^”]*”|`[^`]*`)|\b(?P<word>what|where|how|which|that|it|who)'s\b", re.I
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

Kind = Literal["string", "file", "number", "operator", "word", "comma", "symbol"]


class Token(msgspec.Struct, frozen=True):
    """A piece of the ask: as written, for a word as compared, and where in `cleaned` it stands."""

    kind: Kind
    text: str
    form: str = ""
    start: int = 0
    end: int = 0


def form_of(word: str) -> str:
    """Lower case and singular, the same for a column's name and for the ask."""
    word = word.lower()
    if len(word) > 3:
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("ses", "xes", "ches", "shes")):
            return word[:-2]
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
        if len(word) > 4 and word.endswith("ie"):
            return word[:-2] + "y"
    return word


def forms(name: str) -> tuple[str, ...]:
    """The compared words of a name such as ``body_mass_g`` or ``bodyMass``."""
    return tuple(
        form_of(part) for word in re.findall(r"[^\W_]+", name) for part in _CAMEL.split(word)
    )


def cleaned(prompt: str) -> str:
    """An ask on one line, without courtesies at its ends."""
    text = " ".join(prompt.replace("’", "'").split())
    text = _SHORT.sub(lambda match: match[0] if match["quoted"] else f"{match['word']} is", text)
    while match := _POLITE.match(text):
        text = text[match.end() :]
    return _THANKS.sub("", text)


def tokenize(prompt: str) -> tuple[Token, ...]:
    """The tokens of an ask, without courtesies."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(cleaned(prompt)):
        kind, piece = str(match.lastgroup), match[0]
        start, end = match.span()
        if kind == "word":
            for word in _CAMEL.split(piece):
                tokens.append(Token("word", word, form_of(word), start, start + len(word)))
                start += len(word)
        elif kind == "string":
            tokens.append(Token("string", piece[1:-1], "", start, end))
        elif kind == "date":
            tokens.append(Token("string", piece, "", start, end))
        elif kind == "number":
            tokens.append(Token("number", piece.replace(",", "").replace("−", "-"), "", start, end))
        elif kind != "pause":
            tokens.append(Token(kind, piece, "", start, end))  # type: ignore[arg-type]
    return tuple(tokens)
