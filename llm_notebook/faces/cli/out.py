"""How a command ends and where it writes."""

from __future__ import annotations

import contextlib
import errno
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
            to_stderr(json.dumps({"problem": msgspec.to_builtins(problem)}))
        else:
            to_stderr(f"llm-notebook: {one_line(problem.text())}")


def to_stderr(line: str) -> None:
    """Why it failed; where nobody can be told, the exit code says it alone."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


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


def stand_in_for_closed_streams() -> None:
    """Have something in the place of stdin, stdout and stderr, where a shell closed them.

    The next file that is opened would take the number of one that is closed, and what a
    process prints would land in it. What is printed to a closed stdout is lost, so that
    writing it fails; stdin stays None, for nothing can be read from it.
    """
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, flags)  # the lowest that is free: the stream's own
            os.set_inheritable(number, True)
            if name != "stdin":
                setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def is_unwritten(error: Exception) -> bool:
    """Whether this is what was printed that could not be written, such as onto a full disk."""
    return isinstance(error, OSError) and error.filename is None and error.errno in _UNWRITTEN


_UNWRITTEN = (errno.EBADF, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EDQUOT)


def silence(stream: TextIO) -> None:
    """Let nothing more be written to where nothing can be: a pipe without a reader, a full disk."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
