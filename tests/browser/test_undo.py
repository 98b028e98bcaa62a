"""Undo as a person does it: in the cell, in the notebook, and of a reload that came too early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import NOTEBOOK_SETTINGS, Lab, NotebookPage, cell

BEFORE = "a = 1\nb = 2\nc = 3"
AFTER = "a = 10\nb = 2\nc = 30"
REPLACE = f"title: Tens\nwhy: They are larger.\n@@ replace c1\n```python\n{AFTER}\n```\n@@ end\n"
STREAM = {"output_type": "stream", "name": "stdout", "text": ["kept\n"]}
INSERT = "title: One more\nwhy: It counts.\n@@ insert after c2\n```python\nnew = 1\n```\n@@ end\n"


@pytest.fixture(params=[False, True], ids=["each-cell", "whole-notebook"])
def history(request: pytest.FixtureRequest, lab: Lab) -> Iterator[bool]:
    """JupyterLab's setting: an undo history of each cell (the default), or one of all."""
    lab.configure(NOTEBOOK_SETTINGS, {"documentWideUndoRedo": request.param})
    yield request.param
    lab.configure(NOTEBOOK_SETTINGS, {})


def accept(notebook: NotebookPage) -> None:
    """Accept the proposal at the first cell, with the keys."""
    notebook.wait_until_armed()
    notebook.activate(0)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("y")


def metadata(notebook: NotebookPage, index: int) -> dict[str, Any]:
    return dict(notebook.cells()[index]["metadata"])


def has_source(notebook: NotebookPage, source: str) -> None:
    """The first cell comes to hold this."""
    notebook.wait_until(
        "return nb.content.model.sharedModel.cells[0].getSource() === source", source=source
    )


@pytest.mark.usefixtures("history")
def test_ctrl_z_in_a_replaced_cell_takes_the_text_back(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.says(REPLACE)
    notebook = open_notebook([BEFORE, "x = 1"])
    notebook.ask("larger")
    accept(notebook)
    has_source(notebook, AFTER)
    assert "llm_notebook" in metadata(notebook, 0)
    expect(notebook.ghosts()).to_have_count(0)

    notebook.activate(0)
    notebook.press("Enter", "Control+End")
    notebook.page.keyboard.type(" # mine")
    has_source(notebook, f"{AFTER} # mine")
    # First what was typed, then what was accepted.
    notebook.press("Control+z")
    has_source(notebook, AFTER)
    expect(notebook.ghosts()).to_have_count(0)
    notebook.press("Control+z")
    has_source(notebook, BEFORE)
    expect(notebook.ghosts()).to_have_count(1)
    assert "llm_notebook" not in metadata(notebook, 0)
    # The diff stands in the input's place again, so the way back is the notebook's redo.
    notebook.activate(0)
    notebook.press("Shift+z")
    has_source(notebook, AFTER)
    expect(notebook.ghosts()).to_have_count(0)
    notebook.activate(0)
    notebook.press("Enter", "Control+Shift+z")
    has_source(notebook, f"{AFTER} # mine")


@pytest.mark.usefixtures("history")
def test_z_undoes_an_accept_as_one_step(lab: Lab, open_notebook: OpenNotebook) -> None:
    both = REPLACE.replace(
        "@@ end", "@@ delete c2\n@@ insert after c1\n```python\nn = 1\n```\n@@ end"
    )
    lab.says(both)
    notebook = open_notebook([BEFORE, "x = 1", "y = 2"])
    notebook.js("nb.content.model.sharedModel.cells[1].setMetadata('tags', ['kept'])")
    notebook.ask("larger")
    before = notebook.cells()
    accept(notebook)
    has_source(notebook, AFTER)
    assert notebook.sources() == [AFTER, "n = 1", "y = 2"]
    notebook.activate(0)
    notebook.press("z")
    has_source(notebook, BEFORE)
    assert notebook.cells() == before
    expect(notebook.ghosts().first).to_be_visible()
    notebook.press("Shift+z")
    has_source(notebook, AFTER)
    assert notebook.sources() == [AFTER, "n = 1", "y = 2"]


def test_an_accept_is_taken_back_after_other_edits(lab: Lab, open_notebook: OpenNotebook) -> None:
    lab.says(REPLACE.replace("@@ end", "@@ delete c2\n@@ end"))
    notebook = open_notebook([BEFORE, cell("x = 1", outputs=[STREAM]), "y = 2"])
    notebook.ask("larger")
    before = notebook.cells()
    accept(notebook)
    has_source(notebook, AFTER)
    # The person's own cell and words, elsewhere.
    notebook.activate(1)
    notebook.press("b", "Enter")
    notebook.page.keyboard.type("mine = 1")
    notebook.press("Escape")
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:take-back')")
    has_source(notebook, BEFORE)
    now = notebook.cells()
    assert [item["source"] for item in now] == [BEFORE, "x = 1", "y = 2", "mine = 1"]
    assert now[:3] == before
    expect(notebook.ghosts().first).to_be_visible()


def test_an_accept_that_was_never_saved_is_offered_again(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.says(REPLACE)
    notebook = open_notebook([BEFORE, "x = 1"])
    notebook.ask("larger")
    accept(notebook)
    has_source(notebook, AFTER)
    reload_as_a_person(notebook)
    # The file is as it was, and so is the proposal.
    has_source(notebook, BEFORE)
    expect(notebook.ghosts()).to_have_count(1)
    accept(notebook)
    has_source(notebook, AFTER)
    notebook.save()
    reload_as_a_person(notebook)
    has_source(notebook, AFTER)
    expect(notebook.ghosts()).to_have_count(0)


def test_without_a_kernel_a_proposal_is_read_and_accepted_and_told_later(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.says(INSERT)
    notebook = open_notebook([BEFORE, "x = 1"])
    notebook.ask("count")
    notebook.js("await nb.sessionContext.shutdown()")
    accept_last(notebook)
    notebook.wait_until("return nb.content.model.sharedModel.cells.length === 3")
    notebook.save()
    wait_until_kept(notebook)
    # A new kernel takes it up from the store as pending, and hears that it is accepted.
    notebook.js("await nb.sessionContext.startKernel()")
    notebook.wait_for_idle()
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")
    expect(notebook.ghosts()).to_have_count(0)
    notebook.reload()
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == [BEFORE, "x = 1", "new = 1"]


def accept_last(notebook: NotebookPage) -> None:
    notebook.wait_until_armed()
    notebook.activate(1)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("y")


def wait_until_kept(notebook: NotebookPage) -> None:
    """JupyterLab writes its state a moment after it changed."""
    notebook.page.wait_for_timeout(1500)


def reload_as_a_person(notebook: NotebookPage) -> None:
    """As F5 does: JupyterLab's state stays, and the question whether to leave is answered."""
    wait_until_kept(notebook)
    notebook.page.once("dialog", lambda dialog: dialog.accept())
    notebook.page.reload()
    notebook._wait_until_open()
    notebook.wait_for_idle()
