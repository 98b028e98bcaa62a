"""What an SQL text does, by its words. Nothing that it says is ever let through alone."""

from __future__ import annotations

import re

from llm_notebook.core.decision import EffectKind

_NOT_WORDS = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_DELETES = re.compile(r"\b(?:drop|delete|truncate)\b", re.IGNORECASE)
_READS = re.compile(r"\s*(?:select|with|values|show|describe|explain|from)\b", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:insert|update|create|alter|copy|attach|detach|install|load|export|import|pragma|set"
    r"|into|merge|replace|grant|revoke|call|execute|vacuum|begin|commit|checkpoint|rollback|do)\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"\b(?:from|into|update|table|join|to)\s+(['\"]?[\w./:-]+['\"]?)", re.IGNORECASE
)


_BARE = re.compile(r"[\w\s;]*")


def is_statement(text: str) -> bool:
    """Whether a text that reads as names of Python is a statement, such as ``VACUUM``."""
    words = _NOT_WORDS.sub("", text).strip()
    return bool(_BARE.fullmatch(words) and (_WRITES.match(words) or _DELETES.match(words)))


def strictest(texts: tuple[str, ...] | None) -> tuple[EffectKind, str]:
    """The gravest that one of the texts does, and on what; None: they are not known."""
    if texts is None:
        return "writes", ""
    order: list[EffectKind] = ["reads", "writes", "deletes"]
    return max((_kind(text) for text in texts), key=lambda found: order.index(found[0]))


def _kind(text: str) -> tuple[EffectKind, str]:
    words = _NOT_WORDS.sub("''", text)
    table = _TABLE.search(text)
    target = table[1].strip("'\"") if table else ""
    if _DELETES.search(words):
        return "deletes", target
    one = words.rstrip().rstrip(";")
    if _READS.match(one) and ";" not in one and not _WRITES.search(one):
        return "reads", target
    return "writes", target
