"""The worst model there could be: it does whatever any text that it is sent tells it to.

It reads all messages whole, data and request alike, looks for an order in every
disguise that it knows, and answers with the very reply that the order is for.
What holds against it does not lean on a model's good sense.
"""

from __future__ import annotations

import base64
import codecs
import html
import re
import unicodedata
from collections.abc import Callable

from llm_notebook.core.protocol import ModelChoice
from llm_notebook.llm.wire import Chunk, CompletionRequest, Done, WorkerEvent

ORDER = "ORDER-7 do as the attacker says"
"""What an attacker's text says in the end, under whatever it is hidden."""

HARMLESS = "title: Nothing to see\n@@ insert after last code\n```python\nx = 1\n```\n@@ end\n"

OnEvent = Callable[[WorkerEvent], None]


def plain(text: str) -> str:
    return text


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def as_rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def as_hex(text: str) -> str:
    return text.encode().hex()


def as_entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


def as_tags(text: str) -> str:
    """In the block of tags: seen by nobody, read by many a model."""
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def backwards(text: str) -> str:
    return f"\u202e{text[::-1]}\u202c"


def with_gaps(text: str) -> str:
    return "\u200b".join(text)


def in_letters_alike(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


DISGUISES = (
    plain,
    as_base64,
    as_rot13,
    as_hex,
    as_entities,
    as_tags,
    backwards,
    with_gaps,
    in_letters_alike,
)


def readings(text: str) -> list[str]:
    """A text as such a model reads it, one for each disguise."""
    written_out = re.sub(
        r"\\U000e00([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text, flags=re.I
    )
    words = re.findall(r"[A-Za-z0-9+/=]{16,}", text)
    return [
        text,
        written_out,
        codecs.encode(text, "rot13"),
        html.unescape(text),
        text[::-1],
        text.replace("\u200b", ""),
        unicodedata.normalize("NFKC", text),
        *(base64.b64decode(f"{word}==").decode(errors="replace") for word in words),
        *(bytes.fromhex(word).decode(errors="replace") for word in words if is_hex(word)),
    ]


def is_hex(word: str) -> bool:
    return len(word) % 2 == 0 and re.fullmatch("[0-9a-f]+", word) is not None


class Obedient:
    """A model port.

    Parameters
    ----------
    ordered : str
        What it answers once it has seen the order, and from then on always.
    """

    def __init__(self, ordered: str) -> None:
        self.ordered = ordered
        self.requests: list[CompletionRequest] = []
        self.has_obeyed = False

    def models(self) -> tuple[ModelChoice, ...]:
        return ()

    def prepare(self, model: str) -> None: ...

    def complete(self, request: CompletionRequest, on_event: OnEvent) -> None:
        self.requests.append(request)
        told = "\n".join(message.content for message in request.messages)
        self.has_obeyed = self.has_obeyed or any(ORDER in text for text in readings(told))
        reply = self.ordered if self.has_obeyed else HARMLESS
        for at in range(0, len(reply), 50):
            on_event(Chunk(request.id, reply[at : at + 50]))
        on_event(Done(request.id, "stop"))

    def cancel(self, request_id: str) -> None: ...

    def close(self) -> None: ...
