"""What ``import llm_notebook`` offers: all of it there, documented, and nothing heavy behind it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import llm_notebook

DOCS = Path(__file__).resolve().parents[2] / "docs" / "library.md"
FUNCTIONS = ["apply", "assess", "diff", "invert", "preview", "read", "render", "write"]


def test_everything_exported_is_there_and_nothing_else() -> None:
    exported = sorted(llm_notebook.__all__)
    assert exported == list(llm_notebook.__all__)
    assert len(set(exported)) == len(exported)
    for name in exported:
        assert getattr(llm_notebook, name) is not None, name
    homes = {"__version__", "load_ipython_extension"}
    assert set(llm_notebook._HOMES) == set(exported) - homes
    assert set(exported) <= set(dir(llm_notebook))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        llm_notebook.nothing  # noqa: B018


@pytest.mark.parametrize("name", llm_notebook.__all__)
def test_everything_exported_is_documented(name: str) -> None:
    if name == "__version__":
        return
    value = getattr(llm_notebook, name)
    assert f"`{name}`" in DOCS.read_text(encoding="utf-8") or f"`{name}(" in DOCS.read_text()
    if name != "Edit":  # a union has no docstring of its own
        assert inspect.getdoc(value), name


def test_the_signatures_are_those_that_people_rely_on() -> None:
    found = {name: str(inspect.signature(getattr(llm_notebook, name))) for name in FUNCTIONS}
    names = {
        name: list(inspect.signature(getattr(llm_notebook, name)).parameters) for name in found
    }
    assert names == {
        "apply": ["snapshot", "proposal", "only"],
        "assess": ["code"],
        "diff": ["before", "after"],
        "invert": ["proposal", "snapshot"],
        "preview": [
            "notebook",
            "proposal",
            "only",
            "live",
            "budget",
            "sample",
            "downstream",
            "readable",
            "progress",
        ],
        "read": ["path"],
        "render": ["proposal", "snapshot", "color"],
        "write": ["before", "after", "path"],
    }


def test_an_import_brings_nothing_along() -> None:
    script = "import sys, llm_notebook; print(sorted(sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in ("llm_notebook.", "msgspec", "rapidfuzz", "IPython"):
        assert f"'{name}" not in found
