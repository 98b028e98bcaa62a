"""The kernel's side of the worker process.

The worker starts with the first request. Its events arrive on a reader thread,
and each request gets exactly one terminal event, also when the worker dies.
Nothing here waits for a model: `ModelWorker.complete` returns at once.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.errors import Problem
from llm_notebook.core.protocol import ModelChoice
from llm_notebook.llm import providers
from llm_notebook.llm.wire import (
    CANCELLED,
    KEPT,
    Cancel,
    Complete,
    CompletionRequest,
    Done,
    Error,
    Prepare,
    WorkerCommand,
    WorkerEvent,
)

__all__ = ["ModelWorker"]

OnEvent = Callable[[WorkerEvent], None]

_GRACE = 15.0
"""Seconds past a request's deadline after which a silent worker counts as stuck."""


def _died(detail: str) -> Problem:
    return Problem(
        "worker-died",
        f"The process that talks to models has ended{detail}.",
        KEPT,
        "Ask again; it starts anew.",
    )


_STUCK = Problem(
    "model-timeout",
    "The process that talks to models did not answer in time, so it was ended.",
    KEPT,
    "Ask again; it starts anew.",
)


class _Pending(msgspec.Struct):
    request: CompletionRequest
    on_event: OnEvent
    timer: threading.Timer


class _Process:
    """One life of the worker: the process, its two threads and its open requests."""

    def __init__(self, environment: Mapping[str, str] | None) -> None:
        # -P: a module of the user's folder must not stand in for a library of the worker.
        # A session of its own, so that interrupting the kernel does not reach the worker.
        # Its stderr is not kept: a library's log may hold a key, and keys stay out of here.
        self.popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "llm_notebook.llm.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
        )
        self.alive = True
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._pending: dict[str, _Pending] = {}
        # Written by a thread: a pipe holds little, and a request may be large.
        self._commands: queue.SimpleQueue[WorkerCommand | None] = queue.SimpleQueue()
        for task in (self._write, self._read):
            threading.Thread(target=task, daemon=True, name=f"llm_notebook{task.__name__}").start()

    @property
    def usable(self) -> bool:
        """Whether it lives and is ours, not inherited through a fork."""
        return self.alive and self._owner == os.getpid() and self.popen.poll() is None

    def begin(self, request: CompletionRequest, on_event: OnEvent) -> None:
        timer = threading.Timer(request.deadline + _GRACE, self._stuck, [request.id])
        timer.daemon = True
        with self._lock:
            alive = self.alive
            if alive:
                self._pending[request.id] = _Pending(request, on_event, timer)
        if not alive:
            on_event(Error(request.id, _died("")))
            return
        timer.start()
        self._commands.put(Complete(request))

    def cancel(self, request_id: str) -> None:
        self._commands.put(Cancel(request_id))

    def prepare(self, model: str) -> None:
        self._commands.put(Prepare(model))

    def close(self) -> None:
        """End the worker; what is open counts as cancelled."""
        for request_id, pending in self._drop_all():
            self._tell(pending, Done(request_id, CANCELLED, model=pending.request.model))
        self._commands.put(None)
        try:
            self.popen.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.popen.kill()

    def _write(self) -> None:
        assert self.popen.stdin is not None
        with contextlib.suppress(OSError), self.popen.stdin as pipe:
            while (command := self._commands.get()) is not None:
                pipe.write(to_json(command) + b"\n")
                pipe.flush()

    def _read(self) -> None:
        decoder = msgspec.json.Decoder(WorkerEvent)
        assert self.popen.stdout is not None
        with self.popen.stdout as pipe:
            for line in pipe:
                try:
                    event = decoder.decode(line)
                except msgspec.MsgspecError:
                    break
                self._dispatch(event)
        self.popen.kill()
        code = self.popen.wait()
        self._commands.put(None)
        detail = f" (signal {-code})" if code < 0 else f" (exit code {code})"
        for request_id, pending in self._drop_all():
            self._tell(pending, Error(request_id, _died(detail)))

    def _dispatch(self, event: WorkerEvent) -> None:
        with self._lock:
            if isinstance(event, Done | Error):
                pending = self._pending.pop(event.id, None)
            else:
                pending = self._pending.get(event.id)
        if pending is not None:
            self._tell(pending, event)

    def _tell(self, pending: _Pending, event: WorkerEvent) -> None:
        if isinstance(event, Done | Error):
            pending.timer.cancel()
        try:
            pending.on_event(event)
        except Exception:
            # A listener's fault must not end the thread that serves the other requests.
            sys.excepthook(*sys.exc_info())

    def _drop_all(self) -> list[tuple[str, _Pending]]:
        with self._lock:
            self.alive = False
            dropped = list(self._pending.items())
            self._pending.clear()
        return dropped

    def _stuck(self, request_id: str) -> None:
        with self._lock:
            pending = self._pending.pop(request_id, None)
        if pending is not None:
            self._tell(pending, Error(request_id, _STUCK))
            self.popen.kill()


class ModelWorker:
    """Runs models in a process beside this one.

    Parameters
    ----------
    environment : mapping, optional
        Variables for the worker on top of this process's own.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment
        self._process: _Process | None = None
        self._prepared: set[str] = set()
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The worker's process id while it runs."""
        process = self._process
        return process.popen.pid if process is not None and process.usable else None

    def prepare(self, model: str) -> None:
        """Start the worker ahead of the first request to a model, which then waits less."""
        with self._lock:
            is_new = model not in self._prepared or not (self._process and self._process.usable)
            self._prepared.add(model)
        if is_new:
            # What hinders it is said when the model is asked.
            with contextlib.suppress(OSError):
                self._running().prepare(model)

    def complete(self, request: CompletionRequest, on_event: OnEvent) -> None:
        """Begin a request and return at once.

        Parameters
        ----------
        request : CompletionRequest
            Its id must be unique among the open ones.
        on_event : callable
            Takes each `WorkerEvent` on a thread of this worker; the last one
            is a `Done` or an `Error`, and comes exactly once.
        """
        try:
            process = self._running()
        except OSError as error:
            on_event(Error(request.id, _died(f" before it began ({error})")))
            return
        process.begin(request, on_event)

    def cancel(self, request_id: str) -> None:
        """Abort a request, also its connection. It ends with `Done` of reason `CANCELLED`."""
        process = self._process
        if process is not None:
            process.cancel(request_id)

    def models(self) -> tuple[ModelChoice, ...]:
        """The models for the picker. Starts nothing and imports no provider."""
        return providers.choices()

    def close(self) -> None:
        """End the worker. A later request starts a new one."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and process.usable:
            process.close()

    def _running(self) -> _Process:
        with self._lock:
            if self._process is None or not self._process.usable:
                self._process = _Process(self._environment)
            return self._process
