"""`dev.py demo`, as a newcomer meets it: the address that it prints, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import REPO
from tests.running_demo import running_demo

NOTEBOOK = REPO / "examples" / "first-five-minutes.ipynb"


@pytest.fixture
def address() -> Iterator[str]:
    """The demo's address; the example is put back as it was."""
    before = NOTEBOOK.read_bytes()
    with running_demo() as (_, url):
        yield url
    NOTEBOOK.write_bytes(before)


def test_the_address_opens_the_example_with_a_panel_that_answers(page: Page, address: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(address)
    panel = page.get_by_role("region", name="Proposals").first
    expect(panel).to_contain_text("Ready", timeout=60_000)
    expect(panel.get_by_label("Model")).to_have_value("offline:rules")
    expect(panel).to_contain_text("not a language model")
    page.locator(".jp-Notebook-cell").nth(1).click()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-InputPrompt").nth(1)).to_contain_text("[1]:", timeout=60_000)
    prompt = panel.get_by_role("textbox", name="What should change?")
    prompt.fill("plot the average body mass by species")
    prompt.press("Control+Enter")
    ghost = page.get_by_role("group", name="Proposed new code cell")
    expect(ghost).to_contain_text("groupby", timeout=60_000)
    page.locator(".llm-Ghost .llm-mod-accept[aria-disabled='false']").wait_for()
    ghost.get_by_role("button", name="Accept & run").click()
    expect(page.locator(".jp-OutputArea-output img").first).to_be_visible(timeout=60_000)
