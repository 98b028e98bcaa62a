"""What a request needs of a chat model, whoever makes it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

import msgspec

from llm_notebook.core.proposal import Usage
from llm_notebook.llm.wire import CompletionRequest


class Said(msgspec.Struct, frozen=True):
    """A piece of a reply, and what came with it.

    Attributes
    ----------
    text : str
    finish_reason : str or None
        Why the model stopped, once it has.
    model : str
        What the service calls the model that answered, once it has said so.
    usage : Usage or None
        Tokens; those of all pieces add up.
    cached, stored : int
        Of the tokens read: those that the service had kept, and those that it keeps now.
    """

    text: str = ""
    finish_reason: str | None = None
    model: str = ""
    usage: Usage | None = None
    cached: int = 0
    stored: int = 0


class ChatModel(Protocol):
    """Answers requests. The built-in models do so themselves, the others through LangChain."""

    def answer(self, request: CompletionRequest) -> AsyncGenerator[Said, None]:
        """The reply, piece by piece; closed early where nobody waits for the rest."""
        ...
