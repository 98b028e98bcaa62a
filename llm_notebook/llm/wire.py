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
from llm_notebook.core.origin import Role, Wants
from llm_notebook.core.proposal import Price, Usage

KEPT = "Your prompt is kept; the notebook was not touched."
"""What every failure on the way to a model can promise."""

INTERRUPTED = Problem(
    "interrupted", "The kernel ended before the reply was complete.", KEPT, "Ask again."
)
"""Why a draft of an earlier kernel failed."""

DEFAULT_DEADLINE = 120.0
CANCELLED = "cancelled"
"""The `Done.finish_reason` of a request that was cancelled."""

STOPPED = frozenset({"stop", "end_turn", "stop_sequence", "completed", "eos", "eos_token"})
"""The finish reasons, in lower case, with which models say that a reply is whole."""

CUT = {
    "": "the stream ended early",
    "length": "it reached the model's limit on length",
    "max_tokens": "it reached the model's limit on length",
    "content_filter": "the service's content filter stopped it",
}
"""What other finish reasons mean."""


class Message(msgspec.Struct, frozen=True):
    """One message of a conversation, as a chat model reads it."""

    role: Literal["system", "user", "assistant"]
    content: str


class About(msgspec.Struct, frozen=True):
    """What an ask is about beyond its words; see `llm_notebook.llm.about.about`.

    Cells are named by label.

    Attributes
    ----------
    wants : {"edits", "text"}
    scope : tuple of str
        The only cells that may be changed; empty: the notebook.
    first, last : int or None
        The only lines that may be changed, of the only cell of `scope`.
    earlier : tuple of str
        The requests that this one follows up, oldest first. The notebook is
        then shown as the version before would leave it.
    touched : tuple of str
        Cells that the version before brought in or changed.
    question : str
        The question that this ask answers.
    made : tuple of str
        Cells that this prompt made before.
    is_about_error : bool
        Whether it is about the context's error.
    """

    wants: Wants = "edits"
    scope: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    earlier: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    question: str = ""
    made: tuple[str, ...] = ()
    is_about_error: bool = False


class CompletionRequest(msgspec.Struct, frozen=True):
    """One reply wanted from one model.

    Attributes
    ----------
    id : str
        Names the request in every event about it.
    model : str
        ``provider:model``, or a chain of several.
    messages : tuple of Message
        What a language model is sent.
    prompt, context, target_label, about
        The same as data, for the built-in models, which read no prose.
    deadline : float
        Seconds from the start until the reply must be whole, retries and the
        whole chain included.
    role : {"propose", "complete", "plan", "describe"}
        What the reply is for.
    record : str
        A file to which ask and reply are added; empty for none.
    prices : dict of str to Price
        A person's own prices by model.
    """

    id: str
    model: str
    messages: tuple[Message, ...]
    prompt: str = ""
    context: Context = Context()
    target_label: str | None = None
    about: About = About()
    deadline: float = DEFAULT_DEADLINE
    role: Role = "propose"
    record: str = ""
    prices: dict[str, Price] = {}


class Complete(msgspec.Struct, frozen=True, tag_field="type", tag="complete"):
    """To the worker: begin a request."""

    request: CompletionRequest


class Cancel(msgspec.Struct, frozen=True, tag_field="type", tag="cancel"):
    """To the worker: abort a request. One that has ended already is ignored."""

    id: str


class Prepare(msgspec.Struct, frozen=True, tag_field="type", tag="prepare"):
    """To the worker: import what a model needs, before it is asked. Answered by nothing."""

    model: str


WorkerCommand = Complete | Cancel | Prepare


class Chunk(msgspec.Struct, frozen=True, tag_field="type", tag="chunk"):
    """More text of the reply."""

    id: str
    text: str


class Notice(msgspec.Struct, frozen=True, tag_field="type", tag="notice"):
    """Something on the way that a person should know, such as a retry."""

    id: str
    text: str


class Switched(msgspec.Struct, frozen=True, tag_field="type", tag="switched"):
    """The next model of a chain is asked. What has arrived so far is void.

    Attributes
    ----------
    model : str
        The one that is asked now.
    why : str
        What was wrong with the one before.
    """

    id: str
    model: str
    why: str


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


WorkerEvent = Chunk | Notice | Switched | Done | Error
