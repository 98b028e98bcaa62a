"""``llm-notebook preview`` and ``llm_notebook.preview``: shown, and nothing is changed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import llm_notebook as nb
from llm_notebook.core.preview import CellRun, Output, Preview
from llm_notebook.faces.cli.main import main
from llm_notebook.faces.fresh_runs import FreshRuns
from llm_notebook.faces.preview_files import save_all
from llm_notebook.faces.preview_text import Shown, preview_text

ISOLATION = FreshRuns(Path.cwd()).isolation()
needs_isolation = pytest.mark.skipif(
    ISOLATION.tier == "none", reason=f"no dry run here: {' '.join(ISOLATION.lacks)}"
)
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
SHOW = f"""from IPython.display import display
print('\\x1b[2J\\x1b[31mred\\x1b[0m', x, beside.v)
display({{'image/png': '{PNG}', 'text/html': '<script>1</script>'}}, raw=True)
display({{'image/png': 'bm90IGEgcGljdHVyZQ==', 'text/html': '<b>1</b>'}}, raw=True)
x += 1
open('new.txt', 'w').write('made') and None
"""


def book(*sources: str) -> str:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"id{number}",
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources, 1)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}) + "\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    work = tmp_path / "work"
    work.mkdir()
    (work / "beside.py").write_text("v = 'beside'")
    for place in (work, tmp_path):
        (place / "msgspec.py").write_text("raise SystemExit('a module of the folder stood in')")
    (work / "a.ipynb").write_text(book("import beside\nx = 41", "unused = 1", "print(x)"))
    return work


def proposal(folder: Path, *edits: nb.Edit) -> str:
    import msgspec

    path = folder / "p.json"
    path.write_text(json.dumps({"edits": msgspec.to_builtins(edits)}))
    return str(path)


def state(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file()
    }


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    found = capsys.readouterr()
    return code, found.out, found.err


@needs_isolation
def test_what_it_would_do_is_shown_and_no_file_is_touched(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = proposal(folder, nb.Insert("new", "id1", "code", SHOW))
    before = state(folder)
    notebook, shown = str(folder / "a.ipynb"), tmp_path / "shown"
    code, out, _ = run(
        capsys, "preview", notebook, given, "--out", str(shown), "--downstream", "--sample", "5"
    )
    if code == 0:  # a tier that changes files in a copy
        assert "new.txt" in out
    assert state(folder) == before
    assert not (folder / "new.txt").exists()
    assert "red 41 beside" in out
    assert "\x1b" not in out
    assert r"\x1b[2J" in out, "what would clear the screen is shown for what it is"
    assert "~ x: int 41 → int 42" in out
    assert "cell 4, which uses what changes" in out
    files = {path.name: path.read_bytes() for path in shown.iterdir()}
    assert files["cell-1-2.png"].startswith(b"\x89PNG")
    assert b"red 41" in files["cell-1-1.txt"]
    assert not any(name.startswith("cell-1-3") for name in files), "it only says that it is one"
    assert not any(b"<script>" in data or b"<b>" in data for data in files.values())
    assert files["preview.txt"].decode() in out


@needs_isolation
def test_as_json_with_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = proposal(
        folder,
        nb.Insert("new", "id1", "code", "y = x + 1\ny.nothing"),
        nb.Insert("m", "new", "markdown", "words"),
    )
    code, out, err = run(capsys, "preview", str(folder / "a.ipynb"), given, "--json")
    found = json.loads(out)
    assert (code, err, found["status"]) == (1, "", "failed")
    (cell,) = found["cells"]
    assert (cell["cell"], cell["error"]["name"], cell["error"]["line"]) == (
        "new",
        "AttributeError",
        2,
    )
    assert found["isolation"]["way"] == "fresh"
    assert found["isolation"]["tier"] != "none"


@needs_isolation
def test_a_cell_between_runs_in_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notebook = folder / "a.ipynb"
    notebook.write_text(book("x = 1", "y = x * 2", "print(y)"))
    first = nb.read(notebook).cells[0]
    given = proposal(
        folder,
        nb.Replace("id1", first.hash, "code", "x = 10"),
        nb.Insert("new", "id3", "code", "y + 1"),
    )
    code, out, _ = run(capsys, "preview", str(notebook), given, "--json")
    found = json.loads(out)
    assert code == 0
    ran = [(c["cell"], [o["text"] or o["data"] for o in c["outputs"]]) for c in found["cells"]]
    assert ran == [
        ("id1", []),
        ("id2", []),
        ("id3", ["20\n"]),
        ("new", [{"text/plain": "21"}]),
    ]


@needs_isolation
def test_an_earlier_cell_that_fails_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = folder / "a.ipynb"
    notebook.write_text(book("1 / 0", "x = 1"))
    given = proposal(folder, nb.Insert("new", "id2", "code", "x"))
    code, out, _ = run(capsys, "preview", str(notebook), given)
    assert code == 6
    assert "ZeroDivisionError" in out


def test_only_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = proposal(folder, nb.Insert("new", "id1", "markdown", "words"))
    code, out, _ = run(capsys, "preview", str(folder / "a.ipynb"), given)
    assert code == 0
    assert "only text changes" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("a.ipynb", "nothing.json"), 4, "no file and no proposal"),
        (("b.ipynb", "p.json"), 3, "b.ipynb"),
        (("a.ipynb", "a.ipynb"), 4, "it is a notebook"),
        (("a.ipynb", "p.json", "--budget", "0"), 2, "--budget"),
        (("a.ipynb", "p.json", "--sample", "-1"), 2, "--sample"),
        (("a.ipynb", "stale.json"), 4, "has changed"),
        (("-", "-"), 2, "piped"),
        (("off.ipynb", "p.json"), 5, "nothing was run"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(folder)
    proposal(folder, nb.Insert("new", "id1", "code", "1"))
    os.rename("p.json", "kept.json")
    proposal(folder, nb.Replace("id1", "0" * 16, "code", "1"))
    os.rename("p.json", "stale.json")
    os.rename("kept.json", "p.json")
    off = {**json.loads(book("1")), "metadata": {"llm_notebook": {"level": 0}}}
    Path("off.ipynb").write_text(json.dumps(off))
    found = run(capsys, "preview", *arguments)
    assert found[0] == code
    assert words in found[2]
    assert len(found[2].splitlines()) == 1


@needs_isolation
def test_ctrl_c_ends_it_and_shows_what_there_was(folder: Path) -> None:
    given = proposal(
        folder, nb.Insert("new", "id1", "code", "print('begun')\nwhile True:\n    pass")
    )
    command = [
        sys.executable,
        "-P",
        "-m",
        "llm_notebook",
        "preview",
        "work/a.ipynb",
        given,
        "--json",
    ]
    env = {**os.environ, "PYTHONPATH": str(Path(nb.__file__).parents[1]), "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder.parent, env=env
    )
    try:
        host = _child_of(child.pid, "preview_host")
        _child_of(host, "preview_host")  # the dry run itself, forked
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 130
    assert json.loads(out)["status"] == "stopped"
    assert not Path(f"/proc/{host}").exists()


def _child_of(pid: int, name: str) -> int:
    """Wait for a process of this name below another one."""
    import time

    until = time.monotonic() + 60
    while time.monotonic() < until:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            for found in task.read_text().split():
                if name in Path(f"/proc/{found}/cmdline").read_text():
                    return int(found)
        time.sleep(0.02)
    raise AssertionError(f"{name} was never started below {pid}")


@needs_isolation
def test_the_function_tells_of_its_progress_and_takes_a_part(folder: Path) -> None:
    snapshot = nb.read(folder / "a.ipynb")
    edits = [nb.Insert("n", "id1", "code", "x"), nb.Insert("m", "n", "code", "x + 1")]
    seen: list[str] = []
    found = nb.preview(snapshot, edits, ["2"], live=False, progress=lambda p: seen.append(p.status))
    assert [run.cell for run in found.cells] == ["m"]
    assert found.cells[0].outputs[0].data["text/plain"] == "42"
    assert seen[-1] == "previewed"
    assert nb.read(folder / "a.ipynb") == snapshot


def test_live_needs_an_ipython(folder: Path) -> None:
    with pytest.raises(nb.PreviewError):
        nb.preview(folder / "a.ipynb", [nb.Insert("n", "id1", "code", "x")], live=True)
    for budget in (0, float("inf"), float("nan"), 1e9):
        with pytest.raises(nb.PreviewError):
            nb.preview(folder / "a.ipynb", [], budget=budget)
    with pytest.raises(nb.StaleError):
        nb.preview(folder / "a.ipynb", [nb.Delete("id1", "0" * 16)])


@needs_isolation
def test_with_the_live_variables(folder: Path) -> None:
    code = f"""
import os
os.chdir({str(folder)!r})
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("x = 100")
shell.run_cell('''
import llm_notebook as nb
_p = nb.preview("a.ipynb", [nb.Insert("n", "id1", "code", "x += 1; x")])
print(_p.status, _p.cells[0].outputs[0].data["text/plain"], x, _p.isolation.way)
''')
"""
    env = {**os.environ, "PYTHONPATH": str(Path(nb.__file__).parents[1]), "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, env=env, check=True
    )
    assert "previewed 101 100 fork" in done.stdout


def test_a_process_that_dies_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from llm_notebook.core.plan import Plan, PlannedCell
    from llm_notebook.faces import fresh_runs

    monkeypatch.setattr(fresh_runs.sys, "executable", "/bin/false")
    heard: list[Preview] = []
    running = FreshRuns(folder).start(Plan("p", "h", (PlannedCell("c", "1"),)), heard.append)
    running.cancel()
    running.end()
    assert [(p.status, p.reason) for p in heard] == [("refused", fresh_runs.DIED)]
    assert msgspec.json.encode(heard[0])


def test_text_of_unreviewed_code_cannot_fool_a_terminal_or_a_browser(tmp_path: Path) -> None:
    svg = "<svg onload='alert(1)'/>"
    outputs = (
        Output("display", data={"image/svg+xml": svg, "text/html": "<script>1</script>"}),
        Output("stdout", "\x1b]0;title\x07 10%\r 100%\n\u202etxt"),
        Output("result", data={"text/plain": "\x1b[31mred\x1b[0m", "text/html": "<i>"}),
    )
    found = Preview("p", "h", "previewed", cells=(CellRun("c", "ran", outputs),))
    text = preview_text(found, Shown(nb.Snapshot(())))
    assert "script" not in text.replace("[image/svg+xml, text/html", "")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert " 100%" in text
    assert " 10%" not in text
    places = save_all(found, lambda _: text, tmp_path / "shown")
    assert set(places) == {(0, 1), (0, 2)}
    assert not any(b"svg" in p.read_bytes() for p in (tmp_path / "shown").glob("cell*"))
    assert base64.b64decode(PNG + "==", validate=False)
