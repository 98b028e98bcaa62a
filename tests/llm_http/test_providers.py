"""Every provider's adapter against a loopback server that speaks its protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from llm_notebook.llm.names import key_for
from llm_notebook.llm.providers import PROVIDERS
from llm_notebook.llm.wire import Chunk
from tests.llm_http import service as services
from tests.llm_http.asking import Asking
from tests.llm_http.service import Service
from tests.llm_http.speeches import READ, SPEECHES, WRITTEN, Speech


@pytest.fixture(params=SPEECHES, ids=lambda speech: speech.provider)
def speech(request: pytest.FixtureRequest) -> Speech:
    pytest.importorskip(PROVIDERS[request.param.provider].module)
    return request.param


@pytest.fixture(scope="module")
def ask_them(
    running_service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """One worker for all; each provider's key is that of the loopback server."""
    keys = {key_for(s.variable, running_service.root): f"key-of-{s.provider}" for s in SPEECHES}
    none = tmp_path_factory.mktemp("keys") / "none.env"
    asking = Asking(LLM_NOTEBOOK_KEYS=str(none), **keys)
    yield asking
    asking.worker.close()


def named(speech: Speech, service: Service) -> str:
    return f"{speech.provider}:test-model@{service.root}{speech.suffix}"


def test_a_reply_streams(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.answers())
    got = ask_them(model=named(speech, service))
    assert got.text == services.REPLY
    assert len([event for event in got.events if isinstance(event, Chunk)]) > 1
    assert got.done.finish_reason in ("stop", "end_turn")
    assert got.done.usage is not None
    assert (got.done.usage.input_tokens, got.done.usage.output_tokens) == (READ, WRITTEN)
    assert got.done.usage.cost is None, "nobody knows what this server asks"
    ((headers, body),) = service.requests
    assert speech.key_in(headers) == f"key-of-{speech.provider}"
    assert speech.path in service.paths[0]
    assert "Say good morning" in str(body)


def test_a_variable_names_the_server(
    asking_with: Callable[..., Asking], service: Service, speech: Speech
) -> None:
    service.plays(speech.answers())
    variables = {speech.url_variable: service.root + speech.suffix, speech.variable: "key-in-here"}
    assert asking_with(**variables)(model=f"{speech.provider}:test-model").text == services.REPLY
    assert speech.key_in(service.requests[0][0]) == "key-in-here"


def test_a_key_goes_to_its_own_server_only(
    asking_with: Callable[..., Asking], service: Service, speech: Speech
) -> None:
    """Whoever writes an address into a model's name must not come by the key."""
    service.plays(speech.answers())
    ask = asking_with(**{speech.variable: "key-of-somebody-else"})
    assert ask(model=named(speech, service)).text == services.REPLY
    assert "key-of-somebody-else" not in str(service.requests)


def test_a_refused_key_is_named(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.fails(401))
    problem = ask_them(model=named(speech, service)).problem
    assert problem.code == "model-auth"
    if speech.provider != "ollama":
        assert key_for(speech.variable, service.root) in problem.next
    assert len(service.requests) == 1


def test_google_refuses_a_key_with_400(ask_them: Asking, service: Service) -> None:
    pytest.importorskip("langchain_google_genai")
    (google,) = (speech for speech in SPEECHES if speech.provider == "google")
    service.plays(google.fails(400, "API key not valid. Please pass a valid API key."))
    assert ask_them(model=named(google, service)).problem.code == "model-auth"


def test_an_empty_account_is_told_from_a_busy_service(ask_them: Asking, service: Service) -> None:
    pytest.importorskip("langchain_anthropic")
    (anthropic,) = (speech for speech in SPEECHES if speech.provider == "anthropic")
    service.plays(anthropic.fails(400, "Your credit balance is too low to access the API."))
    problem = ask_them(model=named(anthropic, service)).problem
    assert problem.code == "model-quota"
    assert "used up" in problem.message


def test_too_many_requests_then_success(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.fails(429, wait="0.1"), speech.answers())
    got = ask_them(model=named(speech, service))
    assert got.text == services.REPLY
    assert got.notices == ["The service answered HTTP 429; trying again in 0.1 s (1 of 2)."]


def test_a_failing_service(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.fails(500, wait="0"))
    got = ask_them(model=named(speech, service))
    assert got.problem.code == "model-server"
    assert len(got.notices) == 2
    assert len(service.requests) == 3, "the client library does not retry beside us"


def test_an_unknown_model(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.fails(404, "model 'test-model' not found"))
    assert ask_them(model=named(speech, service)).problem.code == "model-unknown"


def test_a_failure_in_the_reply(ask_them: Asking, service: Service, speech: Speech) -> None:
    if speech.provider not in ("openai", "anthropic"):
        pytest.skip("has no error inside a stream")
    service.plays(speech.starts_then_fails)
    got = ask_them(model=named(speech, service))
    assert got.problem.code == "model-server"
    assert len(service.requests) == 1, "a reply that has begun is not asked for again"


def test_cancel_closes_the_connection(ask_them: Asking, service: Service, speech: Speech) -> None:
    service.plays(speech.starts_then_hangs)
    reception = ask_them.begin(model=named(speech, service))
    assert isinstance(reception.next(), Chunk)
    ask_them.worker.cancel(reception.id)
    assert reception.wait().done.finish_reason == "cancelled"
    assert service.client_left.wait(30)


def test_nobody_listens_there(ask_them: Asking, speech: Speech) -> None:
    with services.running() as gone:
        model = named(speech, gone)
    assert ask_them(model=model).problem.code == "model-unreachable"
