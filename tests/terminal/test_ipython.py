"""The loop in plain IPython, in a real terminal (a pseudo-terminal)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt import Terminal, script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs POSIX")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    found.run("%load_ext llm_notebook")
    yield found
    found.child.close(force=True)


REPLY = "title: Double it\n@@ insert after last code\n```python\ny = x * 2\n```\n@@ end\n"


def test_ask_review_accept_run(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("x = 21")
    terminal.run(f"%llm use {script(tmp_path, REPLY)}")
    shown = terminal.run("%%llm", "double x")
    assert "y = x * 2" in shown
    assert "%llm accept" in shown
    assert "NameError" in terminal.run("y")

    said = terminal.run("%llm accept")
    assert "Nothing has run" in said
    # The code stands on the prompt; Enter runs it.
    terminal.run("")
    assert "42" in terminal.run("y")


def test_reject_leaves_an_empty_prompt(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(f"%llm use {script(tmp_path, REPLY)}")
    terminal.run("%%llm", "double x")
    assert "rejected" in terminal.run("%llm reject")
    assert "No proposal is waiting" in terminal.run("%llm accept")


def test_ctrl_c_cancels_and_keeps_the_prompt_usable(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(f"%llm use {script(tmp_path, REPLY, chunk=1, delay=0.5)}")
    terminal.child.send("%%llm\rdouble x\r\r\r")
    terminal.child.expect("Double")
    terminal.child.sendintr()
    terminal.number += 1
    assert "cancelled" in terminal.prompt()
    assert "4" in terminal.run("2 + 2")


def test_a_slip_is_one_sentence(terminal: Terminal) -> None:
    shown = terminal.run("%llm accept nothing")
    assert "UsageError" in shown
    assert "Traceback" not in shown


def test_a_question_a_choice_and_a_next_version(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "several.jsonl"
    question = "@@ question\nWhich one?\n- choice: x | double x\n- choice: y | double y\n@@ end\n"
    lines = [
        {"match": "thrice", "reply": REPLY.replace("* 2", "* 3")},
        {"match": "double x", "reply": REPLY},
        {"match": None, "reply": question},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    terminal.run("x = 21")
    terminal.run(f"%llm use scripted:{path}")
    shown = terminal.run("%%llm", "double it")
    assert "1. x" in shown
    assert "2. y" in shown
    assert "%llm choose" in shown
    assert "y = x * 2" in terminal.run("%llm choose 1")
    shown = terminal.run("%llm refine thrice")
    assert "version 2" in shown
    assert "y = x * 3" in shown
    assert "Nothing has run" in terminal.run("%llm accept")
    terminal.run("")
    assert "63" in terminal.run("y")


def test_a_long_reply_comes_in_parts(terminal: Terminal, tmp_path: Path) -> None:
    body = "".join(f"v{number} = {number}\n" for number in range(200))
    reply = f"title: Long\n@@ insert after last code\n```python\n{body}```\n@@ end\n"
    terminal.run(f"%llm use {script(tmp_path, reply)}")
    assert "part 1 of 2" in terminal.run("%%llm", "many")
    shown = terminal.run("%llm reject")
    assert "part 2 of 2" in shown
    assert "v199 = 199" in shown


def test_the_log_is_a_data_frame(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(f"%llm use {script(tmp_path, REPLY)}")
    terminal.run("%%llm", "double x")
    terminal.run("%llm reject")
    terminal.run("log = %llm log")
    assert "['asked', 'proposed', 'dry run', 'rejected']" in terminal.run(
        "print(list(log['event']))"
    )
    assert "datetime64" in terminal.run("print(log['time'].dtype)")
    # Without pandas it is text, and says what to do.
    terminal.run("import importlib.util as u; u.find_spec = lambda name: None")
    shown = terminal.run("%llm log all")
    assert "double x" in shown or "Double it" in shown
    assert "pip install pandas" in shown
