"""Costs: of known prices only."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_notebook.core.proposal import Price, Usage
from llm_notebook.llm.growing import together
from llm_notebook.llm.names import read_name
from llm_notebook.llm.prices import SOURCES, TABLE, cost_of, own_prices, price_of

MINI = TABLE["openai:gpt-5-mini"]


def test_the_table_names_its_sources() -> None:
    assert {read_name(name).provider for name in TABLE} == set(SOURCES)


@pytest.mark.parametrize(
    ("model", "price"),
    [
        ("openai:gpt-5-mini", MINI),
        ("openai:gpt-5-mini-2025-08-07", MINI),
        ("openai:gpt-5-mini-turbo", None),
        ("openai:gpt-5-mini@http://h/v1", None),
        ("ollama:gpt-5-mini", None),
        ("offline:rules", None),
    ],
)
def test_a_price_is_known_or_not(model: str, price: Price | None) -> None:
    assert price_of(model) == price


def test_another_server_has_prices_of_its_own() -> None:
    assert price_of("openai:gpt-5-mini", is_own_server=False) is None
    mine = {"openai:gpt-5-mini@http://h/v1": Price(1, 2)}
    assert price_of("openai:gpt-5-mini@http://h/v1", mine) == Price(1, 2)
    assert price_of("openai:gpt-5-mini", {"openai:gpt-5-mini": Price(3, 4)}) == Price(3, 4)


def test_costs() -> None:
    price = Price(2.0, 10.0, 0.5)
    assert cost_of(price, 1_000_000, 100_000, 0, 0) == pytest.approx(3.0)
    assert cost_of(price, 1_000_000, 0, 400_000, 0) == pytest.approx(1.4)
    assert cost_of(Price(2.0, 10.0), 1_000_000, 0, 400_000, 0) is None
    assert cost_of(price, 1_000_000, 0, 0, 5) is None
    assert cost_of(None, 1, 1, 0, 0) is None


def test_a_file_of_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_NOTEBOOK_KEYS", str(tmp_path / "keys.env"))
    assert own_prices() == {}
    file = tmp_path / "llm_notebook_prices.json"
    file.write_text('{"a:b": {"read": 1, "written": 2}}')
    assert own_prices() == {"a:b": Price(1, 2)}
    file.write_text("{")
    assert own_prices() == {}


def test_what_two_tries_took() -> None:
    assert together((None,)) is None
    assert together((Usage(1, 2, 0.5), Usage(3, 4, 0.25))) == Usage(4, 6, 0.75)
    assert together((None, Usage(3, 4, 0.25))) == Usage(3, 4, None)
