"""The assistant as a chat model, so that it goes the way of every other model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from llm_notebook.llm.model import Said
from llm_notebook.llm.offline.assistant import reply
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.providers import OFFLINE
from llm_notebook.llm.wire import CompletionRequest


class OfflineRules:
    """``offline:rules``. Reads the ask as data; the messages are prose that it cannot read."""

    async def answer(self, request: CompletionRequest) -> AsyncGenerator[Said, None]:
        """The whole reply, line by line."""
        scene = Scene(request.prompt, request.context, request.target_label, request.about)
        text = await asyncio.to_thread(reply, scene)
        for line in text.splitlines(keepends=True):
            yield Said(line)
        yield Said(finish_reason="stop", model=OFFLINE)
