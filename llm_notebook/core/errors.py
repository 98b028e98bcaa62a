"""The one exception tree.

Every error that reaches a person says what happened, what was kept and what
to do next. `Problem` is the same three sentences as data, for the wire.
"""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """A failure as a person reads it.

    Attributes
    ----------
    code : str
        A short stable name, such as ``"model-auth"``; for tests and for
        interfaces that offer a remedy.
    message : str
        What happened, in one sentence.
    kept : str
        What was not lost. Empty where nothing was at stake.
    next : str
        What to do now. Empty where there is nothing to do.
    """

    code: str
    message: str
    kept: str = ""
    next: str = ""

    def text(self) -> str:
        """The sentences in order, separated by spaces."""
        return " ".join(part for part in (self.message, self.kept, self.next) if part)


class LLMNotebookError(Exception):
    """Root of every error that this package raises on purpose.

    Parameters
    ----------
    message : str
        What happened.
    kept, next : str, optional
        What was not lost, and what to do now.
    """

    code = "error"

    def __init__(self, message: str, *, kept: str = "", next: str = "") -> None:
        self.problem = Problem(code=self.code, message=message, kept=kept, next=next)
        super().__init__(self.problem.text())


class InvalidProposalError(LLMNotebookError):
    """An edit contradicts the notebook or another edit of the same proposal."""

    code = "invalid-proposal"


class StaleError(LLMNotebookError):
    """A precondition no longer holds, so nothing was applied."""

    code = "stale"


class UnreadableNotebookError(LLMNotebookError):
    """A file is not a notebook that can be read exactly."""

    code = "unreadable-notebook"


class FileError(LLMNotebookError):
    """A file could not be written."""

    code = "file"


class UnknownProposalError(LLMNotebookError):
    """No proposal has this id, or it has been decided already."""

    code = "unknown-proposal"


class LevelError(LLMNotebookError):
    """The level in force does not allow this."""

    code = "level"


class ModelError(LLMNotebookError):
    """A model could not be found, reached or understood.

    Parameters
    ----------
    code : str
        One of the ``model-*`` codes listed in ``docs/protocol.md``.
    """

    def __init__(self, message: str, *, code: str, kept: str = "", next: str = "") -> None:
        self.code = code
        super().__init__(message, kept=kept, next=next)


class ReplyError(LLMNotebookError):
    """A model's reply does not follow the edit format, or was cut off.

    Parameters
    ----------
    code : {"reply", "reply-cut"}
        ``reply-cut`` where the reply ended before it was complete.
    """

    code = "reply"

    def __init__(
        self, message: str, *, code: str = "reply", kept: str = "", next: str = ""
    ) -> None:
        self.code = code
        super().__init__(message, kept=kept, next=next)


class PreviewError(LLMNotebookError):
    """A dry run was asked for in a way that makes no sense here."""

    code = "preview"


class RepairError(LLMNotebookError):
    """There is nothing to repair, or it was repaired by itself already."""

    code = "repair"


class StoreError(LLMNotebookError):
    """The event store could not be read or written."""

    code = "store"


def as_problem(error: Exception, *, kept: str) -> Problem:
    """An error as a person reads it; one that is not ours says that it should be reported."""
    if isinstance(error, LLMNotebookError):
        return msgspec.structs.replace(error.problem, kept=error.problem.kept or kept)
    return Problem(
        "internal",
        f"Something in llm_notebook went wrong ({type(error).__name__}: {error}).",
        kept,
        "Ask again; if it happens again, please report it.",
    )
