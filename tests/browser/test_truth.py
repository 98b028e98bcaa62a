"""Undo with kernel truth and the smallest re-run, by keyboard alone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser import replies
from tests.browser.conftest import OpenNotebook
from tests.browser.harness import THEME_SETTINGS, Lab, NotebookPage

CELLS = ["df = [3, 1, 2]", "print('apart')", "df = sorted(df)", "total = sum(df)", "print(total)"]
UNDONE = replies.reply(replies.replace("c3", "df = [n * 10 for n in df]"), title="Tens")
IN_PLACE = replies.reply(replies.insert("after c1", "df.append(100)\nextra = 1"), title="One more")


def strip(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-Truth-place")


def run_all(notebook: NotebookPage) -> None:
    notebook.js("await window.jupyterapp.commands.execute('notebook:run-all-cells')")
    notebook.wait_for_idle()


def value(notebook: NotebookPage, code: str) -> str:
    """What the kernel says of an expression, beside the notebook."""
    found: Any = notebook.js(
        """
        const kernel = nb.sessionContext.session.kernel;
        const reply = await kernel.requestExecute({
          code: '', silent: true, store_history: false, user_expressions: {found: code}
        }).done;
        return reply.content.user_expressions.found.data?.['text/plain'] ?? 'error';
        """,
        code=code,
    )
    return str(found)


def accept_and_run(notebook: NotebookPage) -> None:
    notebook.wait_until_armed()
    notebook.activate(0)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("Shift+y")


def test_a_take_back_tells_what_is_stale_and_reruns_the_fewest_cells(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.says(UNDONE)
    notebook = open_notebook(CELLS)
    run_all(notebook)
    notebook.ask("tens")
    accept_and_run(notebook)
    notebook.wait_until("return nb.content.model.sharedModel.cells[2].source.includes('10')")
    notebook.wait_for_idle()
    # It ran on the df of later cells, and not on the one that a run from the top gives.
    expect(strip(notebook)).to_contain_text("other values than the notebook gives: df and total")
    run_all(notebook)
    expect(strip(notebook).locator(".llm-Truth-text")).to_have_count(0)
    assert value(notebook, "total") == "60"

    # The person's own Z, in command mode: the kernel keeps what was taken back.
    notebook.activate(2)
    notebook.press("z")
    expect(strip(notebook)).to_contain_text("The kernel still holds what was taken back")
    expect(strip(notebook).get_by_role("button", name="Re-run")).to_be_visible()
    expect(notebook.page.locator(".llm-Stale")).to_have_count(2)
    notebook.shot("truth-taken-back")
    assert notebook.sources() == CELLS
    notebook.activate(0)
    notebook.press("g", "t")
    expect(strip(notebook).locator(".llm-Truth-text")).to_have_count(0)
    expect(notebook.page.locator(".llm-Stale")).to_have_count(0)
    assert value(notebook, "(df, total)") == "([1, 2, 3], 6)"
    counts = [cell["execution_count"] for cell in notebook.cells()]
    # The second cell has nothing to do with it, and did not run again.
    assert counts[1] < min(counts[:1] + counts[2:])


def test_variables_that_a_run_changed_go_back_with_the_cells(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.says(IN_PLACE)
    notebook = open_notebook(CELLS[:1])
    run_all(notebook)
    notebook.ask("one more")
    accept_and_run(notebook)
    notebook.wait_until("return nb.content.widgets.length === 2")
    notebook.wait_for_idle()
    assert value(notebook, "(df, extra)") == "([3, 1, 2, 100], 1)"
    notebook.activate(0)
    notebook.press("z")
    expect(strip(notebook)).to_contain_text("Variables put back: df and extra.")
    expect(strip(notebook).locator(".llm-Truth-text")).to_have_count(0)
    notebook.shot("truth-put-back")
    assert value(notebook, "df") == "[3, 1, 2]"
    assert value(notebook, "'extra' in globals()") == "False"


def test_a_deleted_cell_leaves_its_variables_and_the_line_says_why(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.configure(THEME_SETTINGS, {"theme": "JupyterLab Dark"})
    try:
        notebook = open_notebook(["keep = 1", "tmp = keep + 1", "print(tmp)"])
        run_all(notebook)
        notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
        notebook.activate(1)
        notebook.press("d", "d")
        expect(strip(notebook)).to_contain_text(
            "The kernel still holds what deleted cells made: tmp."
        )
        why = strip(notebook).get_by_role("button", name="Why")
        why.focus()
        notebook.press("Enter")
        expect(why).to_have_attribute("aria-expanded", "true")
        expect(strip(notebook)).to_contain_text("[2] made it, and is not in the notebook any more.")
        expect(strip(notebook)).to_contain_text("a fresh run fails here")
        notebook.shot("truth-dark")
    finally:
        lab.configure(THEME_SETTINGS, {})
