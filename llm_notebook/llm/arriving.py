"""The line of a reply of which the end has not come: what of it can be shown by now.

What is shown depends on the text alone and not on how it was cut into chunks:
a start that is held back has only starts that are held back as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from llm_notebook.llm.fences import Fence

_HEAD = 200
_MAY_BE_OFFER = re.compile(r"\s*[-*]\s*\w{0,6}\s*(:.*)?", re.S)
_MAY_BE_MARK = ("@", "<", "`", "~")


class ArrivingLine:
    """Gathers one line after another, each until its end."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._pieces: list[str] = []
        self._is_shown: bool | None = None
        self._return = ""

    def add(self, piece: str) -> None:
        """Take more of the line."""
        self._pieces.append(piece)

    def end(self) -> str:
        """The whole line; the next one begins."""
        line = "".join(self._pieces)
        self._begin()
        return line

    @property
    def head(self) -> str:
        """The first characters of a line that may be a heading; once it is long, empty."""
        if self._is_shown is not None:
            return ""
        whole = "".join(self._pieces)
        if len(whole) >= _HEAD:
            self._is_shown = False
        return whole[:_HEAD].rstrip("\r")

    def of_source(self, fence: Fence) -> str:
        """What can be shown now, and was not before, of a line of source."""
        return self._fresh(lambda head: not head.lstrip(" ").startswith(fence.char), fence.content)

    def of_text(self, *, in_fence: bool) -> str:
        """The same for a line of text for the person."""

        def is_plain(head: str) -> bool:
            marked = head.lstrip().startswith(_MAY_BE_MARK) or _MAY_BE_OFFER.fullmatch(head)
            return in_fence or not marked

        return self._fresh(is_plain, str)

    def _fresh(self, may_be_shown: Callable[[str], bool], start: Callable[[str], str]) -> str:
        if self._is_shown is False:
            return ""
        if self._is_shown:
            return self._without_return(self._return + self._pieces[-1])
        whole = "".join(self._pieces)
        head = whole[:_HEAD]
        if head.strip() and may_be_shown(head):
            self._is_shown = True
            return self._without_return(start(whole))
        if len(whole) >= _HEAD:
            self._is_shown = False
        return ""

    def _without_return(self, text: str) -> str:
        """A carriage return may belong to the line's end."""
        self._return = "\r" if text.endswith("\r") else ""
        return text.removesuffix("\r")
