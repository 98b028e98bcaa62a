"""Recording asks and replies, and playing them back."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.llm_http import service as services
from tests.llm_http.asking import Asking
from tests.llm_http.service import Service

Make = Callable[..., Asking]


@pytest.fixture
def recorded(asking_with: Make, service: Service, tmp_path: Path) -> Path:
    path = tmp_path / "asks.jsonl"
    service.plays(
        services.answers(),
        services.answers("title: Two\n@@ end\n", finish="length"),
        services.fails(404, "no such model sk-of-the-file"),
    )
    ask = asking_with(
        OPENAI_BASE_URL=service.url, OPENAI_API_KEY="sk-of-the-file", LLM_NOTEBOOK_RECORD=str(path)
    )
    ask("Say good morning to sk-of-the-file")
    ask("Say good morning to sk-of-the-file")
    ask("Fail")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_is_written(recorded: Path) -> None:
    first, second, third = lines(recorded)
    assert (first["model"], first["role"]) == ("openai:test-model", "propose")
    assert first["reply"] == services.REPLY
    assert [m["role"] for m in first["messages"]] == ["system", "user"]
    assert first["usage"]["input_tokens"] == 7
    assert (first["finish"], second["finish"]) == ("stop", "length")
    assert third["problem"]["code"] == "model-unknown"


def test_no_key_is_written_and_others_cannot_read_it(recorded: Path) -> None:
    text = recorded.read_text()
    assert "sk-of-the-file" not in text
    assert "good morning to [key hidden]" in text
    assert stat.S_IMODE(recorded.stat().st_mode) == 0o600


def test_a_replay_says_the_same_in_the_same_order(recorded: Path, asking_with: Make) -> None:
    ask, model = asking_with(), f"replay:{recorded}"
    prompt = "Say good morning to [key hidden]"
    first, second, third = (ask(prompt, model) for _ in range(3))
    assert first.text == services.REPLY
    assert first.done.finish_reason == "stop"
    assert first.done.usage is not None
    assert first.done.usage.input_tokens == 7
    assert (second.text, second.done.finish_reason) == ("title: Two\n@@ end\n", "length")
    assert third.text == second.text, "the last one again and again"
    problem = ask("Fail", model).problem
    assert problem.code == "model-unknown"


def test_a_miss_is_an_error_that_says_what_differs(recorded: Path, asking_with: Make) -> None:
    problem = asking_with()("Say good evening to [key hidden]", f"replay:{recorded}").problem
    assert problem.code == "model-replay"
    assert "ask 1 of 3" in problem.message
    assert "recorded 'Say good morning to [key hidden]'" in problem.message
    assert "now 'Say good evening to [key hidden]'" in problem.message


def test_a_miss_is_no_reason_for_the_next_of_a_chain(recorded: Path, asking_with: Make) -> None:
    got = asking_with()("Something else", f"replay:{recorded}, offline:rules")
    assert got.problem.code == "model-replay"


def test_a_recording_outlives_what_the_tool_says(recorded: Path, asking_with: Make) -> None:
    entries = lines(recorded)
    for entry in entries:
        entry["messages"][0]["content"] = "The words of an earlier release."
    recorded.write_text("\n".join(map(json.dumps, entries)))
    ask = asking_with()
    assert ask("Say good morning to [key hidden]", f"replay:{recorded}").text == services.REPLY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{", "Line 1"),
        ('{"model": "a:b", "messages": [], "reply": "", "format": 2}', "format 2"),
    ],
)
def test_a_wrong_recording(asking_with: Make, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text(text)
    problem = asking_with()("x", f"replay:{path}").problem
    assert problem.code == "model-replay"
    assert words in problem.message


def test_a_file_that_cannot_be_written_stops_nothing(
    asking_with: Make, service: Service, tmp_path: Path
) -> None:
    ask = asking_with(
        OPENAI_BASE_URL=service.url, LLM_NOTEBOOK_RECORD=str(tmp_path / "nowhere" / "asks.jsonl")
    )
    got = ask()
    assert got.text == services.REPLY
    (notice,) = got.notices
    assert "could not be recorded" in notice
