"""Names of models: what is offered, and what is said where something is missing."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from llm_notebook.core.errors import ModelError
from llm_notebook.llm import providers, resolver
from llm_notebook.llm.keys import Keys, StreamMask, parse_env
from llm_notebook.llm.offline.model import OfflineRules


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    monkeypatch.setenv("LLM_NOTEBOOK_KEYS", str(tmp_path / "keys.env"))
    for provider in providers.PROVIDERS.values():
        for name in (provider.key, provider.url):
            if name:
                monkeypatch.delenv(name, raising=False)
    return Keys()


@pytest.mark.parametrize("name", providers.PROVIDERS)
def test_a_missing_package_is_named(name: str, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = providers.PROVIDERS[name]
    monkeypatch.setitem(sys.modules, provider.module, None)
    with pytest.raises(ModelError) as error:
        resolver.resolve(f"{name}:some-model", keys)
    assert error.value.problem.code == "model-missing-package"
    assert provider.package in error.value.problem.next


def test_a_model_from_a_file_names_the_package_that_it_lacks(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_core.callbacks", None)
    monkeypatch.delitem(sys.modules, "llm_notebook.llm.gguf", raising=False)
    with pytest.raises(ModelError) as error:
        resolver.resolve("gguf:/a.gguf", keys)
    assert error.value.problem.code == "model-missing-package"
    assert error.value.problem.next.endswith("pip install langchain-core")


def test_a_missing_key_is_named(keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        resolver.resolve("openai:gpt-5-mini", keys)
    assert error.value.problem.code == "model-missing-key"
    assert "OPENAI_API_KEY" in error.value.problem.next
    assert str(tmp_path) in error.value.problem.next


def test_a_plugin_brings_models(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", f"{__name__}:make_model", providers.ENTRY_POINT_GROUP)
    monkeypatch.setattr(
        sys.modules[__name__], "make_model", lambda _: OfflineRules(), raising=False
    )
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr(
        resolver, "entry_points", lambda group, name: [point] if name == point.name else []
    )
    monkeypatch.setattr(providers, "entry_points", lambda group: [point])
    assert isinstance(resolver.resolve("mine:anything", keys), OfflineRules)
    assert providers.choices()[-1].id == "mine:default"


def test_choices_say_what_is_missing(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        providers, "find_spec", lambda name: object() if name == "langchain_openai" else None
    )
    choices = {choice.id.partition(":")[0]: choice for choice in providers.choices()}
    assert choices["offline"].ready
    assert not choices["openai"].ready
    assert "OPENAI_API_KEY" in choices["openai"].hint
    assert choices["anthropic"].hint == "Install the package langchain-anthropic."
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert {c.id.partition(":")[0]: c for c in providers.choices()}["openai"].ready


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A=b", {"A": "b"}),
        ("export A = b ", {"A": "b"}),
        ("A='b c'", {"A": "b c"}),
        ('A="b=c#d"', {"A": "b=c#d"}),
        ("# A=b", {}),
        ("A", {}),
        ("", {}),
        ("A=", {"A": ""}),
        ("\ufeffA=b", {"A": "b"}),
    ],
)
def test_lines_of_an_env_file(line: str, expected: dict[str, str]) -> None:
    assert parse_env(line) == expected


def test_keys_are_hidden_however_they_are_cut(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-abcabcabd")
    keys = Keys()
    text = "x sk-abcabcabcabd y sk-abc z https://me:secret@host/ sk-abcabcabd"
    for size in range(1, len(text)):
        mask = StreamMask(keys)
        shown = "".join(mask.feed(text[at : at + size]) for at in range(0, len(text), size))
        shown += mask.rest()
        assert "sk-abcabcabd" not in shown
        assert shown.startswith("x sk-abcabcabcabd y sk-abc z https://")
        assert shown.endswith(" [key hidden]")


def test_addresses_are_not_keys(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_URL", "http://127.0.0.1:8000/v1")
    assert Keys().mask("at http://127.0.0.1:8000/v1") == "at http://127.0.0.1:8000/v1"
    assert keys.mask("at http://me:pass@127.0.0.1/") == "at http://127.0.0.1/"
