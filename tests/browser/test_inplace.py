"""Asking at a cell: by keys alone, about what is selected, and back to where one was."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage

LINES = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5"
CHANGE = "title: Change\nwhy: So.\n@@ replace c2\n```python\n{}\n```\n@@ end\n"


def ready(notebook: NotebookPage) -> None:
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")


def prompt(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-InPlace textarea")


def selection(notebook: NotebookPage) -> Any:
    return notebook.js(
        """
        const {start, end} = nb.content.activeCell.editor.getSelection();
        return [start.line, start.column, end.line, end.column];
        """
    )


def select_lines(notebook: NotebookPage) -> None:
    """Lines 2 to 3 of the second cell, from the middle of one to the middle of the other."""
    notebook.activate(1)
    notebook.press("Enter", "Control+Home", "ArrowDown", "ArrowRight")
    notebook.press("Shift+ArrowDown", "Shift+ArrowRight")


def test_the_selected_lines_are_what_it_is_about(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", LINES])
    ready(notebook)
    before = notebook.save()
    lab.says(CHANGE.format(LINES.replace("b = 2", "b = 20")))
    select_lines(notebook)
    notebook.press("Alt+i")
    group = notebook.page.get_by_role("group", name="Ask about Lines 2–3 of cell 2")
    expect(group.get_by_role("textbox")).to_be_focused()
    notebook.page.keyboard.type("make b twenty")
    notebook.shot("inplace-lines")
    # Nothing of it is in the document.
    assert notebook.save() == before
    notebook.press("Enter")
    expect(group).to_have_count(0)
    # Back in the editor, with what was selected.
    assert notebook.active()["mode"] == "edit"
    assert selection(notebook) == [1, 1, 2, 2]
    expect(notebook.ghosts()).to_have_count(1)
    origin = notebook.page.locator(".llm-Card").first
    expect(origin).to_contain_text("make b twenty")
    assert notebook.save() == before


def test_escape_gives_everything_back_and_keeps_the_words(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", LINES, "y"])
    select_lines(notebook)
    notebook.press("Alt+i")
    expect(prompt(notebook)).to_be_focused()
    notebook.page.keyboard.type("half a thought")
    notebook.press("Escape")
    expect(prompt(notebook)).to_have_count(0)
    assert notebook.active()["mode"] == "edit"
    assert selection(notebook) == [1, 1, 2, 2]
    # The next key goes where it would have gone.
    notebook.page.keyboard.type("Z")
    assert notebook.sources()[1] == LINES.replace("b = 2\nc = 3", "bZ= 3")

    notebook.press("Escape")
    notebook.press("g", "a")
    expect(prompt(notebook)).to_have_value("half a thought")
    expect(prompt(notebook)).to_be_focused()
    expect(notebook.page.get_by_role("group", name="Ask about Cell 2")).to_be_visible()
    notebook.press("Escape")
    assert notebook.active()["mode"] == "command"
    assert notebook.active()["focused"]
    # Another cell has no words yet.
    notebook.press("j", "g", "a")
    expect(prompt(notebook)).to_have_value("")


def test_selected_cells_stay_selected(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["a", "b", "c", "d"])
    notebook.activate(1)
    notebook.press("Shift+j", "g", "a")
    expect(notebook.page.get_by_role("group", name="Ask about Cells 2–3")).to_be_visible()
    # Keys of the notebook are text here.
    notebook.page.keyboard.type("ddxz")
    assert len(notebook.cells()) == 4
    notebook.press("Shift+Enter")
    expect(prompt(notebook)).to_have_value("ddxz\n")
    notebook.press("Escape")
    selected = notebook.js("return nb.content.selectedCells.map(c => c.model.id)")
    assert selected == ["c2", "c3"]


def test_an_empty_prompt_asks_for_words(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    ready(notebook)
    notebook.activate(0)
    notebook.press("g", "a", "Enter")
    expect(notebook.page.locator(".llm-InPlace")).to_contain_text("Say in a few words")
    expect(prompt(notebook)).to_be_focused()


def test_a_failure_is_said_at_the_cell_and_the_words_come_back(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    ready(notebook)
    lab.says("@@ replace c9\n```python\nx\n```\n@@ end\n")
    notebook.activate(0)
    notebook.press("g", "a")
    notebook.page.keyboard.type("do it")
    notebook.press("Enter")
    line = notebook.page.locator(".llm-InPlace.llm-mod-asked")
    expect(line).to_contain_text("Failed")
    expect(line).to_contain_text("not touched")
    notebook.shot("inplace-failed")
    line.get_by_role("button", name="Change the words").press("Enter")
    expect(prompt(notebook)).to_have_value("do it")
    expect(prompt(notebook)).to_be_focused()
    expect(line).to_have_count(0)


def test_level_off_is_said_and_nothing_is_asked(lab: Lab, open_notebook: OpenNotebook) -> None:
    lab.configure(OUR_SETTINGS, lab.settings() | {"level": 0})
    try:
        notebook = open_notebook(["x = 1"])
        notebook.activate(0)
        notebook.press("g", "a")
        expect(notebook.page.locator(".llm-InPlace")).to_contain_text("The level is Off")
        notebook.page.keyboard.type("do it")
        notebook.press("Enter")
        expect(prompt(notebook)).to_have_value("do it")
        expect(notebook.page.locator(".llm-Card")).to_have_count(0)
    finally:
        lab.configure(OUR_SETTINGS, lab.settings())


def test_unsent_words_outlive_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", "y = 2"])
    notebook.activate(1)
    notebook.press("g", "a")
    notebook.page.keyboard.type("not sent yet")
    expect(prompt(notebook)).to_have_value("not sent yet")
    notebook.press("Escape")
    notebook.page.wait_for_timeout(1500)
    notebook.reload(workspace=True)
    notebook.activate(1)
    notebook.press("g", "a")
    expect(prompt(notebook)).to_have_value("not sent yet")


@pytest.mark.parametrize("index", [0, 39])
def test_the_prompt_is_in_view_and_the_page_is_put_back(
    open_notebook: OpenNotebook, index: int
) -> None:
    notebook = open_notebook([f"x = {i}\n" * 8 for i in range(40)])
    notebook.activate(index)
    notebook.page.wait_for_timeout(300)
    at = notebook.js("return nb.content.outerNode.scrollTop")
    notebook.press("g", "a")
    expect(prompt(notebook)).to_be_focused()
    expect(prompt(notebook)).to_be_in_viewport()
    notebook.press("Escape")
    expect(prompt(notebook)).to_have_count(0)
    assert abs(notebook.js("return nb.content.outerNode.scrollTop") - at) <= 1
