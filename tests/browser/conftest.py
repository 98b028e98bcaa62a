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

from tests.browser.harness import (
    OUR_SETTINGS,
    PATIENCE,
    Lab,
    NotebookPage,
    start_lab,
    write_notebook,
)
from tests.llm_http import service as services

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


def write_keys(lab: Lab, url: str) -> None:
    """The file that only the worker reads, as the README says to write it."""
    keys = lab.root.parent / "config" / "llm_notebook_keys.env"
    keys.parent.mkdir(exist_ok=True)
    keys.write_text(f"OPENAI_API_KEY=sk-of-the-tests\nOPENAI_BASE_URL={url}\n")
    keys.chmod(0o600)


@pytest.fixture
def remote(lab: Lab) -> Iterator[str]:
    """The panel's model is one over HTTP; its name."""
    lab.configure(OUR_SETTINGS, lab.settings() | {"model": "openai:test-model"})
    yield "openai:test-model"
    lab.configure(OUR_SETTINGS, lab.settings())


@pytest.fixture
def service(lab: Lab) -> Iterator[services.Service]:
    with services.running() as running:
        write_keys(lab, running.url)
        yield running


@pytest.fixture
def long_leash(lab: Lab) -> Iterator[None]:
    """Many edits in one proposal, rather than a sequence."""
    lab.configure(OUR_SETTINGS, lab.settings() | {"leashCells": 20, "leashLines": 1000})
    yield
    lab.configure(OUR_SETTINGS, lab.settings())
