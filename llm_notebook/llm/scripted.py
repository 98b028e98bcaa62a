r"""``scripted:PATH``: a model that says what a file tells it to. For tests and lessons.

The file holds JSON objects, one a line::

    {"match": "plot", "reply": "title: A plot\n...", "chunk": 8, "delay": 0.01}

The first line whose regular expression `match` is found in the person's prompt
answers; without `match` a line answers everything. `chunk` is the number of
characters at a time, `delay` the seconds before each chunk, `finish` the finish
reason, null for none. With `fault` the model raises an error of that text after
its reply. A prompt that nothing matches is an error too.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.job import DATA_KEY
from llm_notebook.llm.wire import KEPT


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a script."""

    reply: str
    match: str | None = None
    chunk: int = 24
    delay: float = 0.0
    finish: str | None = "stop"
    fault: str | None = None


class Scripted(BaseChatModel):
    """Answers by a script."""

    lines: tuple[Any, ...] = ()
    path: str = ""
    wants_context: bool = True

    @classmethod
    def load(cls, path: str) -> Scripted:
        """Read a script; say which line is wrong."""
        try:
            texts = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise _error(f"The script {path} could not be read ({error}).") from None
        lines = []
        for number, text in enumerate(texts, 1):
            if not text.strip():
                continue
            try:
                line = msgspec.json.decode(text, type=Line)
                re.compile(line.match or "")
            except (msgspec.MsgspecError, re.error) as error:
                raise _error(f"Line {number} of the script {path} is wrong: {error}.") from None
            lines.append(line)
        return cls(lines=tuple(lines), path=path)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _line(self, messages: list[BaseMessage]) -> Line:
        prompt = messages[-1].additional_kwargs.get(DATA_KEY, {}).get("prompt")
        if prompt is None:
            prompt = str(messages[-1].text)
        for line in self.lines:
            if line.match is None or re.search(line.match, prompt, re.I):
                return line  # type: ignore[no-any-return]
        raise _error(f"No line of the script {self.path} matches this prompt.")

    def _chunks(self, line: Line) -> Iterator[ChatGenerationChunk]:
        size = max(1, line.chunk)
        for start in range(0, len(line.reply), size):
            yield _chunk(line.reply[start : start + size])
        if line.fault is not None:
            raise RuntimeError(line.fault)
        about = {"finish_reason": line.finish} if line.finish else {}
        last = AIMessageChunk(content="", response_metadata=about, chunk_position="last")
        yield ChatGenerationChunk(message=last)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        line = self._line(messages)
        for chunk in self._chunks(line):
            time.sleep(line.delay)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        line = self._line(messages)
        for chunk in self._chunks(line):
            await asyncio.sleep(line.delay)
            yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = self._stream(messages)
        message = next(chunks).message
        for chunk in chunks:
            message += chunk.message
        return ChatResult(generations=[ChatGeneration(message=message)])


def _chunk(text: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text))


def _error(message: str) -> ModelError:
    return ModelError(message, code="model-script", kept=KEPT, next="Correct the script.")
