"""The model services known by name: what each needs, and whether it is there.

Read by the kernel for the picker and by the worker for its messages, so it
imports no provider and never reads a key.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from importlib.util import find_spec

import msgspec

from llm_notebook.core.protocol import ModelChoice
from llm_notebook.llm.keys import keys_path

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
    """

    name: str
    label: str
    package: str
    module: str
    cls: str
    example: str
    key: str = ""
    url: str = ""


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
        ),
        Provider(
            "anthropic",
            "Anthropic",
            "langchain-anthropic",
            "langchain_anthropic",
            "ChatAnthropic",
            "claude-sonnet-4-5",
            key="ANTHROPIC_API_KEY",
        ),
        Provider(
            "google",
            "Google",
            "langchain-google-genai",
            "langchain_google_genai",
            "ChatGoogleGenerativeAI",
            "gemini-2.5-flash",
            key="GOOGLE_API_KEY",
        ),
        Provider(
            "ollama",
            "Ollama, on this machine",
            "langchain-ollama",
            "langchain_ollama",
            "ChatOllama",
            "qwen2.5-coder",
        ),
    )
}


def where_keys_go(variable: str) -> str:
    """The sentence that says how to give a key."""
    return f"Put a line {variable}=... into {keys_path()} (mode 600), then ask again."


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
