"""Level Complete in a real JupyterLab: ghost text of its inline completer, by a model over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, THEME_SETTINGS, Lab, NotebookPage
from tests.llm_http import service as services

SETUP = "import time\nrows = [3, 1, 2]"
TYPED = "best = so"
REST = "rted(rows, reverse=True)[0]"


@pytest.fixture
def level(lab: Lab) -> Iterator[None]:
    lab.configure(OUR_SETTINGS, {"model": "openai:test-model", "level": 1})
    yield
    lab.configure(OUR_SETTINGS, lab.settings())


@pytest.fixture
def notebook(
    level: None, service: services.Service, open_notebook: OpenNotebook, page: Page
) -> NotebookPage:
    service.plays(services.answers(REST))
    return opened_to_type(open_notebook)


def opened_to_type(open_notebook: OpenNotebook) -> NotebookPage:
    """A notebook whose kernel has been heard of: what is typed before that is not gone on with."""
    opened = open_notebook([SETUP, ""])
    opened.run_cell(0)
    page = opened.page
    expect(page.locator(".llm-StatusBar, .jp-StatusBar-Widget").first).to_contain_text("Complete")
    opened.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    page.get_by_text("Ready", exact=True).wait_for()
    opened.js("window.jupyterapp.shell.activateById(nb.id)")
    return opened


def type_in(notebook: NotebookPage, text: str) -> None:
    notebook.activate(1)
    notebook.press("Enter")
    notebook.page.keyboard.type(text, delay=15)


def ghost(page: Page) -> Locator:
    return page.locator(".jp-GhostText")


def source(notebook: NotebookPage) -> str:
    return notebook.sources()[1]


def test_a_model_goes_on_with_what_is_typed_and_tab_takes_it(
    notebook: NotebookPage, service: services.Service, page: Page
) -> None:
    type_in(notebook, TYPED)
    expect(ghost(page)).to_have_text(REST)
    notebook.shot("complete-light")
    assert source(notebook) == TYPED, "what is not taken stands in no document"
    assert len(service.requests) == 1, "keys within the pause ask nothing"
    assert "rows = [3, 1, 2]" in str(service.requests[0][1]["messages"])
    notebook.press("Tab")
    notebook.wait_until(
        f"return nb.content.model.sharedModel.cells[1].getSource() === {TYPED + REST!r}"
    )


def test_word_by_word(notebook: NotebookPage, service: services.Service, page: Page) -> None:
    type_in(notebook, TYPED)
    expect(ghost(page)).to_have_text(REST)
    for taken in ("rted", "rted(", "rted(rows", "rted(rows,", "rted(rows, reverse"):
        notebook.press("Alt+.")
        notebook.wait_until(
            f"return nb.content.model.sharedModel.cells[1].getSource() === {TYPED + taken!r}"
        )
        expect(ghost(page)).to_have_text(REST.removeprefix(taken))
    # A person who types what is proposed goes along with it.
    page.keyboard.type("=T")
    expect(ghost(page)).to_have_text("rue)[0]")
    assert len(service.requests) == 1
    # Another word than is proposed ends it.
    service.plays(services.answers(""))
    page.keyboard.type("x")
    expect(page.locator(".jp-mod-inline-completer-active")).to_have_count(0)
    # JupyterLab leaves what is invisible and keeps the lines still.
    shown = page.locator(".jp-GhostText:not(.jp-GhostText-letterSpacer, .jp-GhostText-lineSpacer)")
    expect(shown).to_have_count(0)


def test_the_next_key_aborts_the_request(
    notebook: NotebookPage, service: services.Service, page: Page
) -> None:
    service.plays(services.starts_then_hangs, services.answers("[0]"))
    type_in(notebook, TYPED)
    page.wait_for_timeout(600)
    while not service.requests:
        page.wait_for_timeout(50)
    page.keyboard.type("r")
    assert service.client_left.wait(30)
    expect(ghost(page)).to_have_text("[0]")


def test_while_a_cell_runs(notebook: NotebookPage, service: services.Service, page: Page) -> None:
    notebook.js("nb.content.model.sharedModel.cells[0].setSource('import time; time.sleep(60)')")
    notebook.activate(0)
    notebook.press("Control+Enter")
    prompt = page.locator(".jp-NotebookPanel:visible .jp-InputPrompt").first
    expect(prompt).to_have_text("[*]:")
    type_in(notebook, TYPED)
    expect(ghost(page)).to_have_text(REST)
    expect(prompt).to_have_text("[*]:")
    notebook.js("await nb.sessionContext.session.kernel.interrupt()")


@pytest.mark.parametrize(
    "settings",
    [
        {"model": "openai:test-model", "level": 0},
        {"model": "offline:rules", "level": 1},
        {"model": "openai:test-model", "level": 2},
    ],
    ids=["off", "rules", "propose-without-a-model-to-complete"],
)
def test_nothing_is_asked(
    lab: Lab,
    level: None,
    service: services.Service,
    open_notebook: OpenNotebook,
    page: Page,
    settings: dict[str, object],
) -> None:
    lab.configure(OUR_SETTINGS, settings)
    service.plays(services.answers(REST))
    notebook = open_notebook([SETUP, ""])
    type_in(notebook, TYPED)
    page.wait_for_timeout(1500)
    expect(ghost(page)).to_have_count(0)
    assert service.requests == []


def test_dark(
    lab: Lab,
    level: None,
    service: services.Service,
    open_notebook: OpenNotebook,
    page: Page,
) -> None:
    lab.configure(THEME_SETTINGS, {"theme": "JupyterLab Dark"})
    try:
        service.plays(services.answers(REST))
        notebook = opened_to_type(open_notebook)
        type_in(notebook, TYPED)
        expect(ghost(page)).to_have_text(REST)
        notebook.shot("complete-dark")
    finally:
        lab.configure(THEME_SETTINGS, {})
