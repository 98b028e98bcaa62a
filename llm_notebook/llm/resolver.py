"""``provider:model`` → a LangChain chat model. Runs in the worker."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.keys import Keys
from llm_notebook.llm.providers import ENTRY_POINT_GROUP, PROVIDERS, Provider, where_keys_go
from llm_notebook.llm.wire import KEPT

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_FORM = "Models are named provider:model, such as openai:gpt-5-mini or offline:rules."


def resolve(name: str, keys: Keys) -> BaseChatModel:
    """The chat model of this name.

    Parameters
    ----------
    name : str
        ``provider:model``. Providers are ``offline``, ``scripted``, those in
        `PROVIDERS`, and the entry points of the group ``llm_notebook.models``,
        each a callable from the part after the colon to a chat model.
    keys : Keys

    Raises
    ------
    ModelError
        Where the name, a package or a key is missing; says which.
    """
    provider, _, model = name.partition(":")
    if provider == "offline" and model == "rules":
        from llm_notebook.llm.offline.model import OfflineRules

        return OfflineRules()
    if provider == "scripted" and model:
        from llm_notebook.llm.scripted import Scripted

        return Scripted.load(model)
    if provider in PROVIDERS and model:
        return _known(PROVIDERS[provider], model, keys)
    for point in entry_points(group=ENTRY_POINT_GROUP, name=provider):
        make: Callable[[str], BaseChatModel] = point.load()
        return make(model)
    raise ModelError(f"There is no model {name!r}.", code="model-unknown", kept=KEPT, next=_FORM)


def _known(provider: Provider, model: str, keys: Keys) -> BaseChatModel:
    try:
        cls: Callable[..., BaseChatModel] = getattr(import_module(provider.module), provider.cls)
    except ImportError as error:
        raise ModelError(
            f"{provider.label} needs the package {provider.package}, which is not installed "
            f"({error}).",
            code="model-missing-package",
            kept=KEPT,
            next=f"Install it where Jupyter runs: pip install {provider.package}",
        ) from None
    # Retries are ours, so that they can be seen and end with the deadline.
    options: dict[str, Any] = {"model": model}
    if provider.name in ("openai", "anthropic"):
        options["max_retries"] = 0
    elif provider.name == "google":
        options["max_retries"] = 1
    if provider.key:
        key = keys.find(provider.key)
        if not key and provider.url and os.environ.get(provider.url):
            # A compatible server on one's own machine asks for none, the library does.
            options["api_key"] = "none"
        elif not key:
            raise ModelError(
                f"{provider.label} needs a key, and none was found.",
                code="model-missing-key",
                kept=KEPT,
                next=where_keys_go(provider.key),
            )
    return cls(**options)
