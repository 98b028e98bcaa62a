"""The worker process: runs chat models, one JSON object a line in and out.

It is the only process that holds keys and imports LangChain. It ends when its
standard input closes or its parent is gone, so that a killed kernel leaves no
worker behind. Descriptor 1 is kept for the protocol; what libraries print goes
to standard error.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import BinaryIO

import msgspec

from llm_notebook.core.errors import ModelError, Problem
from llm_notebook.llm import faults
from llm_notebook.llm.job import Job
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.wire import (
    CANCELLED,
    Cancel,
    CompletionRequest,
    Done,
    Error,
    WorkerCommand,
    WorkerEvent,
)

_PARENT_POLL = 1.0


class Worker:
    """Serves requests until its input closes."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._encoder = msgspec.json.Encoder()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closed = asyncio.Event()
        self._keys = Keys()

    async def serve(self, stdin: BinaryIO) -> None:
        """Read commands in a thread, which works on every platform, and carry them out here."""
        loop = asyncio.get_running_loop()

        def read() -> None:
            decoder = msgspec.json.Decoder(WorkerCommand)
            for line in stdin:
                loop.call_soon_threadsafe(self._obey, decoder.decode(line))
            loop.call_soon_threadsafe(self._closed.set)

        threading.Thread(target=read, daemon=True, name="commands").start()
        orphaned = asyncio.create_task(self._watch_parent())
        await self._closed.wait()
        orphaned.cancel()
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=1)

    async def _watch_parent(self) -> None:
        """A child forked from the kernel may keep our input open after the kernel has died."""
        parent = os.getppid()
        while os.getppid() == parent:
            await asyncio.sleep(_PARENT_POLL)
        self._closed.set()

    def _obey(self, command: WorkerCommand) -> None:
        if isinstance(command, Cancel):
            task = self._tasks.get(command.id)
            if task is not None:
                task.cancel()
            return
        request = command.request
        task = asyncio.create_task(self._run(request))
        self._tasks[request.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(request.id, None))

    async def _run(self, request: CompletionRequest) -> None:
        job = Job(request, self._keys, self._send)
        try:
            async with asyncio.timeout(request.deadline):
                self._send(await job.run())
        except asyncio.CancelledError:
            self._send(Done(request.id, CANCELLED, model=request.model))
        except TimeoutError:
            self._fail(request.id, faults.too_late(request.model, request.deadline))
        except ModelError as error:
            self._fail(request.id, error.problem)
        except Exception as error:
            self._fail(request.id, faults.explain(error, request.model, started=job.started))

    def _fail(self, request_id: str, problem: Problem) -> None:
        masked = msgspec.structs.replace(
            problem, message=self._keys.mask(problem.message), next=self._keys.mask(problem.next)
        )
        self._send(Error(request_id, masked))

    def _send(self, event: WorkerEvent) -> None:
        try:
            self._output.write(self._encoder.encode(event) + b"\n")
            self._output.flush()
        except OSError:
            self._closed.set()


def main() -> None:
    """Run until standard input closes."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # A notebook's text goes to the model that was chosen and nowhere else.
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    asyncio.run(Worker(output).serve(sys.stdin.buffer))
    # A model that blocks in a thread must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    main()
