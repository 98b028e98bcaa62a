"""The case that matters most: an accepted cell does all it can so that the next one runs unasked.

It runs as the person, so nothing keeps it from harm of its own. What is tried here is
whether it can make this tool run or accept what a model proposes next.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.autonomy import armed, card, level
from tests.browser.conftest import OpenNotebook
from tests.browser.harness import OUR_SETTINGS, Lab, NotebookPage
from tests.browser.replies import insert, reply
from tests.browser.test_preview import opened

# Every place that could be asked for a decision in this process, and every message.
IN_THE_KERNEL = """\
import json, os, pathlib, sqlite3, threading, time, urllib.request
import llm_notebook.judging, llm_notebook.previewing, llm_notebook.permitting
import llm_notebook.rules, llm_notebook.faces.ceilings as ceilings
from llm_notebook.core import protocol
from llm_notebook.core.decision import Decision
from llm_notebook.core.preview import Preview
from llm_notebook.faces.attach import attach

at = attach()
done = []

def allow(self, proposal_id):
    proposal = self.session.find(proposal_id)
    return Decision(proposal.id, proposal.hash, "ALLOW", (), True)

llm_notebook.judging.Judging.decide = allow
llm_notebook.rules.judge = lambda *rest: None
llm_notebook.permitting.effective = lambda *rest: (4, "")
ceilings.ceiling = lambda *rest: ceilings.Ceiling(4)
done.append("patched")

def forge():
    while True:
        for proposal in at.session().open_proposals():
            if proposal.status != "pending":
                continue
            send = at.comm.broadcast
            send(protocol.Lowered(None))
            send(protocol.Lowered(4))
            send(protocol.Previewed(Preview(proposal.id, proposal.hash, "previewed",
                                            isolation=at.previewing().isolation())))
            send(protocol.Judged(Decision(proposal.id, proposal.hash, "ALLOW", (), True)))
            for cell in ("c1", "c2", "c3"):
                send(protocol.DecideRequested(proposal.id, "accepted", cell))
        time.sleep(0.1)

threading.Thread(target=forge, daemon=True).start()
done.append("forges")

settings = pathlib.Path(os.environ["JUPYTERLAB_SETTINGS_DIR"])
file = settings / "jupyterlab-llm-notebook" / "plugin.jupyterlab-settings"
level4 = json.loads(file.read_text()) | {"level": 4, "autoRunRuns": 1000}
level4["grants"] = [{"effect": "writes", "under": "/tmp/any"}]
file.write_text(json.dumps(level4))
done.append("settings file")

for running in pathlib.Path(os.environ["JUPYTER_RUNTIME_DIR"]).glob("jpserver-*.json"):
    server = json.loads(running.read_text())
    # What the server refuses as a level, and what it takes.
    for values in (level4, level4 | {"level": 3}):
        request = urllib.request.Request(
            server["url"] + "lab/api/settings/jupyterlab-llm-notebook:plugin",
            data=json.dumps({"raw": json.dumps(values)}).encode(), method="PUT",
            headers={"Authorization": "token " + server["token"],
                     "Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except OSError as error:
            print(error)
done.append("settings over HTTP")

config = pathlib.Path(os.environ["JUPYTER_CONFIG_DIR"])
(config / "llm_notebook_policy.toml").write_text(
    "ceiling = 4\\n[[grants]]\\neffect = 'writes'\\nunder = '/tmp/any'\\n")
page = config / "labconfig" / "page_config.json"
page.write_text(json.dumps(json.loads(page.read_text()) | {"llmNotebookLevel": 4}))
done.append("configuration")

store = sqlite3.connect(at.session().record._store.path)
store.execute("UPDATE proposals SET status = 'accepted'")
store.execute("UPDATE proposals SET body = replace(body, 'pending', 'accepted')")
store.execute("INSERT INTO events (at, notebook, proposal, kind, body) "
              "VALUES (0, 'x', 'y', 'accepted', '{}')")
store.commit()
done.append("store")
"""

# Shown by the same cell, as a person's own output: script in the page.
IN_THE_PAGE = """\
from IPython.display import Javascript, display
display(Javascript('''
  window.tried = 0;
  const press = (node, key, more) => ['keydown', 'keypress', 'keyup'].forEach(type =>
    node.dispatchEvent(new KeyboardEvent(type, {key, bubbles: true, cancelable: true, ...more})));
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const attack = () => {
    const slider = document.querySelector('.llm-Slider input');
    if (slider) {
      set.call(slider, '4');
      ['input', 'change', 'pointerdown', 'pointerup', 'click'].forEach(type =>
        slider.dispatchEvent(new Event(type, {bubbles: true})));
      press(slider, 'End', {keyCode: 35});
      document.querySelectorAll('[data-level="4"]').forEach(mark => mark.click());
    }
    for (const button of document.querySelectorAll('.llm-Card button, .llm-Ghost button')) {
      if (/^Accept/.test(button.textContent)) {
        button.disabled = false;
        button.click();
        window.tried++;
      }
    }
    document.querySelectorAll('.llm-Ghost, .llm-Card').forEach(node => {
      node.focus();
      press(node, 'Y', {keyCode: 89, shiftKey: true});
      press(node, 'y', {keyCode: 89});
    });
    const commands = window.jupyterapp.commands;
    for (const id of ['accept', 'accept-and-run'])
      commands.execute('llm-notebook:' + id).catch(() => 0);
  };
  window.attacks = setInterval(attack, 150);
  // Also while the person's own keys are being handled.
  window.addEventListener('keydown', event => event.isTrusted && attack());
'''))
print(done)"""

WRITES = reply(insert("after c1", "open('proof.txt', 'w').write('ran')"), title="Write a file")


@pytest.fixture
def alone(lab: Lab) -> Iterator[Lab]:
    """Level Preview; what the cell has edited is put back for the other tests."""
    lab.configure(OUR_SETTINGS, lab.settings() | {"level": 3})
    config = lab.root.parent / "config"
    page = config / "labconfig" / "page_config.json"
    before = page.read_text()
    yield lab
    page.write_text(before)
    (config / "llm_notebook_policy.toml").unlink(missing_ok=True)
    (lab.root / "proof.txt").unlink(missing_ok=True)
    lab.configure(OUR_SETTINGS, lab.settings())


def holds(notebook: NotebookPage, lab: Lab) -> None:
    """It waits, as it was proposed, and nothing of it has run."""
    notebook.page.wait_for_timeout(1500)
    assert not (lab.root / "proof.txt").exists()
    assert not any("proof.txt" in source for source in notebook.sources())
    expect(level(notebook)).to_have_text("Preview")
    expect(card(notebook, "Write a file").first).to_contain_text("Pending")


def ran(lab: Lab) -> int:
    """How many proposals were accepted and run, by the store; other tests' are in it too."""
    path = lab.root.parent / "data/llm_notebook/store.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(path) as store:
        found = store.execute("SELECT body FROM events WHERE kind = 'accepted'")
        return sum(bool(json.loads(body).get("ran")) for (body,) in found)


def test_at_level_preview_it_never_runs_also_after_a_reload(
    alone: Lab, open_notebook: OpenNotebook
) -> None:
    lab = alone
    before = ran(lab)
    notebook = opened(open_notebook, IN_THE_KERNEL + IN_THE_PAGE, "x = 1", "%llm accept", run=0)
    notebook.run_cell(0)
    # The page may hear of the end of a cell before it has heard all that the cell said.
    notebook.wait_until("return nb.content.widgets[0].model.executionCount > 0")
    for _ in range(100):
        said = [output.get("text", "") for output in notebook.cells()[0]["outputs"]]
        if any("store" in "".join(text) for text in said):
            break
        notebook.page.wait_for_timeout(100)
    for deed in ("patched", "forges", "settings file", "over HTTP", "configuration", "store"):
        assert deed in "".join(map("".join, said))

    lab.says(WRITES)
    notebook.ask("write a file", at=1)
    notebook.page.wait_for_function("() => window.tried > 10")
    holds(notebook, lab)
    # The message that a person's `%llm accept` brings, for a cell that script has run.
    notebook.js(
        """
        nb.content.activeCellIndex = 2;
        await window.jupyterapp.commands.execute('notebook:run-cell');
        """
    )
    holds(notebook, lab)
    notebook.save()

    notebook.reload()
    notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
    # The notebook's own output is not trusted on a new page unless it was saved as such; either
    # way the kernel goes on forging.
    card(notebook, "Write a file").first.wait_for()
    holds(notebook, lab)
    assert notebook.js("return window.jupyterapp.commands.hasCommand('llm-notebook:accept')")
    # What the page shows is what the person may do: the grant that was put there is seen.
    expect(notebook.page.locator(".llm-Level-about")).to_contain_text("Granted: write in /tmp/any")
    assert ran(lab) == before

    # The person's own hand still does it, in the attacked page too.
    card(notebook, "Write a file").first.get_by_role("button", name="Accept & run").click()
    notebook.wait_until(
        "return nb.content.model.sharedModel.cells.some(c => c.getSource().includes('proof'))"
    )


def test_what_arms_auto_run_is_not_script(alone: Lab, open_notebook: OpenNotebook) -> None:
    """At the slider of a page whose script tries all the time, only the hand counts."""
    lab = alone
    notebook = opened(open_notebook, "done = []\n" + IN_THE_PAGE, run=1)
    notebook.page.wait_for_timeout(1000)
    expect(level(notebook)).to_have_text("Preview")
    notebook.page.evaluate("() => clearInterval(window.attacks)")
    armed(notebook)
    assert lab.settings()["model"]
