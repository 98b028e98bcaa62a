"""A chain of models: who is asked, when the next takes over, and what a person is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from llm_notebook.llm.wire import Chunk, Switched
from tests.llm_http import service as services
from tests.llm_http.asking import Asking, Reception
from tests.llm_http.service import Service

SECOND = "title: Second\n@@ answer\nFrom the second.\n@@ end\n"


@pytest.fixture(scope="module")
def running_other() -> Iterator[Service]:
    with services.running() as service:
        yield service


@pytest.fixture
def other(running_other: Service) -> Service:
    running_other.plays(services.answers(SECOND))
    return running_other


@pytest.fixture
def chain(service: Service, other: Service) -> str:
    return f"openai:first@{service.url}, openai:second@{other.url}"


def switches(got: Reception) -> list[Switched]:
    return [event for event in got.events if isinstance(event, Switched)]


def last_text(got: Reception) -> str:
    """What has come since the last switch, which made void what came before it."""
    last = max((i for i, event in enumerate(got.events) if isinstance(event, Switched)), default=-1)
    return "".join(event.text for event in got.events[last + 1 :] if isinstance(event, Chunk))


def test_the_first_is_asked_alone_while_it_answers(
    ask: Asking, chain: str, service: Service, other: Service
) -> None:
    assert ask(model=chain).text == services.REPLY
    assert (len(service.requests), other.requests) == (1, [])


@pytest.mark.parametrize(
    ("act", "why", "asked"),
    [
        (services.fails(500, retry_after="0"), "HTTP 500", 3),
        (services.fails(503, retry_after="3600"), "HTTP 503", 1),
        (services.fails(429, retry_after="3600"), "too often", 1),
        (services.fails(429, code="insufficient_quota"), "quota", 1),
        (services.fails(401), "did not accept the key", 1),
        (services.fails(404), "does not know the model", 1),
        (services.resets, "cannot be reached", 1),
    ],
)
def test_the_next_takes_over_where_one_is_down(
    ask: Asking,
    chain: str,
    service: Service,
    other: Service,
    act: services.Act,
    why: str,
    asked: int,
) -> None:
    service.plays(act)
    got = ask(model=chain)
    (switch,) = switches(got)
    assert switch.model == f"openai:second@{other.url}"
    assert why in switch.why
    assert got.text == SECOND
    assert got.done.usage is not None
    assert (len(service.requests), len(other.requests)) == (asked, 1)


def test_what_the_service_says_of_waiting_is_kept_to_within_its_time(
    ask: Asking, chain: str, service: Service, other: Service
) -> None:
    service.plays(services.fails(429, retry_after="0.1"), services.answers())
    got = ask(model=chain)
    assert (got.text, switches(got), other.requests) == (services.REPLY, [], [])


@pytest.mark.parametrize("act", [services.hangs, services.starts_then_hangs, services.drips])
def test_past_its_share_of_the_deadline(
    ask: Asking, chain: str, service: Service, other: Service, act: services.Act
) -> None:
    ask()
    service.plays(act)
    got = ask(model=chain, deadline=3.0)
    (switch,) = switches(got)
    assert "1.5 seconds" in switch.why
    assert last_text(got) == SECOND
    assert service.client_left.wait(30)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (services.starts_then_resets, "model-cut"),
        (services.cuts(chunked=False), "model-cut"),
        (services.fails(400, "context too long"), "model-request"),
        (services.no_json, "model-reply"),
    ],
)
def test_a_cut_or_refused_or_unreadable_reply_is_not_down(
    ask: Asking, chain: str, service: Service, other: Service, act: services.Act, code: str
) -> None:
    service.plays(act)
    got = ask(model=chain)
    assert got.problem.code == code
    assert (switches(got), other.requests) == ([], [])


def test_cancel_stops_the_chain(ask: Asking, chain: str, service: Service, other: Service) -> None:
    service.plays(services.starts_then_hangs)
    reception = ask.begin(model=chain)
    assert isinstance(reception.next(), Chunk)
    ask.worker.cancel(reception.id)
    got = reception.wait()
    assert got.done.finish_reason == "cancelled"
    assert service.client_left.wait(30)
    service.plays(services.answers())
    ask()  # had another been asked, its request would have come before this one's end
    assert (switches(got), other.requests) == ([], [])


def test_all_are_down(ask: Asking, chain: str, service: Service, other: Service) -> None:
    service.plays(services.fails(500, retry_after="0"))
    other.plays(services.fails(401))
    got = ask(model=chain)
    assert len(switches(got)) == 1
    assert got.problem.code == "model-auth"
    assert "openai:second" in got.problem.message


def test_a_model_without_key_or_package_gives_way_and_says_so(
    asking_with: Callable[..., Asking], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    got = asking_with()(model="openai:gpt-5-mini, offline:rules")
    (switch,) = switches(got)
    assert switch.model == "offline:rules"
    assert "needs a key" in switch.why
    assert got.done.model == "offline:rules"


@pytest.mark.parametrize("wrong", ["nobody:model", "openai:", "offline:other"])
def test_nothing_is_asked_where_a_name_is_wrong(
    ask: Asking, service: Service, other: Service, wrong: str
) -> None:
    got = ask(model=f"openai:first@{service.url}, {wrong}, openai:second@{other.url}")
    assert got.problem.code == "model-unknown"
    assert (service.requests, other.requests) == ([], [])


def test_a_key_in_the_reason_is_hidden(ask: Asking, service: Service, other: Service) -> None:
    """Some services repeat in their errors what they were sent."""

    def echoes(handler: services.Handler) -> None:
        services.fails(404, f"no model for {handler.headers['authorization']}")(handler)

    service.plays(echoes)
    (switch,) = switches(ask(model=f"openai:first, openai:second@{other.url}"))
    assert "sk-of-the-tests" not in switch.why
