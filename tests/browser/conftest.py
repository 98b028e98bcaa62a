"""JupyterLab and Chromium for the tests in this folder."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import PATIENCE, Lab, NotebookPage, start_lab, write_notebook

CHROMIUM = "/usr/bin/chromium"

OpenNotebook = Callable[..., NotebookPage]

_numbers = itertools.count(1)

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium where there is one; else the one that Playwright installed."""
    chromium = os.environ.get("CHROMIUM", CHROMIUM)
    if Path(chromium).exists():
        return {**browser_type_launch_args, "executable_path": chromium}
    return browser_type_launch_args


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 860}}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests of a run; each test opens a notebook of its own."""
    running = start_lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


@pytest.fixture
def open_notebook(page: Page, lab: Lab, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """A function that opens a notebook made from cells. No script may have failed at the end."""
    opened: list[NotebookPage] = []

    def open_it(cells: Sequence[str | dict[str, Any]], *, kernel: bool = True) -> NotebookPage:
        slug = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
        name = f"{slug[:40]}-{next(_numbers)}.ipynb"
        write_notebook(lab.root / name, cells)
        made = NotebookPage.open(page, lab, name, kernel=kernel)
        opened.append(made)
        return made

    yield open_it
    for notebook in opened:
        # Its kernel goes too, so that a long run does not fill the memory.
        notebook.js("await nb?.sessionContext.shutdown().catch(() => undefined)")
    assert [problem for notebook in opened for problem in notebook.problems] == []
