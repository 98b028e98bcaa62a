"""Nothing is lost: reloads, kernels and workers that die, a network that goes away.

What is pending and what was typed is there afterwards, and nothing is applied twice.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage
from tests.llm_http import service as services

ADD = "title: Add one\n@@ insert after c1\n```python\nx + 1\n```\n@@ end\n"
CHANGE = "title: Double it\n@@ replace c2\n```python\ny = 2 * x\nprint(y)\n```\n@@ end\n"
CELLS = ["x = 1", "y = x"]
UNSENT = "and then draw it, but"
KERNELS = re.compile(r"/api/(kernels|sessions)\b")


@pytest.fixture(autouse=True)
def dialogs(page: Page) -> None:
    """A page that is left with work in it asks; here the answer is yes."""
    page.on("dialog", lambda dialog: dialog.accept())
    # JupyterLab says that a kernel died, asks for another ("No Kernel"), or misses its server.
    page.add_locator_handler(
        page.locator(".jp-Dialog", has_text=re.compile("kernel|server connection", re.I)),
        lambda dialog: dialog.locator("button.jp-Dialog-button").first.click(),
        no_wait_after=True,  # another may follow at once
    )


@pytest.fixture
def notebook(lab: Lab, page: Page, open_notebook: OpenNotebook) -> Iterator[NotebookPage]:
    """Two proposals wait in it, and the prompt holds words that were not sent."""
    made = open_notebook(CELLS)
    lab.says(ADD)
    made.ask("add one")
    lab.says(CHANGE)
    made.ask("double it", at=1)
    expect(made.ghosts()).to_have_count(2)
    prompt(made).fill(UNSENT)
    made.save()
    yield made
    page.unroute(KERNELS)
    page.context.set_offline(False)


def prompt(notebook: NotebookPage) -> Any:
    return notebook.page.locator(".llm-Panel textarea").first


def card(notebook: NotebookPage, title: str) -> Any:
    return notebook.page.locator(".llm-Card", has_text=title)


def kept(notebook: NotebookPage) -> None:
    """Wait until what the page keeps is written: JupyterLab does so a moment after a change."""
    notebook.page.wait_for_timeout(1_500)


def reload(notebook: NotebookPage, *, kernel: bool = True) -> None:
    """As F5 does; the address that the harness opens would clear what JupyterLab keeps."""
    notebook.page.reload()
    notebook._wait_until_open()
    if kernel:
        notebook.wait_for_idle()
    notebook.js("await window.jupyterapp.restored")
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    notebook.js("window.jupyterapp.shell.activateById(nb.id)")


def assert_all_is_there(notebook: NotebookPage) -> None:
    expect(notebook.ghosts()).to_have_count(2)
    expect(prompt(notebook)).to_have_value(UNSENT)
    for title in ("Add one", "Double it"):
        expect(card(notebook, title)).to_have_count(1)
    assert notebook.sources() == CELLS


def accept(notebook: NotebookPage, title: str) -> None:
    notebook.wait_until_armed()
    card(notebook, title).get_by_role("button", name="Accept", exact=True).first.click()


def accept_both(notebook: NotebookPage) -> None:
    accept(notebook, "Add one")
    notebook.wait_until("return nb.content.widgets.length === 3")
    accept(notebook, "Double it")
    notebook.wait_until("return nb.content.widgets[2].model.sharedModel.source.includes('2 * x')")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == ["x = 1", "x + 1", "y = 2 * x\nprint(y)"]


def assert_none_comes_back(notebook: NotebookPage) -> None:
    """After all was decided and saved: a fresh page, once more, offers nothing."""
    decided = notebook.sources()
    notebook.save()
    reload(notebook)
    ready(notebook)
    notebook.page.wait_for_timeout(500)
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == decided


def ready(notebook: NotebookPage) -> None:
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")


def kernel_pid(notebook: NotebookPage) -> int:
    text = notebook.js(
        """
        const future = nb.sessionContext.session.kernel.requestExecute(
          {code: "import os; print(os.getpid())", store_history: false});
        let text = '';
        future.onIOPub = m => { if (m.header.msg_type === 'stream') text += m.content.text; };
        await future.done;
        return text;
        """
    )
    return int(text)


def wait_for_another(notebook: NotebookPage, pid: int) -> None:
    """Wait until the server has seen that a kernel died, and another answers."""
    for _ in range(100):
        with contextlib.suppress(Error):  # what was asked of the dead one is taken back
            if kernel_pid(notebook) != pid:
                return
        notebook.page.wait_for_timeout(200)
    raise AssertionError("no other kernel came")


def workers_of(pid: int) -> list[int]:
    """The model workers that this kernel has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            stat = (folder / "stat").read_text()
        except OSError:
            continue
        if b"llm_notebook.llm.worker" in command and int(stat.rpartition(")")[2].split()[1]) == pid:
            found.append(int(folder.name))
    return found


def test_a_reload(notebook: NotebookPage) -> None:
    kept(notebook)
    reload(notebook)
    assert_all_is_there(notebook)
    notebook.shot("lost-reload")
    accept_both(notebook)
    assert_none_comes_back(notebook)


def test_a_kernel_that_is_restarted_and_one_that_is_killed(notebook: NotebookPage) -> None:
    notebook.js("await nb.sessionContext.restartKernel()")
    ready(notebook)
    assert_all_is_there(notebook)

    pid = kernel_pid(notebook)
    os.kill(pid, signal.SIGKILL)
    # Read and decide while there is none; the server starts another by itself.
    assert_all_is_there(notebook)
    accept(notebook, "Add one")
    notebook.wait_until("return nb.content.widgets.length === 3")
    wait_for_another(notebook, pid)
    ready(notebook)
    expect(notebook.ghosts()).to_have_count(1)
    expect(prompt(notebook)).to_have_value(UNSENT)
    accept(notebook, "Double it")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == ["x = 1", "x + 1", "y = 2 * x\nprint(y)"]
    assert_none_comes_back(notebook)


def test_a_draft_whose_kernel_is_killed(
    lab: Lab, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    service.plays(services.starts_then_hangs)
    notebook = open_notebook(["x = 1"])
    before = notebook.save()
    pid = kernel_pid(notebook)
    notebook.ask("add one", settled=False)
    expect(notebook.page.locator(".llm-Card").first).to_contain_text("Half")
    os.kill(pid, signal.SIGKILL)
    first = notebook.page.locator(".llm-Card").first
    expect(first).to_contain_text("Failed")
    expect(first).to_contain_text("prompt is kept")
    notebook.shot("lost-draft")
    # The worker does not outlive it: the service sees its client go.
    assert service.client_left.wait(30)
    wait_for_another(notebook, pid)
    ready(notebook)
    service.plays(services.answers(ADD))
    first.get_by_role("button", name="Retry").click()
    expect(notebook.ghosts()).to_have_count(1, timeout=60_000)
    assert notebook.save() == before


def test_a_worker_that_is_killed(
    lab: Lab, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    service.plays(services.answers(ADD))
    notebook.ask("add one")
    expect(notebook.ghosts()).to_have_count(1, timeout=60_000)
    service.plays(services.starts_then_hangs)
    notebook.ask("add one more", settled=False)
    first = notebook.page.locator(".llm-Card").first
    expect(first).to_contain_text("Half")
    (worker,) = workers_of(kernel_pid(notebook))
    os.kill(worker, signal.SIGKILL)
    expect(first).to_contain_text("Failed")
    expect(first).to_contain_text("not touched")
    assert service.client_left.wait(30)
    expect(notebook.ghosts()).to_have_count(1)
    service.plays(services.answers(ADD))
    first.get_by_role("button", name="Retry").click()
    expect(notebook.ghosts()).to_have_count(2, timeout=60_000)
    assert notebook.sources() == ["x = 1"]


def test_what_is_typed_and_decided_just_before_a_reload(notebook: NotebookPage) -> None:
    kept(notebook)
    prompt(notebook).fill(UNSENT + " in red")
    card(notebook, "Add one").get_by_role("button", name="Reject").first.click()
    reload(notebook)
    expect(prompt(notebook)).to_have_value(UNSENT + " in red")
    ready(notebook)
    expect(notebook.ghosts()).to_have_count(1)
    assert notebook.sources() == CELLS


def test_what_is_typed_into_a_ghost_just_before_a_reload(notebook: NotebookPage) -> None:
    """Words of a follow-up, and the proposed text, before either had time to be kept."""
    page = notebook.page
    kept(notebook)
    notebook.activate(0)
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("r")
    page.keyboard.type("in red")
    notebook.press("Escape")
    notebook.press("e")
    page.wait_for_function("() => !!document.activeElement?.closest('.llm-Ghost .cm-content')")
    page.keyboard.press("Control+End")
    # The page goes in the same moment: no pause in typing comes before that.
    with page.expect_navigation():
        notebook.js(
            "document.execCommand('insertText', false, ' + 41');setTimeout(() => location.reload())"
        )
    reload(notebook)
    # The card has the words too, and shows them by itself.
    expect(card(notebook, "Add one").locator(".llm-Refine-words")).to_have_value("in red")
    expect(card(notebook, "Add one")).to_contain_text("x + 1 + 41")
    notebook.activate(0)
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("r")
    expect(page.locator(".llm-FollowUp-field")).to_have_value("in red")


def test_no_kernel_at_all(notebook: NotebookPage) -> None:
    """Shut down, and no other can be started: all can be read, rejected and accepted."""
    page = notebook.page
    kept(notebook)
    notebook.js("await nb.sessionContext.shutdown()")
    assert_all_is_there(notebook)
    page.route(KERNELS, lambda route: route.fulfill(status=503, json={"message": "no room"}))
    reload(notebook, kernel=False)
    assert_all_is_there(notebook)
    notebook.shot("lost-no-kernel")
    accept(notebook, "Add one")
    notebook.wait_until("return nb.content.widgets.length === 3")
    card(notebook, "Double it").get_by_role("button", name="Reject").first.click()
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == ["x = 1", "x + 1", "y = x"]
    notebook.save()
    kept(notebook)
    # Another reload without one, and then a kernel, which is told what was decided.
    reload(notebook, kernel=False)
    expect(notebook.ghosts()).to_have_count(0)
    page.unroute(KERNELS)
    reload(notebook)
    ready(notebook)
    assert_none_comes_back(notebook)
    assert notebook.sources() == ["x = 1", "x + 1", "y = x"]
    assert (
        json.loads(notebook.file())["cells"][1]["metadata"]["llm_notebook"]["prompt"] == "add one"
    )


def test_a_laptop_that_is_closed_and_opened(lab: Lab, notebook: NotebookPage) -> None:
    """The network goes while a proposal is decided, and comes back."""
    page = notebook.page
    page.context.set_offline(True)
    lab.process.send_signal(signal.SIGSTOP)
    try:
        assert_all_is_there(notebook)
        accept(notebook, "Add one")
        notebook.wait_until("return nb.content.widgets.length === 3")
        page.wait_for_timeout(1_000)
    finally:
        lab.process.send_signal(signal.SIGCONT)
        page.context.set_offline(False)
    expect(notebook.ghosts()).to_have_count(1)
    ready(notebook)
    accept(notebook, "Double it")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == ["x = 1", "x + 1", "y = 2 * x\nprint(y)"]
    expect(prompt(notebook)).to_have_value(UNSENT)
    assert_none_comes_back(notebook)


def test_an_accept_that_was_not_saved_is_offered_again(notebook: NotebookPage) -> None:
    accept_both(notebook)
    kept(notebook)
    reload(notebook)
    assert_all_is_there(notebook)
    accept_both(notebook)
    assert_none_comes_back(notebook)


def test_a_kernel_that_is_restarted_by_its_own_menu_keeps_what_was_typed_in_a_ghost(
    lab: Lab, notebook: NotebookPage
) -> None:
    """The person's own words in a proposal are theirs, whatever dies."""
    page = notebook.page
    notebook.activate(0)
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("e")
    page.wait_for_function("() => !!document.activeElement?.closest('.llm-Ghost .cm-content')")
    page.keyboard.press("Control+End")
    page.keyboard.type(" + 41")
    page.keyboard.press("Escape")
    expect(card(notebook, "Add one")).to_contain_text("x + 1 + 41")
    kept(notebook)
    notebook.js("await nb.sessionContext.restartKernel()")
    ready(notebook)
    reload(notebook)
    expect(card(notebook, "Add one")).to_contain_text("x + 1 + 41")
    accept(notebook, "Add one")
    notebook.wait_until("return nb.content.widgets.length === 3")
    cell = notebook.cells()[1]
    assert cell["source"] == "x + 1 + 41"
    assert cell["metadata"]["llm_notebook"]["edited"] is True
