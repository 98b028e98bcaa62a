"""Taking a proposal in parts, changing it first, moves and what is out of date: by keyboard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import NOTEBOOK_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, replace, reply

SOURCES = ["a = 1", "b = 2", "c = 3", "d = 4"]
MODES = ("contentVisibility", "full", "defer", "none")
SHORTCUTS = "@jupyterlab/shortcuts-extension:shortcuts"

OLD = [f"value_{i} = {i}" for i in range(20)]
NEW = [
    {3: "value_3 = 33", 9: "value_9 = 99", 15: "value_15 = -15"}.get(i, line)
    for i, line in enumerate(OLD)
]


def lines(*taken: int) -> str:
    """The long cell with these of its lines as proposed."""
    return "\n".join(NEW[i] if i in taken else line for i, line in enumerate(OLD))


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def in_review(lab: Lab, notebook: NotebookPage, *edits: str, title: str = "A title") -> None:
    """Ask, and turn to the proposal."""
    lab.says(reply(*edits, title=title))
    notebook.ask("go", at=0)
    notebook.wait_until_armed()
    notebook.review()


def scroll_until_drawn(notebook: NotebookPage, place: int) -> None:
    """Scroll to a cell, again while JupyterLab still draws the cells on the way."""
    ghost = notebook.cell(f"c{place}").locator(".llm-Ghost")
    for _ in range(200):
        notebook.scroll_to(place - 1)
        if ghost.count():
            return
        notebook.page.wait_for_timeout(500)


def back_in_notebook(notebook: NotebookPage) -> None:
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")


def test_hunks_one_by_one(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["a = 1", lines(), "c = 3"])
    in_review(lab, notebook, replace("c2", "\n".join(NEW)))
    notebook.wait_until_marked(None)
    ghost = notebook.ghosts()
    expect(ghost.locator(".llm-HunkBar")).to_have_count(3)
    # Where a key acts, it is shown: at first on all of it.
    expect(button(ghost, "Accept").locator("kbd")).to_be_visible()

    notebook.press("j", "j")
    notebook.wait_until_marked(1)
    assert notebook.said() == "Hunk 2 of 3. y accepts it, n rejects it."
    bar = ghost.get_by_role("group", name="Hunk 2 of 3")
    expect(bar.locator("kbd").first).to_have_text("y")
    expect(button(ghost, "Accept").locator("kbd")).to_be_hidden()
    notebook.press("k")
    notebook.wait_until_marked(0)
    notebook.press("j", "y")
    # The next one has the keys, and nothing else has changed.
    expect(ghost.locator(".llm-HunkBar")).to_have_count(2)
    notebook.wait_until_marked(1)
    assert notebook.sources()[1] == lines(9)
    notebook.wait_until_armed()
    notebook.press("k", "n")
    # One is left: it is all of the proposal.
    expect(ghost.locator(".llm-HunkBar")).to_have_count(0)
    notebook.wait_until_marked(None)
    assert notebook.sources()[1] == lines(9)
    notebook.wait_until_armed()
    notebook.press("y")
    back_in_notebook(notebook)
    expect(ghost).to_have_count(0)
    assert notebook.sources()[1] == lines(9, 15)

    notebook.press("z")
    expect(ghost).to_have_count(1)
    assert notebook.sources()[1] == lines(9)
    notebook.press("z")
    expect(ghost.locator(".llm-HunkBar")).to_have_count(2)
    assert notebook.sources()[1] == lines()


def test_hunks_by_their_buttons(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["a = 1", lines(), "c = 3"])
    lab.says(reply(replace("c2", "\n".join(NEW))))
    notebook.ask("go")
    notebook.wait_until_armed()
    ghost = notebook.ghosts()
    button(ghost, "Reject hunk 1 of 3").click()
    expect(ghost.locator(".llm-HunkBar")).to_have_count(2)
    notebook.wait_until_marked(0)
    notebook.wait_until_armed()
    button(ghost, "Accept hunk 2 of 2").click()
    expect(ghost.locator(".llm-HunkBar")).to_have_count(0)
    assert notebook.sources()[1] == lines(15)


def test_a_key_pressed_twice_takes_one_hunk(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([lines()])
    in_review(lab, notebook, replace("c1", "\n".join(NEW)))
    notebook.press("j")
    notebook.wait_until_marked(0)
    notebook.press("y", "y", "y")
    expect(notebook.ghosts().locator(".llm-HunkBar")).to_have_count(2)
    expect(notebook.ghosts()).to_contain_text("changed just now")
    assert notebook.sources() == [lines(3)]


def test_cells_one_by_one(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    edits = [
        insert("after c1", "x = 1"),
        insert("after c1", "y = 2"),
        replace("c3", "c = 33"),
        "@@ delete c4\n",
    ]
    in_review(lab, notebook, *edits)
    expect(notebook.ghosts()).to_have_count(4)
    notebook.wait_until_marked(None)
    assert notebook.said().startswith("All 4 changes.")
    # Down the page.
    notebook.press("j")
    focused = notebook.page.locator(".llm-Ghost:focus")
    expect(focused).to_contain_text("x = 1")
    notebook.press("j", "n")
    expect(notebook.ghosts()).to_have_count(3)
    expect(focused).to_contain_text("c = 33")
    notebook.wait_until_armed()
    notebook.press("y")
    expect(notebook.ghosts()).to_have_count(2)
    assert notebook.sources() == ["a = 1", "b = 2", "c = 33", "d = 4"]
    expect(focused).to_contain_text("Proposed deletion")
    # Escape goes from the part to all of it, and then to the notebook.
    notebook.press("Escape")
    notebook.wait_until_marked(None)
    notebook.press("Escape")
    back_in_notebook(notebook)
    notebook.review()
    notebook.wait_until_armed()
    notebook.press("y")
    back_in_notebook(notebook)
    assert notebook.sources() == ["a = 1", "x = 1", "b = 2", "c = 33"]


def test_a_ghost_is_changed_before_it_is_accepted(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    in_review(lab, notebook, insert("after c1", "x = 1"), replace("c3", "c = 33"))
    notebook.press("e")
    editor = notebook.page.locator(".llm-GhostEditor .cm-content")
    expect(editor).to_be_focused()
    notebook.press("Control+End")
    notebook.page.keyboard.type("0")
    notebook.press("Shift+Enter")
    notebook.page.keyboard.type("yn = dd")
    expect(editor.locator(".cm-line")).to_have_text(["x = 10", "yn = dd"])
    notebook.press(*["Control+z"] * 5)
    expect(editor.locator(".cm-line")).to_have_text(["x = 1"])
    notebook.press(*["Control+Shift+Z"] * 5)
    expect(editor.locator(".cm-line")).to_have_text(["x = 10", "yn = dd"])
    # Nothing of it went to the notebook, and nothing ran.
    assert notebook.sources() == SOURCES
    assert notebook.js("return nb.content.model.sharedModel.undoManager.undoStack.length") == 0
    notebook.press("Escape")
    ghost = notebook.page.locator(".llm-Ghost:focus")
    expect(ghost).to_contain_text("yn = dd")
    expect(ghost).to_contain_text("changed by you")

    notebook.press("j", "e")
    expect(editor).to_be_focused()
    notebook.press("Control+End")
    notebook.page.keyboard.type("  # mine")
    notebook.press("Control+Enter")
    expect(notebook.ghosts()).to_have_count(1)
    assert notebook.sources()[1] == "x = 10\nyn = dd  # mine"
    made = notebook.cells()[1]["metadata"]["llm_notebook"]
    assert made["edited"] is True
    notebook.wait_until_armed()
    notebook.press("y")
    back_in_notebook(notebook)
    assert notebook.cells()[3]["metadata"]["llm_notebook"]["edited"] is False


@pytest.mark.parametrize("windowing", ["full", "contentVisibility"])
def test_what_is_typed_stays_when_it_is_scrolled_away(
    windowing: str, lab: Lab, open_notebook: OpenNotebook
) -> None:
    lab.configure(NOTEBOOK_SETTINGS, {"windowingMode": windowing})
    try:
        notebook = open_notebook([f"value_{i} = {i}\n\n\n\n\n" for i in range(80)])
        in_review(lab, notebook, insert("after c2", "x = 1"))
        notebook.press("e", "Control+End")
        notebook.page.keyboard.type("23")
        notebook.scroll_to(79)
        notebook.page.wait_for_timeout(500)
        # Cells come and go meanwhile.
        notebook.js("nb.content.model.sharedModel.insertCell(0, {cell_type: 'code', source: ''})")
        notebook.scroll_to(0)
        editor = notebook.page.locator(".llm-GhostEditor .cm-content")
        expect(editor).to_have_text("x = 123")
        editor.click()
        notebook.press("Control+z")
        expect(editor).to_have_text("x = 1")
        notebook.press("Control+Enter")
        notebook.wait_until("return nb.content.model.sharedModel.cells[3].getSource() === 'x = 1'")
    finally:
        lab.configure(NOTEBOOK_SETTINGS, {})


def test_a_move_is_marked_at_both_ends(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook([f"value_{i} = {i}\n\n\n\n\n\n\n" for i in range(30)])
    in_review(lab, notebook, "@@ move c28 after c2\n")
    ghost = notebook.page.locator(".llm-Ghost.llm-mod-move")
    expect(ghost).to_be_focused()
    expect(ghost).to_contain_text("Proposed move: after cell 2")
    notebook.press("o")
    landing = notebook.page.get_by_role("group", name="Cell 28 would move here")
    expect(landing).to_be_focused()
    expect(landing).to_be_in_viewport()
    expect(landing).to_contain_text("value_27 = 27")
    notebook.press("o")
    expect(ghost).to_be_focused()
    expect(ghost).to_be_in_viewport()
    button(ghost, "Show where to").click()
    expect(landing).to_be_in_viewport()
    notebook.wait_until_armed()
    # The keys act here too.
    notebook.press("y")
    back_in_notebook(notebook)
    assert notebook.sources()[2].startswith("value_27")


def test_only_the_edit_of_a_changed_cell_is_stale(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(replace("c2", "b = 20\nmore = 1"), replace("c3", "c = 30")))
    notebook.ask("go")
    notebook.js("nb.content.model.sharedModel.cells[1].setSource('b = 2  # mine')")
    stale = notebook.page.locator(".llm-Ghost.llm-mod-stale")
    expect(stale).to_have_count(1)
    expect(stale).to_contain_text("You changed this cell")
    notebook.review()
    # All of it cannot be taken, and says so.
    notebook.page.wait_for_timeout(400)
    notebook.press("y")
    expect(stale).to_contain_text("The notebook was not touched")
    assert notebook.sources()[1:3] == ["b = 2  # mine", "c = 3"]

    notebook.press("j", "j")
    notebook.wait_until_marked(None, "replace:c3")
    notebook.press("y")
    expect(notebook.ghosts()).to_have_count(1)
    assert notebook.sources()[1:3] == ["b = 2  # mine", "c = 30"]

    stale.focus()
    notebook.press("b")
    panes = stale.locator(".llm-Stale-pane")
    expect(panes.nth(0)).to_contain_text("b = 2  # mine")
    expect(panes.nth(1)).to_contain_text("b = 20")
    expect(panes.nth(1)).to_contain_text("more = 1")
    button(stale, "Propose it for the cell as it is now").click()
    ghost = notebook.ghosts()
    expect(stale).to_have_count(0)
    expect(ghost.locator(".llm-mod-removed")).to_have_text("b = 2  # mine")
    assert notebook.sources()[1] == "b = 2  # mine"
    notebook.wait_until_armed()
    notebook.press("y")
    back_in_notebook(notebook)
    assert notebook.sources()[1] == "b = 20\nmore = 1"


def test_what_is_out_of_date_is_written_anew_or_dropped(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(SOURCES)
    in_review(lab, notebook, replace("c2", "b = 20"))
    notebook.js("nb.content.model.sharedModel.cells[1].setSource('b = 2  # mine')")
    ghost = notebook.ghosts()
    expect(ghost).to_contain_text("You changed this cell")
    lab.says(reply(replace("c2", "b = 20  # mine"), title="Anew"))
    notebook.press("g")
    expect(ghost).to_contain_text("Anew")
    expect(ghost).not_to_contain_text("You changed this cell")
    expect(ghost).to_be_focused()
    assert notebook.sources()[1] == "b = 2  # mine"

    notebook.js("nb.content.model.sharedModel.cells[1].setSource('b = 0')")
    expect(ghost).to_contain_text("You changed this cell")
    button(ghost, "Discard").click()
    expect(ghost).to_have_count(0)
    assert notebook.sources()[1] == "b = 0"


def test_keys_that_were_changed_are_the_ones_shown(lab: Lab, open_notebook: OpenNotebook) -> None:
    selector = f"{'.llm-Review' * 12}:focus:not(:read-write)"
    shortcuts = [
        {"command": "llm-notebook:accept", "keys": ["Y"], "selector": where, "disabled": True}
        for where in (selector, selector.replace(":focus", " :focus"))
    ]
    shortcuts.append({"command": "llm-notebook:accept", "keys": ["Alt A"], "selector": selector})
    lab.configure(SHORTCUTS, {"shortcuts": shortcuts})
    try:
        notebook = open_notebook(SOURCES)
        in_review(lab, notebook, insert("after c1", "x = 1"))
        accept = button(notebook.ghosts(), "Accept")
        expect(accept.locator("kbd")).to_have_text("Alt+A")
        assert "Alt+A" in (accept.get_attribute("title") or "")
        notebook.press("y")
        notebook.page.wait_for_timeout(200)
        assert notebook.sources() == SOURCES
        notebook.press("Alt+a")
        back_in_notebook(notebook)
        assert notebook.sources()[1] == "x = 1"
    finally:
        lab.configure(SHORTCUTS, {})


@pytest.mark.timeout(900)  # JupyterLab alone takes minutes for it where it draws every cell
@pytest.mark.parametrize("windowing", MODES)
def test_twenty_edits_in_a_thousand_cells(
    windowing: str, lab: Lab, open_notebook: OpenNotebook, long_leash: None
) -> None:
    lab.configure(NOTEBOOK_SETTINGS, {"windowingMode": windowing})
    try:
        total = 1000
        sources = [f"value_{i} = {i}" for i in range(1, total + 1)]
        sources[499] = lines()
        notebook = open_notebook(sources)
        places = range(50, total, 50)
        edits: list[str] = []
        expected: list[Any] = [[source] for source in sources]
        for number, place in enumerate(places):
            if place == 500:
                edits.append(replace("c500", "\n".join(NEW)))
            elif number % 4 == 0:
                edits.append(insert(f"after c{place}", f"new_{place} = 1"))
                expected[place - 1].append(f"new_{place} = 1")
            elif number % 4 == 1:
                edits.append(replace(f"c{place}", f"value_{place} = -1"))
                expected[place - 1] = [f"value_{place} = -1"]
            elif number % 4 == 2:
                edits.append(f"@@ delete c{place}\n")
                expected[place - 1] = []
            else:
                edits.append(f"@@ move c{place} after c{place + 3}\n")
                expected[place + 2] += expected[place - 1]
                expected[place - 1] = []
        edits.append(insert("after c1000", "the_end = 1"))
        expected[999].append("the_end = 1")
        assert len(edits) == 20
        lab.says(reply(*edits))
        notebook.ask("everywhere", at=0)

        for place in (900, 50, 500, 950, 100):
            scroll_until_drawn(notebook, place)
            expect(notebook.cell(f"c{place}").locator(".llm-Ghost")).to_be_visible()
        seen = notebook.js(
            "return [...nb.node.querySelectorAll('.llm-Ghost')].map(n => n.dataset.llmKey)"
        )
        assert len(seen) == len(set(seen))

        # A hunk in the middle, a cell near the end, the rest at once.
        notebook.scroll_to(499)
        ghost = notebook.cell("c500").locator(".llm-Ghost")
        ghost.focus()
        notebook.wait_until_armed()
        notebook.wait_until_marked(None, "replace:c500")
        notebook.press("j", "j", "y")
        expect(ghost.locator(".llm-HunkBar")).to_have_count(2)
        expect(ghost).to_be_in_viewport()
        assert notebook.sources()[499] == lines(9)
        notebook.wait_until_armed()
        notebook.press("n")
        expect(ghost.locator(".llm-HunkBar")).to_have_count(0)
        notebook.wait_until_armed()
        notebook.scroll_to(949)
        last = notebook.cell("c950").locator(".llm-Ghost")
        last.focus()
        notebook.press("n")
        expect(last).to_have_count(0)
        notebook.wait_for_ghost_focus()
        expected[949] = [sources[949]]
        expected[499] = [lines(3, 9)]
        notebook.press("Escape")
        notebook.wait_until_marked(None)
        notebook.wait_until_armed()
        notebook.press("y")
        back_in_notebook(notebook)
        expect(notebook.ghosts()).to_have_count(0)
        assert notebook.sources() == [source for cell in expected for source in cell]
        saved = json.loads(notebook.save())
        assert len(saved["cells"]) == len(notebook.sources())
    finally:
        lab.configure(NOTEBOOK_SETTINGS, {})
