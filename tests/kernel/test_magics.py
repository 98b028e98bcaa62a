"""``%%llm`` and ``%llm`` in a real ipykernel, with our front end and without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
        assert kernel.expect("lowered", 2)["level"] is None
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
        ("%llm accept", "No proposal is waiting"),
        ("%llm diff zzz", "zzz"),
        ("%%llm --model\nx", "--model"),
        ("%%llm 'open\nx", "cannot be read"),
        ("%%llm plot it\nx", "below"),
        ("%%llm\n   ", "no words"),
    ],
)
def test_a_slip_is_a_sentence_and_no_traceback(alone: FrontEnd, code: str, word: str) -> None:
    said = error_of(alone.run(code))
    assert said.startswith("UsageError: ")
    assert word in said
    assert "Traceback" not in said


def test_help_and_the_list_of_models(alone: FrontEnd) -> None:
    assert text_of(alone.run("%llm")) == text_of(alone.run("%llm help"))
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
