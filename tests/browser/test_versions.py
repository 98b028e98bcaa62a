"""Following up on a proposal, its versions, and the sequence that a long reply becomes."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, replace, reply

SOURCES = ["a = 1", "b = 2", "c = 3"]


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def follow_up(lab: Lab, notebook: NotebookPage, words: str, *edits: str, title: str) -> None:
    """Ask for the next version from the ghost, and wait until it stands there with the keys."""
    lab.says(reply(*edits, title=title))
    notebook.press("r")
    field = notebook.page.get_by_role("textbox", name="Follow up: what should be different")
    expect(field).to_be_focused()
    notebook.page.keyboard.type(words)
    notebook.press("Enter")
    expect(notebook.page.locator(".llm-Ghost:focus")).to_contain_text(title)
    notebook.wait_until_armed()


def test_versions_are_followed_and_any_one_is_taken(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(insert("after c1", "x = 1\ny = 2\nz = 3"), title="First"))
    notebook.ask("go", at=0)
    notebook.review()
    # The new cell is c2 for the model now.
    follow_up(lab, notebook, "y larger", replace("c2", "x = 1\ny = 20\nz = 3"), title="Second")
    ghost = notebook.ghosts()
    expect(ghost).to_have_count(1)
    expect(ghost).to_contain_text("version 2 of 2")
    expect(ghost.locator(".llm-mod-removed")).to_have_count(0)
    assert notebook.sources() == SOURCES

    notebook.press("v")
    expect(ghost.locator(".llm-mod-removed")).to_have_text("y = 2")
    expect(ghost.locator(".llm-mod-added")).to_have_text("y = 20")
    expect(button(ghost, "Since version 1")).to_have_attribute("aria-pressed", "true")
    notebook.press("v")
    expect(ghost.locator(".llm-mod-removed")).to_have_count(0)

    follow_up(lab, notebook, "and z", replace("c2", "x = 1\ny = 20\nz = 30"), title="Third")
    expect(ghost).to_contain_text("version 3 of 3")
    notebook.press(",")
    expect(ghost).to_contain_text("version 2 of 3")
    expect(ghost).to_be_focused()
    expect(ghost).not_to_contain_text("z = 30")
    notebook.press(",")
    expect(ghost).to_contain_text("version 1 of 3")
    expect(ghost).to_be_focused()
    notebook.press(".")
    expect(ghost).to_contain_text("version 2 of 3")
    notebook.wait_until_armed()
    notebook.press("y")
    expect(ghost).to_have_count(0)
    assert notebook.sources() == ["a = 1", "x = 1\ny = 20\nz = 3", "b = 2", "c = 3"]
    # The others wait again when it is taken back.
    notebook.undo()
    expect(ghost).to_contain_text("version 2 of 3")
    assert notebook.sources() == SOURCES


def test_words_of_a_follow_up_are_kept(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(replace("c2", "b = 20")))
    notebook.ask("go", at=0)
    notebook.review()
    ghost = notebook.ghosts()
    notebook.press("r")
    # What is typed are words, whatever keys they have.
    notebook.page.keyboard.type("yes n j k e")
    notebook.press("Shift+Enter", "Escape")
    expect(ghost).to_be_focused()
    assert notebook.sources() == SOURCES
    expect(notebook.page.locator(".llm-FollowUp")).to_have_count(0)
    notebook.press("r")
    field = notebook.page.locator(".llm-FollowUp-field")
    expect(field).to_have_value("yes n j k e")

    lab.says(reply(replace("c2", "b = 200"), title="Second"), chunk=4, delay=0.2)
    notebook.press("Enter")
    expect(ghost).to_contain_text("Version 2 is being written")
    expect(ghost).to_contain_text("b = 20")
    expect(ghost).to_contain_text("Second")
    expect(ghost).to_contain_text("version 2 of 2")
    notebook.press("r")
    expect(field).to_have_value("")


def test_a_follow_up_that_fails_keeps_what_is_there(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(replace("c2", "b = 20")))
    notebook.ask("go", at=0)
    notebook.review()
    lab.says("@@ decline\nThere is no such column.\n@@ end\n")
    notebook.press("r")
    notebook.page.keyboard.type("drop 2020")
    notebook.press("Enter")
    ghost = notebook.ghosts()
    expect(ghost).to_contain_text("There is no such column.")
    expect(ghost).to_contain_text("b = 20")
    notebook.wait_until_armed()
    notebook.press("y")
    expect(ghost).to_have_count(0)
    assert notebook.sources()[1] == "b = 20"


def test_a_long_reply_comes_as_a_sequence(lab: Lab, open_notebook: OpenNotebook) -> None:
    lab.configure(OUR_SETTINGS, lab.settings() | {"leashCells": 1})
    try:
        notebook = open_notebook(SOURCES)
        edits = [replace(f"c{n}", f"{name} = {n}0") for n, name in enumerate("abc", 1)]
        lab.says(reply(*edits, title="In turn"))
        notebook.ask("go", at=0)
        ghost = notebook.ghosts()
        expect(ghost).to_have_count(1)
        expect(ghost).to_contain_text("part 1 of 3, 2 more wait")
        notebook.review()
        notebook.wait_until_armed()
        notebook.press("y")
        expect(ghost).to_contain_text("part 2 of 3, 1 more waits")
        notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
        notebook.review()
        notebook.wait_until_armed()
        notebook.press("n")
        expect(ghost).to_contain_text("part 3 of 3")
        notebook.review()
        notebook.wait_until_armed()
        notebook.press("y")
        expect(ghost).to_have_count(0)
        assert notebook.sources() == ["a = 10", "b = 2", "c = 30"]
    finally:
        lab.configure(OUR_SETTINGS, lab.settings())
