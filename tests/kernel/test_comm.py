"""The session in a real ipykernel, spoken to as the front end does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_notebook.core.protocol import PROTOCOL_VERSION, Cancel, Hello, Use
from tests.kernel.front_end import ATTACH, FrontEnd

INSERT = """title: Add one
why: It counts.
@@ insert after c1 code
```python
x = x + 1
```
@@ end
"""


def test_hello_is_answered_with_the_models(kernel: FrontEnd) -> None:
    kernel.open()
    welcome = kernel.expect("welcome")
    assert welcome["model"] is None  # nobody has chosen one; see the next test
    assert any(
        m["id"] == "offline:rules" and "not a language model" in m["label"]
        for m in welcome["models"]
    )


def test_a_model_that_was_chosen_is_named_to_the_next_page(
    start_kernel: Callable[..., FrontEnd],
) -> None:
    """The embedded one too: who turned to it for privacy must not be turned away by a reload."""
    by_magic = start_kernel()
    by_magic.open()
    by_magic.expect("welcome")
    by_magic.run("%llm use offline:rules")
    by_magic.send(Hello(protocol=PROTOCOL_VERSION))
    assert by_magic.expect("welcome", 2)["model"] == "offline:rules"
    by_magic.send(Use("scripted:other"))
    by_magic.expect("used", 2)
    by_magic.send(Hello(protocol=PROTOCOL_VERSION))
    assert by_magic.expect("welcome", 3)["model"] == "scripted:other"


def test_attaching_leaves_nothing_in_the_namespace(kernel: FrontEnd) -> None:
    kernel.run("before = set(globals())")
    kernel.run(ATTACH, silent=True, store_history=False)
    kernel.run(ATTACH, silent=True, store_history=False)
    out = kernel.run("print(sorted(n for n in set(globals()) - before if n[0] != '_'))")
    text = "".join(m["content"]["text"] for m in out if m["msg_type"] == "stream")
    assert text.strip() == "['before']"


def test_kernel_start_imports_nothing_heavy(kernel: FrontEnd) -> None:
    kernel.open()
    kernel.expect("welcome")
    out = kernel.run(
        "import sys; print([m for m in ('langchain_core', 'langchain_openai', 'rapidfuzz', "
        "'pandas', 'pydantic') if m in sys.modules])"
    )
    assert "".join(m["content"]["text"] for m in out if m["msg_type"] == "stream") == "[]\n"


def test_an_ask_streams_and_waits_for_the_person(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    asked = kernel.ask("add one", ["x = 1"], scripted(INSERT, chunk=5, delay=0.02))
    proposal = kernel.settled(asked)
    assert proposal["status"] == "pending"
    assert proposal["title"] == "Add one"
    assert [e["op"] for e in proposal["edits"]] == ["insert"]
    assert proposal["edits"][0]["source"] == "x = x + 1"
    streamed = [m for m in kernel.told("streamed") if m["proposal_id"] == asked]
    assert len(streamed) > 1
    grown = "".join(g["text"] for m in streamed for g in m["growth"])
    assert "x = x + 1".startswith(grown)
    assert all(
        m["edit"] is None or m["edit"]["source"] == "" for g in streamed for m in g["growth"]
    )


def test_answered_while_a_cell_runs(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    kernel.expect("welcome")
    busy = kernel.start("import time; time.sleep(20); print('slept')")
    kernel.wait(lambda: kernel.of(busy), "the cell to start")
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], scripted(INSERT)), timeout=15)
    assert proposal["status"] == "pending"
    assert not any(m["msg_type"] == "stream" for m in kernel.of(busy))
    kernel.client.session  # noqa: B018 - the kernel is killed with the test, still asleep


def test_a_word_sent_under_a_running_cell_does_not_reroute_the_panel(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    """ipykernel answers on the subshell under which a comm last spoke; ours must not follow."""
    kernel.open()
    kernel.expect("welcome")
    # The magic speaks from the main shell, and the cell goes on.
    busy = kernel.start("get_ipython().run_cell_magic('llm', '', 'x'); import time; time.sleep(20)")
    kernel.expect("ask_requested")
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], scripted(INSERT)), timeout=15)
    assert proposal["status"] == "pending"
    assert not kernel._idle(busy)


def test_a_repeated_ask_asks_once(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    model = scripted(INSERT)
    kernel.settled(kernel.ask("add one", ["x = 1"], model, "same-id1"))
    before = len(kernel.told("streamed"))
    kernel.ask("add one", ["x = 1"], model, "same-id1")
    kernel.wait(lambda: len(kernel.told("changed")) >= 3, "the repeated answer")
    assert len(kernel.told("streamed")) == before


def test_cancel_offers_nothing_of_what_arrived(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    asked = kernel.ask("add one", ["x = 1"], scripted(INSERT, chunk=1, delay=0.2))
    kernel.expect("streamed")
    kernel.send(Cancel(asked))
    proposal = kernel.settled(asked)
    assert proposal["status"] == "cancelled"
    assert proposal["edits"] == []


def test_level_off_sends_nothing(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    kernel.ask("add one", ["x = 1"], scripted(INSERT), level=0)
    problem = kernel.expect("failed")["problem"]
    assert problem["code"] == "level"
    assert not kernel.told("changed")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "nonsense"},
        {"type": "ask", "prompt": 3},
        [1, 2],
        "text",
        None,
        {"type": "cancel", "proposal_id": "who"},
    ],
)
def test_a_bad_message_is_answered_in_words(kernel: FrontEnd, data: object) -> None:
    kernel.open()
    kernel.expect("welcome")
    kernel.send_raw(data)
    problem = kernel.expect("failed")["problem"]
    assert problem["message"]
    assert problem["next"]
    assert "Traceback" not in problem["message"]


def test_another_protocol_version_is_refused_in_words(kernel: FrontEnd) -> None:
    kernel.open(protocol=99)
    assert kernel.expect("failed")["problem"]["code"] == "protocol"
    assert not kernel.told("welcome")


def test_pending_survives_a_killed_kernel_and_a_draft_is_not_offered(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str]
) -> None:
    first = start_kernel()
    first.open()
    kept = first.settled(first.ask("add one", ["x = 1"], scripted(INSERT)))
    drafting = first.ask("add one", ["x = 1"], scripted(INSERT, chunk=1, delay=1.0))
    first.wait(lambda: any(m["proposal_id"] == drafting for m in first.told("streamed")), "a word")
    first.manager.signal_kernel(9)

    second = start_kernel()
    second.open()
    found = second.expect("welcome")["proposals"]
    assert [(p["id"], p["status"]) for p in found] == [(kept["id"], "pending")]
    assert found[0]["edits"] == kept["edits"]


def test_an_accept_is_taken_back_after_a_restart(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str], home: Path
) -> None:
    from llm_notebook.store import Store

    first = start_kernel()
    first.open()
    kept = first.settled(first.ask("add one", ["x = 1"], scripted(INSERT)))
    first.decided(kept["id"], "accepted", "shown")
    first.wait(
        lambda: first.told("changed")[-1]["proposal"]["status"] == "accepted", "the decision"
    )
    first.manager.signal_kernel(9)

    second = start_kernel()
    second.open()
    assert second.expect("welcome")["proposals"] == []
    second.decided(kept["id"], "reopened", "shown")
    proposal = second.expect("changed")["proposal"]
    assert (proposal["id"], proposal["status"]) == (kept["id"], "pending")
    assert proposal["edits"] == kept["edits"]
    second.send(Hello(protocol=PROTOCOL_VERSION, notebook="analysis.ipynb"))
    assert [p["id"] for p in second.expect("welcome", 2)["proposals"]] == [kept["id"]]
    path = home / "data" / "llm_notebook" / "store.sqlite"
    events = Store(path).events(str(home / "analysis.ipynb"))
    assert [e.kind for e in events] == ["asked", "proposed", "accepted", "reopened"]
    second.decided("never-heard-of", "reopened", "shown")
    assert second.expect("failed")["problem"]["code"] == "unknown-proposal"


def test_first_decision_wins(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], scripted(INSERT)))
    kernel.decided(proposal["id"], "rejected", "whatever")
    kernel.decided(proposal["id"], "accepted", "whatever")
    kernel.wait(lambda: len(kernel.told("changed")) >= 4, "both answers")
    assert [m["proposal"]["status"] for m in kernel.told("changed")][-2:] == ["rejected"] * 2


def test_an_unusable_store_is_said_and_nothing_else_stops(
    start_kernel: Callable[..., FrontEnd], scripted: Callable[..., str], home: Path
) -> None:
    (home / "data").write_text("a file where the folder should be")
    front_end = start_kernel()
    front_end.open()
    assert front_end.expect("failed")["problem"]["code"] == "store"
    asked = front_end.ask("add one", ["x = 1"], scripted(INSERT))
    assert front_end.settled(asked)["status"] == "pending"


def test_the_trace_is_private_and_whole(
    kernel: FrontEnd, scripted: Callable[..., str], home: Path
) -> None:
    from llm_notebook.store import Store

    kernel.open()
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], scripted(INSERT)))
    kernel.decided(proposal["id"], "accepted", "hash-of-something-else")
    kernel.wait(
        lambda: kernel.told("changed")[-1]["proposal"]["status"] == "accepted", "the decision"
    )
    path = home / "data" / "llm_notebook" / "store.sqlite"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    events = Store(path).events(str(home / "analysis.ipynb"))
    assert [e.kind for e in events] == ["asked", "proposed", "accepted"]
    assert events[-1].body["as_proposed"] is False
    assert json.loads(json.dumps(events[-1].body))["edits_hash"] == "hash-of-something-else"
    assert all(abs(e.at - time.time()) < 600 for e in events)


def test_a_key_in_the_words_is_not_sent_and_that_is_said(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    key = "sk-proj-" + "a8Kd93jfLq02mZx71bVn5TyRw4Ec6Gh" * 2
    # The script answers only a prompt in which the key does not stand.
    model = scripted(INSERT, match=f"^(?!.*{key}).*removed")
    proposal = kernel.settled(kernel.ask(f"use {key} to load it", ["x = 1"], model))
    assert proposal["status"] == "pending", proposal["problem"]
    assert "API key" in proposal["notice"]


def test_a_cell_shown_in_part_is_not_rewritten(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    source = "password = 'correct-horse-" + "battery9Q7'\nx = 1"
    rewrite = "@@ replace c1\n```python\npassword = '‹removed›'\nx = 2\n```\n@@ end\n"
    proposal = kernel.settled(kernel.ask("set x to 2", [source], scripted(rewrite)))
    assert proposal["status"] == "failed"
    assert "only a part" in proposal["problem"]["message"]
    assert proposal["edits"] == []


def test_a_reply_that_is_wrong_already_is_not_waited_for(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    endless = "@@ replace c99\n```python\n" + "x = 1\n" * 2000
    asked = kernel.ask("add one", ["x = 1"], scripted(endless, chunk=30, delay=1.0))
    proposal = kernel.settled(asked, timeout=30)
    assert proposal["status"] == "failed"
    assert "c99" in proposal["problem"]["message"]


BAD = "title: Wrong\n@@ replace c99\n```python\nx = 2\n```\n@@ end\n"


def test_a_wrong_reply_goes_back_once_with_its_fault(kernel: FrontEnd, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    lines = [
        {"match": "(?s)could not be used.*c99", "reply": INSERT},
        {"match": None, "reply": BAD},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kernel.open()
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], f"scripted:{path}"))
    assert proposal["status"] == "pending"
    assert proposal["title"] == "Add one"
    assert [edit["source"] for edit in proposal["edits"]] == ["x = x + 1"]
    assert "asked again" in proposal["notice"]
    assert "c99" in proposal["notice"]


def test_a_reply_that_stays_wrong_fails_and_is_not_asked_a_third_time(
    kernel: FrontEnd, tmp_path: Path
) -> None:
    path = tmp_path / "three.jsonl"
    worse = BAD.replace("c99", "c98")
    lines = [
        {"match": "(?s)could not be used.*c98", "reply": INSERT},
        {"match": "(?s)could not be used.*c99", "reply": worse},
        {"match": None, "reply": BAD},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    kernel.open()
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], f"scripted:{path}"))
    assert proposal["status"] == "failed"
    assert "c98" in proposal["problem"]["message"]
    assert proposal["edits"] == []


def test_a_cut_reply_is_not_sent_back(kernel: FrontEnd, scripted: Callable[..., str]) -> None:
    kernel.open()
    cut = scripted(INSERT.partition("x = x")[0], finish=None)
    proposal = kernel.settled(kernel.ask("add one", ["x = 1"], cut))
    assert proposal["status"] == "failed"
    assert "again." not in proposal["notice"]


# What it prints is of the cell before; that this one succeeded is known after it.
LAST_ERROR = """
import json as _json
from llm_notebook.faces.attach import attach as _attach
_e = _attach().live.last_error()
print(_json.dumps(_e and [_e.line, _e.frame, _e.cell]))
"""


@pytest.mark.parametrize(
    ("code", "line", "frame"),
    [
        ("x = 1\n1 / 0", "1 / 0", "line 2"),
        ("x = 1\nx = = 2", "x = = 2", "line 2"),
        (
            "import json\ndef clean(text):\n    # one\n    return json.loads(text)\nclean('{')",
            "return json.loads(text)",
            "clean, line 4",
        ),
    ],
)
def test_an_error_has_its_frame_and_its_cell(
    kernel: FrontEnd, code: str, line: str, frame: str
) -> None:
    kernel.open()
    kernel.run(code, cell_id="the-cell")
    told = kernel.run(LAST_ERROR, cell_id="another")
    (text,) = (m["content"]["text"] for m in told if m["msg_type"] == "stream")
    assert json.loads(text) == [line, frame, "the-cell"]
    told = kernel.run(LAST_ERROR, cell_id="another")
    assert "null" in str([m["content"] for m in told if m["msg_type"] == "stream"])


def test_a_cell_with_a_lone_surrogate_stops_nothing(
    kernel: FrontEnd, scripted: Callable[..., str]
) -> None:
    kernel.open()
    # As a browser writes it: escaped.
    kernel.client.session.pack = lambda message: json.dumps(message, default=str).encode()
    asked = kernel.ask("add \ud800 one", ["x = '\ud800'"], scripted(INSERT))
    proposal = kernel.settled(asked)
    assert proposal["status"] == "pending"
    assert proposal["origin"]["prompt"] == "add \ufffd one"
