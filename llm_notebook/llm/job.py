"""One request in the worker: find the model, stream its reply, retry where that helps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.proposal import Usage
from llm_notebook.llm import faults
from llm_notebook.llm.keys import Keys, StreamMask
from llm_notebook.llm.resolver import resolve
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, Error, Notice, WorkerEvent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

RETRIES = 2
DATA_KEY = "llm_notebook"
"""Where a model with ``wants_context = True`` finds the ask as data: in the
``additional_kwargs`` of the last message."""

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
        messages = _messages(request, model)
        for attempt in range(RETRIES + 1):
            try:
                await self._stream(model, messages)
                break
            except Exception as error:
                if self.started or attempt == RETRIES or not faults.is_worth_retrying(error):
                    raise
                await self._wait(error, attempt, until)
        self._show(self._mask.rest())
        if self._reason is None and not (self._ended or self._last_line.strip() == _END):
            return Error(request.id, faults.cut(request.model))
        return Done(request.id, self._reason, self._usage, self._model_name or request.model)

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

    async def _stream(self, model: BaseChatModel, messages: list[BaseMessage]) -> None:
        async with contextlib.aclosing(model.astream(messages)) as stream:  # type: ignore[type-var]
            async for chunk in stream:
                self._take(chunk)

    def _take(self, chunk: AIMessageChunk) -> None:
        text = str(chunk.text)
        if text:
            self.started = True
            *lines, self._last_line = (self._last_line + text).split("\n")
            self._ended = self._ended or any(line.strip() == _END for line in lines)
            self._show(self._mask.feed(text))
        about: dict[str, Any] = chunk.response_metadata
        for field in ("finish_reason", "stop_reason", "done_reason"):
            if about.get(field):
                self._reason = str(about[field]).lower()
        self._model_name = str(about.get("model_name") or about.get("model") or self._model_name)
        if chunk.usage_metadata is not None:
            known = self._usage or Usage()
            self._usage = Usage(
                known.input_tokens + chunk.usage_metadata["input_tokens"],
                known.output_tokens + chunk.usage_metadata["output_tokens"],
            )

    def _show(self, text: str) -> None:
        if text:
            self._send(Chunk(self._request.id, text))


def _messages(request: CompletionRequest, model: BaseChatModel) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    classes = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    messages: list[BaseMessage] = [classes[m.role](m.content) for m in request.messages]
    if getattr(model, "wants_context", False):
        data = {
            "prompt": request.prompt,
            "context": msgspec.to_builtins(request.context),
            "target_label": request.target_label,
        }
        messages.append(HumanMessage(content="", additional_kwargs={DATA_KEY: data}))
    return messages
