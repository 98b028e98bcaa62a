"""Text made safe to read: nothing in it can hide, reorder or reach the terminal."""

from __future__ import annotations

import re

# Printable by Unicode's categories, yet nothing is seen: fillers, joiners and
# the variation selectors beyond the common sixteen (emoji use those).
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U000e0100-\U000e01ef"
_HAS_BLANK = re.compile(f"[{_BLANK}]")


def pieces(text: str) -> list[tuple[str, bool]]:
    r"""Split text into (shown, is_escape) runs.

    Whatever is invisible, reorders text or controls a terminal becomes an
    escape such as ``\u202e``; a tab stays. Lone surrogates become escapes
    too, so that the result can always be encoded.
    """
    if text.isprintable() and (text.isascii() or not _HAS_BLANK.search(text)):
        return [(text, False)] if text else []
    runs: list[tuple[str, bool]] = []
    plain: list[str] = []
    for char in text:
        if char == "\t" or (char.isprintable() and not _HAS_BLANK.match(char)):
            plain.append(char)
            continue
        if plain:
            runs.append(("".join(plain), False))
            plain = []
        runs.append((_escape(char), True))
    if plain:
        runs.append(("".join(plain), False))
    return runs


def shown(text: str) -> str:
    """The text with deceptive and control characters escaped. See `pieces`."""
    return "".join(piece for piece, _ in pieces(text))


def _escape(char: str) -> str:
    code = ord(char)
    if char in "\r\n":
        return "\\r" if char == "\r" else "\\n"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def excerpt(source: str, limit: int = 40) -> str:
    """The first line that says something, cut to `limit` characters."""
    for line in source[: limit * 50].split("\n"):
        line = line.strip()
        if line:
            return shown(line if len(line) <= limit else line[: limit - 1] + "…")
    return ""
