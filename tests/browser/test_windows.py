"""Two windows on one notebook: one decision wins, the other shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage

ADD = "title: Add one\n@@ insert after c1\n```python\nx + 1\n```\n@@ end\n"
CHANGE = "title: Double it\n@@ replace c1\n```python\nx = 2\n```\n@@ end\n"

Beside = Callable[[NotebookPage], NotebookPage]


@pytest.fixture(params=["same browser", "another browser"])
def beside(request: pytest.FixtureRequest, browser: Browser, page: Page) -> Iterator[Beside]:
    """Opens a notebook once more: in another tab, or on another machine."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []

    def open_it(notebook: NotebookPage) -> NotebookPage:
        context = page.context
        if request.param == "another browser":
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            contexts.append(context)
        pages.append(context.new_page())
        # The same kernel: the server knows one session for a path.
        other = NotebookPage.open(pages[-1], notebook.lab, notebook.path)
        other.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
        other.js("window.jupyterapp.shell.activateById(nb.id)")
        return other

    yield open_it
    for each in pages:
        each.close()
    for context in contexts:
        context.close()


def ready_to_decide(lab: Lab, notebook: NotebookPage, other: NotebookPage, reply: str) -> None:
    lab.says(reply)
    notebook.ask("do it")
    for each in (notebook, other):
        expect(each.ghosts()).to_have_count(1)
        each.wait_until_armed()


def press_together(*pressed: tuple[NotebookPage, str]) -> None:
    """Click a button of the newest card in each window, as near to at once as can be."""
    for each, name in pressed:
        card = each.page.locator(".llm-Panel .llm-Card.llm-mod-pending").first
        button = card.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        each.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        each.page.mouse.down()
    for each, _ in pressed:
        each.page.mouse.up()


def settle(*windows: NotebookPage) -> None:
    """Until no window shows it as pending, and a moment more for what could come after."""
    for each in windows:
        expect(each.page.locator(".llm-Card.llm-mod-pending")).to_have_count(0)
        expect(each.ghosts()).to_have_count(0)
    windows[0].page.wait_for_timeout(500)


def counts(*windows: NotebookPage) -> list[int]:
    return [each.sources().count("x + 1") for each in windows]


def test_both_accept(lab: Lab, beside: Beside, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    other = beside(notebook)
    ready_to_decide(lab, notebook, other, ADD)
    press_together((notebook, "Accept"), (other, "Accept"))
    settle(notebook, other)
    assert sorted(counts(notebook, other)) == [0, 1]
    for each in (notebook, other):
        expect(each.page.locator(".llm-Card").first).to_contain_text("Accepted")
    notebook.shot("windows-both-accept")
    # The one that wrote it saves; the other's file is that one.
    winner = notebook if "x + 1" in notebook.sources() else other
    winner.save()
    reload_of_loser = other if winner is notebook else notebook
    reload_of_loser.js("await nb.context.revert()")
    assert counts(notebook, other) == [1, 1]
    assert winner.file().count(b'"x + 1"') == 1
    other.page.wait_for_timeout(300)
    for each in (notebook, other):
        expect(each.ghosts()).to_have_count(0)


def test_one_accepts_and_one_rejects(lab: Lab, beside: Beside, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    other = beside(notebook)
    ready_to_decide(lab, notebook, other, CHANGE)
    press_together((notebook, "Accept"), (other, "Reject"))
    settle(notebook, other)
    verdicts = [
        "Accepted"
        if "Accepted" in each.page.locator(".llm-Card").first.inner_text()
        else "Rejected"
        for each in (notebook, other)
    ]
    assert verdicts[0] == verdicts[1]
    changed = notebook.sources() == ["x = 2"]
    assert changed == (verdicts[0] == "Accepted")
    assert other.sources() == ["x = 1"]


def test_what_one_window_decides_the_other_shows(
    lab: Lab, beside: Beside, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    other = beside(notebook)
    ready_to_decide(lab, notebook, other, ADD)
    press_together((other, "Reject"))
    settle(notebook, other)
    expect(notebook.page.locator(".llm-Card").first).to_contain_text("Rejected")
    assert counts(notebook, other) == [0, 0]
    # Where the other window was closed, one alone decides as before.
    other.page.close()
    lab.says(ADD)
    notebook.ask("again")
    notebook.wait_until_armed()
    press_together((notebook, "Accept"))
    notebook.wait_until("return nb.content.widgets.length === 2")
    assert counts(notebook) == [1]


WINDOWS = """
  const review = window.jupyterapp.pluginRegistry._plugins
    .get('jupyterlab-llm-notebook:plugin').service.of(nb);
  return review?.connection === 'ready' && review.windows === expected;
"""


def test_a_reload_is_no_other_window_but_a_copy_of_the_tab_is(
    page: Page, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    notebook.wait_until(WINDOWS, expected=1)
    for _ in range(2):
        notebook.reload()
        notebook.wait_until(WINDOWS, expected=1)
    # It takes the tab's storage along, as "Duplicate tab" does.
    with page.context.expect_page() as opened:
        page.evaluate("void window.open(location.href)")
    notebook.wait_until(WINDOWS, expected=2)
    opened.value.close()
