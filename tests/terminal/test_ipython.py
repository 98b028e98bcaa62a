"""The loop in plain IPython, in a real terminal (a pseudo-terminal)."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs POSIX")

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class Terminal:
    """IPython as a person has it: its own line editor, under a pseudo-terminal."""

    def __init__(self, home: Path) -> None:
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "IPython", "--no-banner", "--colors=NoColor", "--no-confirm-exit"],
            cwd=str(home),
            env={
                **os.environ,
                "HOME": str(home),
                "IPYTHONDIR": str(home / "ipython"),
                "JUPYTER_DATA_DIR": str(home / "data"),
                "JUPYTER_CONFIG_DIR": str(home / "config"),
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "TERM": "xterm-256color",
                "PROMPT_TOOLKIT_NO_CPR": "1",
            },
            dimensions=(40, 100),
            encoding="utf-8",
            timeout=60,
        )
        self.number = 1
        self.prompt()

    def prompt(self) -> str:
        """Everything up to the next prompt, without its colours."""
        self.child.expect(re.escape(f"In [{self.number}]:"))
        return ANSI.sub("", self.child.before)

    def run(self, *lines: str) -> str:
        """Type lines, end the input, and wait for the next prompt."""
        for line in lines[:-1]:
            self.child.send(line + "\r")
        self.child.send(lines[-1] + "\r")
        if len(lines) > 1:  # a cell magic ends at the second empty line
            self.child.send("\r\r")
        self.number += 1
        return self.prompt()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    found.run("%load_ext llm_notebook")
    yield found
    found.child.close(force=True)


def script(folder: Path, reply: str, **options: Any) -> str:
    path = folder / "script.jsonl"
    path.write_text(json.dumps({"match": None, "reply": reply, **options}) + "\n")
    return f"scripted:{path}"


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
