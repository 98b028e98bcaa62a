"""A service that fails in every way: each ends in a sentence, and the notebook is untouched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage
from tests.llm_http import service as services

PATIENCE = 60_000
REPLY = "title: Add one\n@@ insert after c1\n```python\nx + 1\n```\n@@ end\n"
NO_SUCH_CELL = "title: Change it\n@@ replace c99\n```python\nx + 1\n```\n@@ end\n"
DEADLINE = 5
LINES = 10_000


def garbage(handler: services.Handler) -> None:
    """A stream of what is not JSON."""
    handler.begin_stream()
    handler.send_raw("data: {'this': is not JSON\n\n")
    handler.end_stream()


def a_web_page(handler: services.Handler) -> None:
    """What a captive portal or a proxy answers: all is well, and no reply is in it."""
    body = b"<html><script>alert(1)</script><h1>Please sign in</h1></html>"
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def nothing_said(handler: services.Handler) -> None:
    services.answers("", finish="stop")(handler)


def half_a_character(handler: services.Handler) -> None:
    """Bytes that are not text."""
    handler.begin_stream(chunked=False)
    handler.wfile.write(b'data: {"choices": [{"delta": {"content": "\xff\xfe\xc3"}}]}\n\n')
    handler.close_connection = True


def waits(seconds: float) -> services.Act:
    return services.fails(429, retry_after=str(seconds))


def ten_thousand_lines(handler: services.Handler) -> None:
    """As fast as the line takes it."""
    handler.begin_stream()
    handler.send_text("title: A long list\n@@ insert after c1\n```python\n")
    for start in range(0, LINES, 50):
        handler.send_text("".join(f"x{n} = {n}\n" for n in range(start, start + 50)))
    handler.send_text("```\n@@ end\n", "stop")
    handler.end_stream()


@pytest.fixture
def short(lab: Lab, remote: str) -> str:
    """The model over HTTP, with little time to answer."""
    lab.configure(OUR_SETTINGS, lab.settings() | {"model": remote, "deadline": DEADLINE})
    return remote


def newest(page: Page) -> Locator:
    return page.locator(".llm-Card").first


def put_cards_away(page: Page) -> None:
    page.evaluate(
        "() => document.querySelectorAll('.llm-Card [title^=\"Put this card\"]')"
        ".forEach(button => button.click())"
    )
    expect(page.locator(".llm-Card")).to_have_count(0)


def test_each_fault_is_a_sentence_and_the_notebook_untouched(
    lab: Lab, page: Page, short: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    before = notebook.save()
    # The worker's start is not what is tried here; on a slow machine it takes the whole deadline.
    service.plays(services.answers(REPLY))
    while not notebook.ghosts().count():
        put_cards_away(page)
        notebook.ask("warm up")
        page.wait_for_timeout(500)
    newest(page).get_by_role("button", name="Reject").click()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    faults: list[tuple[services.Act, str]] = [
        (services.resets, "cannot be reached"),
        (services.starts_then_resets, "cut off"),
        (services.drips, f"not finished after {DEADLINE} seconds"),
        (services.hangs, f"not finished after {DEADLINE} seconds"),
        (waits(3600), "asked too often"),
        (garbage, ""),
        (a_web_page, ""),
        (nothing_said, ""),
        (half_a_character, ""),
        (services.answers(NO_SUCH_CELL), "c99"),
        (services.answers("@@ replace c1\n@@ @@ end"), ""),
    ]
    for number, (act, words) in enumerate(faults):
        service.plays(act)
        # The one before is put away, so that nothing of it is taken for this one's.
        put_cards_away(page)
        notebook.ask(f"fault {number}", settled=False)
        card = newest(page)
        expect(card).to_contain_text("Failed", timeout=PATIENCE)
        expect(card).to_contain_text(words)
        expect(card).to_contain_text("The notebook was not touched", ignore_case=True)
        expect(card.get_by_role("button", name="Retry")).to_be_enabled()
        expect(card).to_contain_text(f"fault {number}")
        assert "Traceback" not in card.inner_text()
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.save() == before
    assert alerts == []
    # The service recovers: the same card asks the same again.
    service.plays(services.answers(REPLY))
    newest(page).get_by_role("button", name="Retry").click()
    expect(notebook.ghosts()).to_have_count(1, timeout=PATIENCE)
    assert notebook.save() == before


def test_waits_and_second_tries_are_seen(
    lab: Lab, page: Page, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    service.plays(waits(2), services.answers(REPLY))
    notebook.ask("add one", settled=False)
    expect(newest(page)).to_contain_text("HTTP 429; trying again in 2 s (1 of 2)")
    expect(newest(page)).to_contain_text("Writing")
    notebook.shot("fault-waits")
    expect(notebook.ghosts()).to_have_count(1, timeout=PATIENCE)
    assert len(service.requests) == 2
    newest(page).get_by_role("button", name="Reject").click()

    # An edit of a cell that is not there goes back once, and then it is right.
    service.plays(services.answers(NO_SUCH_CELL), services.answers(REPLY))
    notebook.ask("add one again", settled=False)
    expect(notebook.ghosts()).to_have_count(1, timeout=PATIENCE)
    expect(newest(page)).to_contain_text("was asked again")
    expect(newest(page)).to_contain_text("c99")
    notebook.shot("fault-corrected")
    assert len(service.requests) == 2
    told = str(service.requests[1][1]["messages"])
    assert "c99" in told.rpartition("@@ replace c99")[2]


def test_cancel_ends_the_request(
    lab: Lab, page: Page, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    cancel = newest(page).get_by_role("button", name="Cancel")
    for number, act in enumerate((services.hangs, services.starts_then_hangs, services.drips)):
        service.plays(act)
        notebook.ask(f"cancelled {number}", settled=False)
        while not service.requests:
            page.wait_for_timeout(50)
        assert not service.client_left.is_set()
        cancel.click()
        expect(newest(page)).to_contain_text("Cancelled")
        assert service.client_left.wait(30), act
        assert len(service.requests) == 1

    # While it waits to try again, nothing more is sent.
    service.plays(waits(1.5))
    notebook.ask("cancelled while waiting", settled=False)
    expect(newest(page)).to_contain_text("trying again")
    cancel.click()
    expect(newest(page)).to_contain_text("Cancelled")
    page.wait_for_timeout(2_500)
    assert len(service.requests) == 1

    # A kernel that is shut down takes its request with it.
    service.plays(services.starts_then_hangs)
    notebook.ask("the kernel goes", settled=False)
    while not service.requests:
        page.wait_for_timeout(50)
    notebook.js("await nb.sessionContext.shutdown()")
    assert service.client_left.wait(30)


def test_ten_thousand_lines_keep_the_page_alive(
    lab: Lab, page: Page, remote: str, service: services.Service, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1", ""])
    service.plays(ten_thousand_lines)
    notebook.ask("a long list", settled=False)
    typed = "the quick brown fox jumps over the lazy dog " * 4
    type_into(notebook, 1, typed)
    expect(newest(page)).to_contain_text("Pending", timeout=2 * PATIENCE)
    notebook.js("nb.content.mode = 'command'")
    # Every key that was pressed meanwhile is there, in order.
    assert notebook.sources() == ["x = 1", typed]
    # The leash has cut it into a sequence, reviewed one by one.
    expect(notebook.ghosts()).to_have_count(1)
    expect(newest(page)).to_contain_text("part 1 of ")
    notebook.shot("fault-ten-thousand-lines")
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length > 2")
    first = notebook.sources()[1]
    assert first.startswith("x0 = 0\nx1 = 1\n")
    assert len(first.splitlines()) <= 120
    expect(page.locator(".llm-Card", has_text="part 2 of ").first).to_contain_text("Pending")


def type_into(notebook: NotebookPage, index: int, text: str) -> None:
    notebook.activate(index)
    notebook.press("Enter")
    notebook.wait_until("return nb.content.mode === 'edit'")
    notebook.page.keyboard.type(text)
