from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.llm_http import service as services
from tests.llm_http.asking import Asking


@pytest.fixture(scope="session")
def running_service() -> Iterator[services.Service]:
    with services.running() as service:
        yield service


@pytest.fixture
def service(running_service: services.Service) -> services.Service:
    running_service.plays(services.answers())
    return running_service


@pytest.fixture(scope="session")
def shared_asking(
    running_service: services.Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """One worker for all tests that do not end it: importing a client library takes seconds."""
    keys = tmp_path_factory.mktemp("keys") / "none.env"
    asking = Asking(
        OPENAI_BASE_URL=running_service.url,
        OPENAI_API_KEY="sk-of-the-tests",
        LLM_NOTEBOOK_KEYS=str(keys),
    )
    yield asking
    asking.worker.close()


@pytest.fixture
def ask(shared_asking: Asking, service: services.Service) -> Asking:
    return shared_asking


@pytest.fixture
def asking_with(tmp_path: Path) -> Iterator[Callable[..., Asking]]:
    """A worker of its own, with these variables."""
    made: list[Asking] = []

    def make(**environment: str) -> Asking:
        made.append(Asking(**{"LLM_NOTEBOOK_KEYS": str(tmp_path / "none.env"), **environment}))
        return made[-1]

    yield make
    for asking in made:
        asking.worker.close()
