"""Models over HTTP, in the browser: a real one, and services that fail."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenNotebook, write_keys
from tests.browser.harness import Lab
from tests.llm_http import service as services
from tests.llm_http.real_model import real_model_url  # noqa: F401

PATIENCE = 60_000
REPLY = "title: Add one\n@@ insert after c1\n```python\nx + 1\n```\n@@ end\n"


def test_every_failure_is_a_sentence_and_the_notebook_untouched(
    lab: Lab, page: Page, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    before = notebook.save()
    card = page.locator(".llm-Card").first
    faults = [
        (services.fails(401), "key"),
        (services.fails(429, retry_after="9999"), "HTTP 429"),
        (services.fails(500), "HTTP 500"),
        (services.cuts(chunked=True), "cut off"),
        (services.cuts(chunked=False), "cut off"),
    ]
    for number, (act, word) in enumerate(faults, 1):
        service.plays(act)
        notebook.ask("add one", settled=False)
        expect(card).to_contain_text("Failed", timeout=PATIENCE)
        expect(card).to_contain_text(word, ignore_case=True)
        expect(card).to_contain_text("not touched")
        expect(card.get_by_role("button", name="Retry")).to_be_enabled()
        notebook.shot(f"http-fault-{number}")
    assert len(service.requests) >= 1
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.save() == before

    # A hang can be waited for or stopped; then the same ask goes to a service that is well.
    service.plays(services.starts_then_hangs)
    notebook.ask("add one", settled=False)
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("Cancelled")
    assert service.client_left.wait(30)
    service.plays(services.answers(REPLY))
    card.get_by_role("button", name="Retry").click()
    expect(notebook.ghosts()).to_have_count(1, timeout=PATIENCE)
    assert notebook.save() == before
    assert "sk-of-the-tests" not in page.content()


def test_a_real_model_proposes_and_its_cell_is_run(
    lab: Lab,
    remote: str,
    open_notebook: OpenNotebook,
    real_model_url: str,  # noqa: F811
) -> None:
    write_keys(lab, real_model_url)
    notebook = open_notebook(["import math"])
    before = notebook.save()
    notebook.ask("Write Python code that prints the numbers 1 to 10", settled=False)
    expect(notebook.ghosts()).to_have_count(1, timeout=4 * PATIENCE)
    notebook.wait_until_armed()
    notebook.shot("real-model")
    assert notebook.save() == before
    notebook.review()
    notebook.press("Shift+Y")
    notebook.wait_until("return nb.content.widgets.length === 2")
    notebook.wait_until("return nb.content.widgets[1].model.executionCount !== null")
    provenance = notebook.cells()[1]["metadata"]["llm_notebook"]
    assert provenance["model"] == remote
