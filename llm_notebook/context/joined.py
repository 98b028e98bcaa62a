"""Find secrets that are written as several string literals: ``"sk-" + "…"``, or one after another.

A run of literals is looked at as the one string that Python makes of it. Where
that holds a secret, the whole run is replaced; all others stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PREFIX = "[rRbBuUfF]{0,2}"
# Longer parts are found by themselves. Bounded, so that stray quotes cost little.
_LITERAL = rf"{_PREFIX}(?:\"(?:[^\"\\\n]|\\.){{0,200}}\"|'(?:[^'\\\n]|\\.){{0,200}}')"
_RUN = re.compile(
    rf"(?<![\w\"']){_LITERAL}(?:\s{{0,80}}(?:\+\s{{0,80}}|\\\n\s{{0,80}})?{_LITERAL})+"
)
_INNER = re.compile(rf"{_PREFIX}([\"'])(.*?)(?<!\\)\1", re.DOTALL)
_HEAD = 100

Redact = Callable[[str], tuple[str, bool]]
"""A text with its secrets replaced, and whether there were any."""


def redact_joined(text: str, redact: Redact) -> str:
    """Replace each run of literals that is a secret once it is put together."""
    if '"' not in text and "'" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        inner = "".join(part[2] for part in _INNER.finditer(match[0]))
        if len(inner) < 4 or "‹" in inner:
            return match[0]
        # What stands before may name it: `api_key = ("plain" "words")`.
        start = match.start()
        head = text[max(text.rfind("\n", 0, start) + 1, start - _HEAD) : start]
        quote = "'" if '"' in inner else '"'
        whole = f"{quote}{inner}{quote}"
        clean_head, _ = redact(head)
        clean, found = redact(head + whole)
        if not found or clean.endswith(whole):
            return match[0]
        return clean.removeprefix(clean_head) if clean.startswith(clean_head) else redact(whole)[0]

    return _RUN.sub(replace, text)
