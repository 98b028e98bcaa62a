"""Who answered, why not the first, and what it took: wherever ``ask`` ends, for people and as JSON.

The model is a server on this machine that speaks OpenAI's protocol and reports its tokens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from screen import Command, environment

from tests.llm_http import service as services
from tests.llm_http.service import Service

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs POSIX")

PROPOSAL = "title: New\n@@ insert after c1\n```python\nnew = 1\n```\n@@ end\n"
ANSWER = "title: Words\n@@ answer\nIn other words.\n@@ end\n"
QUESTION = "@@ question\nWhich?\n- choice: one | use one\n- choice: two | use two\n@@ end\n"
TOOK = "7 tokens read, 5 written, about $0.00017"


@pytest.fixture
def service() -> Iterator[Service]:
    with services.running() as found:
        yield found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    cell = {"cell_type": "markdown", "id": "first", "metadata": {}, "source": ["# A"]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(book))
    return tmp_path


def chain(home: Path, service: Service, *replies: str) -> str:
    """A server of which the price is known, behind one that does not listen."""
    service.plays(*map(services.answers, replies))
    name = f"openai:test@{service.url}"
    (home / "prices.json").write_text(json.dumps({name: {"read": 10.0, "written": 20.0}}))
    return f"ollama:nope@http://127.0.0.1:1, {name}"


def ask(home: Path, model: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "llm_notebook", "ask", "a.ipynb", "x", "--model", model, *arguments],
        cwd=home,
        env=environment(home, LLM_NOTEBOOK_PRICES=str(home / "prices.json")),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def test_a_review_says_it(home: Path, service: Service) -> None:
    model = chain(home, service, QUESTION, PROPOSAL)
    command = Command(
        home, "ask", "a.ipynb", "x", "--model", model, "--json",
        LLM_NOTEBOOK_PRICES=str(home / "prices.json"),
    )  # fmt: skip
    shown = command.until("Which? [1-2")
    assert TOOK in shown
    assert "cannot be reached" in shown
    shown = command.press("1\r", "take it?")
    assert TOOK in shown
    assert f"(openai:test@{service.url}" in shown
    assert "cannot be reached" in shown
    command.press("y", "Write a.ipynb?")
    command.press("y", '"written": "a.ipynb"')
    assert command.end() == 0
    found = command.text()
    # Both asks count.
    assert '"input_tokens": 14' in found
    assert f'"model": "openai:test@{service.url}"' in found


def test_an_answer_and_a_draft_say_it(home: Path, service: Service) -> None:
    model = chain(home, service, ANSWER, PROPOSAL, PROPOSAL)
    answered = ask(home, model, "--draft", "p.json")
    assert answered.returncode == 0, answered.stderr
    drafted = ask(home, model, "--draft", "p.json")
    assert drafted.returncode == 0, drafted.stderr
    piped = ask(home, model, "--draft", "-")
    assert json.loads(piped.stdout)["title"] == "New"
    for text in (answered.stdout, drafted.stdout, piped.stderr):
        assert f"[{TOOK}]" in text
        assert "So openai:test" in text
        assert f"openai:test@{service.url}" in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("reply", "status"), [(PROPOSAL, "pending"), (ANSWER, "answered"), (QUESTION, "asking")]
)
def test_json_has_it(home: Path, service: Service, reply: str, status: str) -> None:
    found = ask(home, chain(home, service, reply), "--draft", "p.json", "--json")
    result = json.loads(found.stdout)
    assert result["status"] == status
    assert result["model"] == f"openai:test@{service.url}"
    assert "cannot be reached" in result["notice"]
    assert result["usage"] == {
        "input_tokens": 7, "output_tokens": 5, "cost": pytest.approx(0.00017)
    }  # fmt: skip
    assert result["written"] is None
    if status == "pending":
        assert (result["draft"], result["edits"]) == ("p.json", 1)
        assert json.loads((home / "p.json").read_text())["title"] == "New"


def test_where_all_are_down_it_says_so_of_each(home: Path) -> None:
    model = "ollama:one@http://127.0.0.1:1, ollama:two@http://127.0.0.1:1"
    failed = ask(home, model, "--draft", "-")
    assert (failed.returncode, failed.stdout) == (5, "")
    assert "ollama:one@" in failed.stderr
    assert "ollama:two@" in failed.stderr
    failed = ask(home, model, "--draft", "-", "--json")
    assert json.loads(failed.stderr)["problem"]["code"]
