"""From Enter in the prompt to the first character of the reply on screen.

A scripted HTTP service takes 500 ms to its first piece of text. Against it, in turns: an ask typed
into the panel of a real JupyterLab in a real Chromium, timed in the page from the key to the frame
in which the reply's first words stand in the document, and the bare LangChain stream of the same
service, timed from the call to the first piece.

    python3 dev.py bench first_token_browser [ROUNDS]
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from langchain_openai import ChatOpenAI
from playwright.sync_api import Page, sync_playwright

from tests.browser.harness import OUR_SETTINGS, NotebookPage, start_lab, write_notebook
from tests.llm_http import service as services

FIRST_TOKEN = 0.5
BAR = 1.1
TITLE = "Mean price by city"
PIECES = [f"title: {TITLE}\n", "@@ insert after c1\n", "```python\n", "prices.mean()\n", "```\n"]
PROMPT = "mean price by city"

# Times the next ask in the page: from the key that sends it to the frame that shows the title.
CLOCK = """title => new Promise(done => {
  let began = null;
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.ctrlKey) began ??= event.timeStamp;
  }, {capture: true});
  const cards = document.querySelector('.llm-Panel');
  const watcher = new MutationObserver(() => {
    const card = cards.querySelector('.llm-Card .llm-Card-title');
    if (began !== null && card?.textContent.includes(title)) {
      watcher.disconnect();
      window.firstSeen = performance.now() - began;
    }
  });
  watcher.observe(cards, {childList: true, subtree: true, characterData: true});
  window.firstSeen = null;
  done();
})"""


def answers_late(handler: services.Handler) -> None:
    time.sleep(FIRST_TOKEN)
    handler.begin_stream()
    for number, piece in enumerate(PIECES):
        handler.send_text(piece)
        if number:
            time.sleep(0.02)
    handler.send_text("@@ end\n", "stop")
    handler.end_stream()


def in_the_page(notebook: NotebookPage, number: int) -> float:
    """Milliseconds of one ask in the panel. A title of its own tells it from the ones before."""
    page = notebook.page
    title = f"{TITLE} {number}"
    PIECES[0] = f"title: {title}\n"
    page.get_by_text("Ready", exact=True).wait_for()
    box = page.locator(".llm-Panel textarea").first
    box.fill(PROMPT)
    box.focus()
    page.evaluate(CLOCK, title)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => window.firstSeen !== null")
    taken = float(page.evaluate("() => window.firstSeen"))
    page.locator(".llm-Card.llm-mod-pending").first.wait_for()
    page.get_by_role("button", name="Reject").first.click()
    page.get_by_role("button", name="Put this card away").first.click()
    page.wait_for_timeout(300)
    return taken


def bare(model: ChatOpenAI) -> float:
    """Milliseconds of LangChain alone to its first piece of text."""
    began = time.perf_counter()
    taken = 0.0
    for piece in model.stream(PROMPT):
        if piece.text and not taken:
            taken = (time.perf_counter() - began) * 1000
    return taken


def measure(page: Page, place: Path, rounds: int) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    theirs: list[float] = []
    with services.running() as service:
        service.plays(answers_late)
        lab = start_lab(place)
        try:
            keys = place / "config" / "llm_notebook_keys.env"
            keys.write_text(f"OPENAI_API_KEY=sk-none\nOPENAI_BASE_URL={service.url}\n")
            keys.chmod(0o600)
            lab.configure(OUR_SETTINGS, {"model": "openai:test-model"})
            write_notebook(lab.root / "bench.ipynb", ["prices = 1"])
            notebook = NotebookPage.open(page, lab, "bench.ipynb")
            notebook.js("await window.jupyterapp.commands.execute('llm-notebook:focus-prompt')")
            model = ChatOpenAI(model="test-model", api_key="sk-none", base_url=service.url)
            # The first of each starts a process or imports; it is not counted.
            for number in range(rounds + 1):
                one, other = in_the_page(notebook, number), bare(model)
                if number:
                    ours.append(one)
                    theirs.append(other)
        finally:
            lab.stop()
    return ours, theirs


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    place = Path(tempfile.mkdtemp(prefix="first-token-"))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium)
            ours, theirs = measure(browser.new_page(), place, rounds)
            about = f"Chromium {browser.version}"
            browser.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"{'':24}median      range")
    for name, times in (("first words on screen", ours), ("bare LangChain stream", theirs)):
        print(f"{name:24}{statistics.median(times):6.1f} ms  {min(times):.0f} to {max(times):.0f}")
    print(f"ratio {one / other:.3f}, bar {BAR}")
    print(
        f"{rounds} rounds in turns; {about}, JupyterLab {version('jupyterlab')}, "
        f"langchain-openai {version('langchain-openai')}; Python {platform.python_version()}; "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    )
    print(json.dumps({"ours_ms": one, "bare_ms": other, "ratio": one / other}))
    return 0 if one <= BAR * other else 1


if __name__ == "__main__":
    sys.exit(main())
