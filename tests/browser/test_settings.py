"""The settings page of JupyterLab, as a person finds it and uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, THEME_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, reply

SIX_LINES = reply(
    insert("after c1", "a = 1\nb = 2\nc = 3"), insert("after c1", "d = 4\ne = 5\nf = 6")
)


def field(notebook: NotebookPage, name: str) -> Locator:
    return notebook.page.locator(f'[id="jp-SettingsEditor-{OUR_SETTINGS}_{name}"]')


@pytest.fixture(autouse=True)
def as_it_was(lab: Lab) -> Iterator[None]:
    yield
    lab.configure(OUR_SETTINGS, lab.settings())
    lab.configure(THEME_SETTINGS, {"theme": "JupyterLab Light"})


def open_settings(notebook: NotebookPage) -> Locator:
    """Ours, by the keyboard and the list."""
    page = notebook.page
    page.keyboard.press("Control+,")
    entry = page.locator(".jp-PluginList-entry", has_text="Model proposals")
    entry.click()
    expect(field(notebook, "leashLines")).to_be_visible()
    return page.locator(".jp-SettingsPanel")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_setting_has_its_words(lab: Lab, open_notebook: OpenNotebook, theme: str) -> None:
    lab.configure(THEME_SETTINGS, {"theme": theme})
    notebook = open_notebook(["x = 1"], kernel=False)
    settings = open_settings(notebook)
    for title in ("Model", "Level", "Preview: budget", "Leash: lines", "Auto-run: minutes"):
        expect(settings.get_by_text(title, exact=True).first).to_be_visible()
    notebook.shot(f"settings-{theme.rpartition(' ')[2].lower()}")


def test_a_shorter_leash_holds_from_the_next_ask_on(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    open_settings(notebook)
    lines = field(notebook, "leashLines")
    lines.fill("0")  # less than one line is no leash
    expect(notebook.page.locator(".jp-SettingsPanel")).to_contain_text("must be >= 1")
    lines.fill("3")
    lines.press("Tab")
    expect(notebook.page.locator(".jp-SettingsPanel")).not_to_contain_text("must be >= 1")
    notebook.page.locator(".lm-TabBar-tab", has_text=".ipynb").first.click()
    lab.says(SIX_LINES)
    notebook.ask("six lines")
    card = notebook.page.locator(".llm-Card")
    expect(card).to_contain_text("part 1 of 2")
    notebook.wait_until_armed()
    card.get_by_role("button", name="Accept", exact=True).press("Enter")
    notebook.wait_until("return nb.content.widgets.length === 2")
    expect(card.filter(has_text="part 2 of 2")).to_contain_text("Pending")
