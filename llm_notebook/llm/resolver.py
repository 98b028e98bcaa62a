"""``provider:model`` → a chat model. Runs in the worker."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.langchain import LangChain
from llm_notebook.llm.model import ChatModel
from llm_notebook.llm.names import FORM, Name, key_for, read_name
from llm_notebook.llm.providers import (
    ENTRY_POINT_GROUP,
    PROVIDERS,
    Provider,
    is_elsewhere,
    where_keys_go,
)
from llm_notebook.llm.wire import KEPT

_BUILT_IN = {
    "scripted": ("llm_notebook.llm.scripted", "Scripted"),
    "replay": ("llm_notebook.llm.replay", "Replay"),
    "gguf": ("llm_notebook.llm.gguf", "Gguf"),
}
"""Models of our own that are read from the file behind the colon."""

_NO_KEY = "none"
"""What a server is sent that asks for no key, since the libraries demand one."""


def check(name: str) -> None:
    """Make sure that somebody provides a model, without importing anything of theirs.

    Raises
    ------
    ModelError
        Where nobody does.
    """
    read = read_name(name)
    known = name == "offline:rules" or read.provider in _BUILT_IN or read.provider in PROVIDERS
    if not known and not tuple(entry_points(group=ENTRY_POINT_GROUP, name=read.provider)):
        raise ModelError(f"There is no model {name!r}.", code="model-unknown", kept=KEPT, next=FORM)


def resolve(name: str, keys: Keys) -> ChatModel:
    """The chat model of this name.

    Parameters
    ----------
    name : str
        ``provider:model``. Providers are ``offline``, ``scripted``, ``replay``,
        ``gguf``, those in `PROVIDERS`, and the entry points of the group
        ``llm_notebook.models``, each a callable from the part after the colon
        to a chat model of LangChain, or to a `ChatModel`.
    keys : Keys

    Raises
    ------
    ModelError
        Where the name, a package or a key is missing; says which.
    """
    check(name)
    read = read_name(name)
    after_colon = name.partition(":")[2]
    if read.provider == "offline":
        from llm_notebook.llm.offline.model import OfflineRules

        return OfflineRules()
    if read.provider in _BUILT_IN:
        module, cls = _BUILT_IN[read.provider]
        try:
            load: Callable[[str], Any] = getattr(import_module(module), cls).load
        except ImportError as error:
            package = (error.name or "").partition(".")[0].replace("_", "-")
            raise ModelError(
                f"{read.provider}: models need the package {package}, which is not installed "
                f"({error}).",
                code="model-missing-package",
                kept=KEPT,
                next=f"Install it where Jupyter runs: pip install {package}",
            ) from None
        return _as_model(load(after_colon))
    if read.provider in PROVIDERS:
        return _known(PROVIDERS[read.provider], read, keys)
    (point, *_) = entry_points(group=ENTRY_POINT_GROUP, name=read.provider)
    try:
        make: Callable[[str], Any] = point.load()
    except Exception as error:
        raise ModelError(
            f"The package that brings {read.provider}: models cannot be imported "
            f"({type(error).__name__}: {error}).",
            code="model-missing-package",
            kept=KEPT,
            next=f"Look at {point.value}, or choose another model.",
        ) from None
    return _as_model(make(after_colon))


def _as_model(made: Any) -> ChatModel:
    return made if hasattr(made, "answer") else LangChain(made)


def _known(provider: Provider, name: Name, keys: Keys) -> ChatModel:
    try:
        cls: Callable[..., Any] = getattr(import_module(provider.module), provider.cls)
    except ImportError as error:
        raise ModelError(
            f"{provider.label} needs the package {provider.package}, which is not installed "
            f"({error}).",
            code="model-missing-package",
            kept=KEPT,
            next=f"Install it where Jupyter runs: pip install {provider.package}",
        ) from None
    options: dict[str, Any] = {"model": name.model}
    # Retries are ours, so that they can be seen and end with the deadline.
    if provider.retries is not None:
        options["max_retries"] = provider.retries
    if name.url:
        options["base_url"] = name.url
    if provider.key:
        options["api_key"] = _key(provider, name, keys)
    elif is_elsewhere(provider, name):
        # Ollama's client takes its key from the environment, wherever it asks.
        key = keys.find(key_for("OLLAMA_API_KEY", name.url)) or _NO_KEY
        options["client_kwargs"] = {"headers": {"authorization": f"Bearer {key}"}}
    return _as_model(cls(**options))


def _key(provider: Provider, name: Name, keys: Keys) -> str:
    """The key for the server that is asked, and never that of another one."""
    if is_elsewhere(provider, name):
        return keys.find(key_for(provider.key, name.url)) or _NO_KEY
    key = keys.find(provider.key)
    if key:
        return key
    if name.url or (provider.url and os.environ.get(provider.url)):
        # A compatible server on one's own machine asks for none.
        return _NO_KEY
    raise ModelError(
        f"{provider.label} needs a key, and none was found.",
        code="model-missing-key",
        kept=KEPT,
        next=where_keys_go(provider.key),
    )
