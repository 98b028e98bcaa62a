from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from llm_notebook.llm import chain, job, wire
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.model import Said


class Deaf:
    """A model whose library swallows the cancel, and goes on."""

    async def answer(self, request: wire.CompletionRequest) -> AsyncGenerator[Said, None]:
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.05)
            yield Said("x")


def test_a_library_that_swallows_the_deadline_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "resolve", lambda name, keys: Deaf())
    monkeypatch.setattr(chain, "check", lambda link: None)
    request = wire.CompletionRequest("r", "openai:deaf", (), deadline=0.3)
    events: list[Any] = []

    async def asked() -> Any:
        return await asyncio.wait_for(chain.answer(request, Keys(), events.append), 20)

    ended = asyncio.run(asked())
    assert isinstance(ended, wire.Error)
    assert ended.problem.code == "model-timeout"
