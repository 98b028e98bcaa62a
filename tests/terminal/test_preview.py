"""Previews in plain IPython and in a review, in a real terminal (a pseudo-terminal)."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt import Terminal, script
from screen import Command

from llm_notebook.faces.fresh_runs import FreshRuns

ISOLATION = FreshRuns(Path.cwd()).isolation()
pytestmark = pytest.mark.skipif(
    ISOLATION.tier == "none" or sys.platform != "linux",
    reason=f"no dry run here: {' '.join(ISOLATION.lacks)}",
)
CELL = "title: T\n@@ insert after last code\n```python\n{}\n```\n@@ end\n"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    found = Terminal(tmp_path)
    found.run("%load_ext llm_notebook")
    found.run("x = [1]")
    yield found
    found.child.close(force=True)


def asked(terminal: Terminal, folder: Path, source: str) -> str:
    terminal.run(f"%llm use {script(folder, CELL.format(source))}")
    return terminal.run("%%llm", "do it")


def test_a_proposal_comes_with_its_preview_and_nothing_has_changed(
    terminal: Terminal, tmp_path: Path
) -> None:
    source = "x.append(2)\nprint('seen', x)\nimport matplotlib.pyplot as plt\nplt.plot(x);"
    shown = asked(terminal, tmp_path, source)
    assert "seen [1, 2]" in shown
    assert "Preview: previewed" in shown
    assert re.search(r"~ x: .*in place", shown)
    assert shown.index("seen [1, 2]") < shown.index("%llm accept takes it")
    assert "\n[1] False\n" in terminal.run("print(x, 'plt' in globals())")
    assert "Preview: previewed" in terminal.run("%llm preview --budget 20 --downstream")
    assert "--budget takes a number" in terminal.run("%llm preview --budget soon")
    assert "No proposal" in terminal.run("%llm preview zzz")
    terminal.run("%llm accept")
    terminal.run("")
    assert "No proposal is waiting" in terminal.run("%llm preview")


def test_ctrl_c_ends_the_preview_and_not_the_proposal(terminal: Terminal, tmp_path: Path) -> None:
    asked(terminal, tmp_path, "print('begun', flush=True)\nwhile True:\n    pass")
    # The one that nobody asked for has 5 s; what it showed is kept as a part.
    terminal.child.send("%llm preview --budget 300\r")
    terminal.child.expect("preview running")
    terminal.child.sendintr()
    terminal.number += 1
    shown = terminal.prompt()
    assert "so this is a part" in shown
    assert "%llm" not in shown.rpartition("Preview:")[2]
    assert "T" in terminal.run("%llm diff")
    assert "4" in terminal.run("2 + 2")


def test_below_level_preview_it_runs_on_request_only(terminal: Terminal, tmp_path: Path) -> None:
    assert "Propose" in terminal.run("%llm level propose")
    assert "Preview:" not in asked(terminal, tmp_path, "print('run')")
    assert "Preview: previewed" in terminal.run("%llm preview")


def test_a_failure_is_repaired_once_by_itself(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "several.jsonl"
    worse = "title: Next\n@@ replace c{}\n```python\nx.appendd(3)\n```\n@@ end\n"
    lines = [
        {"match": "Fix this error", "reply": worse.format(3)},
        {"match": "do it", "reply": CELL.format("x.apend(2)")},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    terminal.run(f"%llm use scripted:{path}")
    assert "repaired once" in terminal.run("%llm repair auto")
    shown = terminal.run("%%llm", "do it")
    assert "has no attribute 'apend'" in shown
    assert "One repair is asked for" in shown
    assert "has no attribute 'appendd'" in shown
    assert shown.count("Preview: failed") == 2
    assert "(version 2)" in shown
    again = terminal.run("%llm repair")
    assert "changes nothing" in again, "who asks for another has it asked for"


def test_p_in_a_review_shows_it_and_writes_nothing(tmp_path: Path) -> None:
    notebook = tmp_path / "a.ipynb"
    cell = {"cell_type": "code", "execution_count": None, "id": "one", "metadata": {}}
    cell |= {"outputs": [], "source": ["x = 20"]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook.write_text(json.dumps(book))
    before = hashlib.sha256(notebook.read_bytes()).hexdigest()
    model = script(tmp_path, CELL.format("print('x is', x + 1)"))
    command = Command(tmp_path, "ask", "a.ipynb", "do it", "--model", model)
    command.until("take it?")
    shown = command.press("p", "x is 21")
    command.until("take it?")
    assert "Preview: previewed" in shown
    assert hashlib.sha256(notebook.read_bytes()).hexdigest() == before
    command.press("q", "was written")
    assert command.end() == 1
    log = Command(tmp_path, "log")
    log.until("dry run")
    assert hashlib.sha256(notebook.read_bytes()).hexdigest() == before
