"""``%%llm`` and ``%llm`` in a real ipykernel, with our front end and without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.protocol import Use
from tests.kernel.front_end import FrontEnd

SECRET = "x = x + 41  # proposed-source"
REPLY = f"title: Add\n@@ insert after last code\n```python\n{SECRET}\n```\n@@ end\n"


def text_of(messages: list[dict[str, Any]]) -> str:
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")


def error_of(messages: list[dict[str, Any]]) -> str:
    """What a cell that failed without a traceback has said."""
    assert not any(m["msg_type"] == "error" for m in messages)
    return "".join(
        m["content"]["text"]
        for m in messages
        if m["msg_type"] == "stream" and m["content"]["name"] == "stderr"
    )


@pytest.fixture
def alone(kernel: FrontEnd) -> FrontEnd:
    """A kernel whose front end is not ours."""
    kernel.run("%load_ext llm_notebook")
    return kernel


class TestWithOurFrontEnd:
    def test_output_is_one_status_line_and_the_ask_is_the_page_s(
        self, kernel: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        kernel.open()
        kernel.expect("welcome")
        model = scripted(REPLY)
        out = kernel.run(f"%%llm --model {model}\nadd one", cell_id="the-cell")
        (shown,) = [m["content"]["data"] for m in out if m["msg_type"] == "display_data"]
        requested = kernel.expect("ask_requested")
        assert requested["cell_id"] == "the-cell"
        assert requested["prompt"] == "add one"
        assert requested["model"] == model
        assert "\n" not in shown["text/plain"]
        assert requested["proposal_id"] in shown["text/plain"]
        mime = shown["application/vnd.llm-notebook.status+json"]
        assert mime == {"proposal_id": requested["proposal_id"]}

        proposal = kernel.settled(kernel.ask("add one", ["x = 1"], model, requested["proposal_id"]))
        assert proposal["edits"][0]["source"] == SECRET
        assert SECRET not in str(out)
        assert not any(m["msg_type"] == "update_display_data" for m in kernel.messages)

    def test_accept_only_asks_the_page(
        self, kernel: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        kernel.open()
        proposal = kernel.settled(kernel.ask("add", ["x = 1"], scripted(REPLY)))
        kernel.run(f"%llm accept {proposal['id'][:4]}", cell_id="typed-here")
        requested = kernel.expect("decide_requested")
        assert requested == {
            "type": "decide_requested",
            "proposal_id": proposal["id"],
            "verdict": "accepted",
            "cell_id": "typed-here",
        }
        kernel.run("%llm diff")
        assert kernel.told("changed")[-1]["proposal"]["status"] == "pending"

    def test_level_lowers_and_lifts(self, kernel: FrontEnd, scripted: Callable[..., str]) -> None:
        kernel.open()
        kernel.expect("welcome")
        kernel.run("%llm level off")
        assert kernel.expect("lowered")["level"] == 0
        kernel.ask("add", ["x = 1"], scripted(REPLY))
        assert kernel.expect("failed")["problem"]["code"] == "level"
        kernel.run("%llm level propose")
        assert kernel.expect("lowered", 2)["level"] == 2
        kernel.run("%llm level preview")
        assert kernel.expect("lowered", 3)["level"] is None
        kernel.ask("add", ["x = 1"], scripted(REPLY), level=0)
        assert kernel.expect("failed", 2)["problem"]["code"] == "level"

    def test_the_model_is_shared_with_the_panel(self, kernel: FrontEnd) -> None:
        kernel.open()
        kernel.expect("welcome")
        kernel.run("%llm use openai:gpt-test")
        assert kernel.expect("used")["model"] == "openai:gpt-test"
        kernel.run("%%llm\nx")
        assert kernel.expect("ask_requested")["model"] == "openai:gpt-test"


class TestWithAnotherFrontEnd:
    def test_streams_into_its_output_without_blocking(
        self, alone: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        alone.run("x = 1")
        model = scripted(REPLY, chunk=4, delay=0.1)
        request = alone.start(f"%%llm --model {model}\nadd")
        done = alone.run("print('the kernel is free')")
        assert text_of(done) == "the kernel is free\n"

        def updates() -> list[str]:
            return [
                m["content"]["data"]["text/plain"]
                for m in alone.of(request)
                if m["msg_type"] == "update_display_data"
            ]

        assert not any("%llm accept" in text for text in updates())
        alone.wait(lambda: any("%llm accept" in text for text in updates()), "the diff")
        *growing, last = updates()
        assert any(text and SECRET.startswith(text.strip()) for text in growing)
        assert "\x1b[" in last
        assert SECRET in last

    def test_accept_lands_below_and_says_that_nothing_ran(
        self, alone: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        alone.run("x = 1")
        request = alone.start(f"%%llm --model {scripted(REPLY)}\nadd")
        alone.wait(lambda: "%llm accept" in str(alone.of(request)), "the diff")
        executed = alone.start("%llm accept")
        reply = alone.client.get_shell_msg(timeout=30)
        while reply["parent_header"]["msg_id"] != executed:
            reply = alone.client.get_shell_msg(timeout=30)
        (payload,) = reply["content"]["payload"]
        assert payload["source"] == "set_next_input"
        assert payload["text"] == SECRET
        assert payload["replace"] is False
        alone.wait(lambda: "Nothing has run" in text_of(alone.of(executed)), "the words")
        assert text_of(alone.run("print(x)")) == "1\n"
        assert "No proposal is waiting" in error_of(alone.run("%llm accept"))

    def test_replace_of_an_earlier_input_pretends_nothing(
        self, alone: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        alone.run("x = 1")
        reply = "@@ replace c1\n```python\nx = 2\n```\n@@ delete c1\n@@ end\n"
        request = alone.start(f"%%llm --model {scripted(reply.split('@@ delete')[0])}\nadd")
        alone.wait(lambda: "%llm accept" in str(alone.of(request)), "the diff")
        said = text_of(alone.run("%llm accept"))
        assert "which stands as it was" in said

    def test_reject(self, alone: FrontEnd, scripted: Callable[..., str]) -> None:
        request = alone.start(f"%%llm --model {scripted(REPLY)}\nadd")
        alone.wait(lambda: "%llm accept" in str(alone.of(request)), "the diff")
        assert "rejected" in text_of(alone.run("%llm reject"))
        assert "No proposal is waiting" in error_of(alone.run("%llm reject"))

    def test_a_model_that_fails_is_a_sentence_in_the_output(self, alone: FrontEnd) -> None:
        request = alone.start("%%llm --model nobody:nothing\nadd")
        alone.wait(lambda: "failed" in str(alone.of(request)), "the failure")
        shown = str(alone.of(request)[-1]) + str(alone.of(request))
        assert "nobody" in shown
        assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("%llm frobnicate", "frobnicate"),
        ("%llm use gpt", "provider:model"),
        ("%llm level 9", "propose"),
        ("%llm level auto-run", "can only lower"),
        ("%llm accept", "No proposal is waiting"),
        ("%llm diff zzz", "zzz"),
        ("%%llm --model\nx", "--model"),
        ("%%llm 'open\nx", "cannot be read"),
        ("%%llm plot it\nx", "below"),
        ("%%llm\n   ", "no words"),
        ("%%llm --explain --refine\nx", "do not go together"),
        ("%%llm --refine zzz\nx", "zzz"),
        ("%llm refine", "WORDS"),
        ("%llm refine better", "No proposal is waiting"),
        ("%llm choose 1", "No question is waiting"),
        ("%llm choose 1 zzz", "zzz"),
    ],
)
def test_a_slip_is_a_sentence_and_no_traceback(alone: FrontEnd, code: str, word: str) -> None:
    said = error_of(alone.run(code))
    assert said.startswith("UsageError: ")
    assert word in said
    assert "Traceback" not in said


def test_help_and_the_list_of_models(alone: FrontEnd) -> None:
    shown = text_of(alone.run("%llm help"))
    assert text_of(alone.run("%llm")) == shown
    verbs = "--explain --refine refine choose model record level diff accept"
    for verb in verbs.split():
        assert verb in shown
    listed = text_of(alone.run("%llm use"))
    assert "* offline:rules" in listed
    assert "not a language model" in listed


def test_another_s_magic_is_not_replaced(kernel: FrontEnd) -> None:
    kernel.run(
        "from IPython.core.magic import register_cell_magic\n"
        "@register_cell_magic\ndef llm(line, cell):\n    print('theirs', cell)"
    )
    said = text_of(kernel.run("%load_ext llm_notebook"))
    assert "%%llm_notebook" in said
    assert text_of(kernel.run("%%llm\nx")) == "theirs x\n\n"
    shown = text_of(kernel.run("%llm_notebook help"))
    assert "%%llm_notebook [--model" in shown
    assert "%llm " not in shown


QUESTION = """title: Which
@@ question
Which column is meant?
- choice: price | plot the price
- choice: cost | plot the cost
@@ end
"""
LONG = "title: Long\n@@ insert after last code\n```python\n{}```\n@@ end\n".format(
    "".join(f"v{number} = {number}\n" for number in range(300))
)


class TestFollowingUp:
    """Refine, choose and explain, where the front end is not ours."""

    def test_refine_makes_the_next_version(self, alone: FrontEnd, tmp_path: Path) -> None:
        alone.run("x = 1")
        model = several(
            tmp_path,
            ("bigger", "title: Bigger\n@@ replace c2\n```python\nx = x + 100\n```\n@@ end\n"),
            (None, REPLY),
        )
        request = alone.start(f"%%llm --model {model}\nadd")
        alone.wait(lambda: "%llm accept" in str(alone.of(request)), "the diff")
        alone.run(f"%llm use {model}")
        request = alone.start("%llm refine bigger")
        shown = alone.wait(lambda: last_output(alone, request, "version 2"), "the next version")
        assert "x + 100" in shown
        executed = alone.start("%llm accept")
        alone.wait(lambda: "Nothing has run" in text_of(alone.of(executed)), "the words")
        assert "No proposal is waiting" in error_of(alone.run("%llm accept"))  # the first gave way

    def test_a_question_is_answered_by_number(self, alone: FrontEnd, tmp_path: Path) -> None:
        alone.run("x = 1")
        model = several(tmp_path, ("plot the cost", REPLY), (None, QUESTION))
        alone.run(f"%llm use {model}")
        request = alone.start("%%llm\nplot it")
        shown = alone.wait(lambda: last_output(alone, request, "choose N"), "the question")
        assert "Which column is meant?" in shown
        assert "1. price" in shown
        assert "2. cost" in shown
        assert "from 1 to 2" in error_of(alone.run("%llm choose 3"))
        request = alone.start("%llm choose 2")
        shown = alone.wait(lambda: last_output(alone, request, "%llm accept"), "the diff")
        assert SECRET in shown
        assert "No question is waiting" in error_of(alone.run("%llm choose 1"))

    def test_an_explanation_is_text(self, alone: FrontEnd, scripted: Callable[..., str]) -> None:
        alone.run("x = 1")
        model = scripted("title: Why\n@@ answer\nIt is one because of line 1.\n@@ end\n")
        request = alone.start(f"%%llm --model {model} --explain\nwhy is x one?")
        assert alone.wait(lambda: last_output(alone, request, "because of line 1"), "the words")
        edits = scripted(REPLY)
        request = alone.start(f"%%llm --model {edits} --explain\nwhy is x one?")
        assert alone.wait(lambda: last_output(alone, request, "failed"), "the refusal")

    def test_a_long_reply_comes_in_parts(
        self, alone: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        request = alone.start(f"%%llm --model {scripted(LONG)}\nadd")
        shown = alone.wait(lambda: last_output(alone, request, "part 1 of"), "the first part")
        assert "v0 = 0" in shown
        assert "v299 = 299" not in shown
        said = text_of(alone.run("%llm accept"))
        assert "Nothing has run" in said
        assert "part 2 of" in said
        assert "part 3 of" in text_of(alone.run("%llm reject"))


class TestFollowingUpWithOurFrontEnd:
    def test_the_page_is_asked(self, kernel: FrontEnd, tmp_path: Path) -> None:
        kernel.open()
        model = several(tmp_path, ("plot it", QUESTION), (None, REPLY))
        kernel.run(f"%llm use {model}")
        pending = kernel.settled(kernel.ask("add", ["x = 1"], model))
        asking = kernel.settled(kernel.ask("plot it", ["x = 1"], model))
        assert asking["status"] == "asking"
        kernel.run("%llm refine bigger")
        wanted = kernel.expect("ask_requested")
        assert (wanted["prompt"], wanted["refines"]) == ("bigger", pending["id"])
        kernel.run("%llm choose 2")
        wanted = kernel.expect("ask_requested", 2)
        assert (wanted["prompt"], wanted["clarifies"]) == ("plot the cost", asking["id"])
        kernel.run("%%llm --explain\nwhat is x?")
        wanted = kernel.expect("ask_requested", 3)
        assert (wanted["wants"], wanted["refines"]) == ("text", None)
        kernel.run(f"%%llm --refine {pending['id'][:4]}\nsmaller")
        assert kernel.expect("ask_requested", 4)["refines"] == pending["id"]


def several(folder: Path, *replies: tuple[str | None, str]) -> str:
    """A scripted model with a reply for each of these words."""
    path = folder / "several.jsonl"
    lines = [{"match": match, "reply": reply} for match, reply in replies]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return f"scripted:{path}"


def last_output(front_end: FrontEnd, request: str, word: str) -> str:
    """The newest text under a cell, once this word stands in it."""
    texts = [
        m["content"]["data"]["text/plain"]
        for m in front_end.of(request)
        if m["msg_type"] in ("display_data", "update_display_data")
    ]
    return texts[-1] if texts and word in texts[-1] else ""


class TestModels:
    def test_a_role_has_a_model_of_its_own(
        self, alone: FrontEnd, scripted: Callable[..., str]
    ) -> None:
        words = "title: Words\n@@ answer\nIt adds.\n@@ end\n"
        model = scripted(words)
        said = text_of(alone.run(f"%llm model --role describe {model}"))
        assert said == f"{model} is asked to describe now.\n"
        assert f"to describe: {model}" in text_of(alone.run("%llm model"))
        request = alone.start("%%llm --explain\nwhat is this")
        alone.wait(lambda: f"{model}: It adds." in str(alone.of(request)), "the words")
        said = text_of(alone.run("%llm model --role describe same"))
        assert "(not a language model), as for proposals, is asked to describe now" in said

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("%llm model --role dream openai:x", "There are: propose, complete, plan, describe."),
            ("%llm model openai", "is not a model's name"),
            ("%llm model openai:a, b", "neither a model's name nor a chain"),
            ("%llm model openai:a@http://me:hush@h/v1", "password or key in its address"),
        ],
    )
    def test_slips(self, alone: FrontEnd, code: str, words: str) -> None:
        said = error_of(alone.run(code))
        assert words in said
        assert "hush" not in said

    def test_the_page_hears_of_a_role(self, kernel: FrontEnd) -> None:
        kernel.open()
        assert kernel.expect("welcome")["roles"] == {}
        kernel.run("%llm model --role complete ollama:quick")
        used = kernel.expect("used")
        assert (used["model"], used["role"]) == ("ollama:quick", "complete")
        kernel.send(Use("openai:x, offline:rules"))
        assert kernel.expect("used", 2)["model"] == "openai:x, offline:rules"

    def test_asks_are_recorded_and_replayed(
        self, alone: FrontEnd, scripted: Callable[..., str], tmp_path: Path
    ) -> None:
        path = tmp_path / "asks.jsonl"
        said = text_of(alone.run(f"%llm record {path}"))
        assert str(path) in said
        alone.run(f"%llm model {scripted(REPLY)}")
        request = alone.start("%%llm\nadd one")
        alone.wait(lambda: "%llm accept" in str(alone.of(request)), "the diff")
        assert text_of(alone.run("%llm record off")) == "Nothing is recorded.\n"
        (entry,) = map(json.loads, path.read_text().splitlines())
        assert (entry["prompt"], entry["reply"]) == ("add one", REPLY)
