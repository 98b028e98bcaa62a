"""One request in the worker: find the model, stream its reply, retry where that helps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec

from llm_notebook.core.proposal import Usage
from llm_notebook.llm import faults
from llm_notebook.llm.keys import Keys, StreamMask
from llm_notebook.llm.model import ChatModel, Said
from llm_notebook.llm.prices import cost_of, own_prices, price_of
from llm_notebook.llm.providers import is_redirected
from llm_notebook.llm.resolver import resolve
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, Error, Notice, WorkerEvent

RETRIES = 2

_SWALLOWED = 0.5
"""Seconds past the deadline in which its cancel must have got through."""

_FIRST_WAIT = 0.5
_END = "@@ end"


class Job:
    """Carries out one request.

    Parameters
    ----------
    request : CompletionRequest
    keys : Keys
    send : callable
        Takes the events on the way. The terminal one is returned by `run`.
    """

    def __init__(
        self, request: CompletionRequest, keys: Keys, send: Callable[[WorkerEvent], None]
    ) -> None:
        self._request = request
        self._keys = keys
        self._send = send
        self._mask = StreamMask(keys)
        self._last_line = ""
        self._ended = False
        self._reason: str | None = None
        self._usage: Usage | None = None
        self._cached = self._stored = 0
        self._model_name = ""
        self.started = False

    async def run(self) -> Done | Error:
        """Stream the reply; return the terminal event, or raise what went wrong."""
        request = self._request
        until = asyncio.get_running_loop().time() + request.deadline
        warning = self._keys.refresh()
        if warning:
            self._send(Notice(request.id, warning))
        # Importing a provider takes seconds; a cancel must get through meanwhile.
        model = await asyncio.to_thread(resolve, request.model, self._keys)
        for attempt in range(RETRIES + 1):
            try:
                await self._stream(model, until)
                break
            except Exception as error:
                if self.started or attempt == RETRIES or not faults.is_worth_retrying(error):
                    raise
                await self._wait(error, attempt, until)
        self._show(self._mask.rest())
        if self._reason is None and not (self._ended or self._last_line.strip() == _END):
            return Error(request.id, faults.cut(request.model))
        return Done(request.id, self._reason, self._paid(), self._model_name or request.model)

    async def _wait(self, error: Exception, attempt: int, until: float) -> None:
        asked = faults.retry_after(error)
        wait = _FIRST_WAIT * 2**attempt if asked is None else asked
        if asyncio.get_running_loop().time() + wait >= until:
            raise error
        status = faults.status_of(error)
        self._send(
            Notice(
                self._request.id,
                f"The service answered HTTP {status}; trying again in {wait:.3g} s "
                f"({attempt + 1} of {RETRIES}).",
            )
        )
        await asyncio.sleep(wait)

    async def _stream(self, model: ChatModel, until: float) -> None:
        clock = asyncio.get_running_loop().time
        async with contextlib.aclosing(model.answer(self._request)) as stream:
            async for said in stream:
                # The deadline cancels this task; a library may swallow that, and drip on.
                if clock() > until + _SWALLOWED:
                    raise TimeoutError
                self._take(said)

    def _take(self, said: Said) -> None:
        if said.text:
            self.started = True
            *lines, self._last_line = (self._last_line + said.text).split("\n")
            self._ended = self._ended or any(line.strip() == _END for line in lines)
            self._show(self._mask.feed(said.text))
        self._reason = said.finish_reason or self._reason
        self._model_name = said.model or self._model_name
        if said.usage is not None:
            self._usage = said.usage if self._usage is None else self._usage + said.usage
            self._cached += said.cached
            self._stored += said.stored

    def _paid(self) -> Usage | None:
        """The usage with its cost, where that is known."""
        usage, request = self._usage, self._request
        if usage is None:
            return None
        price = price_of(
            request.model,
            {**own_prices(), **request.prices},
            is_own_server=not is_redirected(request.model),
        )
        cost = cost_of(price, usage.input_tokens, usage.output_tokens, self._cached, self._stored)
        return msgspec.structs.replace(usage, cost=cost)

    def _show(self, text: str) -> None:
        if text:
            self._send(Chunk(self._request.id, text))
