"""Help with errors: at the output, by keys, also for those of a notebook that was just opened."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage, cell

SAVED = {
    "output_type": "error",
    "ename": "NameError",
    "evalue": "name 'foo' is not defined",
    "traceback": [
        "\x1b[31mNameError\x1b[39m   Traceback (most recent call last)",
        "\x1b[36mCell\x1b[39m \x1b[32mIn[3], line 2\x1b[39m\n      1 x = 1\n----> 2 foo",
        "\x1b[31mNameError\x1b[39m: name 'foo' is not defined",
    ],
}
FIX = (
    "title: Define foo\nwhy: It was missing.\n@@ replace c2\n```python\nfoo = 1\nfoo\n```\n@@ end\n"
)
ANSWER = "@@ answer\nThe name `foo` is **not** defined.\n\n```python\nfoo = 1\n```\n@@ end\n"


def ready(notebook: NotebookPage) -> None:
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")


def bar(notebook: NotebookPage, number: int) -> Locator:
    return notebook.page.get_by_role("group", name=f"Error in cell {number}: NameError")


def test_a_saved_error_is_fixed_by_keys_and_nothing_of_it_is_saved(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["y = 1", cell("x = 1\nfoo", outputs=[SAVED]), "z = 3"])
    expect(bar(notebook, 2)).to_be_visible()
    expect(notebook.page.locator(".llm-Traceback")).to_have_count(1)
    before = notebook.save()
    assert b"Explain" not in before
    ready(notebook)
    lab.says(FIX)
    notebook.activate(1)
    notebook.press("g", "f")
    expect(notebook.ghosts()).to_have_count(1)
    expect(bar(notebook, 2)).to_contain_text("Pending")
    # The keys are still the notebook's.
    assert notebook.active()["focused"]
    notebook.shot("traceback-fix")
    assert notebook.save() == before

    card = notebook.page.locator(".llm-Card").first
    expect(card).to_contain_text("Fix this error: NameError")
    notebook.wait_until_armed()
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("Shift+Y")
    notebook.wait_until("return nb.content.widgets[1].model.sharedModel.source.startsWith('foo')")
    expect(notebook.page.locator(".llm-Traceback")).to_have_count(0)
    notebook.wait_until("return nb.content.widgets[1].model.outputs.length > 0")
    assert json.loads(notebook.save())["cells"][1]["outputs"][0]["output_type"] != "error"


def test_a_fix_says_the_error_and_where_it_is(lab: Lab, open_notebook: OpenNotebook) -> None:
    """What was sent stands in the card: the error, and the cell that it is in."""
    notebook = open_notebook(["y = 1", cell("x = 1\nfoo", outputs=[SAVED])])
    ready(notebook)
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    lab.says(FIX)
    notebook.activate(1)
    notebook.press("g", "f")
    expect(notebook.ghosts()).to_have_count(1)
    sent = notebook.page.locator(".llm-Card").first.locator("details", has_text="Sent")
    sent.locator("summary").first.click()
    expect(sent).to_contain_text("Error")
    expect(sent).to_contain_text("Cell 2")


def test_explain_brings_text_and_no_edit(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["foo"])
    ready(notebook)
    notebook.run_cell(0)
    lab.says(ANSWER)
    notebook.activate(0)
    notebook.press("g", "e")
    shown = bar(notebook, 1)
    expect(shown).to_contain_text("The name foo is not defined.")
    expect(shown.locator("pre")).to_have_text("foo = 1")
    expect(notebook.ghosts()).to_have_count(0)
    card = notebook.page.locator(".llm-Card").first
    expect(card.locator("strong")).to_have_text("not")
    notebook.shot("traceback-explain")
    shown.get_by_role("button", name="Put this away").press("Enter")
    expect(shown).not_to_contain_text("not defined.")


def test_the_bar_comes_and_goes_with_the_error(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["foo"])
    expect(notebook.page.locator(".llm-Traceback")).to_have_count(0)
    notebook.run_cell(0)
    expect(bar(notebook, 1)).to_be_visible()
    notebook.js("nb.content.widgets[0].model.sharedModel.setSource('foo = 1')")
    notebook.run_cell(0)
    expect(notebook.page.locator(".llm-Traceback")).to_have_count(0)


def test_a_cell_without_an_error_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    notebook.activate(0)
    notebook.press("g", "f")
    expect(notebook.page.get_by_text("The active cell shows no error.")).to_be_visible()
