"""Fenced code blocks as in CommonMark, one line at a time."""

from __future__ import annotations

import re

import msgspec

_OPENING = re.compile(r"( {0,3})(`{3,}|~{3,})[ \t]*(.*?)[ \t]*")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")


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
        language = info.split()[0].lower() if info else ""
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

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def add(self, line: str) -> str:
        """Take one line; return what the text grew by."""
        if not line.strip():
            if self._parts:
                self._held += "\n" + line
            return ""
        growth = f"{self._held}\n{line}" if self._parts else line
        self._held = ""
        self._parts.append(growth)
        return growth
