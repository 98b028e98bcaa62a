"""Names of models and chains of them."""

from __future__ import annotations

import pytest

from llm_notebook.core.errors import ModelError
from llm_notebook.llm.names import Name, chain_of, first_of, is_model, key_for, read_name, rest_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("openai:gpt-5-mini", Name("openai", "gpt-5-mini")),
        ("ollama:qwen2.5-coder:7b", Name("ollama", "qwen2.5-coder:7b")),
        ("openai:m@http://h:1/v1", Name("openai", "m", "http://h:1/v1")),
        ("openai:m@https://h/v1/", Name("openai", "m", "https://h/v1")),
        ("google:claude@20250101", Name("google", "claude@20250101")),
        ("gguf:/my models/a, b.gguf", Name("gguf", "/my models/a, b.gguf")),
    ],
)
def test_a_name_has_parts(text: str, name: Name) -> None:
    assert read_name(text) == name
    assert is_model(text)


@pytest.mark.parametrize(
    "text", ["", "gpt", ":", "a:", ":b", " a:b", "a b:c", "a:b@http://", "a:b@http://h:x/"]
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(ModelError):
        read_name(text)


@pytest.mark.parametrize("url", ["http://me:hush@h/v1", "http://hush@h/v1", "http://h/?key=hush"])
def test_a_password_in_a_name_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ModelError) as error:
        read_name(f"openai:m@{url}")
    assert "hush" not in error.value.problem.text()


def test_chains() -> None:
    text = "openai:a@http://h/v1,ollama:b:7b , offline:rules"
    assert chain_of(text) == ("openai:a@http://h/v1", "ollama:b:7b", "offline:rules")
    assert chain_of("a:b, a:b") == ("a:b",)
    assert first_of(text) == "openai:a@http://h/v1"
    assert rest_of(text, "ollama:b:7b") == "ollama:b:7b, offline:rules"
    assert is_model(text)
    assert not is_model("openai:a, b")
    assert chain_of("gguf:/a, b.gguf, offline:rules") == ("gguf:/a, b.gguf", "offline:rules")


def test_a_key_is_named_by_its_server() -> None:
    assert key_for("OPENAI_API_KEY", "http://My-host.org:8000/v1") == (
        "OPENAI_API_KEY_MY_HOST_ORG_8000"
    )
