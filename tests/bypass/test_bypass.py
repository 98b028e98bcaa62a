"""Every way past the decision is held, by the layers that the table names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from llm_notebook.dryrun.sandbox import probe
from tests.bypass.cases import ALL, Case
from tests.bypass.court import Court

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        probe().tier != "namespaces", reason="what is proposed here runs in the strongest tier only"
    ),
]


@pytest.fixture(scope="module")
def court() -> Iterator[Court]:
    with Court() as found:
        yield found


@cache
def judged(court: Court, number: int) -> dict[str, Any]:
    case = ALL[number]
    return court.judge(*case.cells, without=sorted(case.layers), **case.order)


def name(case: Case) -> str:
    return f"{case.family}: {case.name}"


@pytest.mark.parametrize("number", range(len(ALL)), ids=map(name, ALL))
def test_it_is_held_by_the_layers_that_are_named_and_touches_nothing(
    court: Court, number: int
) -> None:
    case, told = ALL[number], judged(court, number)
    assert told["ruling"] != "ALLOW", told
    assert case.layers <= set(told["rules"]), told
    assert told["touched"] == [], told


@pytest.mark.parametrize("family", sorted({case.family for case in ALL}))
def test_without_its_layers_a_case_of_each_family_gets_through(court: Court, family: str) -> None:
    numbers = [n for n, case in enumerate(ALL) if case.family == family]
    assert any(judged(court, n)["without"] == "ALLOW" for n in numbers)
