from __future__ import annotations

import threading

import pytest

from llm_notebook.faces.latest import Latest


def test_a_newer_one_takes_the_place_of_one_that_waits() -> None:
    latest, done = Latest(), []
    begun, go, end = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go.wait(30)
        done.append("first")

    latest.put("survey", first)
    assert begun.wait(30)
    latest.put("survey", lambda: done.append("passed over"))
    latest.put("survey", lambda: done.append("newest"))
    latest.put("look", lambda: (done.append("look"), end.set()))
    assert done == []  # whoever puts does not wait
    go.set()
    assert end.wait(30)
    assert done == ["first", "newest", "look"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_does_not_end_what_follows_and_no_thread_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    latest, end = Latest(), threading.Event()
    held = threading.Event()

    def fault() -> None:
        held.wait(30)
        raise ValueError("of the first")

    latest.put("a", fault)
    latest.put("b", end.set)
    held.set()
    assert end.wait(30)
    assert "of the first" in capsys.readouterr().err
    for thread in threading.enumerate():
        if thread.name == "llm_notebook_latest":
            thread.join(30)
            assert not thread.is_alive()
    again = threading.Event()
    latest.put("a", again.set)
    assert again.wait(30)
