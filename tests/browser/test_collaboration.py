"""Two windows whose document the server shares: nothing is applied twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.harness import Lab, NotebookPage, start_lab, write_notebook
from tests.browser.test_windows import ADD, CHANGE, press_together, ready_to_decide, settle

_numbers = count(1)


@pytest.fixture(scope="module")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    running = start_lab(tmp_path_factory.mktemp("shared"), collaboration=True)
    yield running
    running.stop()


Windows = tuple[NotebookPage, NotebookPage]


@pytest.fixture
def windows(browser: Browser, shared_lab: Lab) -> Iterator[Windows]:
    """One notebook, open on two machines."""
    name = f"shared-{next(_numbers)}.ipynb"
    write_notebook(shared_lab.root / name, ["x = 1", "y = 2"])
    contexts = [browser.new_context(viewport={"width": 1280, "height": 860}) for _ in range(2)]
    opened = [NotebookPage.open(each.new_page(), shared_lab, name) for each in contexts]
    for each in opened:
        each.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
        each.js("window.jupyterapp.shell.activateById(nb.id)")
    # The document is the server's, or these tests would try what others try already.
    assert opened[0].js("return nb.context.model.collaborative")
    yield opened[0], opened[1]
    problems = [problem for each in opened for problem in each.problems]
    opened[0].js("await nb.sessionContext.shutdown().catch(() => undefined)")
    for each in contexts:
        each.close()
    assert problems == []


def agree(one: NotebookPage, other: NotebookPage) -> list[str]:
    """The sources, once both windows hold the same."""
    for _ in range(100):
        if one.cells() == other.cells():
            break
        one.page.wait_for_timeout(100)
    assert one.cells() == other.cells()
    ids = [cell["id"] for cell in one.cells()]
    assert len(set(ids)) == len(ids)
    return one.sources()


def test_what_one_types_the_other_sees_and_a_ghost_is_in_neither_document(
    shared_lab: Lab, windows: Windows
) -> None:
    one, other = windows
    ready_to_decide(shared_lab, one, other, ADD)
    assert agree(one, other) == ["x = 1", "y = 2"]
    one.js("nb.content.model.sharedModel.getCell(1).setSource('y = 3')")
    one.page.wait_for_timeout(300)
    assert agree(one, other) == ["x = 1", "y = 3"]
    for each in windows:
        expect(each.ghosts()).to_have_count(1)


@pytest.mark.parametrize(
    ("reply", "sources"), [(ADD, ["x = 1", "x + 1", "y = 2"]), (CHANGE, ["x = 2", "y = 2"])]
)
def test_both_accept(shared_lab: Lab, windows: Windows, reply: str, sources: list[str]) -> None:
    one, other = windows
    ready_to_decide(shared_lab, one, other, reply)
    press_together((one, "Accept"), (other, "Accept"))
    settle(one, other)
    assert agree(one, other) == sources
    for each in windows:
        expect(each.page.locator(".llm-Card").first).to_contain_text("Accepted")


def test_one_accepts_and_one_rejects(shared_lab: Lab, windows: Windows) -> None:
    one, other = windows
    ready_to_decide(shared_lab, one, other, ADD)
    press_together((one, "Accept"), (other, "Reject"))
    settle(one, other)
    texts = [each.page.locator(".llm-Card").first.inner_text() for each in windows]
    accepted = ["Accepted" in text for text in texts]
    assert accepted[0] == accepted[1], texts
    assert agree(one, other) == (["x = 1", "x + 1", "y = 2"] if accepted[0] else ["x = 1", "y = 2"])


def test_an_accept_is_taken_back_where_it_was_made_and_waits_in_both(
    shared_lab: Lab, windows: Windows
) -> None:
    one, other = windows
    ready_to_decide(shared_lab, one, other, ADD)
    press_together((one, "Accept"))
    settle(one, other)
    assert agree(one, other) == ["x = 1", "x + 1", "y = 2"]
    # The other window's undo is for its own work.
    other.undo()
    other.page.wait_for_timeout(300)
    assert agree(one, other) == ["x = 1", "x + 1", "y = 2"]
    one.undo()
    for each in windows:
        expect(each.ghosts()).to_have_count(1)
    assert agree(one, other) == ["x = 1", "y = 2"]
    for each in windows:
        each.wait_until_armed()
    press_together((other, "Accept"))
    settle(one, other)
    assert agree(one, other) == ["x = 1", "x + 1", "y = 2"]


@pytest.mark.parametrize(
    ("reply", "sources"), [(ADD, ["x = 1", "x + 1", "y = 2"]), (CHANGE, ["x = 2", "y = 2"])]
)
def test_both_accept_where_no_kernel_can_say_who_decides(
    shared_lab: Lab, windows: Windows, reply: str, sources: list[str]
) -> None:
    one, other = windows
    ready_to_decide(shared_lab, one, other, reply)
    one.js("await nb.sessionContext.shutdown()")
    for each in windows:
        each.wait_until("return !nb.sessionContext.session?.kernel")
        expect(each.ghosts()).to_have_count(1)
        each.wait_until_armed()
    press_together((one, "Accept"), (other, "Accept"))
    settle(one, other)
    assert agree(one, other) == sources
