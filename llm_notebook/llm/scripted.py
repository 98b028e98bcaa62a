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
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.model import Said
from llm_notebook.llm.wire import KEPT, CompletionRequest


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a script."""

    reply: str
    match: str | None = None
    chunk: int = 24
    delay: float = 0.0
    finish: str | None = "stop"
    fault: str | None = None


class Scripted:
    """Answers by a script.

    Parameters
    ----------
    lines : tuple of Line
    path : str
        Where they are from.
    """

    def __init__(self, lines: tuple[Line, ...] = (), path: str = "") -> None:
        self.lines = lines
        self.path = path

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

    async def answer(self, request: CompletionRequest) -> AsyncGenerator[Said, None]:
        """What the first line that matches says."""
        line = self._line(request.prompt)
        size = max(1, line.chunk)
        for start in range(0, len(line.reply), size):
            await asyncio.sleep(line.delay)
            yield Said(line.reply[start : start + size])
        if line.fault is not None:
            raise RuntimeError(line.fault)
        yield Said(finish_reason=line.finish)

    def _line(self, prompt: str) -> Line:
        for line in self.lines:
            if line.match is None or re.search(line.match, prompt, re.I):
                return line
        raise _error(f"No line of the script {self.path} matches this prompt.")


def _error(message: str) -> ModelError:
    return ModelError(message, code="model-script", kept=KEPT, next="Correct the script.")
