"""A page that is loaded while a cell runs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage

ADD_ONE = "title: Add one\n@@ insert after c1 code\n```python\nx + 1\n```\n@@ end\n"
# Not the kernel's status: what is answered on a subshell sets that to idle meanwhile.
RUNS = "return nb.content.widgets[index].model.executionState === 'running'"


def sleep_in(notebook: NotebookPage, index: int) -> None:
    notebook.activate(index)
    notebook.press("Control+Enter")
    notebook.wait_until(RUNS, index=index)


def end_cell(notebook: NotebookPage) -> None:
    notebook.js("await nb.sessionContext.session.kernel.interrupt()")
    notebook.wait_for_idle()


def test_what_is_pending_is_there_and_an_ask_is_answered(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1", "import time; time.sleep(300)"])
    lab.says(ADD_ONE)
    notebook.ask("add one")
    expect(notebook.ghosts()).to_have_count(1)
    notebook.save()
    sleep_in(notebook, 1)
    notebook.reload(kernel=False)
    expect(notebook.ghosts()).to_have_count(1)
    notebook.ask("add one again")
    expect(notebook.ghosts()).to_have_count(2)
    # The kernel still sleeps: its connection has not even learnt what it supports.
    assert notebook.js("return nb.sessionContext.session.kernel.supportsSubshells") is False
    notebook.review()
    notebook.wait_until_armed()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === 3")
    end_cell(notebook)
    # The connection knows of subshells now, and nothing is broken by that.
    notebook.ask("add one more")
    expect(notebook.ghosts()).to_have_count(2)


def test_a_kernel_that_never_met_us_is_waited_for(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["import time; time.sleep(300)"])
    # As if the cell had run before this extension was there.
    forget = "get_ipython().kernel.comm_manager.unregister_target('llm_notebook', None)"
    notebook.js(
        "await nb.sessionContext.session.kernel.requestExecute({code, silent: true}).done",
        code=f"{forget}; import llm_notebook.faces.attach as a; a._attached.clear()",
    )
    sleep_in(notebook, 0)
    notebook.reload(kernel=False)
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:focus-prompt')")
    notebook.page.get_by_text("proposals are shown when its cell ends").wait_for()
    end_cell(notebook)
    notebook.page.get_by_text("Ready", exact=True).wait_for()
