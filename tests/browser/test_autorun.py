"""Level Auto-run in a real JupyterLab: allowed, held, denied; ceilings; by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from llm_notebook.rules.configuration import FILE
from tests.browser.autonomy import armed, card, level, sentence, turned_to_slider
from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, reply
from tests.browser.test_preview import evaluated, opened

DATA = "import pandas as pd\ndf = pd.DataFrame({'a': range(1000)})"
ALLOWED = reply(insert("after c2", "top = df.nlargest(3, 'a')\ntop"), title="Top three")
HELD = reply(insert("after c1", "df.to_csv('out.csv')"), title="Write it out")
DENIED = reply(
    insert("after c1", "open(__import__('llm_notebook').__file__, 'a').close()"), title="Patch"
)
SAVED_LEVEL = f"""
const {{ raw }} = await window.jupyterapp.serviceManager.settings.fetch("{OUR_SETTINGS}");
return /"level": 3\\b/.test(raw);
"""


@pytest.fixture
def previews(lab: Lab) -> Iterator[None]:
    settings = lab.settings() | {"level": 3, "previewBudget": 30}
    lab.configure(OUR_SETTINGS, settings)
    yield
    lab.configure(OUR_SETTINGS, lab.settings())


@pytest.fixture
def policy(lab: Lab) -> Iterator[Path]:
    """The administrator's file; it is read whenever a page asks the server."""
    file = lab.root.parent / "config" / FILE
    yield file
    file.unlink(missing_ok=True)


def test_one_is_allowed_one_is_held_one_is_denied(
    lab: Lab, previews: None, open_notebook: OpenNotebook
) -> None:
    """By the keyboard alone."""
    notebook = opened(open_notebook, DATA, "df.shape", run=2)
    page = notebook.page
    slider = turned_to_slider(notebook)
    assert slider.get_attribute("aria-valuetext") == "Preview"
    notebook.press("ArrowRight")
    expect(level(notebook)).to_have_text("Auto-run")
    expect(sentence(notebook)).to_contain_text("What the rules allow will run by itself")
    assert "Auto-run" in page.locator(".llm-StatusItem").inner_text()

    # Allowed: it is in the notebook with its output, and nobody pressed anything.
    lab.says(ALLOWED)
    notebook.ask("top", at=1)
    notebook.wait_until("return nb.content.widgets[2]?.model.executionCount > 0")
    assert notebook.sources()[2] == "top = df.nlargest(3, 'a')\ntop"
    assert evaluated(notebook, "len(top)") == "3"
    mark = notebook.cell(notebook.cells()[2]["id"]).locator(".llm-AutoMark")
    expect(mark).to_contain_text("Auto-run")
    expect(mark).to_contain_text("allowed by the rules")
    # Nothing took the keyboard from the prompt.
    assert page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
    item = page.locator(".llm-Happened-item")
    expect(item).to_contain_text("Top three")
    expect(page.locator(".llm-Level-about")).to_contain_text("1 of 10 runs used")

    # Held: it says why in one sentence, and with its rule and line where that is unfolded.
    lab.says(HELD)
    notebook.ask("write", at=0)
    fate = card(notebook, "Write it out").locator(".llm-Fate")
    expect(fate).to_contain_text("Held: ")
    expect(fate).to_contain_text("out.csv")
    expect(sentence(notebook)).to_contain_text("1 waiting: 1 is held: ")
    fate.locator("summary").press("Enter")
    expect(fate.locator("li").first).to_contain_text("line 1")
    # Denied: accepting it takes a second word.
    lab.says(DENIED)
    notebook.ask("patch", at=0)
    expect(card(notebook, "Patch").locator(".llm-Fate")).to_contain_text("Denied: ")
    notebook.shot("auto-run")
    assert len(notebook.sources()) == 4  # with the empty one that running the last makes
    assert not (lab.root / "out.csv").exists()
    notebook.activate(0)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("Shift+J")
    page.wait_for_function("() => document.activeElement?.innerText.includes('Patch')")
    notebook.wait_until_armed()
    notebook.press("y")
    patch = notebook.ghosts().filter(has_text="Patch")
    expect(patch.locator(".llm-Ghost-note")).to_contain_text("Accept it once more")
    assert len(notebook.sources()) == 4
    notebook.press("n")
    expect(card(notebook, "Patch")).to_contain_text("Rejected")

    # What has happened can be taken back; it waits again, and stays held.
    item.get_by_role("button", name="Undo").press("Enter")
    expect(item).to_contain_text("Taken back")
    expect(card(notebook, "Top three").locator(".llm-Fate")).to_contain_text("was taken back")
    assert len(notebook.sources()) == 3

    # From the store: what became of proposals of each kind.
    past = page.locator(".llm-Level summary", has_text="How you decided")
    past.press("Enter")
    expect(page.locator(".llm-Past")).to_contain_text("Adds a cell")
    expect(page.locator(".llm-Past")).to_contain_text("1 taken back")
    # Down again by the keys; and a reload never comes back armed.
    turned_to_slider(notebook)
    notebook.press("ArrowLeft")
    expect(level(notebook)).to_have_text("Preview")
    armed(notebook)
    notebook.reload()
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    expect(level(notebook)).to_have_text("Preview")


def test_the_ceiling_is_the_administrator_s_and_the_notebook_s(
    lab: Lab, previews: None, policy: Path, open_notebook: OpenNotebook
) -> None:
    policy.write_text("ceiling = 'preview'\n")
    notebook = opened(open_notebook, "x = 1")
    ended = notebook.page.locator(".llm-Level-ended")

    def refused() -> None:
        turned_to_slider(notebook)
        notebook.press("ArrowLeft", "End")
        # The next best is what it comes to.
        expect(ended).to_contain_text("Auto-run is not possible here")
        expect(level(notebook)).to_have_text("Preview")

    refused()
    expect(ended).to_contain_text(str(policy))
    policy.write_text("ceiling =")  # cannot be read
    refused()
    expect(ended).to_contain_text("counts as Preview")
    policy.write_text("ceiling = 2\n")
    # What the slider passed on its way is written to the settings, and then where it stayed.
    for _ in range(100):
        if notebook.js(SAVED_LEVEL):
            break
        notebook.page.wait_for_timeout(100)
    notebook.reload()
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    expect(level(notebook)).to_have_text("Propose")
    expect(notebook.page.locator(".llm-mod-reason")).to_contain_text("administrator")
    policy.unlink()

    notebook.reload()
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    armed(notebook)
    # Whatever lowers it ends it; what lifts that again does not bring it back.
    notebook.js("nb.content.model.sharedModel.setMetadata('llm_notebook', {level: 3})")
    notebook.js("nb.content.model.sharedModel.cells[0].setSource('x = 2')")
    lab.says(reply(insert("after c1", "y = x"), title="Y"))
    notebook.ask("y", at=0)
    expect(ended).to_contain_text("This notebook sets the level to Preview")
    notebook.js("nb.content.model.sharedModel.deleteMetadata('llm_notebook')")
    card(notebook, "Y").get_by_role("button", name="Again").wait_for()
    expect(level(notebook)).to_have_text("Preview")
    assert notebook.sources()[0] == "x = 2"
    assert "y = x" not in notebook.sources()


def not_typing(notebook: NotebookPage) -> bool:
    return bool(notebook.js("return nb.content.mode !== 'edit'"))


def test_it_runs_beside_a_person_who_types_and_not_in_their_cell(
    lab: Lab, previews: None, open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook, "x = 1", "# mine", run=1)
    page = notebook.page
    armed(notebook)
    # They type in the cell under which it would stand: it waits, and says for what.
    lab.says(reply(insert("after c1", "import time\ny = x\ntime.sleep(0.2)"), title="Y"))
    notebook.ask("y", at=0, settled=False)
    notebook.activate(0)
    notebook.press("Enter")
    expect(card(notebook, "Y").locator(".llm-Fate")).to_contain_text("You are typing")
    assert not any("sleep" in source for source in notebook.sources())
    # They go on in another one, and it runs without taking them from there.
    notebook.press("Escape")
    notebook.activate(1)
    notebook.press("Enter", "End")
    page.keyboard.type(" words")
    notebook.wait_until("return nb.content.widgets.length === 3")
    page.keyboard.type(" and more")
    notebook.wait_until("return nb.content.widgets[1].model.executionCount > 0")
    assert not not_typing(notebook)
    assert notebook.sources()[2].startswith("# mine words and more")


def test_stop_ends_what_runs_by_itself(
    lab: Lab, previews: None, open_notebook: OpenNotebook
) -> None:
    notebook = opened(open_notebook, "x = 1", run=1)
    armed(notebook)
    lab.says(reply(insert("after c1", "import time\ntime.sleep(6)\ny = x"), title="Long"))
    notebook.ask("long", at=0)
    notebook.wait_until(
        "return nb.content.widgets[1]?.model.sharedModel.getSource().includes('sleep')"
        " && nb.sessionContext.session.kernel.status === 'busy'"
    )
    notebook.page.locator(".llm-Level").get_by_role("button", name="Stop").click()
    expect(level(notebook)).to_have_text("Preview")
    cell = notebook.cell(notebook.cells()[1]["id"])
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("KeyboardInterrupt")
    assert evaluated(notebook, "'y' in globals()") == "False"
    # The cell stays with what stands in it, and can be taken back as any other.
    item = notebook.page.locator(".llm-Happened-item")
    item.get_by_role("button", name="Undo").click()
    expect(item).to_contain_text("Taken back")
    assert not any("sleep" in source for source in notebook.sources())


def test_of_two_windows_at_auto_run_the_one_that_asked_runs_it_once(
    lab: Lab, previews: None, open_notebook: OpenNotebook, page: Page
) -> None:
    notebook = opened(open_notebook, "runs = []", run=1)
    other = NotebookPage.open(page.context.new_page(), lab, notebook.path)
    other.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    for each in (other, notebook):
        armed(each)
    lab.says(reply(insert("after c1", "runs.append(1)"), title="Count"))
    notebook.ask("count", at=0)
    notebook.wait_until("return nb.content.widgets[1]?.model.executionCount > 0")
    expect(other.page.locator(".llm-Card.llm-mod-pending")).to_have_count(0)
    expect(other.ghosts()).to_have_count(0)
    other.page.wait_for_timeout(1500)  # what a second run would need
    assert evaluated(notebook, "runs") == "[1]"
    assert notebook.sources().count("runs.append(1)") == 1
    assert level(other).inner_text() == "Auto-run"
    expect(other.page.locator(".llm-Happened-item")).to_have_count(0)
    other.page.close()
