"""The text of a stream as a notebook shows it: carriage returns and backspaces folded."""

from __future__ import annotations

import re

_MOVES = re.compile(r"[\r\b\n]")


class StreamText:
    r"""Text to which more is added, such as a progress bar's.

    ``\r`` goes back to the beginning of the line, and what follows is written
    over what is there; ``\b`` takes a character away. That is what JupyterLab
    does (``OutputAreaModel``).

    Parameters
    ----------
    limit : int
        Characters that are kept; `cut` counts the rest.
    """

    def __init__(self, limit: int) -> None:
        self._done: list[str] = []
        self._size = 0
        self._line = ""
        self._at = 0
        self._limit = limit
        self.cut = 0

    def __len__(self) -> int:
        return self._size + len(self._line)

    def text(self) -> str:
        """What is there now."""
        if len(self._done) > 1:
            self._done = ["".join(self._done)]
        return (self._done[0] if self._done else "") + self._line

    def write(self, more: str) -> None:
        """Add text."""
        if "\r" not in more and "\b" not in more and self._at == len(self._line):
            more = self._within(more)
            whole, newline, rest = more.rpartition("\n")
            if newline:
                self._keep(self._line + whole + newline)
                self._line = rest
            else:
                self._line += more
            self._at = len(self._line)
            return
        start = 0
        for move in _MOVES.finditer(more):
            self._over(more[start : move.start()])
            start = move.end()
            if move[0] == "\n":
                self._keep(self._line + "\n")
                self._line, self._at = "", 0
            elif move[0] == "\r":
                self._at = 0
            elif self._at:
                self._line = self._line[: self._at - 1] + self._line[self._at :]
                self._at -= 1
        self._over(more[start:])

    def _over(self, text: str) -> None:
        if text:
            text = self._within(text, over=len(self._line) - self._at)
            end = self._at + len(text)
            self._line = self._line[: self._at] + text + self._line[end:]
            self._at = end

    def _keep(self, text: str) -> None:
        self._done.append(text)
        self._size += len(text)

    def _within(self, text: str, over: int = 0) -> str:
        room = max(self._limit - len(self), 0) + over
        self.cut += max(len(text) - room, 0)
        return text[:room]
