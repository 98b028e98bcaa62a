"""Going on with what is typed, over HTTP: aborted for real, redacted, off where it must be."""

from __future__ import annotations

import queue
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from llm_notebook.continuing import Continuing, able
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.protocol import Continue, Continued
from llm_notebook.llm.choosing import Choosing
from tests.llm_http import service as services
from tests.llm_http.asking import PATIENCE, Asking
from tests.llm_http.service import Service

WINDOW = "window"
SNAPSHOT = Snapshot((Cell("first", "code", "rows = [1, 2]"), Cell("here", "code", "su")))


class Live:
    def namespace(self) -> Mapping[str, object]:
        return {"rows": [1, 2]}

    def last_error(self) -> None:
        return None

    def folder(self) -> Path | None:
        return None


class Person:
    def __init__(self, asking: Asking) -> None:
        self.choosing = Choosing()
        self.choosing.use("openai:test-model")
        self.continuing = Continuing(asking.worker, Live(), self.choosing, lambda: "")
        self.told: queue.SimpleQueue[Continued] = queue.SimpleQueue()

    def types(self, name: str, prefix: str = "su", suffix: str = "", level: int = 1) -> None:
        message = Continue(self.own(name), "here", prefix, suffix, SNAPSHOT, level)  # type: ignore[arg-type]
        self.continuing.announce(WINDOW, message, self.told.put)
        self.continuing.start(WINDOW, message, SNAPSHOT)

    def own(self, name: str) -> str:
        """An id that no other test has."""
        return f"{id(self)}-{name}"

    def hears(self) -> Continued:
        told = self.told.get(timeout=PATIENCE)
        name = told.continue_id.rpartition("-")[2]
        return msgspec.structs.replace(told, continue_id=name)


@pytest.fixture
def person(ask: Asking, service: Service, monkeypatch: pytest.MonkeyPatch) -> Person:
    # What ends early was ended, not too late.
    monkeypatch.setattr("llm_notebook.continuing.DEADLINE", PATIENCE)
    service.plays(services.answers("sum(rows)"))
    return Person(ask)


def test_it_goes_on_and_sees_the_notebook(person: Person, service: Service) -> None:
    person.types("one", "total = len(rows.\nsu", "\nprint(1)")
    assert person.hears() == Continued("one", "m(rows)")
    ((_, body),) = service.requests
    sent = str(body["messages"])
    assert "rows = [1, 2]" in sent
    assert "rows: list 2" in sent
    assert "print(1)" in sent


def test_the_next_key_aborts_the_request(person: Person, service: Service) -> None:
    service.plays(services.starts_then_hangs, services.answers("m(rows)"))
    person.types("one")
    while not service.requests:
        pass
    person.types("two")
    assert person.hears().continue_id == "two"
    assert service.client_left.wait(30)
    assert person.told.empty()


def test_a_stop_aborts_the_request_and_is_not_answered(person: Person, service: Service) -> None:
    service.plays(services.starts_then_hangs)
    person.types("one")
    while not service.requests:
        pass
    person.continuing.stop(WINDOW, person.own("another"))
    person.continuing.stop(WINDOW, person.own("one"))
    assert service.client_left.wait(30)
    assert person.told.empty()


def test_a_stop_before_it_was_asked_asks_nothing(person: Person, service: Service) -> None:
    message = Continue("one", "here", "su", "", SNAPSHOT, 1)
    person.continuing.announce(WINDOW, message, person.told.put)
    person.continuing.stop(WINDOW, "one")
    person.continuing.start(WINDOW, message, SNAPSHOT)
    person.types("two")
    assert person.hears().continue_id == "two"
    assert len(service.requests) == 1


@pytest.mark.parametrize(("level", "model"), [(0, "openai:test-model"), (1, "offline:rules")])
def test_nothing_is_asked_at_level_off_or_of_the_rules(
    person: Person, service: Service, level: int, model: str
) -> None:
    person.choosing.use(model)
    person.types("one", level=level)
    assert person.hears() == Continued("one")
    assert service.requests == []


def test_the_model_for_the_role(person: Person, service: Service) -> None:
    person.choosing.use("openai:quick-model, offline:rules", "complete")
    person.types("one")
    person.hears()
    assert service.requests[0][1]["model"] == "quick-model"
    assert able("offline:rules, openai:a, ollama:b") == "openai:a, ollama:b"
    assert able("offline:rules") == ""


def test_secrets_do_not_leave(person: Person, service: Service) -> None:
    key = "sk-" + "aB3dE5gH7jK9mN1pQ3sT5vW7"
    person.types("one", f"api_key = '{key}'\nsu", f"\nother = '{key}'")
    person.hears()
    assert key not in str(service.requests)
    service.plays(services.answers("x"))
    person.types("two", f"client('{key[:12]}", f"{key[12:]}')")
    assert person.hears() == Continued("two")
    assert service.requests == [], "the cursor stands in a secret"


def test_more_than_a_few_lines_are_not_waited_for(person: Person, service: Service) -> None:
    def pours(handler: services.Handler) -> None:
        handler.begin_stream()
        handler.send_text("m(rows)\n" + "x = 1\n" * 40)
        services.hangs(handler)

    service.plays(pours)
    person.types("one")
    text = person.hears().text
    assert text.startswith("m(rows)\nx = 1")
    assert text.count("\n") == 11
    assert service.client_left.wait(30)


def test_a_failure_is_said(person: Person, service: Service) -> None:
    service.plays(services.fails(401))
    person.types("one")
    answer = person.hears()
    assert answer.problem is not None
    assert answer.problem.code == "model-auth"
    assert answer.text == ""
