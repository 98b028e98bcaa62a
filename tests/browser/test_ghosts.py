"""Proposed edits in the notebook: how they look, and that none of it is in the document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import NOTEBOOK_SETTINGS, THEME_SETTINGS, Lab, NotebookPage, cell
from tests.browser.replies import insert, replace, reply

MODES = ("contentVisibility", "full", "defer", "none")
SOURCES = ["a = 1", "b = 2", "c = 3", "d = 4"]


def button(ghost: Locator, name: str) -> Locator:
    return ghost.get_by_role("button", name=name, exact=True)


def file_sources(notebook: NotebookPage) -> list[str]:
    content = json.loads(notebook.save())
    return ["".join(item["source"]) for item in content["cells"]]


@pytest.fixture
def windowing(lab: Lab, request: pytest.FixtureRequest) -> Any:
    lab.configure(NOTEBOOK_SETTINGS, {"windowingMode": request.param})
    yield request.param
    lab.configure(NOTEBOOK_SETTINGS, {})


def test_an_insert_stands_between_its_neighbours_and_nowhere_else(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(SOURCES)
    before = notebook.save()
    lab.says(reply(insert("after c2", "total = a + b\ntotal"), title="Add them"))
    notebook.ask("add", at=1)

    ghost = notebook.page.get_by_role("group", name="Proposed new code cell: Add them")
    expect(ghost).to_be_visible()
    expect(ghost.locator(".llm-Text")).to_contain_text("total = a + b")
    above, below = notebook.cell("c2"), notebook.cell("c3")
    input_box = above.locator(".jp-Cell-inputWrapper").bounding_box()
    ghost_box, below_box = ghost.bounding_box(), below.bounding_box()
    assert input_box is not None
    assert ghost_box is not None
    assert below_box is not None
    assert input_box["y"] + input_box["height"] <= ghost_box["y"]
    assert ghost_box["y"] + ghost_box["height"] <= below_box["y"]
    # It did not take the keys.
    assert not notebook.js("return !!document.activeElement.closest('.llm-Ghost')")

    assert notebook.sources() == SOURCES
    assert notebook.save() == before

    notebook.wait_until_armed()
    button(ghost, "Accept").click()
    expect(ghost).to_have_count(0)
    notebook.wait_until("return nb.content.activeCellIndex === 2")
    expected = ["a = 1", "b = 2", "total = a + b\ntotal", "c = 3", "d = 4"]
    assert notebook.sources() == expected
    assert file_sources(notebook) == expected

    notebook.undo()
    assert notebook.sources() == SOURCES
    expect(ghost).to_be_visible()


def test_inserts_stand_in_the_order_in_which_they_would_be(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(SOURCES)
    edits = [
        insert("first", "top = 0"),
        insert("after c2", "one = 1"),
        insert("after c2", "# Two", "markdown"),
    ]
    lab.says(reply(*edits))
    notebook.ask("three", at=1)
    expect(notebook.ghosts()).to_have_count(3)
    shown = notebook.js(
        """
        return [...nb.node.querySelectorAll('.llm-Ghost, .jp-Cell-inputArea')]
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map(n => n.matches('.llm-Ghost')
            ? [...n.querySelectorAll('.llm-Line')].map(line => line.textContent).join('\\n')
            : n.querySelector('.cm-content')?.textContent);
        """
    )
    notebook.wait_until_armed()
    # As a whole it is accepted by the ghost that speaks for it.
    assert notebook.ghosts().get_by_role("button", name="Accept all", exact=True).count() == 1
    expect(notebook.ghosts().nth(1)).to_contain_text("change 2 of 3")
    button(notebook.ghosts().nth(0), "Accept all").click()
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.sources() == shown


def test_a_change_is_a_diff_in_place_of_the_input(lab: Lab, open_notebook: OpenNotebook) -> None:
    long = "\n".join(f"value_{i} = {i}" for i in range(40))
    notebook = open_notebook(["a = 1", long, "c = 3"])
    before = notebook.save()
    lab.says(reply(replace("c2", long.replace("value_20 = 20", "value_20 = 99"))))
    notebook.ask("change it", at=1)

    ghost = notebook.page.get_by_role("group", name="Proposed change: A title")
    expect(ghost.locator(".llm-mod-removed")).to_have_text("value_20 = 20")
    expect(ghost.locator(".llm-mod-added")).to_have_text("value_20 = 99")
    # Far from the change nothing needs to be read.
    expect(ghost.locator(".llm-Fold")).to_have_count(2)
    expect(notebook.cell("c2").locator(".jp-Cell-inputWrapper")).to_be_hidden()
    assert notebook.sources()[1] == long
    assert notebook.save() == before

    notebook.wait_until_armed()
    button(ghost, "Reject").click()
    expect(ghost).to_have_count(0)
    expect(notebook.cell("c2").locator(".jp-Cell-inputWrapper")).to_be_visible()
    assert notebook.save() == before


def test_a_change_of_ones_own_makes_a_proposal_stale(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(replace("c2", "b = 20")))
    notebook.ask("change it", at=1)
    ghost = notebook.ghosts()
    expect(ghost).to_have_count(1)
    notebook.wait_until_armed()

    # Enter gives the input back, although a diff stands in its place.
    notebook.activate(1)
    notebook.press("Enter")
    expect(notebook.cell("c2").locator(".jp-Cell-inputWrapper")).to_be_visible()
    notebook.press("Control+End")
    notebook.page.keyboard.type("  # mine")
    notebook.press("Escape")
    expect(ghost).to_contain_text("You changed this cell since it was proposed")
    expect(ghost.locator(".llm-mod-removed")).to_have_text("b = 2  # mine")
    accept = button(ghost, "Accept")
    expect(accept).to_have_attribute("aria-disabled", "true")
    accept.click(force=True)
    notebook.review()
    notebook.press("y", "Shift+Y")
    notebook.page.wait_for_timeout(200)
    assert notebook.sources()[1] == "b = 2  # mine"

    button(ghost, "Discard").click()
    expect(ghost).to_have_count(0)


def test_a_deletion_is_struck_out_and_a_move_shows_where_to(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(SOURCES)
    before = notebook.save()
    lab.says(reply("@@ delete c2\n", "@@ move c4 after c1\n"))
    notebook.ask("tidy", at=0)
    expect(notebook.ghosts()).to_have_count(2)
    struck = notebook.cell("c2").locator(".cm-line").first
    assert "line-through" in struck.evaluate("n => getComputedStyle(n).textDecorationLine")
    expect(notebook.cell("c4")).to_contain_text("Proposed move: after cell 1")
    expect(notebook.cell("c1").locator(".llm-Landing")).to_contain_text("Cell 4 would move here")
    assert notebook.save() == before

    notebook.wait_until_armed()
    button(notebook.cell("c2"), "Accept all").click()
    expect(notebook.ghosts()).to_have_count(0)
    expect(notebook.page.locator(".llm-Landing")).to_have_count(0)
    assert notebook.sources() == ["a = 1", "d = 4", "c = 3"]


def test_a_ghost_whose_cell_is_gone_says_so(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(insert("after c2", "total = a + b")))
    notebook.ask("add", at=1)
    expect(notebook.ghosts()).to_have_count(1)
    notebook.js("nb.content.model.sharedModel.deleteCell(1)")
    ghost = notebook.cell("c1").locator(".llm-Ghost")
    expect(ghost).to_contain_text("is gone")
    expect(button(ghost, "Accept")).to_have_attribute("aria-disabled", "true")
    notebook.js("nb.content.model.sharedModel.undo()")
    expect(notebook.cell("c2").locator(".llm-Ghost")).not_to_contain_text("is gone")


def test_a_line_that_would_turn_round_reads_from_left_to_right(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["y = '\u202egnp.evil'  # bidi"])
    lab.says(reply(replace("c1", "y = 'live'  # \u202e} if")))
    notebook.ask("change it")
    for kind in (".llm-mod-removed", ".llm-mod-added"):
        line = notebook.ghosts().locator(kind)
        expect(line).to_contain_text("U+202E")
        lefts = line.evaluate(
            """
            line => {
              const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
              const lefts = [];
              while (walker.nextNode()) {
                const range = document.createRange();
                for (let i = 0; i < walker.currentNode.length; i++) {
                  range.setStart(walker.currentNode, i);
                  range.setEnd(walker.currentNode, i + 1);
                  lefts.push(range.getBoundingClientRect().left);
                }
              }
              return lefts;
            }
            """
        )
        assert len(lefts) > 15
        assert lefts == sorted(lefts)


def test_while_it_is_written_it_grows_and_cannot_be_accepted(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(SOURCES)
    lines = "\n".join(f"line_{i} = {i}" for i in range(30))
    lab.says(reply(insert("after c1", lines)), chunk=12, delay=0.04)
    notebook.ask("write", settled=False)
    ghost = notebook.ghosts()
    expect(ghost).to_contain_text("line_3 = 3")
    expect(ghost).to_contain_text("Writing…")
    accept = button(ghost, "Accept")
    expect(accept).to_have_attribute("aria-disabled", "true")
    ghost.focus()
    notebook.press("y", "Shift+Enter")
    accept.click(force=True)
    assert notebook.sources() == SOURCES
    # What grows above the visible part does not push it.
    notebook.js("nb.content.outerNode.style.height = '80px'")
    expect(ghost).to_contain_text("line_12 = 12")
    drift = notebook.js(
        """
        const mark = nb.content.widgets[3].node;
        mark.scrollIntoView({block: 'end'});
        await new Promise(requestAnimationFrame);
        const top = mark.getBoundingClientRect().top;
        const grown = nb.node.querySelector('.llm-Ghost').clientHeight;
        let worst = 0;
        while (nb.node.querySelector('.llm-Ghost').clientHeight < grown + 100) {
          await new Promise(requestAnimationFrame);
          worst = Math.max(worst, Math.abs(mark.getBoundingClientRect().top - top));
        }
        return worst;
        """
    )
    assert drift <= 1
    notebook.js("nb.content.outerNode.style.height = ''")
    expect(ghost).to_contain_text("line_29 = 29")
    notebook.wait_until_armed()
    assert notebook.sources() == SOURCES


def test_hidden_characters_are_shown(lab: Lab, open_notebook: OpenNotebook) -> None:
    sly = 'if user != "admin\u202e \u2066# hidden\u2069\u2066":\u200b'
    notebook = open_notebook(["a = 1", sly])
    edits = [replace("c2", "pass"), insert("after c1", sly)]
    lab.says(reply(*edits, title="Turn \u202eit"))
    notebook.ask("go")
    expect(notebook.ghosts()).to_have_count(2)
    inserted = notebook.page.locator(".llm-mod-insert .llm-Ghost-text")
    removed = notebook.page.locator(".llm-Ghost .llm-mod-removed")
    for place in (inserted, removed):
        for name in ("U+202E", "U+2066", "U+2069", "U+200B"):
            expect(place).to_contain_text(name)
    title = notebook.page.locator(".llm-mod-replace .llm-Ghost-title")
    expect(title).to_contain_text("U+202E")
    assert "\u202e" not in (title.text_content() or "")


def test_review_by_keys(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(insert("after c1", "x = 1\nprint('ran', x)"), title="First"))
    notebook.ask("one")
    lab.says(reply(replace("c3", "c = 30"), title="Second"))
    notebook.ask("two")
    lab.says(reply("@@ delete c4\n", title="Third"))
    notebook.ask("three")
    expect(notebook.ghosts()).to_have_count(3)
    notebook.wait_until_armed()
    notebook.activate(0)

    def on(title: str) -> None:
        named = notebook.page.locator(f'.llm-Ghost[aria-label*="{title}"]')
        expect(named).to_be_focused()

    notebook.review()
    on("First")
    # None of the notebook's own keys act here: cut, delete, change type, run.
    notebook.press("x", "d", "d", "m", "a", "Shift+Enter", "Control+Enter")
    notebook.page.wait_for_timeout(200)
    assert notebook.sources() == SOURCES
    assert all(item["cell_type"] == "code" for item in notebook.cells())
    assert all(item["execution_count"] is None for item in notebook.cells())
    on("First")
    notebook.press("Shift+J")
    on("Second")
    notebook.press("Shift+K")
    on("First")

    notebook.press("Escape")
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
    assert notebook.active()["mode"] == "command"
    # Outside of it y is the notebook's again.
    notebook.press("m")
    assert notebook.cells()[notebook.active()["index"]]["cell_type"] == "markdown"
    notebook.press("y")
    assert notebook.cells()[notebook.active()["index"]]["cell_type"] == "code"

    notebook.review()
    on("First")
    notebook.press("n")
    # The next one that waits has the keys now.
    on("Second")
    notebook.press("y")
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
    assert notebook.active() == {"index": 2, "id": "c3", "mode": "command", "focused": True}
    assert notebook.sources() == ["a = 1", "b = 2", "c = 30", "d = 4"]

    notebook.review()
    on("Third")
    notebook.press("n")
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
    assert notebook.sources() == ["a = 1", "b = 2", "c = 30", "d = 4"]


def test_accept_and_run(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(insert("after c1", "print('ran', 6 * 7)")))
    notebook.ask("run it")
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("Shift+Y")
    expect(notebook.page.locator(".jp-OutputArea-output")).to_contain_text("ran 42")
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
    assert notebook.active()["index"] == 1


def test_clicking_a_ghost_enters_review_and_leaves_the_cells_alone(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook([cell("# Title", "markdown", id="c1"), "b = 2"])
    lab.says(reply(insert("after c1", "x = 1")))
    notebook.ask("insert")
    notebook.wait_until_armed()
    ghost = notebook.ghosts()
    ghost.locator(".llm-Line").first.dblclick()
    notebook.wait_until("return !!document.activeElement.closest('.llm-Ghost')")
    # A double click on the cell itself would have shown its source.
    assert notebook.js("return nb.content.widgets[0].rendered")
    notebook.press("n")
    expect(ghost).to_have_count(0)


@pytest.mark.parametrize("windowing", MODES, indirect=True)
def test_many_cells_with_ghosts_scrolled_away_and_back(
    windowing: str, lab: Lab, open_notebook: OpenNotebook, long_leash: None
) -> None:
    total = 120
    notebook = open_notebook([f"value_{i} = {i}\nvalue_{i}" for i in range(total)])
    places = range(10, total, 8)
    edits = [insert(f"after c{n}", f"ghost_{n} = {n}") for n in places]
    edits += ["@@ delete c3\n", replace("c118", "value_117 = -1")]
    lab.says(reply(*edits))
    notebook.ask("everywhere", at=0)
    notebook.page.locator(".llm-Ghost").first.wait_for()

    for n in [106, 10, 58, 106, 10]:
        notebook.scroll_to(n - 1)
        expect(notebook.cell(f"c{n}").locator(".llm-Ghost")).to_contain_text(f"ghost_{n} = {n}")
    # Cells come and go around them.
    notebook.js(
        """
        const shared = nb.content.model.sharedModel;
        shared.insertCell(0, {cell_type: 'code', source: 'new'});
        shared.moveCell(10, 14);
        shared.deleteCell(30);
        """
    )
    notebook.scroll_to(14)
    expect(notebook.cell("c10").locator(".llm-Ghost")).to_contain_text("ghost_10")
    notebook.scroll_to(total - 1)
    removed = notebook.cell("c118").locator(".llm-mod-removed")
    expect(removed.first).to_contain_text("value_117 = 117")
    # Each edit is there once at most, whatever was drawn on the way.
    keys = notebook.js(
        "return [...nb.node.querySelectorAll('.llm-Ghost')].map(n => n.dataset.edit)"
    )
    assert len(keys) == len(set(keys))

    button_name = "Reject all"
    notebook.scroll_to(9)
    notebook.review()
    ghost = notebook.page.locator(".llm-Ghost:focus")
    expect(ghost).to_be_in_viewport()
    button(ghost, button_name).click()
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.js("return nb.node.querySelectorAll('.llm-mod-replaced').length") == 0


@pytest.mark.parametrize("windowing", MODES, indirect=True)
def test_turning_to_a_ghost_that_was_never_drawn(
    windowing: str, lab: Lab, open_notebook: OpenNotebook
) -> None:
    tall = "\n".join(f"# line {i}" for i in range(12))
    notebook = open_notebook([f"value_{i} = {i}\n{tall}" for i in range(150)])
    lab.says(reply(insert("after c140", "far = True")))
    notebook.ask("far away", at=0)
    notebook.review()
    ghost = notebook.ghosts()
    expect(ghost).to_be_focused()
    expect(ghost).to_be_in_viewport(ratio=1)
    notebook.wait_until_armed()
    notebook.press("y")
    notebook.wait_until("return document.activeElement === nb.content.activeCell?.node")
    assert notebook.active()["index"] == 140
    expect(notebook.page.locator(".jp-Cell.jp-mod-active .cm-content")).to_be_in_viewport()


def test_nothing_stays_behind(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SOURCES)
    lab.says(reply(replace("c2", "b = 20"), insert("after c3", "x = 1")))
    notebook.ask("stay")
    expect(notebook.ghosts()).to_have_count(2)
    errors_before = list(notebook.problems)
    notebook.js("await nb.context.save(); nb.dispose()")
    expect(notebook.page.locator(".llm-Ghost")).to_have_count(0)
    assert notebook.problems == errors_before


CONTRAST = """
() => {
  const parse = text => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, base) => top.slice(0, 3).map((v, i) => v * top[3] + base[i] * (1 - top[3]));
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = node => {
    const layers = [];
    for (let n = node; n; n = n.parentElement) {
      layers.push(parse(getComputedStyle(n).backgroundColor));
    }
    return layers.reverse().reduce((base, top) => over(top, base), [255, 255, 255]);
  };
  const poor = [];
  const roots = document.querySelectorAll('.llm-Ghost, .llm-Landing');
  for (const root of roots) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.trim();
      const node = walker.currentNode.parentElement;
      if (!text || !node.getClientRects().length || node.closest('[aria-disabled=true]')) continue;
      const base = ground(node);
      const style = getComputedStyle(node);
      const colour = parse(style.color);
      colour[3] *= Number(style.opacity);
      const [a, b] = [light(over(colour, base)), light(base)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) poor.push(`${text} ${ratio.toFixed(2)} ${style.color} on ${base}`);
    }
  }
  return [roots.length, poor];
}
"""

PLOT = '''\
# Bill length by species
fig, ax = plt.subplots(figsize=(8, 4))
for name, group in df.groupby("species"):
    ax.hist(group["bill_length_mm"], alpha=0.5, label=f"{name!r}: {len(group) + 1}")
assert ax is not None and True
@decorated
class Reader(Base): """A text."""'''


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_every_state_can_be_read(theme: str, lab: Lab, open_notebook: OpenNotebook) -> None:
    lab.configure(THEME_SETTINGS, {"theme": f"JupyterLab {theme}"})
    try:
        notebook = open_notebook(
            ["import pandas as pd", "df.head()", PLOT, "print(1)", "y = 2", "df.describe()"]
        )
        edits = [
            insert("after c1", PLOT),
            replace("c3", PLOT.replace("True", "False").replace("class", "@other\nclass")),
            "@@ delete c4\n",
            "@@ move c5 after c2\n",
        ]
        lab.says(reply(*edits, title="Plot bill length by species"))
        notebook.ask("all of it")
        lab.says(reply(replace("c6", 'df.describe(include="all")'), title="Describe all"))
        notebook.ask("stale")
        expect(notebook.ghosts()).to_have_count(5)
        notebook.js("nb.content.model.sharedModel.cells[5].setSource('df.describe()[1:]')")
        expect(notebook.page.locator(".llm-Ghost.llm-mod-stale")).to_have_count(1)
        notebook.wait_until_armed()
        notebook.review()
        # Languages are loaded when they are first needed.
        notebook.page.wait_for_timeout(500)
        notebook.shot(f"ghosts-{theme.lower()}-1")
        count, poor = notebook.page.evaluate(CONTRAST)
        assert count >= 6
        assert poor == []
        notebook.scroll_to(5)
        notebook.page.wait_for_timeout(300)
        path = notebook.shot(f"ghosts-{theme.lower()}-2")
        assert Path(path).stat().st_size > 0
    finally:
        lab.configure(THEME_SETTINGS, {})
