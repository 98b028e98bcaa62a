"""The panel: cards that are decided in parts, questions, versions, stale changes, many at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import THEME_SETTINGS, Lab, NotebookPage

THREE = (
    "title: Three changes\nwhy: A reason.\n@@ replace c1\n```python\nx = 10\n```\n"
    "@@ insert after c2\n```python\nz = 3\n```\n@@ delete c2\n@@ end\n"
)


def one(title: str, source: str) -> str:
    return f"title: {title}\nwhy: So.\n@@ replace c1\n```python\n{source}\n```\n@@ end\n"


def card(notebook: NotebookPage, number: int = 0) -> Locator:
    return notebook.page.locator(".llm-Card").nth(number)


def act(where: Locator, name: str) -> None:
    """Press a button by its key, as somebody without a mouse does."""
    button = where.get_by_role("button", name=name, exact=True)
    button.focus()
    button.press("Enter")


def test_each_change_is_decided_alone(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", "y = 2", "w = 4"])
    lab.says(THREE)
    notebook.ask("change all")
    notebook.wait_until_armed()
    expect(card(notebook).get_by_role("listitem")).to_have_count(3)
    act(card(notebook), "Accept: Change of cell 1")
    expect(card(notebook)).to_contain_text("1 of 3 accepted")
    assert notebook.sources() == ["x = 10", "y = 2", "w = 4"]
    notebook.wait_until_armed()
    act(card(notebook), "Reject: Delete cell 2")
    expect(card(notebook).get_by_role("listitem")).to_have_count(1)
    notebook.shot("card-parts")
    notebook.wait_until_armed()
    act(card(notebook), "Accept the rest")
    notebook.wait_until("return nb.content.widgets.length === 4")
    assert notebook.sources() == ["x = 10", "y = 2", "z = 3", "w = 4"]
    expect(card(notebook)).to_contain_text("Accepted")


def test_an_accept_is_taken_back(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    notebook.wait_until_armed()
    act(card(notebook), "Accept")
    notebook.wait_until("return nb.content.widgets[0].model.sharedModel.source === 'x = 10'")
    act(card(notebook), "Take back")
    notebook.wait_until("return nb.content.widgets[0].model.sharedModel.source === 'x = 1'")
    expect(card(notebook)).to_contain_text("Pending")


def test_why_it_cannot_be_taken_back(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    notebook.wait_until_armed()
    act(card(notebook), "Accept")
    notebook.wait_until("return nb.content.widgets[0].model.sharedModel.source === 'x = 10'")
    notebook.js("nb.content.widgets[0].model.sharedModel.setSource('x = 11')")
    act(card(notebook), "Take back")
    expect(card(notebook).get_by_role("status")).not_to_be_empty()
    assert notebook.sources() == ["x = 11"]


def test_a_follow_up_makes_the_next_version(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    act(card(notebook), "Refine…")
    field = card(notebook).get_by_role("textbox", name="Follow-up: what should be different?")
    expect(field).to_be_focused()
    lab.says(one("Twenty", "x = 20"))
    notebook.page.keyboard.type("twenty")
    notebook.press("Enter")
    expect(card(notebook)).to_contain_text("version 2 of 2")
    expect(card(notebook)).to_contain_text("x = 20")
    expect(notebook.page.locator(".llm-Card")).to_have_count(1)
    since = card(notebook).locator("details", has_text="Changed since version 1")
    since.locator("summary").press("Enter")
    # As a diff of the version before, not of the notebook.
    expect(since.locator(".llm-mod-removed")).to_contain_text("x = 10")
    expect(since.locator(".llm-mod-added")).to_contain_text("x = 20")
    notebook.shot("card-versions")
    act(card(notebook), "The version before")
    expect(card(notebook)).to_contain_text("version 1 of 2")
    notebook.wait_until_armed()
    act(card(notebook), "Accept")
    notebook.wait_until("return nb.content.widgets[0].model.sharedModel.source === 'x = 10'")


def test_a_question_is_answered_by_a_choice(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.script.write_text(
        json.dumps({"match": "in euro", "reply": one("Euro", "x = 2")})
        + "\n"
        + json.dumps(
            {
                "reply": "@@ question\nWhich price?\n- choice: in euro | convert it in euro\n"
                "- choice: in dollars | convert it in dollars\n@@ end\n"
            }
        )
        + "\n"
    )
    notebook.ask("convert it", settled=False)
    group = card(notebook).get_by_role("group", name="Which price?")
    expect(group.get_by_role("button")).to_have_count(2)
    expect(notebook.ghosts()).to_have_count(0)
    notebook.shot("card-question")
    expect(notebook.page.locator(".llm-StatusItem button")).to_have_text("Propose · 1 asking")
    notebook.activate(0)
    notebook.press("g", "r")
    expect(group.get_by_role("button", name="in euro")).to_be_focused()
    notebook.press("Enter")
    expect(notebook.page.locator(".llm-Card", has_text="Pending")).to_have_count(1)
    expect(notebook.ghosts()).to_have_count(1)
    expect(notebook.page.get_by_role("group", name="Which price?")).to_have_count(0)


def test_a_stale_change_has_three_ways_out(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", "y = 2", "w = 4"])
    lab.says(THREE)
    notebook.ask("change all")
    notebook.wait_until_armed()
    notebook.js("nb.content.widgets[0].model.sharedModel.setSource('x = 1  # mine')")
    expect(card(notebook)).to_contain_text("Out of date")
    expect(card(notebook).get_by_role("button", name="Regenerate")).to_be_enabled()
    notebook.shot("card-stale")
    act(card(notebook), "See both: Change of cell 1, as a diff against the cell as you have it now")
    expect(card(notebook)).to_contain_text("Pending")
    expect(card(notebook).locator(".llm-mod-removed").first).to_contain_text("# mine")
    assert notebook.sources()[0] == "x = 1  # mine"
    notebook.js("nb.content.widgets[0].model.sharedModel.setSource('x = 2  # mine')")
    act(card(notebook), "Discard: Change of cell 1")
    expect(card(notebook).get_by_role("listitem")).to_have_count(2)
    expect(card(notebook)).to_contain_text("Pending")
    assert notebook.sources() == ["x = 2  # mine", "y = 2", "w = 4"]


def test_a_cell_made_from_other_words_says_so(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", "%%llm\nadd one", "z = 3"])
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")
    lab.says("title: Add\nwhy: So.\n@@ insert after c2\n```python\nx + 1\n```\n@@ end\n")
    notebook.run_cell(1)
    expect(notebook.ghosts()).to_have_count(1)
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === 4")
    line = notebook.page.get_by_role("group", name="Cells made from earlier words")
    expect(line).to_have_count(0)
    notebook.js("nb.content.widgets[1].model.sharedModel.setSource('%%llm\\nadd two')")
    expect(line).to_contain_text("1 cell below was made from earlier words")
    expect(notebook.page.locator(".llm-Made")).to_have_count(1)
    before = notebook.save()
    assert b"earlier words" not in before
    notebook.shot("outdated")
    lab.says("title: Add\nwhy: So.\n@@ replace c3\n```python\nx + 2\n```\n@@ end\n")
    act(line, "Run again")
    expect(notebook.ghosts()).to_have_count(1)
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets[2].model.sharedModel.source === 'x + 2'")
    expect(line).to_have_count(0)


def test_ten_cards_stay_readable_and_in_order(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([f"x{i} = {i}" for i in range(10)])
    for number in range(10):
        lab.says(
            f"title: Change {number}\nwhy: Because the person asked for it.\n"
            f"@@ replace c{number + 1}\n```python\nx{number} = 100\n```\n@@ end\n"
        )
        notebook.ask(f"change {number}", at=number)
    cards = notebook.page.get_by_role("article")
    expect(cards).to_have_count(10)
    for name in ("Reject", "Accept"):
        notebook.wait_until_armed()
        act(card(notebook, 1 if name == "Accept" else 0), name)
    # The keyboard goes through them from top to bottom.
    tops = notebook.js(
        """
        const stops = [...document.querySelectorAll('.llm-Panel-cards [tabindex="0"], ' +
          '.llm-Panel-cards button, .llm-Panel-cards summary, .llm-Panel-cards textarea')]
          .filter(n => n.checkVisibility() && !n.disabled && n.tabIndex >= 0);
        return stops.map(n => n.closest('.llm-Card')?.getBoundingClientRect().top ?? 1e9);
        """
    )
    assert tops == sorted(tops)
    # Nothing sticks out of the panel.
    wide = notebook.js(
        """
        const edge = document.querySelector('.llm-Panel').getBoundingClientRect().right;
        return [...document.querySelectorAll('.llm-Panel *')]
          .filter(n => n.checkVisibility() && !n.closest('pre') && !n.closest('.llm-SrOnly')
                    && !n.matches('.llm-SrOnly')
                    && n.getBoundingClientRect().right > edge + 1).map(n => n.className);
        """
    )
    assert wide == []
    notebook.shot("ten-cards")


def test_the_status_bar_says_level_and_count(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    item = notebook.page.locator(".llm-StatusItem button")
    expect(item).to_have_text("Propose")
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    expect(item).to_have_text("Propose · 1 pending")
    expect(item).to_have_attribute("title", re.compile("G R"))
    item.press("Enter")
    notebook.wait_for_ghost_focus()


def chosen_in_menu(notebook: NotebookPage, label: str) -> None:
    """Choose in our menu with the mouse."""
    notebook.page.get_by_role("menuitem", name="Proposals", exact=True).click()
    notebook.page.locator(".lm-Menu").get_by_text(label, exact=True).click()


def typed_in_menu(notebook: NotebookPage, label: str) -> None:
    """Choose in our menu with the arrows and Enter."""
    notebook.page.get_by_role("menuitem", name="Proposals", exact=True).click()
    active = notebook.page.locator(".lm-Menu-item.lm-mod-active .lm-Menu-itemLabel")
    for _ in range(40):
        notebook.press("ArrowDown")
        if active.inner_text() == label:
            break
    expect(active).to_have_text(label)
    notebook.press("Enter")


def find_in_palette(notebook: NotebookPage, label: str) -> Locator:
    notebook.press("Control+Shift+C")
    box = notebook.page.locator("#modal-command-palette input")
    box.fill(label)
    item = notebook.page.locator("#modal-command-palette .lm-CommandPalette-item").filter(
        has=notebook.page.locator(".lm-CommandPalette-itemLabel").get_by_text(label, exact=True)
    )
    expect(item).not_to_have_class(re.compile("lm-mod-disabled"))
    return item


def chosen_in_palette(notebook: NotebookPage, label: str) -> None:
    """Choose in the command palette with the mouse."""
    find_in_palette(notebook, label).click()


def typed_in_palette(notebook: NotebookPage, label: str) -> None:
    """Choose in the command palette with Enter."""
    item = find_in_palette(notebook, label)
    for _ in range(20):
        if "lm-mod-active" in (item.get_attribute("class") or ""):
            break
        notebook.press("ArrowDown")
    notebook.press("Enter")


Choose = Callable[[NotebookPage, str], None]


def at_the_first_part(lab: Lab, open_notebook: OpenNotebook, choose: Choose) -> NotebookPage:
    """In review mode on the first of three changes, gone to by choosing."""
    notebook = open_notebook(["x = 1", "y = 2", "w = 4"])
    lab.says(THREE)
    notebook.ask("change all")
    notebook.wait_until_armed()
    notebook.review()
    choose(notebook, "Next Part of the Proposal")
    notebook.wait_until_marked(None, "replace:c1")
    return notebook


@pytest.mark.parametrize("choose", [chosen_in_menu, typed_in_menu])
def test_the_menu_decides(lab: Lab, open_notebook: OpenNotebook, choose: Choose) -> None:
    notebook = at_the_first_part(lab, open_notebook, choose)
    choose(notebook, "Accept Proposal")
    notebook.wait_until("return nb.content.model.sharedModel.cells[0].getSource() === 'x = 10'")
    # The part alone, and the keyboard is on the next one.
    assert notebook.sources() == ["x = 10", "y = 2", "w = 4"]
    notebook.wait_for_ghost_focus()
    notebook.wait_until_armed()
    choose(notebook, "Reject Proposal")
    expect(card(notebook).get_by_role("listitem")).to_have_count(1)
    notebook.wait_for_ghost_focus()
    choose(notebook, "Leave Review")
    notebook.page.wait_for_function("() => !document.activeElement?.closest('.llm-Ghost')")
    notebook.shot("menu-decided")
    choose(notebook, "Take Back the Last Accept")
    notebook.wait_until("return nb.content.model.sharedModel.cells[0].getSource() === 'x = 1'")


@pytest.mark.parametrize("choose", [chosen_in_palette, typed_in_palette])
def test_the_palette_decides(lab: Lab, open_notebook: OpenNotebook, choose: Choose) -> None:
    notebook = at_the_first_part(lab, open_notebook, choose)
    choose(notebook, "Edit the Proposed Text")
    notebook.page.locator(".llm-GhostEditor .cm-content:focus").wait_for()
    notebook.press("Escape")
    notebook.wait_for_ghost_focus()
    choose(notebook, "Follow Up on the Proposal")
    notebook.page.locator(".llm-FollowUp-field:focus").wait_for()
    notebook.press("Escape")
    notebook.wait_for_ghost_focus()
    # Looked at and left: the keys are where they were.
    notebook.press("Control+Shift+C", "Escape")
    notebook.wait_for_ghost_focus()
    notebook.wait_until_armed()
    choose(notebook, "Reject Proposal")
    expect(card(notebook).get_by_role("listitem")).to_have_count(2)
    notebook.wait_for_ghost_focus()
    notebook.wait_until_armed()
    choose(notebook, "Accept Proposal")
    notebook.wait_until("return nb.content.widgets.length === 2")
    assert notebook.sources() == ["x = 1", "w = 4"]


def test_a_card_is_decided_by_the_menu(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    lab.says(one("Twenty", "x = 20"))
    notebook.ask("twenty")
    notebook.wait_until_armed()
    older = notebook.page.locator(".llm-Card").filter(has_text="Ten")
    older.focus()
    chosen_in_menu(notebook, "Accept Proposal")
    notebook.wait_until("return nb.content.model.sharedModel.cells[0].getSource() === 'x = 10'")


def test_script_that_calls_the_command_behind_an_open_menu_accepts_nothing(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(one("Ten", "x = 10"))
    notebook.ask("ten")
    notebook.wait_until_armed()
    notebook.review()
    notebook.page.get_by_role("menuitem", name="Proposals", exact=True).click()
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:accept')")
    notebook.js(
        """
        const items = [...document.querySelectorAll('.lm-Menu-item')];
        items.find(n => n.textContent.includes('Accept Proposal')).click();
        """
    )
    notebook.page.wait_for_timeout(500)
    assert notebook.sources() == ["x = 1"]


def test_every_command_has_its_words_in_menu_and_palette(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    notebook.page.get_by_role("menuitem", name="Proposals", exact=True).click()
    shown = notebook.page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts()
    notebook.shot("menu")
    labels = notebook.js(
        """
        const {commands} = window.jupyterapp;
        return commands.listCommands().filter(id => id.startsWith('llm-notebook:'))
          .map(id => [id.split(':')[1], commands.label(id)]);
        """
    )
    # These two are of an editor's keys, and two are keys that do nothing else there.
    editors = {"accept-edited", "accept-word", "new-line", "rest"}
    assert [name for name, label in labels if label not in shown and name not in editors] == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_long_words_of_any_script(lab: Lab, open_notebook: OpenNotebook, theme: str) -> None:
    lab.configure(THEME_SETTINGS, {"theme": theme})
    try:
        notebook = open_notebook(["x = 1"])
        word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung"
        title = f"{word} 価格の平均を都市ごとに表示する متوسط السعر حسب المدينة"
        lab.says(f"title: {title}\nwhy: {word} {title}\n@@ delete c1\n@@ end\n")
        notebook.ask(f"{word}؟ السعر", settled=True)
        over = notebook.js(
            """
            const edge = document.querySelector('.llm-Panel').getBoundingClientRect().right;
            return [...document.querySelectorAll('.llm-Card *')].filter(n => n.checkVisibility()
              && n.getBoundingClientRect().right > edge + 1).map(n => n.className);
            """
        )
        assert over == []
        notebook.shot(f"long-words-{theme.rpartition(' ')[2].lower()}")
    finally:
        lab.configure(THEME_SETTINGS, {})
