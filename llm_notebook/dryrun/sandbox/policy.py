"""What a dry run may touch, and what entering the sandbox hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.core.preview import FileEffect, Isolation, Tier


class SandboxError(LLMNotebookError):
    """The sandbox could not be entered, so nothing may be run."""

    code = "sandbox"


@dataclass(frozen=True)
class Policy:
    """What a dry run may touch.

    Attributes
    ----------
    folder : Path or None
        The notebook's own folder, read entry by entry without dot files; the
        current one where None.
    readable : tuple of str
        Paths that may be read beside the interpreter, the packages and the
        folder: what the session has opened, and what a person has allowed.
    hidden : tuple of str
        Paths that must not be read even where the folder above them may be;
        Jupyter's and our own are added.
    scratch : Path or None
        A folder that may be written, from `scratch.make`. Without one, tier
        ``landlock`` has nothing that can be written.
    memory : int
        Bytes that each process may take beyond what it has now; 0: no limit.
    cpu : int
        Seconds of processor time of each process; 0: no limit.
    processes : int
        How many may be alive at once, threads too.
    file : int
        Bytes that one file may have; 0: no limit.
    tier : Tier or None
        A weaker tier than the machine has, or None for the best. The
        environment variable ``LLM_NOTEBOOK_SANDBOX`` lowers it too.
    parent : int
        The process that forked this one, with which it dies; 0: whoever it is now.
    keep_fds : frozenset of int
        Descriptors that stay as they are.
    environment : frozenset of str
        Names of environment variables that stay, beside the usual ones.
    """

    folder: Path | None = None
    readable: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    scratch: Path | None = None
    memory: int = 0
    cpu: int = 0
    processes: int = 200
    file: int = 0
    tier: Tier | None = None
    parent: int = 0
    keep_fds: frozenset[int] = frozenset()
    environment: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entered:
    """A sandbox that this process is in.

    Attributes
    ----------
    isolation : Isolation
        What is enforced now.
    notes : tuple of str
        What could not be kept as it was, such as a mapping that was emptied.
    """

    isolation: Isolation
    notes: tuple[str, ...] = ()
    _files: Callable[[], tuple[FileEffect, ...] | None] = field(default=lambda: None)

    def files(self) -> tuple[FileEffect, ...] | None:
        """What was created, changed and deleted so far, by whatever means; None if unknown."""
        return self._files()
