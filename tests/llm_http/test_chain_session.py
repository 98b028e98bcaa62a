"""A chain as a person meets it: one proposal, by one model, and why it was that one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from llm_notebook.faces.texts import summary
from tests.llm_http import service as services
from tests.llm_http.service import Service
from tests.llm_http.test_session_faults import BAD, GOOD, Person, person, said

__all__ = ["person"]


@pytest.fixture
def other() -> Iterator[Service]:
    with services.running() as running:
        running.plays(services.answers(GOOD))
        yield running


@pytest.fixture
def chain(service: Service, other: Service) -> str:
    return f"openai:first@{service.url}, openai:second@{other.url}"


def half(handler: services.Handler) -> None:
    handler.begin_stream()
    handler.send_text(
        "title: Half\nwhy: of the first\n@@ insert after c1 code\n```python\nhalf = 1\n"
    )
    services.hangs(handler)


def test_no_half_reply_is_mixed_into_the_next(
    person: Person, service: Service, other: Service, chain: str
) -> None:
    person()
    service.plays(half)
    proposal = person(model=chain, deadline=3.0)
    assert proposal.status == "pending"
    assert (proposal.title, proposal.rationale) == ("Add one", "")
    assert [edit.source for edit in proposal.edits] == ["x = x + 1"]  # type: ignore[union-attr]
    assert proposal.model == f"openai:second@{other.url}"
    assert "1.5 seconds" in proposal.notice
    assert f"So openai:second@{other.url} was asked." in proposal.notice
    shown = summary(proposal, person.session, "llm", color=False)
    assert proposal.notice in shown
    assert f"by openai:second@{other.url}" in shown
    assert "7 tokens read, 5 written" in shown


def test_what_was_on_screen_of_the_first_goes(person: Person, service: Service, chain: str) -> None:
    person()
    service.plays(half)
    person(model=chain, deadline=3.0)
    switched = next(p for p in person.seen if p.model.startswith("openai:second"))
    assert (switched.status, switched.title, switched.edits) == ("drafting", "", ())


def test_a_malformed_reply_goes_back_to_the_model_that_wrote_it(
    person: Person, service: Service, other: Service, chain: str
) -> None:
    service.plays(services.fails(401), services.answers(GOOD))
    other.plays(services.answers(BAD), services.answers(GOOD))
    proposal = person(model=chain)
    assert (proposal.status, proposal.model) == ("pending", f"openai:second@{other.url}")
    assert (len(service.requests), len(other.requests)) == (1, 2)
    assert "c99" in said(other.requests[1])
    assert proposal.usage is not None
    assert proposal.usage.cost is None


def test_a_single_model_is_named_too(person: Person) -> None:
    assert person().model == "openai:test-model"
