"""Asks a real worker process and gathers what comes back."""

from __future__ import annotations

import itertools
import queue

from llm_notebook.core.context import Context
from llm_notebook.core.errors import Problem
from llm_notebook.llm.client import ModelWorker
from llm_notebook.llm.prompt import build_messages
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, Error, Notice, WorkerEvent

_IDS = itertools.count(1)
PATIENCE = 120.0
"""Seconds after which a test gives up on an event. Only a failure waits that long."""


class Reception:
    """The events of one request."""

    def __init__(self, request_id: str) -> None:
        self.id = request_id
        self.events: list[WorkerEvent] = []
        self._arriving: queue.SimpleQueue[WorkerEvent] = queue.SimpleQueue()

    def take(self, event: WorkerEvent) -> None:
        self._arriving.put(event)

    def next(self) -> WorkerEvent:
        event = self._arriving.get(timeout=PATIENCE)
        self.events.append(event)
        return event

    def wait(self) -> Reception:
        """Wait for the terminal event."""
        while not isinstance(self.next(), Done | Error):
            pass
        return self

    def is_quiet(self) -> bool:
        return self._arriving.empty()

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Chunk))

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Notice)]

    @property
    def done(self) -> Done:
        event = self.events[-1]
        assert isinstance(event, Done), event
        return event

    @property
    def problem(self) -> Problem:
        event = self.events[-1]
        assert isinstance(event, Error), event
        assert event.problem.kept == "Your prompt is kept; the notebook was not touched."
        assert event.problem.next
        return event.problem


class Asking:
    def __init__(self, **environment: str) -> None:
        self.worker = ModelWorker(environment)

    def begin(
        self,
        prompt: str = "Say good morning",
        model: str = "openai:test-model",
        *,
        deadline: float = PATIENCE,
        context: Context | None = None,
    ) -> Reception:
        reception = Reception(f"r{next(_IDS)}")
        context = context or Context()
        self.worker.complete(
            CompletionRequest(
                id=reception.id,
                model=model,
                messages=build_messages(prompt, context, None),
                prompt=prompt,
                context=context,
                deadline=deadline,
            ),
            reception.take,
        )
        return reception

    def __call__(self, *args: object, **options: object) -> Reception:
        return self.begin(*args, **options).wait()  # type: ignore[arg-type]
