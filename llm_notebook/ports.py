"""What a session asks of the world around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import ModelChoice, Streamed

if TYPE_CHECKING:
    from llm_notebook.core.context import ErrorInfo
    from llm_notebook.core.plan import Plan
    from llm_notebook.core.preview import Isolation, Preview
    from llm_notebook.llm.wire import CompletionRequest, WorkerEvent


class Models(Protocol):
    """Where replies come from: the worker process."""

    def models(self) -> tuple[ModelChoice, ...]:
        """The models that can be offered."""

    def prepare(self, model: str) -> None:
        """Get ready for an ask of this model that is likely to come."""

    def complete(self, request: CompletionRequest, on_event: Callable[[WorkerEvent], None]) -> None:
        """Start a completion; events arrive on another thread, the last one terminal."""

    def cancel(self, request_id: str) -> None:
        """Abort a completion."""

    def close(self) -> None:
        """End the worker."""


class Workspace(Protocol):
    """The live kernel, as far as a context needs it."""

    def namespace(self) -> Mapping[str, object]:
        """The user's variables."""

    def last_error(self) -> ErrorInfo | None:
        """The error that the last cell ended in, or None."""

    def folder(self) -> Path | None:
        """The working folder: see `folder_of` for the notebook's."""


def folder_of(notebook: str, workspace: Workspace) -> Path | None:
    """The notebook's own folder; the working folder only where it is not known.

    The working folder may be any: after ``%cd /`` it holds the whole machine.
    """
    path = Path(notebook)
    return path.parent if path.is_absolute() and path.parent.is_dir() else workspace.folder()


class Running(Protocol):
    """A dry run that was started."""

    def cancel(self) -> None:
        """End it; the last preview that is heard of says ``stopped``. Returns at once."""


class DryRuns(Protocol):
    """Where unreviewed code is run: a fork of the live kernel, in a sandbox."""

    def isolation(self) -> Isolation:
        """What a dry run here would have."""

    def start(self, plan: Plan, heard: Callable[[Preview], None]) -> Running:
        """Start one and return at once.

        `heard` gets the whole preview each time it has changed, at most every
        0.1 s, from another thread; the last one has a status in
        `llm_notebook.core.preview.OVER`. What goes wrong is such a status too.
        """

    def close(self) -> None:
        """End every dry run, and clean up."""


class Listener(Protocol):
    """A face that shows proposals."""

    def changed(self, proposal: Proposal) -> None:
        """A proposal stands differently now."""

    def streamed(self, more: Streamed) -> None:
        """A drafting proposal has grown."""
