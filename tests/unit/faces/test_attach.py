from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from llm_notebook.faces.attach import Attachment


@pytest.fixture
def eager_threads() -> Any:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_a_magic_and_a_front_end_at_once_get_one_session() -> None:
    for _ in range(20):
        assert len(_sessions_of_eight_threads()) == 1


def _sessions_of_eight_threads() -> set[int]:
    shell: Any = SimpleNamespace(
        events=SimpleNamespace(register=lambda *_: None), user_ns={}, execution_count=1
    )
    attachment = Attachment(shell)
    start = threading.Barrier(8)
    found: list[object] = []

    def take() -> None:
        start.wait()
        found.append(attachment.session())

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {id(session) for session in found}
