"""Chat models of LangChain, as requests need them. The only module that knows its messages."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from llm_notebook.core.proposal import Usage
from llm_notebook.llm.model import Said
from llm_notebook.llm.wire import CompletionRequest

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk


class LangChain:
    """A chat model of LangChain.

    Parameters
    ----------
    model : BaseChatModel
    """

    def __init__(self, model: BaseChatModel) -> None:
        self.model = model

    async def answer(self, request: CompletionRequest) -> AsyncGenerator[Said, None]:
        """Stream the reply to the request's messages."""
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        classes = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
        messages = [classes[m.role](m.content) for m in request.messages]
        stream: Any = self.model.astream(messages)
        async with contextlib.aclosing(stream):
            async for chunk in stream:
                yield _said(chunk)


def _said(chunk: AIMessageChunk) -> Said:
    about: dict[str, Any] = chunk.response_metadata
    reasons = [about[field] for field in _REASONS if about.get(field)]
    usage: Any = chunk.usage_metadata or {}
    details: dict[str, Any] = usage.get("input_token_details") or {}
    # Services name what they store by how long they keep it.
    stored = (
        count
        for name, count in details.items()
        if name == "cache_creation" or name.startswith("ephemeral_")
        if isinstance(count, int)
    )
    return Said(
        text=str(chunk.text),
        finish_reason=str(reasons[-1]).lower() if reasons else None,
        model=str(about.get("model_name") or about.get("model") or ""),
        usage=Usage(usage["input_tokens"], usage["output_tokens"]) if usage else None,
        cached=details.get("cache_read") or 0,
        stored=sum(stored),
    )


_REASONS = ("finish_reason", "stop_reason", "done_reason")
"""Where services say why they stopped."""
