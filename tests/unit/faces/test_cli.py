"""The command line without a terminal: diff, apply, log, doctor, completion."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import llm_notebook as nb
from llm_notebook.faces.cli.main import main
from llm_notebook.faces.cli.parser import build

ROOT = Path(__file__).parents[3]


def book(*sources: str, minor: int = 5, ids: dict[str, str] | None = None) -> str:
    cells = []
    for number, source in enumerate(sources, 1):
        cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}}
        cell |= {"outputs": [], "source": source.splitlines(keepends=True)}
        if minor >= 5:
            cell["id"] = (ids or {}).get(source, f"id{number}")
        cells.append(dict(sorted(cell.items())))
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(whole, indent=1) + "\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    Path("a.ipynb").write_text(book("x = 1\ny\nz = 1", "b", "c"))
    Path("b.ipynb").write_text(book("x = 2\ny\nz = 2", "b", "c", "d"))


Ran = tuple[int, str, str]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    code = main(arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


def test_diff_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "diff", "a.ipynb", "b.ipynb")
    assert (code, err) == (0, "")
    assert out == (
        "1 new, 1 changed\n"
        "[1] ~ change c1\n"
        "  @ [1.1] line 1\n  - x = 1\n  + x = 2\n    y\n"
        "  @ [1.2] line 3\n  - z = 1\n  + z = 2\n"
        "[2] + new code cell after c3 (n1)\n  + d\n"
    )
    assert run(capsys, "diff", "a.ipynb", "b.ipynb", "--exit-code")[0] == 1
    assert run(capsys, "diff", "a.ipynb", "a.ipynb", "--exit-code")[:2] == (
        0,
        "The files are the same.\n",
    )
    Path("c.ipynb").write_text(book("x = 1\ny\nz = 1", "b", "c") + "\n")
    assert "differ in outputs" in run(capsys, "diff", "a.ipynb", "c.ipynb")[1]
    colored = run(capsys, "diff", "a.ipynb", "b.ipynb", "--color", "always")[1]
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == out
    assert "\x1b[" in colored


def test_what_diff_writes_apply_takes(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("a.ipynb").read_text()
    _, out, _ = run(capsys, "diff", "a.ipynb", "b.ipynb", "--json")
    Path("p.json").write_text(out)
    assert run(capsys, "apply", "a.ipynb", "p.json", "--dry-run")[0] == 0
    assert Path("a.ipynb").read_text() == before
    code, out, _ = run(capsys, "apply", "a.ipynb", "p.json", "-o", "new.ipynb", "--json")
    assert code == 0
    assert json.loads(out) == {"written": "new.ipynb", "changed": True, "edits": 2, "cells": 4}
    assert Path("a.ipynb").read_text() == before
    assert Path("new.ipynb").read_text() == Path("b.ipynb").read_text()

    assert run(capsys, "apply", "a.ipynb", "p.json", "--only", "1.2")[0] == 0
    assert Path("a.ipynb").read_text() == before.replace("z = 1", "z = 2")
    assert run(capsys, "apply", "new.ipynb", "p.json", "--reverse")[:2] == (
        0,
        "new.ipynb: 2 edits applied.\n",
    )
    assert Path("new.ipynb").read_text() == before


@pytest.mark.parametrize("minor", [4, 5])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            ["first", "a = 1\nb", "gone", "moved and long enough", "e", "f"],
            ["new", "first", "moved and long enough", "a = 2\nb", "e", "f"],
        ),
        # What stood before it is in no edit.
        (["first", "second", "gone", "last"], ["first", "second", "last"]),
        (["gone", "last"], ["last"]),
        (["a", "b"], []),
    ],
)
def test_a_proposal_is_taken_back_without_the_notebook_before(
    capsys: pytest.CaptureFixture[str], minor: int, before: list[str], after: list[str]
) -> None:
    ids = {source: f"cell{source[0]}" for source in (*before, *after)}
    one, two = book(*before, minor=minor, ids=ids), book(*after, minor=minor, ids=ids)
    Path("one.ipynb").write_text(one)
    Path("two.ipynb").write_text(two)
    Path("p.json").write_text(run(capsys, "diff", "one.ipynb", "two.ipynb", "--json")[1])
    assert run(capsys, "apply", "one.ipynb", "p.json")[0] == 0
    assert nb.read("one.ipynb").content() == nb.read("two.ipynb").content()
    code, _, err = run(capsys, "apply", "one.ipynb", "p.json", "--reverse")
    assert code == 0, err
    assert Path("one.ipynb").read_text() == one


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "its JSON breaks"),
        (b"{", "its JSON breaks at line 1, column 2"),
        (b"\xff", "not UTF-8"),
        (b"[]", "not an object"),
        (b"{}", "it has no edits"),
        (b'{"edits": {}}', "Expected `array`"),
        (b'{"edits": [{"op": "explode"}]}', "explode"),
        (b'{"edits": [{"op": "insert", "cell_id": 1}]}', "Expected `str`"),
        (b'{"edits": [{"op": "delete", "cell_id": "id1"}]}', "expects"),
        (b'{"edits": [], "before": [{"place": ' + b"9" * 5000 + b"}]}", "place"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells": [], "nbformat": 4}', "it is a notebook"),
    ],
)
def test_a_proposal_that_is_none(
    capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    before = Path("a.ipynb").read_text()
    Path("p.json").write_bytes(content)
    code, out, err = run(capsys, "apply", "a.ipynb", "p.json")
    assert (code, out) == (4, "")
    assert err.startswith("llm-notebook: p.json is not a proposal: ")
    assert says in err
    assert err.count("\n") == 1
    assert Path("a.ipynb").read_text() == before


NEW = {"op": "insert", "cell_id": "n", "after": None, "cell_type": "code", "source": ""}


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ({"op": "delete", "cell_id": "id1", "expects": "0"}, "has changed since"),
        ({"op": "delete", "cell_id": "no", "expects": "0"}, "no longer in the notebook"),
        ({**NEW, "cell_id": "a b"}, "id “a b”"),
        ({**NEW, "cell_type": "\u202e"}, r"type “\u202e”"),
        ({**NEW, "after": "\x1b[2J"}, r"\x1b[2J"),
    ],
)
def test_an_edit_that_does_not_fit(
    capsys: pytest.CaptureFixture[str], edit: dict[str, Any], says: str
) -> None:
    before = Path("a.ipynb").read_text()
    Path("p.json").write_text(json.dumps({"edits": [edit]}))
    code, out, err = run(capsys, "apply", "a.ipynb", "p.json")
    assert (code, out) == (4, "")
    assert says in err
    assert "\x1b" not in err
    assert "\u202e" not in err
    assert Path("a.ipynb").read_text() == before
    code, out, err = run(capsys, "apply", "a.ipynb", "p.json", "--json")
    assert out == ""
    assert set(json.loads(err)["problem"]) == {"code", "message", "kept", "next"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["diff", "none.ipynb", "a.ipynb"], 3, "does not exist"),
        (["diff", ".", "a.ipynb"], 3, "is a folder"),
        (["diff", "-", "-"], 2, "Only one of the two"),
        (["apply", "a.ipynb", "none.json"], 3, "does not exist"),
        (["apply", "a.ipynb", "p.json", "--only", "9"], 4, "no edit 9"),
        (["apply", "a.ipynb", "p.json", "--only", "x"], 4, "no number"),
        (["apply", "a.ipynb", "p.json", "--only", ","], 2, "names no edit"),
        (["apply", "a.ipynb", "p.json", "-o", "none/out.ipynb"], 3, "folder does not exist"),
        (["ask", "a.ipynb", "words"], 2, "in a terminal"),
        (["apply", "a.ipynb", "p.json", "--only", "2-1"], 4, "runs backwards"),
        (["log", "--limit", "0"], 2, "from 1"),
    ],
)
def test_what_cannot_be_done_says_so_in_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, says: str
) -> None:
    Path("p.json").write_text(run(capsys, "diff", "a.ipynb", "b.ipynb", "--json")[1])
    found = run(capsys, *arguments)
    assert found[:2] == (code, "")
    assert says in found[2]
    assert found[2].count("\n") == 1


def test_a_slip_on_the_command_line_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["nothing"], ["diff", "a.ipynb"], ["diff", "--no"]):
        assert main(arguments) == 2
        found = capsys.readouterr()
        assert found.out == ""
        assert "usage: llm-notebook" in found.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["diff", "a.ipynb"], "arguments are required: AFTER"),
        (["doctor", "--nope"], "--nope"),
        (["log", "--limit", "\x1b[2J"], r"invalid int value: '\x1b[2J'"),
        (["nothing"], "invalid choice: 'nothing'"),
    ],
)
def test_a_slip_is_json_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    for json_option in ("--json", "--js"):
        code, out, err = run(capsys, *arguments, json_option)
        assert (code, out) == (2, "")
        problem = json.loads(err)["problem"]
        assert set(problem) == {"code", "message", "kept", "next"}
        assert says in problem["message"]
        assert "--help" in problem["next"]


def test_a_nul_in_a_path_is_a_slip(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "diff", "a.ipynb", "b\0")
    assert (code, out) == (2, "")
    assert "NUL" in err


def test_behind_two_dashes_json_is_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "doctor", "--", "--json")[2].startswith("usage: llm-notebook")


EMPTY = [
    ["apply", "a.ipynb", "p.json", "-o", ""],
    ["apply", "a.ipynb", "p.json", "--output="],
    ["apply", "", "p.json"],
    ["apply", "a.ipynb", ""],
    ["diff", "", "b.ipynb"],
    ["diff", "a.ipynb", ""],
    ["preview", "a.ipynb", "p.json", "--out", ""],
    ["preview", "a.ipynb", "p.json", "--readable", ""],
    ["assess", ""],
    ["ask", "a.ipynb", "words", "--draft", ""],
    ["ask", "a.ipynb", "words", "--draft", "-", "-o", ""],
    ["ask", "a.ipynb", "words", "--draft", "-", "--model", ""],
    ["ask", "a.ipynb", "", "--draft", "-"],
    ["log", ""],
]


@pytest.mark.parametrize("arguments", EMPTY, ids=" ".join)
def test_an_argument_that_is_empty_is_a_slip(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """A variable that is not set stands for nothing: least of all for the notebook itself."""
    Path("p.json").write_text(run(capsys, "diff", "a.ipynb", "b.ipynb", "--json")[1])
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "it is empty" in err or "There are no words" in err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_every_command_has_help_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^    (\w+)", build("0").format_help(), re.MULTILINE)
    names = [name for name in commands if name in build("0").format_help().split("COMMAND")[2]]
    for name in {"diff", "apply", "ask", "log", "doctor", "completion", *names}:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        shown = capsys.readouterr().out
        assert f"  llm-notebook {name}" in shown or f"(llm-notebook {name}" in shown
        assert ("--json" in shown) == (name != "completion")


def test_the_exit_codes_are_documented() -> None:
    from llm_notebook.faces.cli.out import Exit

    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == set(Exit)


def test_a_fault_of_ours_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr("llm_notebook.faces.cli.files.diff", fault)
    code, _, err = run(capsys, "diff", "a.ipynb", "b.ipynb")
    assert code == 70
    assert "ZeroDivisionError: by hand" in err
    assert "Traceback" not in err
    monkeypatch.setenv("LLM_NOTEBOOK_DEBUG", "1")
    assert "Traceback" in run(capsys, "diff", "a.ipynb", "b.ipynb")[2]


def test_log_is_empty_at_first_and_makes_no_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "log")[1] == "Nothing has been asked yet.\n"
    assert json.loads(run(capsys, "log", "--json")[1]) == []
    assert not (tmp_path / "data").exists()


def test_doctor_names_what_is_broken_and_shows_no_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk-0123456789-never-shown"
    keys = tmp_path / "keys.env"
    keys.write_text(f"OPENAI_API_KEY={secret}\n")
    keys.chmod(0o600)
    monkeypatch.setenv("LLM_NOTEBOOK_KEYS", str(keys))
    monkeypatch.setenv("ANTHROPIC_API_KEY", secret)
    _, out, err = run(capsys, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert secret not in out + err
    assert checks["key file"]["state"] == "works"
    assert "OPENAI_API_KEY" in checks["key file"]["says"]
    assert checks["model worker"]["state"] == checks["record"]["state"] == "works"
    assert str(tmp_path / "data") in checks["record"]["says"]
    models = {
        name.split()[1].partition(":")[0]: c for name, c in checks.items() if "model " in name
    }
    assert models["openai"]["state"] == models["anthropic"]["state"] == "works"
    assert models["google"]["state"] == "missing"
    assert "GOOGLE_API_KEY" in models["google"]["remedy"]

    keys.chmod(0o644)
    (tmp_path / "data" / "llm_notebook" / "store.sqlite").write_bytes(b"no database" * 500)
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert f"→ chmod 600 {keys}" in out
    assert "!!  record: The record of proposals" in out
    assert secret not in out


# -- as a process ------------------------------------------------------------------


def spawn(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    more = {"PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "llm_notebook", *arguments],
        env={**os.environ, **more},
        capture_output=True,
        timeout=60,
        **options,
    )


def test_pipes() -> None:
    made = spawn("diff", "-", "b.ipynb", "--json", input=Path("a.ipynb").read_bytes())
    assert made.returncode == 0, made.stderr
    applied = spawn("apply", "a.ipynb", "-", "-o", "-", input=made.stdout)
    assert applied.stdout == Path("b.ipynb").read_bytes()
    Path("p.json").write_bytes(made.stdout)
    through = spawn("apply", "-", "p.json", input=Path("a.ipynb").read_bytes())
    assert through.stdout == Path("b.ipynb").read_bytes()


def test_a_reader_that_goes_away_is_no_fault() -> None:
    Path("long.ipynb").write_text(book("\n".join(f"x{n}" for n in range(100_000))))
    command = f"{sys.executable} -m llm_notebook diff a.ipynb long.ipynb | head -1"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, shell=True, capture_output=True, timeout=60, env=env)
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1


def test_a_terminal_that_is_not_utf_8_gets_escapes() -> None:
    Path("é.ipynb").write_text(book("x = 'é'"))
    done = spawn("diff", "a.ipynb", "é.ipynb", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert rb"+ x = '\xe9'" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("llm-notebook ", {"diff", "apply", "ask", "log", "doctor", "completion"}),
        ("llm-notebook diff a", {"a.ipynb"}),
        ("llm-notebook apply a.ipynb p", {"p.json"}),
        ("llm-notebook ask a.ipynb x --model off", {"offline:rules"}),
        ("llm-notebook diff --j", {"--json"}),
    ],
)
def test_a_shell_completes(typed: str, offered: set[str], tmp_path: Path) -> None:
    Path("p.json").write_text("{}")
    answer = tmp_path / "answer"
    done = spawn(
        env={
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": "bash",
            "_ARGCOMPLETE_COMP_WORDBREAKS": " ",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
            "COMP_LINE": typed,
            "COMP_POINT": str(len(typed)),
            "COMP_TYPE": "9",
        }
    )
    assert done.returncode == 0, done.stderr
    assert offered <= {word.strip() for word in answer.read_text().split("\x0b")}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_for_each_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "completion", shell)
    assert code == 0
    assert "llm-notebook" in out
    assert "_ARGCOMPLETE" in out


def test_a_cell_without_an_id_is_never_taken_for_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is made up on reading shifts, so that the content must say which cell is meant."""
    one = book("first", "mark", "gone", "last", minor=4)
    Path("one.ipynb").write_text(one)
    Path("two.ipynb").write_text(book("first", "mark", "last", "new", minor=4))
    Path("p.json").write_text(run(capsys, "diff", "one.ipynb", "two.ipynb", "--json")[1])
    shifted = book("put in", "first", "mark", "gone", "last", minor=4)
    Path("one.ipynb").write_text(shifted)
    code, _, err = run(capsys, "apply", "one.ipynb", "p.json")
    assert code == 4, err
    assert Path("one.ipynb").read_text() == shifted
    # Also where no edit touches the cell, and it only says where a new one goes.
    Path("one.ipynb").write_text(one)
    Path("two.ipynb").write_text(book("first", "mark", "new", "gone", "last", minor=4))
    Path("p.json").write_text(run(capsys, "diff", "one.ipynb", "two.ipynb", "--json")[1])
    Path("one.ipynb").write_text(shifted)
    code, _, err = run(capsys, "apply", "one.ipynb", "p.json")
    assert code == 4, err
    assert Path("one.ipynb").read_text() == shifted
