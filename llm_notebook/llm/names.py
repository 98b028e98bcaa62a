"""Names of models: ``provider:model``, ``provider:model@http://host/v1``, and chains of them.

A chain is a list with commas: ``openai:gpt-5-mini, ollama:qwen2.5-coder, offline:rules``.
The first is asked; each further one takes over where the one before it is down.
Read by the kernel and by the worker, so it imports no provider.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

import msgspec

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.wire import KEPT

FORM = (
    "Models are named provider:model, such as openai:gpt-5-mini or offline:rules; with an address "
    "provider:model@http://host/v1; several in turn with commas between."
)
_NEXT = re.compile(r",\s*(?=[\w.-]+:)")
"""A comma before another name; one inside a file's name is none."""
_FILES = frozenset({"gguf", "scripted", "replay"})
"""Providers whose models are named by their file."""
_ADDRESS = re.compile(r"@(?=https?://)", re.I)


class Name(msgspec.Struct, frozen=True):
    """One model's name in its parts.

    Attributes
    ----------
    provider, model : str
    url : str
        The address in the name; empty where it has none.
    """

    provider: str
    model: str
    url: str = ""


def _wrong(text: str, why: str) -> ModelError:
    return ModelError(f"{text!r} {why}", code="model-unknown", kept=KEPT, next=FORM)


def read_name(text: str) -> Name:
    """The parts of one model's name.

    Raises
    ------
    ModelError
        Where it has not the form, or its address holds a password.
    """
    provider, _, rest = text.partition(":")
    model, *address = _ADDRESS.split(rest, maxsplit=1)
    if not (provider and model) or text != text.strip() or provider != "".join(provider.split()):
        raise _wrong(text, "is not a model's name.")
    if "," in model and provider not in _FILES:
        raise _wrong(text, "is neither a model's name nor a chain of them.")
    url = address[0].rstrip("/") if address else ""
    if url:
        parts = _split(url)
        if parts is None or not parts.hostname:
            raise _wrong(text, "has no address that can be read behind its @.")
        if parts.username is not None or parts.password is not None or parts.query:
            # A name stands in the notebook, in the store and in settings.
            shown = f"{provider}:{model}@{parts.scheme}://{parts.hostname}"
            raise _wrong(shown, "was given with a password or key in its address.")
    return Name(provider, model, url)


def chain_of(text: str) -> tuple[str, ...]:
    """The names in a chain, in order; of a single name, itself.

    Raises
    ------
    ModelError
        Where one of them has not the form.
    """
    links = tuple(link.strip() for link in _NEXT.split(text.strip()))
    for link in links:
        read_name(link)
    return tuple(dict.fromkeys(links))


def first_of(text: str) -> str:
    """The model that a name or a chain begins with; never raises."""
    return _NEXT.split(text.strip())[0].strip()


def rest_of(text: str, link: str) -> str:
    """The chain from `link` on; all of it where `link` is not in it."""
    links = [part.strip() for part in _NEXT.split(text.strip())]
    return ", ".join(links[links.index(link) :]) if link in links else text


def is_model(text: str) -> bool:
    """Whether this is a model's name, or a chain of names."""
    try:
        return bool(chain_of(text))
    except ModelError:
        return False


def server_of(url: str) -> str:
    """Host and port of an address, in lower case; empty where it has none."""
    parts = _split(url)
    return parts.netloc.lower().rpartition("@")[2] if parts is not None else ""


def key_for(variable: str, url: str) -> str:
    """The name of the key for an address: ``OPENAI_API_KEY`` becomes ``OPENAI_API_KEY_MY_HOST``.

    A key is sent only to the server that it belongs to, whatever address a name holds.
    """
    return f"{variable}_{re.sub(r'[^A-Z0-9]+', '_', server_of(url).upper()).strip('_')}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None
