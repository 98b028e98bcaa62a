"""What is sent is shown before it is sent, and can be taken out."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import Lab, NotebookPage

KEY = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z" * 2
MAKE = (
    f"import pandas as pd\nprices = pd.DataFrame({{'city': ['A'], 'price': [1.5]}})\nkey = '{KEY}'"
)
SHOW = "title: Show\nwhy: So.\n@@ insert after c2\n```python\nprices.head()\n```\n@@ end\n"


def prompt(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-Panel .llm-Prompt")


def sends(notebook: NotebookPage) -> Locator:
    return notebook.page.locator(".llm-Panel .llm-Sends")


def at_prompt(notebook: NotebookPage) -> None:
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")
    notebook.press("g", "p")
    expect(prompt(notebook)).to_be_focused()


def opened(open_notebook: OpenNotebook) -> NotebookPage:
    notebook = open_notebook([MAKE, "prices.describe()"])
    notebook.run_cell(0)
    notebook.wait_until(
        "const m = nb.content.widgets[0].model;"
        "return m.executionState !== 'running' && m.executionCount !== null"
    )
    notebook.activate(1)
    at_prompt(notebook)
    return notebook


def test_a_key_taken_out_is_said_and_never_shown(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    notebook.page.keyboard.type("show the prices")
    expect(sends(notebook).locator("summary").first).to_contain_text("Sends ")
    expect(sends(notebook).locator("summary").first).to_contain_text("tokens")
    expect(sends(notebook).locator("summary").first).to_contain_text("taken out")
    sends(notebook).locator("summary").first.press("Enter")
    for text in sends(notebook).get_by_text("Text", exact=True).all():
        text.click()
    expect(sends(notebook)).to_contain_text("pd.DataFrame")
    expect(sends(notebook)).not_to_contain_text(KEY[:20])
    notebook.shot("context-unfolded")


def test_a_piece_is_taken_out_and_put_back_by_keys(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    notebook.page.keyboard.type("show the prices")
    summary = sends(notebook).locator("summary").first
    expect(summary).to_contain_text("Sends ")
    summary.press("Enter")
    listed = sends(notebook).get_by_role("list", name="What is sent")
    out = listed.get_by_role("button", name="Take out prices")
    out.press("Enter")
    taken = sends(notebook).get_by_role("list", name="Taken out by you")
    expect(taken).to_contain_text("prices")
    expect(listed.get_by_role("button", name="Take out prices")).to_have_count(0)
    # The list still has the keyboard.
    expect(sends(notebook).locator("button:focus")).to_have_count(1)
    taken.get_by_role("button", name="Put back prices").press("Enter")
    expect(out).to_have_count(1)
    out.press("Enter")
    expect(taken).to_contain_text("prices")

    lab.says(SHOW)
    prompt(notebook).press("Control+Enter")
    card = notebook.page.locator(".llm-Card").first
    expect(card).to_contain_text("Pending")
    sent = card.locator("details", has_text="Sent ")
    sent.locator("summary").first.press("Enter")
    expect(sent.get_by_role("list", name="What was sent")).to_contain_text("Cell 2")
    # Neither the card nor the session sent what was taken out.
    expect(sent.locator(".llm-Piece-label", has_text="Variable prices")).to_have_count(0)


def test_asking_at_once_waits_until_what_is_sent_is_known(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook)
    lab.says(SHOW)
    # Faster than any survey: the words and the ask in one breath.
    notebook.page.keyboard.insert_text("show the prices")
    notebook.press("Control+Enter")
    expect(notebook.ghosts()).to_have_count(1)
    card = notebook.page.locator(".llm-Card").first
    expect(card.locator("summary", has_text="Sent ")).to_be_visible()
    expect(prompt(notebook)).to_have_value("")


def test_mentions_by_keys(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    (notebook.lab.root / "sales 2020.csv").write_text("a,b\n1,2\n")
    notebook.page.keyboard.type("plot @pri")
    options = notebook.page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("prices")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box = notebook.page.get_by_role("combobox", name="What should change?")
    expect(box).to_have_attribute("aria-expanded", "true")
    active = box.get_attribute("aria-activedescendant")
    assert active == options.first.get_attribute("id")
    notebook.press("Tab")
    expect(prompt(notebook)).to_have_value("plot @prices ")
    expect(prompt(notebook)).to_be_focused()
    expect(notebook.page.get_by_role("listbox")).to_have_count(0)
    expect(sends(notebook)).to_contain_text("Sends ")

    # Put away, it stays away while the same mention is typed, and Enter is a line again.
    notebook.page.keyboard.type("by @c")
    expect(options.first).to_be_visible()
    notebook.press("ArrowDown", "Escape")
    expect(notebook.page.get_by_role("listbox")).to_have_count(0)
    notebook.page.keyboard.type("ity")
    notebook.press("Enter")
    expect(prompt(notebook)).to_have_value("plot @prices by @city\n")
    expect(notebook.page.get_by_role("listbox")).to_have_count(0)


def test_the_unsent_prompt_outlives_a_reload(open_notebook: OpenNotebook) -> None:
    notebook = opened(open_notebook)
    notebook.page.keyboard.type("half a thought")
    expect(sends(notebook)).to_contain_text("Sends ")
    notebook.page.wait_for_timeout(1500)
    notebook.reload(workspace=True)
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:focus-prompt')")
    expect(prompt(notebook)).to_have_value("half a thought")


def test_what_a_follow_up_sends_is_shown_and_what_was_taken_out_stays_out(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook)
    page = notebook.page
    page.keyboard.type("show the prices")
    sends(notebook).locator("summary").first.press("Enter")
    sends(notebook).get_by_role("button", name="Take out prices").press("Enter")
    expect(sends(notebook).get_by_role("list", name="Taken out by you")).to_contain_text("prices")
    lab.says(SHOW)
    prompt(notebook).press("Control+Enter")
    expect(notebook.ghosts()).to_have_count(1)
    notebook.wait_until_armed()

    def unfolds(field: Locator, line: Locator, words: str) -> None:
        """The line of a field says what is sent: without what was taken out, with what is new."""
        page.keyboard.type(words)
        expect(field).to_be_focused()
        expect(line.locator("summary").first).to_contain_text("Sends ")
        line.locator("summary").first.press("Enter")
        taken = line.get_by_role("list", name="Taken out by you")
        expect(taken).to_contain_text("prices")
        expect(line.get_by_role("button", name="Take out prices")).to_have_count(0)

    def mentions(field: Locator) -> None:
        page.keyboard.type(" @c1")
        expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Cell 1")
        notebook.press("Escape")
        expect(page.get_by_role("listbox")).to_have_count(0)
        expect(field).to_be_focused()

    # In the ghost.
    notebook.review()
    notebook.press("r")
    ghost = notebook.ghosts().first
    field = ghost.locator(".llm-FollowUp-field")
    unfolds(field, ghost.locator(".llm-Sends"), "in red")
    notebook.shot("follow-up-ghost")
    field.focus()
    mentions(field)
    notebook.press("Escape")

    # In the card, where the same words stand.
    card = page.locator(".llm-Card").first
    card.get_by_role("button", name="Refine…").click()
    field = card.locator(".llm-Refine-words")
    expect(field).to_have_value("in red @c1")
    unfolds(field, card.locator(".llm-Refine .llm-Sends"), " please")
    # Words go on where they ended.
    expect(field).to_have_value("in red @c1 please")
    notebook.shot("follow-up-card")
    field.focus()
    mentions(field)
    lab.says(SHOW.replace("Show", "Red"))
    notebook.press("Enter")
    expect(card).to_contain_text("version 2 of 2")
    sent = card.locator("details", has_text="Sent ")
    sent.locator("summary").first.press("Enter")
    expect(sent.get_by_role("list", name="What was sent")).to_contain_text("Cell 2")
    expect(sent.locator(".llm-Piece-label", has_text="Variable prices")).to_have_count(0)
