"""A session with the ports that these tests give it: replies by script, a clock that stands."""

from __future__ import annotations

from collections.abc import Callable

from llm_notebook.core.context import ErrorInfo
from llm_notebook.core.protocol import ModelChoice
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, WorkerEvent

OnEvent = Callable[[WorkerEvent], None]


class Scripted:
    """Answers with the next of its replies, at once or when it is told to."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.by_id: dict[str, str] = {}
        self.requests: list[CompletionRequest] = []
        self.is_held = False
        self._held: list[tuple[CompletionRequest, OnEvent]] = []

    def models(self) -> tuple[ModelChoice, ...]:
        return ()

    def prepare(self, model: str) -> None:
        pass

    def complete(self, request: CompletionRequest, on_event: OnEvent) -> None:
        self.requests.append(request)
        if self.is_held:
            self._held.append((request, on_event))
        else:
            self._answer(request, on_event)

    def release(self) -> None:
        """Answer what waits, oldest first."""
        held, self._held = self._held, []
        for request, on_event in held:
            self._answer(request, on_event)

    def _answer(self, request: CompletionRequest, on_event: OnEvent) -> None:
        reply = self.by_id.get(request.id) or self.replies.pop(0)
        for at in range(0, len(reply), 7):
            on_event(Chunk(request.id, reply[at : at + 7]))
        on_event(Done(request.id, "stop"))

    def cancel(self, request_id: str) -> None:
        self._held = [held for held in self._held if held[0].id != request_id]

    def close(self) -> None: ...


class NoKernel:
    """A workspace without variables."""

    error: ErrorInfo | None = None

    def namespace(self) -> dict[str, object]:
        return {}

    def last_error(self) -> ErrorInfo | None:
        return self.error

    def folder(self) -> None:
        return None


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now
