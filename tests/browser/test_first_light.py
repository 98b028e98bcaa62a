"""The whole way, as a person goes it: ask, look, decide, run, and take it back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, REPO, THEME_SETTINGS, Lab, NotebookPage

NOTEBOOK = "first-five-minutes.ipynb"
PLOT = "plot the average body mass by species"
ADD_ONE = "title: Add one\nwhy: It counts.\n@@ insert after c1\n```python\nx + 1\n```\n@@ end\n"


@pytest.fixture
def embedded(lab: Lab) -> Iterator[None]:
    """The assistant that a newcomer meets, in place of the scripted model."""
    lab.configure(OUR_SETTINGS, {})
    yield
    lab.configure(OUR_SETTINGS, lab.settings())


@pytest.fixture
def examples(page: Page, lab: Lab, embedded: None) -> Iterator[NotebookPage]:
    """The example notebook, opened with the panel as the demo command opens it."""
    folder = lab.root / "examples"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(REPO / "examples", folder)
    notebook = NotebookPage.open(page, lab, f"examples/{NOTEBOOK}", query="&llm-notebook=open")
    yield notebook
    notebook.js("await nb?.sessionContext.shutdown().catch(() => undefined)")
    assert notebook.problems == []


def wait_ready(notebook: NotebookPage) -> None:
    """Wait until the session answers, whether the panel is open or not."""
    notebook.page.locator(".llm-Panel-state.llm-mod-ready").wait_for(state="attached")


def run_cell(notebook: NotebookPage, index: int) -> None:
    """Run a cell with the keys, and wait for its end."""
    notebook.activate(index)
    notebook.press("Control+Enter")
    notebook.wait_until(
        "const c = nb.content.widgets[index].model; return c.executionState !== 'running' "
        "&& c.executionCount !== null",
        index=index,
    )


def outputs(notebook: NotebookPage, index: int) -> list[dict[str, Any]]:
    return list(notebook.cells()[index].get("outputs", []))


def test_the_first_five_minutes(examples: NotebookPage) -> None:
    notebook, page = examples, examples.page
    panel = page.get_by_role("region", name="Proposals").first
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("not a language model")
    wait_ready(notebook)
    run_cell(notebook, 1)
    run_cell(notebook, 2)
    notebook.save()
    before, file_before = notebook.cells(), notebook.file()

    prompt = panel.get_by_role("textbox", name="What should change?")
    prompt.fill(PLOT)
    prompt.press("Control+Enter")
    ghost = page.get_by_role("group", name="Proposed new code cell")
    expect(ghost).to_be_visible()
    notebook.wait_until_armed()
    expect(prompt).to_have_value("")
    notebook.shot("first-light-ghost")
    if os.environ.get("UPDATE_IMAGES"):
        expect(ghost.get_by_text("previewed", exact=True)).to_be_visible()
        notebook.js("nb.content.node.querySelector('.llm-Ghost')?.scrollIntoView({block: 'end'})")
        page.wait_for_timeout(700)
        page.screenshot(path=REPO / "docs" / "images" / "first-light.png")

    # Nothing of it is in the document, nor on disk, also when somebody saves.
    assert notebook.cells() == before
    assert notebook.save() == file_before

    notebook.activate(2)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("Shift+Y")
    notebook.wait_until("return nb.content.widgets.length === n", n=len(before) + 1)
    at = 3
    notebook.wait_until(
        "return nb.content.widgets[at].model.outputs.length > 0 "
        "&& nb.content.widgets[at].model.executionState !== 'running'",
        at=at,
    )
    shown = [out for out in outputs(notebook, at) if "image/png" in out.get("data", {})]
    assert shown, outputs(notebook, at)
    expect(page.locator(".jp-OutputArea-output img").first).to_be_visible()
    notebook.shot("first-light-plot")

    accepted = notebook.cells()
    provenance = accepted[at]["metadata"]["llm_notebook"]
    assert provenance["prompt"] == PLOT
    assert provenance["model"] == "offline:rules"
    assert provenance["op"] == "insert"
    # The others are as they were, to the last key.
    assert accepted[:at] + accepted[at + 1 :] == before

    notebook.wait_until("return nb.content.mode === 'command'")
    notebook.activate(at)
    notebook.press("z")
    notebook.wait_until("return nb.content.widgets.length === n", n=len(before))
    assert notebook.cells() == before
    expect(ghost).to_be_visible()
    notebook.press("Shift+Z")
    notebook.wait_until("return nb.content.widgets.length === n", n=len(before) + 1)
    assert notebook.sources() == [item["source"] for item in accepted]
    expect(ghost).to_have_count(0)


def test_the_same_by_the_cell_magic(examples: NotebookPage) -> None:
    notebook, page = examples, examples.page
    wait_ready(notebook)
    run_cell(notebook, 1)
    count = len(notebook.cells())
    asked_at = next(i for i, s in enumerate(notebook.sources()) if s.startswith("%%llm"))
    run_cell(notebook, asked_at)
    ghost = page.get_by_role("group", name="Proposed new code cell")
    expect(ghost).to_be_visible()
    notebook.wait_until_armed()
    status = page.locator(".llm-Status")
    expect(status).to_contain_text("Pending")
    notebook.shot("first-light-magic")

    saved = json.loads(notebook.save())["cells"][asked_at]
    (output,) = saved["outputs"]
    line = "".join(output["data"]["text/plain"])
    assert "\n" not in line
    source = str(ghost.locator(".llm-Text").inner_text())
    assert "groupby" in source
    assert "groupby" not in json.dumps(saved["outputs"])
    assert len(notebook.cells()) == count

    notebook.activate(asked_at)
    notebook.press("g", "r")
    notebook.wait_for_ghost_focus()
    notebook.press("Shift+Y")
    notebook.wait_until("return nb.content.widgets.length === n", n=count + 1)
    notebook.wait_until("return nb.content.widgets[at].model.outputs.length > 0", at=asked_at + 1)
    assert notebook.cells()[asked_at + 1]["metadata"]["llm_notebook"]["asked_in"] == "ask-in-a-cell"
    expect(status).to_contain_text("Accepted")


def test_a_rejected_proposal_leaves_the_file_byte_identical(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    notebook = open_notebook(["x = 1", {"cell_type": "markdown", "metadata": {}, "source": "*hi*"}])
    before = notebook.save()
    lab.says(
        "@@ replace c1\n```python\nx = 2\n```\n@@ delete c2\n"
        "@@ insert after c1\n```python\ny\n```\n@@ end\n"
    )
    notebook.ask("change all")
    notebook.wait_until_armed()
    assert notebook.save() == before
    notebook.review()
    notebook.press("n")
    expect(notebook.ghosts()).to_have_count(0)
    assert notebook.save() == before


def test_a_reload_keeps_what_is_pending(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(ADD_ONE)
    notebook.ask("add one")
    expect(notebook.ghosts()).to_have_count(1)
    before = notebook.save()
    notebook.reload()
    expect(notebook.ghosts()).to_have_count(1)
    notebook.wait_until_armed()
    assert notebook.file() == before
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === 2")
    assert notebook.sources() == ["x = 1", "x + 1"]
    # Accepted once is accepted: another reload brings nothing back.
    notebook.save()
    notebook.reload()
    wait_ready(notebook)
    expect(notebook.ghosts()).to_have_count(0)


def test_a_kernel_restart_keeps_what_is_pending(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1"])
    lab.says(ADD_ONE)
    notebook.ask("add one")
    expect(notebook.ghosts()).to_have_count(1)
    notebook.js("await nb.sessionContext.restartKernel()")
    wait_ready(notebook)
    expect(notebook.ghosts()).to_have_count(1)
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === 2")


def test_answered_and_accepted_while_a_cell_sleeps(lab: Lab, open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(["x = 1", "import time; time.sleep(20); print('slept')"])
    wait_ready(notebook)
    notebook.activate(1)
    notebook.press("Control+Enter")
    running = "return nb.content.widgets.some(w => w.model.executionState === 'running')"
    notebook.wait_until(running)
    lab.says(ADD_ONE)
    notebook.ask("add one")
    notebook.wait_until_armed()
    notebook.review()
    notebook.press("y")
    notebook.wait_until("return nb.content.widgets.length === 3")
    assert notebook.js(running)
    assert outputs(notebook, 2) == []
    # It was asked at the first cell, and the kernel still sleeps in the other.
    assert notebook.sources()[1] == "x + 1"
    notebook.js("await nb.sessionContext.session.kernel.interrupt()")
    notebook.wait_for_idle()


def test_accept_typed_in_a_cell_is_the_person_s_and_a_forged_one_is_nobody_s(
    lab: Lab, open_notebook: OpenNotebook
) -> None:
    forged = (
        "from llm_notebook.faces.attach import attach\n"
        "from llm_notebook.core.protocol import DecideRequested\n"
        "a = attach()\n"
        "for cell_id in (None, 'c1', 'c2', a.live.cell_id()):\n"
        "    for p in a.session().open_proposals():\n"
        "        a.comm.broadcast(DecideRequested(p.id, 'accepted', cell_id))\n"
        "print('forged')"
    )
    notebook = open_notebook(["x = 1", forged, "%llm accept"])
    lab.says(ADD_ONE)
    notebook.ask("add one")
    notebook.wait_until_armed()
    run_cell(notebook, 1)
    assert "forged" in str(outputs(notebook, 1))
    notebook.page.wait_for_timeout(500)
    assert len(notebook.cells()) == 3
    notebook.activate(2)
    notebook.press("Control+Enter")
    notebook.wait_until("return nb.content.widgets.length === 4")
    assert notebook.sources()[1] == "x + 1"


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"finish": None}, "cut"),
        ({"reply": "@@ replace c9\n```python\nx\n```\n@@ end\n"}, "c9"),
        ({"match": "never"}, "script"),
    ],
)
def test_a_bad_reply_is_a_sentence_and_the_prompt_can_be_sent_again(
    lab: Lab, open_notebook: OpenNotebook, options: dict[str, Any], word: str
) -> None:
    notebook = open_notebook(["x = 1"])
    before = notebook.save()
    reply = "title: Add\n@@ insert after c1\n```python\nx + 1\n"
    lab.says(**{"reply": reply, **options})
    notebook.ask("add one")
    card = notebook.page.locator(".llm-Card").first
    expect(card).to_contain_text("Failed")
    expect(card).to_contain_text(word)
    expect(card).to_contain_text("not touched")
    expect(notebook.ghosts()).to_have_count(0)
    notebook.shot("failed")
    assert notebook.save() == before
    lab.says(ADD_ONE)
    card.get_by_role("button", name="Retry").click()
    expect(notebook.ghosts()).to_have_count(1)


def test_declined_offers_what_it_can_do(examples: NotebookPage) -> None:
    notebook, page = examples, examples.page
    wait_ready(notebook)
    run_cell(notebook, 1)
    notebook.ask("train a neural network on the penguins", at=1)
    card = page.locator(".llm-Card").first
    expect(card).to_contain_text("Declined")
    notebook.shot("declined")
    tries = card.get_by_role("group", name="What can be asked instead").get_by_role("button")
    assert tries.count() >= 1
    tries.first.click()
    expect(notebook.ghosts()).to_have_count(1)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_panel_and_ghost_in_both_themes(lab: Lab, open_notebook: OpenNotebook, theme: str) -> None:
    lab.configure(THEME_SETTINGS, {"theme": theme})
    try:
        notebook = open_notebook(["x = 1\ny = 2", "print(x)"])
        lab.says(
            "title: Rename and show\nwhy: Clearer.\n@@ replace c1\n```python\nx = 1\nz = 2\n```\n"
            "@@ insert after c2\n```python\nprint(z)\n```\n@@ end\n"
        )
        notebook.ask("rename y to z and show it", at=1)
        notebook.wait_until_armed()
        notebook.review()
        notebook.shot(f"review-{theme.rpartition(' ')[2].lower()}")
        # A person must be able to read it: contrast of what carries meaning.
        worst = notebook.js(
            """
            const lum = c => { const v = c.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92
              : ((x + 0.055) / 1.055) ** 2.4); return 0.2126*v[0] + 0.7152*v[1] + 0.0722*v[2]; };
            const rgb = s => s.match(/[\\d.]+/g).map(Number);
            const back = n => { const layers = [];
              for (let e = n; e; e = e.parentElement) {
                const c = rgb(getComputedStyle(e).backgroundColor); const a = c[3] ?? 1;
                if (a > 0) layers.push([c.slice(0, 3), a]); if (a === 1) break; }
              let base = [255, 255, 255];
              for (const [c, a] of layers.reverse()) base = base.map((b, i) => b*(1-a) + c[i]*a);
              return base; };
            const found = [];
            for (const n of document.querySelectorAll(
                '.llm-Card *, .llm-Panel-header *, .llm-Ghost *')) {
              const own = [...n.childNodes].some(c => c.nodeType === 3 && c.textContent.trim());
              if (!own || !n.checkVisibility() || n.closest(':disabled')) continue;
              const a = lum(rgb(getComputedStyle(n).color).slice(0, 3)), b = lum(back(n));
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              found.push([ratio, n.className + ': ' + n.textContent.slice(0, 30)]);
            }
            return found.sort((a, b) => a[0] - b[0]).slice(0, 5);
            """
        )
        assert worst, "nothing was measured"
        assert worst[0][0] >= 4.5, worst
    finally:
        lab.configure(THEME_SETTINGS, {})


def test_the_panel_says_what_is_missing_in_the_kernel(
    lab: Lab, page: Page, open_notebook: OpenNotebook
) -> None:
    """A kernel whose environment lacks the package: the panel says so, and what to do."""
    notebook = open_notebook(["x = 1"], kernel=False)
    # Before the front end reaches the new kernel, its import path hides the package.
    startup = _startup(lab.root.parent)
    startup.write_text(
        "import sys\nclass _Hide:\n    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] == 'llm_notebook':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}')\n"
        "sys.meta_path.insert(0, _Hide())\n"
    )
    try:
        notebook.js("await nb.sessionContext.ready; await nb.sessionContext.restartKernel()")
        notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
        expect(page.locator(".llm-Panel")).to_contain_text("%pip install jupyterlab-llm-notebook")
        notebook.shot("unavailable")
    finally:
        startup.unlink()
    notebook.js("await nb.sessionContext.restartKernel()")
    wait_ready(notebook)


def _startup(place: Path) -> Path:
    folder = place / "home" / "ipython" / "profile_default" / "startup"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "00-hide.py"
