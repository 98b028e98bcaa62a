"""Models that another installed package brings."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.llm_http.asking import Asking

ROOT = Path(__file__).parents[2]
MODULE = """
from llm_notebook.llm.scripted import Line, Scripted
def make(name):
    return Scripted(lines=(Line("title: " + name),))
"""


def install(folder: Path, module: str) -> str:
    """Put a package into a folder as an installer would; its Python path."""
    (folder / "theirs.py").write_text(module)
    info = folder / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[llm_notebook.models]\ntheirs = theirs:make\n")
    return os.pathsep.join([str(folder), str(ROOT)])


def test_a_package_brings_models(asking_with: Callable[..., Asking], tmp_path: Path) -> None:
    ask = asking_with(PYTHONPATH=install(tmp_path, MODULE))
    assert ask("x", "theirs:some model").text == "title: some model"


def test_one_that_cannot_be_imported(asking_with: Callable[..., Asking], tmp_path: Path) -> None:
    ask = asking_with(PYTHONPATH=install(tmp_path, "import not_there"))
    problem = ask("x", "theirs:m").problem
    assert problem.code == "model-missing-package"
    assert "not_there" in problem.message
    assert "theirs:make" in problem.next
