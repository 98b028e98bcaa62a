"""What passes between the kernel and the worker process: one JSON object a line.

Every record is tagged by ``type``. For each `Complete` the worker answers with
any number of `Chunk` and `Notice` events and then with exactly one terminal
event, `Done` or `Error`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from llm_notebook.core.context import Context
from llm_notebook.core.errors import Problem
from llm_notebook.core.proposal import Usage

KEPT = "Your prompt is kept; the notebook was not touched."
"""What every failure on the way to a model can promise."""

DEFAULT_DEADLINE = 120.0
CANCELLED = "cancelled"
"""The `Done.finish_reason` of a request that was cancelled."""

STOPPED = frozenset({"stop", "end_turn", "stop_sequence", "completed", "eos", "eos_token"})
"""The finish reasons, in lower case, with which models say that a reply is whole."""


class Message(msgspec.Struct, frozen=True):
    """One message of a conversation, as a chat model reads it."""

    role: Literal["system", "user", "assistant"]
    content: str


class CompletionRequest(msgspec.Struct, frozen=True):
    """One reply wanted from one model.

    Attributes
    ----------
    id : str
        Names the request in every event about it.
    model : str
        ``provider:model``.
    messages : tuple of Message
        What a language model is sent.
    prompt, context, target_label
        The same as data, for the built-in models, which read no prose.
    deadline : float
        Seconds from the start until the reply must be whole, retries included.
    """

    id: str
    model: str
    messages: tuple[Message, ...]
    prompt: str = ""
    context: Context = Context()
    target_label: str | None = None
    deadline: float = DEFAULT_DEADLINE


class Complete(msgspec.Struct, frozen=True, tag_field="type", tag="complete"):
    """To the worker: begin a request."""

    request: CompletionRequest


class Cancel(msgspec.Struct, frozen=True, tag_field="type", tag="cancel"):
    """To the worker: abort a request. One that has ended already is ignored."""

    id: str


WorkerCommand = Complete | Cancel


class Chunk(msgspec.Struct, frozen=True, tag_field="type", tag="chunk"):
    """More text of the reply."""

    id: str
    text: str


class Notice(msgspec.Struct, frozen=True, tag_field="type", tag="notice"):
    """Something on the way that a person should know, such as a retry."""

    id: str
    text: str


class Done(msgspec.Struct, frozen=True, tag_field="type", tag="done"):
    """The reply has ended.

    Attributes
    ----------
    finish_reason : str or None
        As the model gave it, in lower case; `CANCELLED` for a cancelled
        request. Whether the reply is whole is for the reply parser to say.
    usage : Usage or None
        Tokens, where the model reports them.
    model : str
        The model's own name for itself, else the one asked for.
    """

    id: str
    finish_reason: str | None = None
    usage: Usage | None = None
    model: str = ""


class Error(msgspec.Struct, frozen=True, tag_field="type", tag="error"):
    """The request has failed; nothing more comes."""

    id: str
    problem: Problem


WorkerEvent = Chunk | Notice | Done | Error
