"""An ask as tokens, and words in the form in which they are compared."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

FILE_ENDINGS = (
    "csv.gz", "csv", "tsv", "parquet", "jsonl", "ndjson", "json", "xlsx", "xls", "feather",
)  # fmt: skip

_POLITE = re.compile(
    r"(?:please|can you|could you|would you|will you|i want(?: you)? to|i would like(?: you)? to"
    r"|i'd like(?: you)? to|i need(?: you)? to|let's|lets|let us|help me(?: to)?|hi|hello|hey|ok"
    r"|now)[\s,!]+",
    re.I,
)
_THANKS = re.compile(r"[\s,]+(?:please|for me|thanks|thank you)[\s.!]*$", re.I)
_TOKEN = re.compile(
    r"(?P<string>\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w))"
    rf"|(?P<file>[\w./~-]*\w\.(?:{'|'.join(re.escape(e) for e in FILE_ENDINGS)})\b)"
    r"|(?P<number>(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w%]|\.\d|,\d))"
    r"|(?P<operator>>=|<=|==|!=|≥|≤|≠|>|<|=)"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<comma>,|&)"
    r"|(?P<pause>[\s_?!:;()-]+|\.(?!\d))"
    r"|(?P<symbol>.)",
    re.I,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

Kind = Literal["string", "file", "number", "operator", "word", "comma", "symbol"]


class Token(msgspec.Struct, frozen=True):
    """A piece of the ask: as written, and for a word as compared."""

    kind: Kind
    text: str
    form: str = ""


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
    return word


def forms(name: str) -> tuple[str, ...]:
    """The compared words of a name such as ``body_mass_g`` or ``bodyMass``."""
    return tuple(
        form_of(part) for word in re.findall(r"[^\W_]+", name) for part in _CAMEL.split(word)
    )


def tokenize(prompt: str) -> tuple[Token, ...]:
    """The tokens of an ask, without courtesies."""
    text = " ".join(prompt.replace("’", "'").split())
    text = re.sub(r"\b(what|where|how|which|that|it)'s\b", r"\1 is", text, flags=re.I)
    while match := _POLITE.match(text):
        text = text[match.end() :]
    text = _THANKS.sub("", text)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match[0]
        if kind == "word":
            tokens += [Token("word", word, form_of(word)) for word in _CAMEL.split(piece)]
        elif kind == "string":
            tokens.append(Token("string", piece[1:-1]))
        elif kind == "number":
            tokens.append(Token("number", piece.replace(",", "")))
        elif kind != "pause":
            tokens.append(Token(kind, piece))  # type: ignore[arg-type]
    return tuple(tokens)
