"""Text made safe to read: nothing in it can hide, reorder or reach the terminal."""

from __future__ import annotations

import re

from llm_notebook.core.deceptive import Span, spans

_RUN = 24
"""Hidden characters in a row that are written out; of more, the rest is counted."""


def pieces(text: str, *, prose: bool = False) -> list[tuple[str, bool]]:
    r"""Split text into (shown, is_escape) runs.

    Whatever is invisible, reorders text, controls a terminal or looks like
    another character becomes an escape such as ``\u202e``; see `spans` for what
    that is. A blank that pushes the rest of a line far away is counted: ``[80
    blanks]``. The end of a line is an escape; a tab stays. Lone surrogates become
    escapes too, so that the result can always be encoded.
    """
    runs: list[tuple[str, bool]] = []
    at = 0
    for group in _grouped(spans(text, prose=prose)):
        start, end = group[0].start, group[-1].end
        runs += _lines(text[at:start])
        if group[0].kind == "gap":
            runs.append((f"[{end - start} blanks]", True))
        else:
            runs += [(_escape(char), True) for char in text[start:end][:_RUN]]
            if len(group) > _RUN:
                runs.append((f"[{len(group) - _RUN:,} more hidden characters]", True))
        at = end
    return [*runs, *_lines(text[at:])]


def _lines(text: str) -> list[tuple[str, bool]]:
    """Plain text; the ends of lines are escapes, as whoever shows several splits them first."""
    parts = re.split(r"([\r\n])", text)
    return [
        (_escape(part) if at % 2 else part, at % 2 == 1) for at, part in enumerate(parts) if part
    ]


def _grouped(found: list[Span]) -> list[list[Span]]:
    """Hidden ones side by side together, all others each for itself."""
    groups: list[list[Span]] = []
    for span in found:
        last = groups[-1][-1] if groups else None
        if last and last.end == span.start and last.kind == span.kind == "hidden":
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def shown(text: str, *, prose: bool = False) -> str:
    """The text with deceptive and control characters escaped. See `pieces`."""
    return "".join(piece for piece, _ in pieces(text, prose=prose))


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
