"""Hostile text in plain IPython under a real pseudo-terminal: what reaches the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.injection.hostile import SEQUENCES
from tests.injection.replies import cell, reply
from tests.terminal.prompt import Terminal, script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")

ONE_LINE = " ".join(text for text in SEQUENCES.values() if "\n" not in text)
ACTS = (
    *("\x1b]52", "\x1b]8;", "\x1b]0;owned", "\x1b[2J\x1b[3J", "\x1b[5A\x1b[2K\r", "\x1bP$q"),
    *("\x1b_G", "\x1b^x", "\x1b[?1049h", "\x1b[c\x1b[6n", "\x9b", "\x9d", "\x90"),
    *("\x08\x08", "\u202e", "\u2066", "\u200b", "\U000e0041", "\u0435"),
)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    found.run("%load_ext llm_notebook")
    found.run("%llm level propose")
    yield found
    found.child.close(force=True)


def test_nothing_of_it_acts_on_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    hostile = reply(cell(f"x = 1  # {ONE_LINE}"), title=ONE_LINE).replace("As asked.", ONE_LINE)
    asked = f"title: x\n@@ question {ONE_LINE}\n- choice: A | {ONE_LINE}\n- choice: B | b\n@@ end\n"
    answered = f"title: x\n@@ answer\n{ONE_LINE}\n\n```\n{ONE_LINE}\n```\n@@ end\n"
    said = []
    for text in (hostile, asked, answered):
        terminal.run(f"%llm use {script(tmp_path, text)}")
        terminal.run("%%llm", "do it")
        said.append(terminal.child.before)
    terminal.run(f"%llm use {script(tmp_path, 'title: x', fault=ONE_LINE)}")
    terminal.run("%%llm", "do it")
    said.append(terminal.child.before)
    terminal.run("%llm log all")
    said.append(terminal.child.before)
    for raw in said:
        assert [act for act in ACTS if act in raw] == []
    # It was there to be read: named by what it is, never left out.
    assert all("\\x1b]52" in raw and "\\u202e" in raw for raw in said[:4])
