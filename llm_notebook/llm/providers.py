"""The model services known by name: what each needs, and whether it is there.

Read by the kernel for the picker and by the worker for its messages, so it
imports no provider and never reads a key.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from importlib.util import find_spec

import msgspec

from llm_notebook.core.errors import ModelError
from llm_notebook.core.protocol import ModelChoice
from llm_notebook.llm.keys import KEYRING_SERVICE, keys_path
from llm_notebook.llm.names import Name, key_for, read_name, server_of

ENTRY_POINT_GROUP = "llm_notebook.models"
OFFLINE = "offline:rules"
OFFLINE_LABEL = "Built-in rules (not a language model)"


class Provider(msgspec.Struct, frozen=True):
    """How to come by the models of one service.

    Attributes
    ----------
    name : str
        What stands before the colon.
    package, module, cls : str
        The distribution to install and the class in it.
    key : str
        The variable that holds the key; empty where none is needed.
    url : str
        A variable that names another server, for which no key is demanded.
    example : str
        The model that the picker offers.
    retries : int or None
        What tells the class to leave retries to us; None where it has none.
    """

    name: str
    label: str
    package: str
    module: str
    cls: str
    example: str
    key: str = ""
    url: str = ""
    retries: int | None = None


PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider(
            "openai",
            "OpenAI or a compatible server",
            "langchain-openai",
            "langchain_openai",
            "ChatOpenAI",
            "gpt-5-mini",
            key="OPENAI_API_KEY",
            url="OPENAI_BASE_URL",
            retries=0,
        ),
        Provider(
            "anthropic",
            "Anthropic",
            "langchain-anthropic",
            "langchain_anthropic",
            "ChatAnthropic",
            "claude-sonnet-5-5",
            key="ANTHROPIC_API_KEY",
            url="ANTHROPIC_BASE_URL",
            retries=0,
        ),
        Provider(
            "google",
            "Google",
            "langchain-google-genai",
            "langchain_google_genai",
            "ChatGoogleGenerativeAI",
            "gemini-2.5-flash",
            key="GOOGLE_API_KEY",
            url="GOOGLE_GEMINI_BASE_URL",
            retries=1,  # Google's client takes 0 for its own default
        ),
        Provider(
            "ollama",
            "Ollama, on this machine",
            "langchain-ollama",
            "langchain_ollama",
            "ChatOllama",
            "qwen2.5-coder",
            url="OLLAMA_HOST",
        ),
    )
}


def where_keys_go(variable: str) -> str:
    """The sentence that says how to give a key."""
    return (
        f"Put a line {variable}=... into {keys_path()} (mode 600), or run "
        f"`keyring set {KEYRING_SERVICE} {variable}`, then ask again."
    )


def key_variable(model: str) -> str:
    """The name of the key that a model is asked with; empty where it needs none."""
    try:
        name = read_name(model)
    except ModelError:
        return ""
    provider = PROVIDERS.get(name.provider)
    if provider is None or not provider.key:
        return ""
    return key_for(provider.key, name.url) if is_elsewhere(provider, name) else provider.key


def is_redirected(model: str) -> bool:
    """Whether a variable sends the asks for a provider's models to another server."""
    provider = PROVIDERS.get(read_name(model).provider)
    return bool(provider and provider.url and os.environ.get(provider.url))


def is_elsewhere(provider: Provider, name: Name) -> bool:
    """Whether a name's address is not the server that the provider's own key is for."""
    configured = os.environ.get(provider.url, "") if provider.url else ""
    return bool(name.url) and server_of(name.url) != server_of(configured)


def choices() -> tuple[ModelChoice, ...]:
    """The models for the picker: the built-in one first, always ready."""
    offered = [ModelChoice(OFFLINE, OFFLINE_LABEL)]
    offered += map(_choice, PROVIDERS.values())
    offered += [
        ModelChoice(f"{point.name}:default", point.name)
        for point in entry_points(group=ENTRY_POINT_GROUP)
    ]
    return tuple(offered)


def _choice(provider: Provider) -> ModelChoice:
    model = f"{provider.name}:{provider.example}"
    label = f"{provider.label}: {provider.example}"
    if find_spec(provider.module) is None:
        hint = f"Install the package {provider.package}."
        return ModelChoice(model, label, ready=False, hint=hint)
    # A file or a keyring may hold the key; only the worker may look into them.
    known = (
        not provider.key
        or bool(os.environ.get(provider.key))
        or bool(provider.url and os.environ.get(provider.url))
        or keys_path().exists()
        or find_spec("keyring") is not None
    )
    return ModelChoice(model, label, known, "" if known else where_keys_go(provider.key))
