"""The slider as a person uses it, for the tests of level Auto-run."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.harness import NotebookPage

SLIDER = "llm-notebook-level"


def turned_to_slider(notebook: NotebookPage) -> Locator:
    """The slider, with the keys on it, as a person gets there by the keyboard."""
    notebook.activate(0)
    notebook.press("g", "l")
    notebook.page.wait_for_function(f"() => document.activeElement?.id === '{SLIDER}'")
    return notebook.page.locator(f"#{SLIDER}")


def armed(notebook: NotebookPage) -> None:
    """Move the slider up to Auto-run with real keys."""
    notebook.page.get_by_text("Ready", exact=True).wait_for()
    turned_to_slider(notebook)
    notebook.press("End")
    expect(level(notebook)).to_have_text("Auto-run")


def level(notebook: NotebookPage) -> Locator:
    """The level that is in effect, as shown."""
    return notebook.page.locator(".llm-Level-name")


def sentence(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-Level-sentence")


def card(notebook: NotebookPage, title: str) -> Locator:
    """The card of a proposal, by its title."""
    return notebook.page.locator(".llm-Card").filter(
        has=notebook.page.get_by_role("heading", name=title, exact=True)
    )
