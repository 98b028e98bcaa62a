"""How a command ends and where it writes."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from enum import IntEnum
from typing import Any, TextIO

import msgspec

from llm_notebook.core.errors import (
    FileError,
    InvalidProposalError,
    LevelError,
    LLMNotebookError,
    ModelError,
    PreviewError,
    Problem,
    ReplyError,
    StaleError,
    UnreadableNotebookError,
)


class Exit(IntEnum):
    """What a command ends with; the table is in ``docs/command-line.md``."""

    DONE = 0
    NO = 1
    USAGE = 2
    FILE = 3
    MISFIT = 4
    MODEL = 5
    REFUSED = 6
    INTERNAL = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class UsageError(LLMNotebookError):
    """A command was called in a way that cannot work."""

    code = "usage"


_EXITS: dict[type[LLMNotebookError], Exit] = {
    UsageError: Exit.USAGE,
    UnreadableNotebookError: Exit.FILE,
    FileError: Exit.FILE,
    StaleError: Exit.MISFIT,
    InvalidProposalError: Exit.MISFIT,
    ModelError: Exit.MODEL,
    ReplyError: Exit.MODEL,
    LevelError: Exit.MODEL,
    PreviewError: Exit.USAGE,
}


def exit_of(error: LLMNotebookError) -> Exit:
    """What a command ends with that failed so."""
    return next((code for kind, code in _EXITS.items() if isinstance(error, kind)), Exit.FILE)


class Out:
    """Where a command writes.

    Parameters
    ----------
    as_json : bool
        Whether the result is JSON; what a person reads goes to stderr then.
    color : {"auto", "always", "never"}
    """

    def __init__(self, *, as_json: bool = False, color: str = "auto") -> None:
        self.as_json = as_json
        self.person: TextIO = sys.stderr if as_json else sys.stdout
        self.color = _has_color(self.person, color)
        for stream in (sys.stdout, sys.stderr):
            # A terminal that is not UTF-8 gets escapes, never an error.
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]

    def say(self, text: str = "") -> None:
        """Words for a person."""
        print(text, file=self.person, flush=True)

    def paint(self, text: str, code: str) -> str:
        """The text in a colour (an SGR code), where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def result(self, value: Any) -> None:
        """The result as JSON, where that was asked for."""
        if self.as_json:
            print(as_json(value))

    def failed(self, problem: Problem) -> None:
        """Why it failed, on stderr."""
        if self.as_json:
            print(json.dumps({"problem": msgspec.to_builtins(problem)}), file=sys.stderr)
        else:
            print(f"llm-notebook: {one_line(problem.text())}", file=sys.stderr)


def as_json(value: Any) -> str:
    """A value as JSON that a person can read, too.

    What UTF-8 cannot hold, and what a reader could not see, becomes an escape of
    JSON: the value that is read back is the same.
    """
    from llm_notebook.core.deceptive import spans

    built = msgspec.to_builtins(value)
    text = json.dumps(built, ensure_ascii=False, indent=2)
    for span in reversed(spans(text, prose=True)):
        if span.kind != "gap":
            escape = json.dumps(text[span.start : span.end])[1:-1]
            text = text[: span.start] + escape + text[span.end :]
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return json.dumps(built, indent=2)
    return text


def silence_stdout() -> None:
    """Let nothing more be written to a pipe whose reader has gone."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _has_color(stream: TextIO, color: str) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def one_line(text: str) -> str:
    """A sentence on one line, with nothing in it that could fool a reader or a terminal."""
    from llm_notebook.diffing.text import shown

    return shown(" ".join(text.split()))
