"""The assistant as a chat model, so that it goes the way of every other model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from llm_notebook.core.context import Context
from llm_notebook.llm.job import DATA_KEY
from llm_notebook.llm.offline.assistant import reply
from llm_notebook.llm.providers import OFFLINE


class OfflineRules(BaseChatModel):
    """``offline:rules``. Reads the ask as data, from the last message's ``additional_kwargs``."""

    wants_context: bool = True

    @property
    def _llm_type(self) -> str:
        return OFFLINE

    def _text(self, messages: list[BaseMessage]) -> str:
        data = messages[-1].additional_kwargs.get(DATA_KEY)
        if data is None:
            return reply(str(messages[-1].text), Context(), None)
        context = msgspec.convert(data["context"], Context)
        return reply(data["prompt"], context, data["target_label"])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        lines = self._text(messages).splitlines(keepends=True)
        for line in lines:
            yield ChatGenerationChunk(message=AIMessageChunk(content=line))
        about = {"finish_reason": "stop", "model_name": OFFLINE}
        last = AIMessageChunk(content="", response_metadata=about, chunk_position="last")
        yield ChatGenerationChunk(message=last)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = AIMessage(self._text(messages))
        return ChatResult(generations=[ChatGeneration(message=message)])
