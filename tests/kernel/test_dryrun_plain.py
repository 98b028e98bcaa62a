"""A shell without a kernel: a terminal's, or the one that the command line makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")

PROGRAM = """
import json, sys, threading
from IPython.core.interactiveshell import InteractiveShell
import msgspec
from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.dryrun import ForkedRuns

shell = InteractiveShell.instance()
runs = ForkedRuns(shell)

def preview(*sources, setup=(), start=None, **options):
    cells = tuple(PlannedCell(f"c{i}", s) for i, s in enumerate(sources))
    before = tuple(PlannedCell(f"s{i}", s) for i, s in enumerate(setup))
    plan = Plan("p", "h", cells, before, **{"budget": 20.0, **options})
    heard = []
    run = (start or runs.start)(plan, heard.append)
    run.wait(60)
    print("PREVIEW " + msgspec.json.encode(heard[-1]).decode(), flush=True)

def elsewhere(plan, heard):
    found = []
    thread = threading.Thread(target=lambda: found.append(runs.start(plan, heard)))
    thread.start(); thread.join()
    return found[0]
"""


def previews(tmp_path: Path, program: str) -> tuple[list[dict[str, Any]], str]:
    """What a program that previews has told, and what else it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM + program],
        cwd=tmp_path,
        env={
            **os.environ,
            "HOME": str(tmp_path),
            "IPYTHONDIR": str(tmp_path / "ipython"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    told = [json.loads(line[8:]) for line in lines if line.startswith("PREVIEW ")]
    return told, "\n".join(line for line in lines if not line.startswith("PREVIEW "))


def test_a_shell_of_its_own(tmp_path: Path) -> None:
    (shown, magic, late), rest = previews(
        tmp_path,
        """
print("unflushed")
preview("print(x)\\nx + 1", "import matplotlib.pyplot as plt\\nplt.plot([1]);",
        "class H:\\n    def _repr_html_(self): return '<b>h</b>'\\nH()",
        "await __import__('asyncio').sleep(0)\\n!echo $HOME_OF\\n%%time", setup=("x = 41",))
shell.user_ns["preview"] = preview
shell.run_cell("y = 1\\npreview('print(y, input())')\\nprint('after')")
preview("1", start=elsewhere)
print("x" in shell.user_ns)
runs.close()
""",
    )
    assert shown["status"] == "failed"  # the last cell is no valid one
    cells = shown["cells"]
    assert [output["kind"] for output in cells[0]["outputs"]] == ["stdout", "result"]
    assert cells[0]["outputs"][0]["text"] == "41\n"
    assert cells[0]["outputs"][1]["data"]["text/plain"] == "42"
    assert any("image/png" in output["data"] for output in cells[1]["outputs"])
    assert cells[2]["outputs"][0]["data"]["text/html"] == "<b>h</b>"
    assert cells[3]["error"]["name"] == "UsageError"
    assert magic["status"] == "failed"
    assert "nobody is there to answer" in magic["cells"][0]["error"]["message"]
    assert late["status"] == "refused"
    assert "%llm preview" in late["reason"]
    assert rest == "unflushed\nafter\nFalse"


def test_an_interrupt_ends_it(tmp_path: Path) -> None:
    (shown,), rest = previews(
        tmp_path,
        """
import os, signal, threading
signal.signal(signal.SIGINT, signal.default_int_handler)  # where it was ignored from the start
threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
preview("print('on')\\nimport time\\ntime.sleep(50)", budget=50.0)
print("goes on")
runs.close()
""",
    )
    assert shown["status"] == "stopped"
    assert shown["cells"][0]["outputs"][0]["text"] == "on\n"
    assert rest == "goes on"
