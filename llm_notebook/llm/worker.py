"""The worker process: runs chat models, one JSON object a line in and out.

It is the only process that holds keys and imports LangChain. It ends when its
standard input closes or its parent is gone, so that a killed kernel leaves no
worker behind. Descriptor 1 is kept for the protocol; what libraries print goes
to standard error.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from typing import BinaryIO

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.errors import ModelError
from llm_notebook.llm import faults
from llm_notebook.llm.chain import answer, masked
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.names import first_of
from llm_notebook.llm.resolver import resolve
from llm_notebook.llm.wire import (
    CANCELLED,
    Cancel,
    CompletionRequest,
    Done,
    Error,
    Prepare,
    WorkerCommand,
    WorkerEvent,
)

_PARENT_POLL = 1.0

_AGAIN = 0.25
"""Seconds after which a cancel that has not ended a request is repeated."""


class Worker:
    """Serves requests until its input closes."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()
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
                ending = asyncio.create_task(_end(task))
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
            return
        if isinstance(command, Prepare):
            # In a thread that nothing waits for: an ask that comes meanwhile needs the import too.
            threading.Thread(target=_prepare, args=[command.model], daemon=True).start()
            return
        request = command.request
        task = asyncio.create_task(self._run(request))
        self._tasks[request.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(request.id, None))

    async def _run(self, request: CompletionRequest) -> None:
        try:
            self._send(await answer(request, self._keys, self._send))
        except asyncio.CancelledError:
            self._send(Done(request.id, CANCELLED, model=request.model))
        except ModelError as error:
            self._send(Error(request.id, masked(error.problem, self._keys)))
        except Exception as error:
            problem = faults.explain(error, request.model, started=False)
            self._send(Error(request.id, masked(problem, self._keys)))

    def _send(self, event: WorkerEvent) -> None:
        try:
            self._output.write(to_json(event) + b"\n")
            self._output.flush()
        except OSError:
            self._closed.set()


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it takes: `asyncio.wait_for` loses one that comes with a piece of the reply."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_AGAIN)


def _prepare(model: str) -> None:
    """Make the model once; what is wrong with it is said when it is asked."""
    keys = Keys()  # its own, so that a warning about the file reaches the ask
    with contextlib.suppress(Exception):
        keys.refresh()
        resolve(first_of(model), keys)


def main() -> None:
    """Run until standard input closes."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # A notebook's text goes to the model that was chosen and nowhere else.
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    os.environ.pop("LANGSMITH_GATEWAY", None)
    asyncio.run(Worker(output).serve(sys.stdin.buffer))
    # A model that blocks in a thread must not keep the process alive.
    os._exit(0)


if __name__ == "__main__":
    main()
