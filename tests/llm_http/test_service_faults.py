"""Each way in which a service fails ends in one clear problem, through the real client library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.llm.reply import ReplyParser
from llm_notebook.llm.wire import Chunk
from tests.llm_http import service as services
from tests.llm_http.asking import Asking
from tests.llm_http.service import Service


@pytest.mark.parametrize("chunked", [True, False])
def test_streams_a_reply(ask: Asking, service: Service, chunked: bool) -> None:
    service.plays(services.answers(chunked=chunked))
    got = ask()
    assert got.text == services.REPLY
    assert len([event for event in got.events if isinstance(event, Chunk)]) > 1
    assert got.done.finish_reason == "stop"
    assert got.done.model == "test-model-0001"
    assert got.done.usage is not None
    assert (got.done.usage.input_tokens, got.done.usage.output_tokens) == (7, 5)
    ((headers, body),) = service.requests
    assert headers["authorization"] == "Bearer sk-of-the-tests"
    assert body["model"] == "test-model"
    assert body["stream"] is True


def test_the_model_reads_the_format_and_the_prompt(ask: Asking, service: Service) -> None:
    ask("Plot sales by month")
    messages = service.requests[0][1]["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert "@@ end" in messages[0]["content"]
    assert messages[1]["content"].endswith("Request:\nPlot sales by month")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_fails_at_once(ask: Asking, service: Service, status: int) -> None:
    service.plays(services.fails(status))
    assert ask().problem.code == "model-auth"
    assert len(service.requests) == 1


def test_too_many_requests_then_success(ask: Asking, service: Service) -> None:
    service.plays(services.fails(429, retry_after="0.1"), services.answers())
    got = ask()
    assert got.done.finish_reason == "stop"
    assert got.text == services.REPLY
    assert got.notices == ["The service answered HTTP 429; trying again in 0.1 s (1 of 2)."]
    assert len(service.requests) == 2


def test_too_many_requests_to_the_end(ask: Asking, service: Service) -> None:
    service.plays(services.fails(429, retry_after="0"))
    got = ask()
    assert got.problem.code == "model-quota"
    assert len(got.notices) == 2
    assert len(service.requests) == 3


def test_a_wait_that_passes_the_deadline_is_not_begun(ask: Asking, service: Service) -> None:
    service.plays(services.fails(429, retry_after="3600"))
    got = ask()
    assert got.problem.code == "model-quota"
    assert got.notices == []
    assert len(service.requests) == 1


def test_a_used_up_quota_is_not_retried(ask: Asking, service: Service) -> None:
    service.plays(services.fails(429, code="insufficient_quota"))
    problem = ask().problem
    assert problem.code == "model-quota"
    assert "used up" in problem.message
    assert len(service.requests) == 1


def test_a_failing_service(ask: Asking, service: Service) -> None:
    service.plays(services.fails(500, retry_after="0"))
    got = ask()
    assert got.problem.code == "model-server"
    assert len(got.notices) == 2


def test_a_service_that_recovers(ask: Asking, service: Service) -> None:
    service.plays(services.fails(503, retry_after="0"), services.answers())
    assert ask().text == services.REPLY


def test_an_unknown_model(ask: Asking, service: Service) -> None:
    service.plays(services.fails(404, "The model does not exist"))
    problem = ask().problem
    assert problem.code == "model-unknown"
    assert "does not exist" in problem.message


def test_a_refused_request(ask: Asking, service: Service) -> None:
    service.plays(services.fails(400, "maximum context length is 8"))
    problem = ask().problem
    assert problem.code == "model-request"
    assert "maximum context length" in problem.message
    assert len(service.requests) == 1


@pytest.mark.parametrize("act", [services.hangs, services.starts_then_hangs, services.drips])
def test_the_deadline_is_total(ask: Asking, service: Service, act: services.Act) -> None:
    ask()  # the client library is imported, so that the deadline is about the service
    service.plays(act)
    got = ask(deadline=1.5)
    assert got.problem.code == "model-timeout"
    assert "1.5 seconds" in got.problem.message
    assert service.client_left.wait(30)


def test_a_reset_before_the_reply(ask: Asking, service: Service) -> None:
    service.plays(services.resets)
    assert ask().problem.code == "model-unreachable"


def test_a_reset_in_the_reply(ask: Asking, service: Service) -> None:
    service.plays(services.starts_then_resets)
    got = ask()
    assert got.text.startswith("title: Half")
    assert got.problem.code == "model-cut"


@pytest.mark.parametrize("chunked", [True, False])
def test_a_cut_stream_is_noticed(ask: Asking, service: Service, chunked: bool) -> None:
    service.plays(services.cuts(chunked=chunked))
    got = ask()
    assert got.problem.code == "model-cut"
    parser = ReplyParser(Snapshot(()), {}, None)
    parser.feed(got.text)
    with pytest.raises(ReplyError) as error:
        parser.finish(None)
    assert error.value.code == "reply-cut"


def test_a_reply_that_says_its_end_needs_no_finish_reason(ask: Asking, service: Service) -> None:
    service.plays(services.answers(finish=None, chunked=False))
    got = ask()
    assert got.done.finish_reason is None
    assert got.text == services.REPLY


def test_a_reply_at_the_length_limit_is_passed_on_as_such(ask: Asking, service: Service) -> None:
    service.plays(services.answers("title: Half\n", finish="length"))
    assert ask().done.finish_reason == "length"


@pytest.mark.parametrize("act", [services.starts_then_hangs, services.drips])
def test_cancel_closes_the_connection(ask: Asking, service: Service, act: services.Act) -> None:
    service.plays(act)
    reception = ask.begin()
    assert isinstance(reception.next(), Chunk)
    ask.worker.cancel(reception.id)
    assert reception.wait().done.finish_reason == "cancelled"
    assert service.client_left.wait(30)


def test_cancel_before_the_first_byte(ask: Asking, service: Service) -> None:
    ask()
    service.plays(services.hangs)
    reception = ask.begin()
    while not service.requests:
        pass
    ask.worker.cancel(reception.id)
    assert reception.wait().done.finish_reason == "cancelled"
    assert service.client_left.wait(30)


def test_requests_do_not_mix(ask: Asking, service: Service) -> None:
    service.plays(*(services.answers(f"title: {n}\n@@ end\n") for n in range(8)))
    receptions = [ask.begin() for _ in range(8)]
    texts = {reception.wait().text for reception in receptions}
    assert texts == {f"title: {n}\n@@ end\n" for n in range(8)}


def test_nobody_listens_there(asking_with: Callable[..., Asking]) -> None:
    with services.running() as gone:
        url = gone.url
    problem = asking_with(OPENAI_BASE_URL=url, OPENAI_API_KEY="sk-of-the-tests")().problem
    assert problem.code == "model-unreachable"


def test_a_compatible_server_needs_no_key(
    asking_with: Callable[..., Asking], service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert asking_with(OPENAI_BASE_URL=service.url)().text == services.REPLY
