r"""Asks and replies in a file, for bug reports and lessons; ``replay:FILE`` plays them back.

One JSON object a line::

    {"format": 1, "model": "openai:gpt-5-mini", "role": "propose", "messages": [...],
     "reply": "title: ...", "finish": "stop", "usage": {...}, "problem": null}

The messages are those that the model was sent, secrets taken out; every key
that the worker knows is taken out of them and of the reply once more.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.errors import Problem
from llm_notebook.core.origin import Role
from llm_notebook.core.proposal import Usage
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, Error, Message, WorkerEvent

RECORD_VARIABLE = "LLM_NOTEBOOK_RECORD"
FORMAT = 1


class Entry(msgspec.Struct, frozen=True):
    """One ask and what came of it.

    Attributes
    ----------
    prompt : str
        What the person wrote, for a reader of the file.
    problem : Problem or None
        Why it failed, where it did; `reply` is then what had arrived.
    """

    model: str
    messages: tuple[Message, ...]
    reply: str
    role: Role = "propose"
    prompt: str = ""
    finish: str | None = None
    usage: Usage | None = None
    problem: Problem | None = None
    format: int = FORMAT


class Recording:
    """One request of one model, as it is written down.

    Parameters
    ----------
    request : CompletionRequest
        Names the file, or the variable `RECORD_VARIABLE` does; else nothing is written.
    keys : Keys
    """

    def __init__(self, request: CompletionRequest, keys: Keys) -> None:
        self._request = request
        self._keys = keys
        self._text: list[str] = []
        self._path = request.record or os.environ.get(RECORD_VARIABLE, "")

    def saw(self, event: WorkerEvent) -> None:
        """Take an event on the way."""
        if self._path and isinstance(event, Chunk):
            self._text.append(event.text)

    def ended(self, event: Done | Error) -> str:
        """Write it down; return what a person should know, where that failed."""
        if not self._path:
            return ""
        mask, request = self._keys.mask, self._request
        done = event if isinstance(event, Done) else Done(event.id)
        entry = Entry(
            model=mask(request.model),
            messages=tuple(Message(m.role, mask(m.content)) for m in request.messages),
            reply=mask("".join(self._text)),
            role=request.role,
            prompt=mask(request.prompt),
            finish=done.finish_reason,
            usage=done.usage,
            problem=event.problem if isinstance(event, Error) else None,
        )
        try:
            add(Path(self._path).expanduser(), entry)
        except OSError as error:
            return f"The ask could not be recorded in {self._path} ({error.strerror or error})."
        return ""


def add(path: Path, entry: Entry) -> None:
    """Put an entry at the end of a file, which only its owner can read."""
    line = to_json(entry) + b"\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(line)
