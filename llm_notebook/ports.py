"""What a session asks of the world around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import ModelChoice, Streamed

if TYPE_CHECKING:
    from llm_notebook.core.context import ErrorInfo
    from llm_notebook.llm.wire import CompletionRequest, WorkerEvent


class Models(Protocol):
    """Where replies come from: the worker process."""

    def models(self) -> tuple[ModelChoice, ...]:
        """The models that can be offered."""

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
        """The working folder."""


class Listener(Protocol):
    """A face that shows proposals."""

    def changed(self, proposal: Proposal) -> None:
        """A proposal stands differently now."""

    def streamed(self, more: Streamed) -> None:
        """A drafting proposal has grown."""
