"""A `%%llm` cell is the source of what it made: run again, it proposes against those cells."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage

LLM = "%%llm\nshow the squares"
TWO = (
    "title: Squares\n@@ insert after c2\n```python\nsquares = [n * n for n in numbers]\n```\n"
    "@@ insert after c2\n```python\nprint(squares)\n```\n@@ end\n"
)
AGAIN = (
    "title: Squares, sorted\n@@ insert after c2\n```python\n"
    "squares = sorted(n * n for n in numbers)\n```\n"
    "@@ insert after c2\n```python\nprint(squares)\n```\n@@ end\n"
)
FEWER = (
    "title: In one\n@@ insert after c2\n```python\nprint([n * n for n in numbers])\n```\n@@ end\n"
)


@pytest.fixture
def made(lab: Lab, open_notebook: OpenNotebook) -> NotebookPage:
    """A notebook in which a `%%llm` cell has made two cells."""
    notebook = open_notebook(["numbers = [3, 1, 2]", LLM, "'the end'"])
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    lab.says(TWO)
    run(notebook)
    accept(notebook)
    notebook.wait_until("return nb.content.widgets.length === 5")
    return notebook


def run(notebook: NotebookPage) -> None:
    """Run the `%%llm` cell as a person does, and wait for its proposal."""
    notebook.page.get_by_text("Ready", exact=True).wait_for()
    notebook.activate(1)
    notebook.press("Control+Enter")
    expect(newest(notebook)).to_contain_text("Pending")


def newest(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-Panel .llm-Card").first


def accept(notebook: NotebookPage) -> None:
    notebook.wait_until_armed()
    newest(notebook).get_by_role("button", name=re.compile("^Accept( all)?$")).click()


def ids(notebook: NotebookPage) -> list[str]:
    return [cell["id"] for cell in notebook.cells()]


def test_a_second_run_is_a_diff_against_what_the_first_made(lab: Lab, made: NotebookPage) -> None:
    before, known = made.sources(), ids(made)
    assert before[2:4] == ["squares = [n * n for n in numbers]", "print(squares)"]
    lab.says(AGAIN)
    run(made)
    # One cell changes in place; the other is as it was, and there is no third.
    expect(made.ghosts()).to_have_count(1)
    assert made.sources() == before
    made.shot("regenerate-diff")
    accept(made)
    made.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('sorted')")
    assert made.sources() == [*before[:2], "squares = sorted(n * n for n in numbers)", *before[3:]]
    assert ids(made) == known
    # And a third run, which brings fewer: what is left over goes, when it is accepted.
    lab.says(FEWER)
    run(made)
    accept(made)
    made.wait_until("return nb.content.widgets.length === 4")
    assert made.sources() == [*before[:2], "print([n * n for n in numbers])", "'the end'"]
    made.undo()
    made.wait_until("return nb.content.widgets.length === 5")
    assert ids(made) == known


def test_what_a_person_wrote_into_a_made_cell_is_in_the_diff(lab: Lab, made: NotebookPage) -> None:
    own = "squares = [n * n for n in numbers]\nassert squares  # mine"
    made.js("nb.content.model.sharedModel.getCell(2).setSource(own)", own=own)
    before = made.sources()
    lab.says(AGAIN)
    run(made)
    # Nothing is lost before it is accepted, and that it would go is plain to see.
    assert made.sources() == before
    expect(newest(made)).to_contain_text("assert squares  # mine")
    made.shot("regenerate-own-words")
    newest(made).get_by_role("button", name="Reject").first.click()
    expect(made.ghosts()).to_have_count(0)
    assert made.sources() == before
    # Accepted all the same, it is one undo away.
    run(made)
    accept(made)
    made.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('sorted')")
    made.undo()
    made.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('mine')")
    assert made.sources() == before


def test_other_words_show_their_cells_as_out_of_date(lab: Lab, made: NotebookPage) -> None:
    bars = made.page.locator(".jp-NotebookPanel:visible .llm-Outdated")
    expect(bars).to_have_count(0)
    made.js("nb.content.model.sharedModel.getCell(1).setSource(words)", words=LLM + " sorted")
    expect(bars.first).to_be_visible()
    made.shot("regenerate-out-of-date")
    lab.says(AGAIN)
    run(made)
    accept(made)
    made.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('sorted')")
    # The cell that the new words changed and the one that they left are both up to date.
    expect(bars).to_have_count(0)
    # The words of before are those of before again.
    made.js("nb.content.model.sharedModel.getCell(1).setSource(words)", words=LLM)
    expect(bars.first).to_be_visible()
    # Nothing is left to change for a reply that brings what is there: that was answered, too.
    lab.says(AGAIN)
    made.activate(1)
    made.press("Control+Enter")
    expect(newest(made)).to_contain_text("already as this reply would have it")
    expect(bars).to_have_count(0)


def test_what_a_reload_finds(lab: Lab, made: NotebookPage) -> None:
    """What made what is in the notebook itself, so a saved file is enough."""
    made.save()
    made.reload()
    made.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    known = ids(made)
    lab.says(AGAIN)
    run(made)
    accept(made)
    made.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('sorted')")
    assert ids(made) == known
