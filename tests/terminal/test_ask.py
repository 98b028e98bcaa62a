"""``llm-notebook ask`` in a pseudo-terminal: reviewed hunk by hunk, written only on yes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from screen import Command, environment

import llm_notebook as nb

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal needs POSIX")

LINES = [f"line{n} = {n}" for n in range(1, 13)]
CHANGED = "\n".join(["line1 = 'one'", *LINES[1:11], "line12 = 'twelve'"])
REPLY = f"""title: Words for numbers
@@ replace c1
```python
{CHANGED}
```
@@ insert after c1
```python
print(line1, '\u202e')
```
@@ end
"""


def script(folder: Path, *replies: str, **options: Any) -> str:
    path = folder / "script.jsonl"
    lines = [{"match": None, "reply": reply, **options} for reply in replies]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return f"scripted:{path}"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "a.ipynb"
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "id": "first",
        "metadata": {"kept": 1.50},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["kept\n"]}],
        "source": "\n".join(LINES).splitlines(keepends=True),
    }
    other = {"cell_type": "markdown", "id": "second", "metadata": {}, "source": ["# End"]}
    book = {"cells": [cell, other], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book, indent=1) + "\n")
    return path


def ask(notebook: Path, *replies: str, arguments: tuple[str, ...] = (), **more: str) -> Command:
    model = script(notebook.parent, *(replies or (REPLY,)))
    return Command(
        notebook.parent, "ask", "a.ipynb", "use words", "--model", model, *arguments, **more
    )


def test_some_hunks_are_taken_and_the_rest_of_the_file_is_as_it_was(notebook: Path) -> None:
    before = notebook.read_text()
    command = ask(notebook)
    shown = command.until("take it? [y n")
    assert "Words for numbers" in shown
    assert "[1] ~ change c1" in shown
    assert "@ [1.1] line 1" in shown
    assert "+ line1 = 'one'" in shown
    assert "[1.1] 1 of 3" in shown
    shown = command.press("y", "[1.2] 2 of 3: take it?")
    assert "+ line12 = 'twelve'" in shown
    shown = command.press("n", "[2] 3 of 3: take it?")
    # What would reorder the text is shown for what it is.
    assert r"+ print(line1, '\u202e')" in shown
    assert notebook.read_text() == before
    command.press("y", "2 of 3 taken. Write a.ipynb? [y n k]")
    assert notebook.read_text() == before
    command.press("y", "is written")
    assert command.end() == 0

    after = json.loads(notebook.read_text())
    first, new, last = after["cells"]
    assert "".join(first["source"]) == "\n".join(["line1 = 'one'", *LINES[1:]])
    assert "".join(new["source"]) == "print(line1, '\u202e')"
    assert first["outputs"] == json.loads(before)["cells"][0]["outputs"]
    assert '"kept": 1.5' in notebook.read_text()
    assert first["metadata"]["llm_notebook"]["edited"] is True
    assert new["metadata"]["llm_notebook"]["prompt"] == "use words"
    assert last == json.loads(before)["cells"][1]
    assert "\x1b[3" in command.raw

    log = run(notebook.parent, "log", "--json")
    rows = json.loads(log.stdout)
    assert [row["event"] for row in rows] == ["asked", "proposed", "accepted"]
    assert {row["prompt"] for row in rows} == {"use words"}
    assert rows[-1]["notebook"] == str(notebook.resolve())
    text = run(notebook.parent, "log", "a.ipynb").stdout
    assert text.count("\n") == 3
    assert "Words for numbers" in text


@pytest.mark.parametrize("keys", ["q", "\x1b", "\x04", "yq", "an", "yyn\x03"])
def test_without_a_yes_nothing_is_written(notebook: Path, keys: str) -> None:
    before = notebook.read_bytes()
    command = ask(notebook)
    command.until("take it?")
    for key in keys[:-1]:
        command.press(key, "? [y n")
    command.press(keys[-1], "tten" if keys[-1] == "\x03" else "waits")
    assert command.end() == (130 if keys[-1] == "\x03" else 1)
    assert notebook.read_bytes() == before


def test_all_left_is_rejected(notebook: Path) -> None:
    before = notebook.read_bytes()
    command = ask(notebook)
    command.until("take it?")
    command.press("n", "[1.2] 2 of 3")
    command.press("d", "Nothing was taken")
    assert command.end() == 1
    assert notebook.read_bytes() == before
    rows = json.loads(run(notebook.parent, "log", "--json").stdout)
    assert rows[-1]["event"] == "rejected"


def test_back_and_forth_and_a_change_of_mind(notebook: Path) -> None:
    command = ask(notebook)
    command.until("[1.1] 1 of 3")
    command.press("k", "[2] 3 of 3")
    command.press("y", "[1.1] 1 of 3")
    command.press("\x1b[B", "[1.2] 2 of 3")
    command.press("?", "next version comes")
    command.press("x", "[1.2] 2 of 3")
    command.press("a", "3 of 3 taken")
    command.press("k", "[2] 3 of 3, taken: take it?")
    command.press("n", "2 of 3 taken")
    command.press("y", "is written")
    assert command.end() == 0
    assert nb.read(notebook).cells[0].source == CHANGED
    assert len(nb.read(notebook)) == 2


def test_the_persons_own_words_by_their_editor(notebook: Path) -> None:
    editor = notebook.parent / "editor.py"
    editor.write_text(
        "import sys\npath = sys.argv[1]\ntext = open(path).read()\n"
        "open(path, 'w').write(text.replace('print', 'display') + '\\n')\n"
    )
    command = ask(notebook, EDITOR=f"{sys.executable} {editor}")
    command.until("take it?")
    command.press("k", "[2] 3 of 3")
    command.press("e", "+ display(line1")
    command.press("y", "[1.1]")
    command.press("d", "1 of 3 taken")
    command.press("y", "is written")
    assert command.end() == 0
    first, new, _ = nb.read(notebook).cells
    assert first.source == "\n".join(LINES)
    assert new.source.startswith("display(line1")


def test_a_next_version(notebook: Path) -> None:
    better = "title: Better\n@@ insert after c1\n```python\nbetter = 1\n```\n@@ end\n"
    path = notebook.parent / "several.jsonl"
    lines = [{"match": "other", "reply": better}, {"match": None, "reply": REPLY}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = Command(notebook.parent, "ask", "a.ipynb", "use words", "--model", f"scripted:{path}")
    command.until("take it?")
    command.press("r", "What should be different?")
    command.press("in other words\r", "take it?")
    assert "version 2" in command.raw
    command.press("a", "Write a.ipynb?")
    command.press("y", "is written")
    assert command.end() == 0
    assert "better = 1" in [cell.source for cell in nb.read(notebook).cells]


def test_a_long_reply_comes_in_parts(notebook: Path) -> None:
    body = "".join(f"v{number} = {number}\n" for number in range(90))
    cells = f"@@ insert after c1\n```python\n{body}```\n@@ insert after c2\n```python\n{body}```\n"
    command = ask(notebook, f"title: Long\n{cells}@@ end\n")
    command.until("take it?")
    assert "part 1 of 2" in command.raw
    command.press("y", "Write a.ipynb?")
    command.press("y", "[1] 1 of 1: take it?")
    assert len(nb.read(notebook)) == 3
    command.press("y", "Write a.ipynb?")
    command.press("y", "is written")
    assert command.end() == 0
    assert [cell.type for cell in nb.read(notebook).cells] == ["code", "code", "markdown", "code"]


def test_a_question_is_answered(notebook: Path) -> None:
    path = notebook.parent / "several.jsonl"
    question = "@@ question\nWhich?\n- choice: one | use one\n- choice: two | use two\n@@ end\n"
    lines = [{"match": "use two", "reply": REPLY}, {"match": None, "reply": question}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = Command(notebook.parent, "ask", "a.ipynb", "some", "--model", f"scripted:{path}")
    command.until("Which? [1-2")
    command.press("7\r", "Which? [1-2")
    command.press("2\r", "take it?")
    command.press("q", "waits")
    assert command.end() == 1


def test_the_file_changed_meanwhile(notebook: Path) -> None:
    command = ask(notebook)
    command.until("take it?")
    command.press("a", "Write a.ipynb?")
    other = notebook.read_text() + "\n"
    notebook.write_text(other)
    command.press("y", "has changed on the disk")
    assert command.end() == 4
    assert notebook.read_text() == other


def test_another_file_gets_it_and_json_says_so(notebook: Path) -> None:
    before = notebook.read_bytes()
    command = ask(notebook, arguments=("-o", "b.ipynb", "--json"))
    command.until("take it?")
    command.press("a", "Write b.ipynb?")
    command.press("y", '"written": "b.ipynb"')
    assert command.end() == 0
    assert notebook.read_bytes() == before
    assert nb.read(notebook.parent / "b.ipynb").cells[0].source == CHANGED


def test_no_color_is_respected(notebook: Path) -> None:
    command = ask(notebook, NO_COLOR="1")
    command.until("take it?")
    assert "\x1b[3" not in command.raw.replace("\x1b[J", "")
    command.press("q", "waits")
    command.end()


def run(folder: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "llm_notebook", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        **more,
    )


def test_without_a_terminal_it_refuses_and_a_draft_needs_none(notebook: Path) -> None:
    before = notebook.read_bytes()
    model = script(notebook.parent, REPLY)
    refused = run(notebook.parent, "ask", "a.ipynb", "use words", "--model", model)
    assert refused.returncode == 2
    assert "in a terminal, and there is none here" in refused.stderr
    assert refused.stdout == ""
    drafted = run(
        notebook.parent, "ask", "a.ipynb", "use words", "--model", model, "--draft", "p.json"
    )
    assert drafted.returncode == 0, drafted.stderr
    assert notebook.read_bytes() == before
    applied = run(notebook.parent, "apply", "a.ipynb", "p.json", "--only", "2")
    assert applied.returncode == 0, applied.stderr
    assert len(nb.read(notebook)) == 3


def test_a_model_that_fails_and_a_notebook_that_says_off(notebook: Path) -> None:
    cut = run(notebook.parent, "ask", "a.ipynb", "x", "--draft", "-", "--model", "nobody:nothing")
    assert (cut.returncode, cut.stdout) == (5, "")
    assert "There is no model" in cut.stderr
    book = json.loads(notebook.read_text())
    book["metadata"]["llm_notebook"] = {"level": 0}
    notebook.write_text(json.dumps(book))
    off = run(notebook.parent, "ask", "a.ipynb", "x", "--draft", "-")
    assert off.returncode == 5
    assert "level to Off" in off.stderr
