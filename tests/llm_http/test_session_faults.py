"""What a person meets when a service fails: a real session, worker and client library over HTTP."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Leash, Origin
from llm_notebook.core.proposal import OPEN, Proposal
from llm_notebook.core.protocol import Ask, Streamed
from llm_notebook.session import Session
from llm_notebook.store import Store
from tests.llm_http import service as services
from tests.llm_http.asking import PATIENCE, Asking
from tests.llm_http.service import Service

IDS = (f"ask-{number}" for number in itertools.count(1))
GOOD = "title: Add one\n@@ insert after c1 code\n```python\nx = x + 1\n```\n@@ end\n"
BAD = "title: Wrong\n@@ replace c99\n```python\nx = 2\n```\n@@ end\n"
SNAPSHOT = Snapshot((Cell("first", "code", "x = 1"), Cell("second", "markdown", "Words")))


class Bare:
    """A kernel in which nothing has happened yet."""

    def namespace(self) -> Mapping[str, object]:
        return {}

    def last_error(self) -> None:
        return None

    def folder(self) -> None:
        return None


class Person:
    """Asks a session, and sees what its faces are told."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.seen: list[Proposal] = []
        self._told: queue.SimpleQueue[Proposal | Streamed] = queue.SimpleQueue()
        session.listen(self)

    def changed(self, proposal: Proposal) -> None:
        self._told.put(proposal)

    def streamed(self, more: Streamed) -> None:
        self._told.put(more)

    def ask(self, prompt: str = "add one", model: str = "openai:test-model", **options: Any) -> str:
        name = next(IDS)
        origin = Origin(prompt, model, target="first")
        self.session.ask(Ask(name, origin, SNAPSHOT, 2, **options))
        return name

    def wait(self, name: str, status: str | None = None) -> Proposal:
        """What becomes of a proposal."""
        while True:
            told = self._told.get(timeout=PATIENCE)
            if isinstance(told, Proposal) and told.id == name:
                self.seen.append(told)
                if told.status == status or (status is None and told.status != "drafting"):
                    return told

    def word(self) -> None:
        """Wait until something of a reply is on screen."""
        while not isinstance(self._told.get(timeout=PATIENCE), Streamed):
            pass

    def __call__(self, prompt: str = "add one", **options: Any) -> Proposal:
        return self.wait(self.ask(prompt, **options))


@pytest.fixture
def person(ask: Asking, tmp_path: Path) -> Iterator[Person]:
    session = Session(ask.worker, Bare(), Store(tmp_path / "s.sqlite"), "n.ipynb")
    yield Person(session)
    # What a failed ask leaves is nothing that could be accepted, also in the next kernel.
    stored = Store(tmp_path / "s.sqlite").open_proposals("n.ipynb")
    assert {p.id for p in stored} == {p.id for p in session.proposals() if p.status in OPEN}


def failed(proposal: Proposal) -> str:
    """The code of a proposal that failed with nothing to accept and its words kept."""
    assert proposal.status == "failed"
    assert proposal.edits == ()
    assert proposal.origin.prompt == "add one"
    assert proposal.problem is not None
    assert proposal.problem.kept
    assert proposal.problem.next
    return proposal.problem.code


def said(request: tuple[dict[str, str], dict[str, Any]]) -> str:
    """The last message that the model was sent."""
    return str(request[1]["messages"][-1]["content"])


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (services.fails(401), "model-auth"),
        (services.fails(500, retry_after="0"), "model-server"),
        (services.fails(429, retry_after="0"), "model-quota"),
        (services.resets, "model-unreachable"),
        (services.starts_then_resets, "model-cut"),
        (services.cuts(chunked=True), "model-cut"),
        (services.cuts(chunked=False), "model-cut"),
        (services.answers("title: Half\n@@ insert\n```python\nx", finish="length"), "reply-cut"),
        (services.answers(GOOD.partition("x = x")[0], finish=None), "model-cut"),
        (services.page, "model-reply"),
        (services.no_json, "model-reply"),
        (services.empty, "model-reply"),
    ],
)
def test_a_fault_is_one_problem_with_nothing_to_accept(
    person: Person, service: Service, act: services.Act, code: str
) -> None:
    service.plays(act)
    assert failed(person()) == code


def test_a_proxy_s_page_is_not_called_a_model_s_fault(person: Person, service: Service) -> None:
    service.plays(services.page)
    problem = person().problem
    assert problem is not None
    assert "address" in problem.next


@pytest.mark.parametrize("act", [services.hangs, services.starts_then_hangs, services.drips])
def test_the_ask_s_deadline_is_the_whole_time(
    person: Person, service: Service, act: services.Act
) -> None:
    person()  # the client library is imported, so that the deadline is about the service
    service.plays(act)
    proposal = person(deadline=1.5)
    assert failed(proposal) == "model-timeout"
    assert proposal.problem is not None
    assert "1.5 seconds" in proposal.problem.message
    assert service.client_left.wait(30)


def test_the_second_try_has_the_time_that_is_left(person: Person, service: Service) -> None:
    person()
    service.plays(services.slowly(BAD, 1.0), services.hangs)
    proposal = person(deadline=2.5)
    assert failed(proposal) == "model-timeout"
    assert len(service.requests) == 2
    assert proposal.problem is not None
    assert "2.5 seconds" not in proposal.problem.message


def test_a_retry_is_on_screen_with_its_seconds_while_it_waits(
    person: Person, service: Service
) -> None:
    service.plays(services.fails(429, retry_after="0.7"), services.answers(GOOD))
    proposal = person()
    assert proposal.status == "pending"
    notice = "The service answered HTTP 429; trying again in 0.7 s (1 of 2)."
    assert [p.notice for p in person.seen if p.status == "drafting"][-1] == notice
    assert proposal.notice == notice


def test_a_malformed_reply_goes_back_once_with_its_fault(person: Person, service: Service) -> None:
    service.plays(services.answers(BAD), services.answers(GOOD))
    proposal = person()
    assert (proposal.status, proposal.title) == ("pending", "Add one")
    assert "c99" in proposal.notice
    first, second = service.requests
    assert "c99" in said(second)
    assert [m["role"] for m in second[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert second[1]["messages"][1]["content"] == said(first)  # type: ignore[index]


def test_a_reply_that_stays_wrong_is_not_sent_a_third_time(
    person: Person, service: Service
) -> None:
    service.plays(services.answers(BAD))
    assert failed(person()) == "reply"
    assert len(service.requests) == 2


def test_a_truncated_reply_is_not_sent_back(person: Person, service: Service) -> None:
    service.plays(services.cuts(chunked=False))
    failed(person())
    assert len(service.requests) == 1


@pytest.mark.parametrize("text", ["\0\1\2" * 500, "{" * 3000, "@@ " * 1000 + "\n", "```\n" * 999])
def test_nonsense_is_never_an_edit_of_a_cell(person: Person, service: Service, text: str) -> None:
    service.plays(services.answers(text))
    proposal = person()
    assert all(edit.__struct_config__.tag == "insert" for edit in proposal.edits)
    assert proposal.status in ("failed", "answered", "pending")


def test_cancel_aborts_the_request_and_offers_nothing(person: Person, service: Service) -> None:
    service.plays(services.starts_then_hangs)
    name = person.ask()
    person.word()
    person.session.cancel(name)
    assert person.wait(name, "cancelled").edits == ()
    assert service.client_left.wait(30)


def test_cancel_while_a_retry_waits(person: Person, service: Service) -> None:
    service.plays(services.fails(429, retry_after="60"), services.answers(GOOD))
    name = person.ask(deadline=120.0)
    while "60 s" not in person.wait(name, "drafting").notice:
        pass
    person.session.cancel(name)
    assert person.wait(name, "cancelled").edits == ()
    assert person().status == "pending"  # the worker is free, and the play goes on
    assert len(service.requests) == 2


def test_ten_thousand_lines_come_whole_and_on_the_leash(person: Person, service: Service) -> None:
    lines = "".join(f"value_{number} = {number}\n" for number in range(10_000))
    text = f"title: Much\n@@ insert after c1 code\n```python\n{lines}```\n@@ end\n"
    service.plays(services.answers(text, size=20_000))
    leash = Leash(cells=10, lines=120)
    proposal = person(leash=leash)
    assert proposal.status == "pending"
    parts = person.session.open_proposals()
    source = "".join(edit.source + "\n" for part in parts for edit in part.edits)  # type: ignore[union-attr]
    assert [line for line in source.splitlines() if line] == lines.splitlines()
    assert proposal.part is not None
    assert proposal.part.count == len(parts) > 50
    assert {part.status for part in parts[1:]} == {"queued"}
    for part in parts:
        assert sum(len(edit.source.splitlines()) for edit in part.edits) <= 120  # type: ignore[union-attr]


def test_a_lone_surrogate_stops_nothing_on_either_way(person: Person, service: Service) -> None:
    service.plays(services.answers(GOOD.replace("x + 1", "'\ud800'")))
    proposal = person("add \ud800 one")
    assert proposal.status == "pending"
    assert "add \ufffd one" in said(service.requests[0])
    assert proposal.edits[0].source == "x = '\ufffd'"  # type: ignore[union-attr]
    assert person().status == "pending"
