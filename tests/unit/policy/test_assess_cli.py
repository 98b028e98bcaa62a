"""``llm-notebook assess`` over code, notebooks and what is piped in."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.faces.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["assess", *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


def notebook(*sources: str) -> str:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources, 1)
    ]
    for cell in cells:
        cell["execution_count"] = None
    cells.insert(0, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "!rm"})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_file_of_code_is_one_cell(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cell.py").write_text("%matplotlib inline\nimport os\nos.remove('/x')\n")
    code, out, err = run(capsys, "cell.py")
    assert (code, err) == (1, "")
    assert out == "cell.py: ASK, risk high\n  3:4  Deletes files or data: os.remove, /x.\n"


def test_as_json_it_mirrors_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cell.py").write_text("df.to_csv('out.csv')")
    code, out, _ = run(capsys, "cell.py", "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["decision"], found["risk"]) == ("ASK", "low")
    effect = {"kind": "writes", "target": "out.csv", "why": ".to_csv", "line": 1, "column": 4}
    assert found["effects"] == [effect]
    assert found["reasons"][0]["text"] == "Writes files or data: .to_csv, out.csv."
    assert "cells" not in found


def test_a_notebook_is_judged_cell_by_cell(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.ipynb").write_text(notebook("x = 1", "!ls", "open('a')"))
    code, out, _ = run(capsys, "a.ipynb")
    assert code == 1
    assert "cell 3: ASK, risk high" in out
    assert "cell 4: ASK, risk low" in out
    assert out.endswith("2 of 3 code cells would be asked about.\n")
    _, out, _ = run(capsys, "a.ipynb", "--json")
    found = json.loads(out)
    assert [(c["cell"], c["number"], c["decision"]) for c in found["cells"]] == [
        ("c1", 2, "ALLOW"),
        ("c2", 3, "ASK"),
        ("c3", 4, "ASK"),
    ]
    assert {reason["cell"] for reason in found["reasons"]} == {"c2", "c3"}


@pytest.mark.parametrize(("text", "code"), [("x = 1", 0), ("!ls", 1), (notebook("x"), 0)])
def test_what_is_piped_in(
    text: str, code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(text.encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    assert run(capsys, "-")[0] == code


def test_what_cannot_be_read_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.ipynb").write_text("{")
    Path("bytes.py").write_bytes(b"\xff\xfe\x00")
    for name in ("bad.ipynb", "bytes.py", "missing.py"):
        code, out, err = run(capsys, name)
        assert (code, out) == (3, ""), name
        assert name in err


def test_nothing_in_the_code_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Path("cell.py").write_text("open('a\x1b[2J\u202e', 'w')", encoding="utf-8")
    _, out, _ = run(capsys, "cell.py")
    assert "\x1b" not in out
    assert "\u202e" not in out
