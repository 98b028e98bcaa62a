"""Fenced code blocks as in CommonMark, one line at a time."""

from __future__ import annotations

import re

import msgspec

_OPENING = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*(.*?)[ \t]*")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")


def fence_for(text: str) -> str:
    """A backtick fence longer than any run of backticks in `text`, three at least."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


def fenced(text: str, info: str) -> str:
    """`text` in a fence that it cannot close."""
    fence = fence_for(text)
    return f"{fence}{info}\n{text}\n{fence}"


class Fence(msgspec.Struct, frozen=True):
    """An open fence: its character, length and indentation, and its info string in lower case."""

    char: str
    length: int
    indent: int
    info: str

    @classmethod
    def opened_by(cls, line: str) -> Fence | None:
        """The fence that `line` opens, or None."""
        match = _OPENING.fullmatch(line)
        if match is None:
            return None
        indent, run, info = match.groups()
        if run[0] == "`" and "`" in info:
            return None
        language = next(iter(info.split()), "").lower()
        return cls(run[0], len(run), len(indent), language.strip("{}."))

    def closed_by(self, line: str) -> bool:
        """Whether `line` closes this fence."""
        match = _CLOSING.fullmatch(line)
        return match is not None and match[1][0] == self.char and len(match[1]) >= self.length

    def content(self, line: str) -> str:
        """`line` without as much indentation as the fence itself had."""
        spaces = len(line) - len(line.lstrip(" "))
        return line[min(spaces, self.indent) :]


class Block:
    """Lines that grow into a text without blank lines at its ends.

    A blank line counts only once a line with text follows, so that what was
    streamed is at every moment a prefix of the final text.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._held = ""
        self._open = 0

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def begin(self, start: str) -> str:
        """Take the start of a line, or more of it; not blank. Return what the text grew by."""
        growth = start if self._open or not self._parts else f"{self._held}\n{start}"
        self._held = ""
        self._open += len(start)
        self._parts.append(growth)
        return growth

    def add(self, line: str) -> str:
        """Take one line, also one that was begun; return what the text grew by."""
        shown, self._open = self._open, 0
        if shown:
            self._parts.append(line[shown:])
            return line[shown:]
        if not line.strip():
            if self._parts:
                self._held += "\n" + line
            return ""
        growth = self.begin(line)
        self._open = 0
        return growth
