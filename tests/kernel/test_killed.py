"""``kill -9`` of a real kernel, or of its worker, in every phase: nothing is lost or done twice."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Leash, Origin
from llm_notebook.core.protocol import Ask
from llm_notebook.store import Event, Store
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

INSERT = "title: Add one\n@@ insert after c1 code\n```python\nx = x + 1\n```\n@@ end\n"
QUESTION = """title: Which
@@ question
Which column is meant?
- choice: price | plot the price
- choice: cost | plot the cost
@@ end
"""
LONG = "title: Long\n@@ insert after c1 code\n```python\n{}```\n@@ end\n".format(
    "".join(f"v{number} = {number}\n" for number in range(30))
)
TOLD = "llm_notebook.faces.comm:CommFace:changed"
DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

Start = Callable[..., FrontEnd]
Script = Callable[..., str]


def killed(front_end: FrontEnd) -> None:
    front_end.manager.signal_kernel(signal.SIGKILL)
    gone(front_end)


def gone(front_end: FrontEnd) -> None:
    front_end.wait(lambda: not front_end.manager.is_alive(), "the end of the kernel")


def dies_at(front_end: FrontEnd, method: str, when: str = "True") -> None:
    """Have the kernel be killed when it is about to call this, if that is true of its arguments."""
    module, cls, name = method.split(":")
    front_end.run(
        f"import {module} as _m\n"
        f"def _die(*a, _was=_m.{cls}.{name}, **k):\n"
        f"    if {when}:\n        {DIE}\n"
        f"    return _was(*a, **k)\n"
        f"_m.{cls}.{name} = _die"
    )


def events(home: Path) -> list[Event]:
    store = Store(home / "data" / "llm_notebook" / "store.sqlite")
    return list(store.events(str(home / "analysis.ipynb")))


def hash_of(proposal: dict[str, object]) -> str:
    return edits_hash(msgspec.convert(proposal["edits"], tuple[Edit, ...]))


def opened(start_kernel: Start) -> FrontEnd:
    front_end = start_kernel()
    front_end.open()
    front_end.expect("welcome")
    return front_end


def test_while_it_drafts(start_kernel: Start, scripted: Script, home: Path) -> None:
    first = opened(start_kernel)
    asked = first.ask("add one", ["x = 1"], scripted(INSERT, chunk=1, delay=0.5))
    first.wait(lambda: any(m["proposal_id"] == asked for m in first.told("streamed")), "a word")
    killed(first)

    second = opened(start_kernel)
    assert second.told("welcome")[0]["proposals"] == []
    cut = second.settled(asked)
    assert (cut["status"], cut["problem"]["code"]) == ("failed", "interrupted")
    assert cut["origin"]["prompt"] == "add one"
    assert cut["edits"] == []
    assert [e.kind for e in events(home)] == ["asked", "failed"]
    # The same ask again, as a page that does not know better sends it, is not asked twice.
    second.ask("add one", ["x = 1"], scripted(INSERT), proposal_id=asked)
    second.wait(lambda: len(second.told("changed")) == 2, "the answer")
    assert second.told("changed")[-1]["proposal"]["status"] == "failed"
    assert second.settled(second.ask("add one", ["x = 1"], scripted(INSERT)))["edits"]


def test_while_it_waits_for_the_model_s_first_word(
    start_kernel: Start, scripted: Script, home: Path
) -> None:
    first = opened(start_kernel)
    dies_at(first, "llm_notebook.llm.client:ModelWorker:complete")
    asked = first.ask("add one", ["x = 1"], scripted(INSERT))
    gone(first)
    second = opened(start_kernel)
    assert second.settled(asked)["problem"]["code"] == "interrupted"


def test_while_a_question_waits(start_kernel: Start, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    lines = [{"match": "plot the cost", "reply": INSERT}, {"match": None, "reply": QUESTION}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    first = opened(start_kernel)
    asking = first.settled(first.ask("plot it", ["x = 1"], f"scripted:{path}"))
    assert asking["status"] == "asking"
    killed(first)

    second = opened(start_kernel)
    (found,) = second.told("welcome")[0]["proposals"]
    assert found == asking
    origin = Origin("plot the cost", f"scripted:{path}", target="cell-0", clarifies=asking["id"])
    second.send(Ask("answer-1", origin, Snapshot((Cell("cell-0", "code", "x = 1"),)), 2))
    assert second.settled("answer-1")["status"] == "pending"
    second.stands(asking["id"], lambda p: p["status"] == "answered", "the question to be closed")


def statuses(front_end: FrontEnd) -> list[str]:
    return [p["status"] for p in front_end.told("welcome")[0]["proposals"]]


def test_as_soon_as_the_first_of_several_parts_is_shown(
    start_kernel: Start, scripted: Script
) -> None:
    leash = Leash(cells=5, lines=10)
    first = opened(start_kernel)
    dies_at(first, TOLD, "a[1].status == 'pending'")
    first.ask("long", ["x = 1"], scripted(LONG), leash=leash)
    gone(first)

    second = opened(start_kernel)
    assert statuses(second) == ["pending", "queued", "queued"]
    one = second.told("welcome")[0]["proposals"][0]
    dies_at(second, TOLD, "a[1].status == 'accepted'")
    second.decided(one["id"], "accepted", hash_of(one))
    gone(second)

    third = opened(start_kernel)
    assert statuses(third) == ["pending", "queued"]


@pytest.mark.parametrize(
    "moment",
    [
        # Written down, and nobody told.
        TOLD,
        # Decided in memory, and not yet written down.
        "llm_notebook.store.store:Store:save_all",
    ],
)
def test_between_a_decision_and_its_answer(
    start_kernel: Start, scripted: Script, home: Path, moment: str
) -> None:
    first = opened(start_kernel)
    proposal = first.settled(first.ask("add one", ["x = 1"], scripted(INSERT)))
    dies_at(first, moment)
    first.decided(proposal["id"], "accepted", hash_of(proposal))
    gone(first)
    answered = [m["proposal"]["status"] for m in first.told("changed")]
    assert "accepted" not in answered

    second = opened(start_kernel)
    # The page has applied it and has had no answer, so it says so again; twice, to be sure.
    for count in (1, 2):
        second.decided(proposal["id"], "accepted", hash_of(proposal))
        second.wait(lambda count=count: len(second.told("changed")) >= count, "the answer")
    told = [m["proposal"] for m in second.told("changed")]
    assert {p["status"] for p in told} == {"accepted"}
    assert [e.kind for e in events(home)].count("accepted") == 1
    # Whoever decided otherwise meanwhile has come too late.
    second.decided(proposal["id"], "rejected", hash_of(proposal))
    second.wait(lambda: len(second.told("changed")) >= 3, "the answer")
    assert second.told("changed")[-1]["proposal"]["status"] == "accepted"
    killed(second)
    third = opened(start_kernel)
    assert third.told("welcome")[0]["proposals"] == []


def test_in_the_middle_of_a_write(start_kernel: Start, scripted: Script, home: Path) -> None:
    """The file is whole, and the proposal stands as it did before."""
    first = opened(start_kernel)
    proposal = first.settled(first.ask("add one", ["x = 1"], scripted(INSERT)))
    first.run(
        f"import llm_notebook.store.store as _s\ndef _die(db):\n    {DIE}\n_s.prune_large = _die"
    )
    first.decided(proposal["id"], "accepted", hash_of(proposal))
    gone(first)
    second = opened(start_kernel)
    (found,) = second.told("welcome")[0]["proposals"]
    assert found == proposal
    assert [e.kind for e in events(home)] == ["asked", "proposed"]


def worker_of(front_end: FrontEnd) -> int:
    said = front_end.run(
        "from llm_notebook.faces.attach import attach as _a; print(_a().session().models.pid)"
    )
    return int("".join(m["content"]["text"] for m in said if m["msg_type"] == "stream"))


def test_the_worker_alone(kernel: FrontEnd, scripted: Script, home: Path) -> None:
    kernel.open()
    kept = kernel.settled(kernel.ask("add one", ["x = 1"], scripted(INSERT)))
    asked = kernel.ask("more", ["x = 1"], scripted(INSERT, chunk=1, delay=0.5))
    kernel.wait(lambda: any(m["proposal_id"] == asked for m in kernel.told("streamed")), "a word")
    os.kill(worker_of(kernel), signal.SIGKILL)
    cut = kernel.settled(asked)
    assert (cut["status"], cut["problem"]["code"]) == ("failed", "worker-died")
    assert cut["origin"]["prompt"] == "more"
    assert cut["edits"] == []
    assert kernel.settled(kept["id"]) == kept
    assert kernel.settled(kernel.ask("again", ["x = 1"], scripted(INSERT)))["status"] == "pending"
    store = Store(home / "data" / "llm_notebook" / "store.sqlite")
    assert len(store.open_proposals(str(home / "analysis.ipynb"))) == 2


def test_a_killed_kernel_leaves_no_worker(kernel: FrontEnd, scripted: Script) -> None:
    kernel.open()
    asked = kernel.ask("more", ["x = 1"], scripted(INSERT, chunk=1, delay=0.5))
    kernel.wait(lambda: any(m["proposal_id"] == asked for m in kernel.told("streamed")), "a word")
    worker = worker_of(kernel)
    killed(kernel)
    end = time.monotonic() + 60
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(worker, 0)
            with contextlib.suppress(FileNotFoundError):
                # A process that has ended and that nobody has waited for.
                if ") Z " in Path(f"/proc/{worker}/stat").read_text():
                    return
            time.sleep(0.1)
        raise AssertionError("the worker is still there")
