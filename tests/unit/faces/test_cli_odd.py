"""The command line where something about it is odd: streams, names, numbers, terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NEW = {"op": "insert", "cell_id": "n", "after": None, "cell_type": "code", "source": "1"}
COMMAND = f"{sys.executable} -m llm_notebook"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # Buffered, as for everybody: what fails at the end of the process counts, too.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    Path("a.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    Path("data.csv").write_text("a\n1\n")
    Path("p.json").write_text(json.dumps({"edits": [NEW]}))


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        errors="surrogateescape",
        timeout=120,
    )


FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
UNWRITTEN = "could not be written"
NO_TERMINAL = "there is none here"


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("diff a.ipynb a.ipynb >&-", 3, UNWRITTEN),
        ("apply a.ipynb p.json -o - >&-", 3, UNWRITTEN),
        ("log --json >&-", 3, '"unwritten"'),
        ("--help >&-", 3, UNWRITTEN),
        ("diff a.ipynb >&-", 2, "are required"),
        ("diff none a.ipynb 2>&-", 3, ""),
        ("doctor --nope 2>&-", 2, ""),
        ("diff - a.ipynb <&-", 2, "Nothing was piped in"),
        ("ask a.ipynb words <&-", 2, NO_TERMINAL),
        ("ask a.ipynb words <&- >&-", 2, NO_TERMINAL),
        ("apply a.ipynb p.json <&- >&- 2>&-", 3, ""),
        pytest.param("log >/dev/full", 3, UNWRITTEN, marks=FULL),
        pytest.param("apply a.ipynb p.json -o - >/dev/full", 3, UNWRITTEN, marks=FULL),
        pytest.param("diff none a.ipynb 2>/dev/full", 3, "", marks=FULL),
        pytest.param("doctor --nope 2>/dev/full", 2, "", marks=FULL),
        ("apply a.ipynb p.json -o - | true", 141, ""),
        ("doctor --nope 2>&1 | true", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full(line: str, code: int, says: str) -> None:
    done = shell(f"{COMMAND} {line}")
    # Whether the reader of a short text has gone in time is the system's affair.
    assert done.returncode in ((0, 141) if code == 141 else (code,)), done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.stdout == ""
    assert says in done.stderr
    assert (done.stderr == "") == (says == "")


def test_no_file_takes_the_place_of_a_closed_stream() -> None:
    """The record's file would be number 1, and what a process prints would land in it."""
    shell(f"{COMMAND} ask a.ipynb 'load data.csv' --draft new.json >&- 2>&-")
    log = json.loads(shell(f"{COMMAND} log --json").stdout)
    assert [row["event"] for row in log] == ["asked", "proposed"]
    assert json.loads(Path("new.json").read_text())["edits"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux alone")
def test_a_name_that_is_no_text() -> None:
    os.rename("a.ipynb", b"\xff.ipynb")
    asked = shell(f"{COMMAND} ask $'\\xff.ipynb' 'load data.csv' --draft -")
    assert asked.returncode == 0, asked.stderr
    log = shell(f"{COMMAND} log $'\\xff.ipynb' --json")
    assert [row["event"] for row in json.loads(log.stdout)] == ["asked", "proposed"]
    assert json.loads(shell(f"{COMMAND} log $'\\xfe.ipynb' --json").stdout) == []
    found = shell(f"{COMMAND} preview $'\\xff.ipynb' $'\\xfe'")
    assert found.returncode == 4, found.stderr
    assert "no proposal called \\udcfe" in found.stderr


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("log --limit -1", 2),
        ("log --limit x", 2),
        (f"log --limit {'9' * 30}", 0),
        (f"log {'x' * 5000}", 0),
        (f"diff {'x' * 5000} a.ipynb", 3),
        (f"apply a.ipynb p.json -o {'x' * 5000}", 3),
        (f"apply a.ipynb {'x' * 5000}", 3),
        (f"preview a.ipynb {'x' * 5000}", 4),
        ("preview a.ipynb p.json --budget inf", 2),
        ("preview a.ipynb p.json --budget nan", 2),
        ("preview a.ipynb p.json --budget 1e300", 2),
        ("ask a.ipynb words --draft - -o -", 2),
        ("ask a.ipynb words --draft - --cell 99", 2),
    ],
)
def test_numbers_and_names_that_are_out_of_bounds(line: str, code: int) -> None:
    done = shell(f"{COMMAND} {line}")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert not os.path.exists("-")


@pytest.mark.parametrize("columns", ["0", "1", "20", "-3", "x"])
def test_a_terminal_of_any_width(columns: str) -> None:
    shell(f"{COMMAND} ask a.ipynb 'load data.csv' --draft new.json")
    for line in ("log", "ask --help", "diff a.ipynb"):
        done = shell(f"COLUMNS={columns} {COMMAND} {line}")
        assert done.returncode == (2 if line == "diff a.ipynb" else 0), done.stderr
        assert "Traceback" not in done.stderr
