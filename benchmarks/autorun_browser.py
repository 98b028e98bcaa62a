"""Level Auto-run: from the end of the reply to the output in the notebook.

In a real JupyterLab and Chromium, by turns: a proposal with a plot runs by itself; the same one is
previewed at level Preview; the same cell is run by a key. The first is measured against the sum of
the other two, each in the page: from the card that says that it is whole to the badge that says
that it is previewed, and from the key to the output.

    python3 dev.py bench autorun_browser [ROUNDS]
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright

from tests.browser.autonomy import armed, card, turned_to_slider
from tests.browser.harness import OUR_SETTINGS, NotebookPage, start_lab, write_notebook
from tests.browser.replies import insert, reply

BAR = 1.2
DATA = "import pandas as pd, numpy as np\ndf = pd.DataFrame({'x': np.arange(2000) / 99})"
WARM = "df.plot(figsize=(7, 4));"
PLOT = (
    "axes = df.plot(figsize=(7, 4))\naxes.hist(np.sin(df.x), bins=40)\n"
    "print('round', {number}, '.')"
)

# Notes when the card of this title is whole and previewed, when a key is pressed, and when these
# words stand in an output of the notebook itself.
CLOCK = """([title, words]) => {
  window.clock?.disconnect();
  const seen = (window.seen = {});
  const note = name => { seen[name] ??= performance.now(); };
  const look = () => {
    for (const card of document.querySelectorAll('.llm-Card')) {
      if (card.querySelector('.llm-Card-title')?.textContent.includes(title)) {
        if (card.classList.contains('llm-mod-pending')) note('whole');
        const badge = card.querySelector('.llm-PreviewBar-badge')?.textContent;
        if (badge === 'previewed') note('previewed');
      }
    }
    for (const output of document.querySelectorAll('.jp-CodeCell .jp-OutputArea-output')) {
      if (!output.closest('.llm-Ghost') && output.textContent.includes(words)) note('output');
    }
  };
  window.clock = new MutationObserver(look);
  window.clock.observe(document.body,
    {childList: true, subtree: true, characterData: true, attributes: true});
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.shiftKey) note('key');
  }, {capture: true});
}"""


def between(page: Page, first: str, then: str) -> float:
    """Milliseconds from one moment to another."""
    page.wait_for_function("name => window.seen[name] !== undefined", arg=then)
    return float(page.evaluate("([a, b]) => window.seen[b] - window.seen[a]", [first, then]))


def one_round(notebook: NotebookPage, says: object, number: int) -> tuple[float, float, float]:
    """Milliseconds at level Auto-run, of a preview, and of a plain run."""
    page, words = notebook.page, f"round {number} ."
    source = PLOT.format(number=number)

    armed(notebook)
    says(reply(insert("after c2", source), title=f"Auto {number}"))  # type: ignore[operator]
    page.evaluate(CLOCK, [f"Auto {number}", words])
    notebook.ask("plot", at=1)
    auto = between(page, "whole", "output")
    page.wait_for_timeout(500)

    turned_to_slider(notebook)
    notebook.press("ArrowLeft")
    title = f"Shown {number}"
    says(reply(insert("after c2", source), title=title))  # type: ignore[operator]
    page.evaluate(CLOCK, [title, "never"])
    notebook.ask("plot", at=1)
    preview = between(page, "whole", "previewed")
    card(notebook, title).get_by_role("button", name="Reject").click()
    page.wait_for_timeout(500)

    notebook.js("nb.content.widgets[2].model.sharedModel.setOutputs([])")
    page.wait_for_timeout(300)
    page.evaluate(CLOCK, ["never", words])
    notebook.activate(2)
    notebook.press("Shift+Enter")
    plain = between(page, "key", "output")
    page.wait_for_timeout(300)
    notebook.js("nb.content.model.sharedModel.deleteCell(2)")
    page.wait_for_timeout(300)
    return auto, preview, plain


def measure(page: Page, place: Path, rounds: int) -> list[tuple[float, float, float]]:
    lab = start_lab(place)
    try:
        lab.configure(OUR_SETTINGS, lab.settings() | {"level": 3})
        write_notebook(lab.root / "bench.ipynb", [DATA, WARM])
        notebook = NotebookPage.open(page, lab, "bench.ipynb")
        notebook.js("await window.jupyterapp.commands.execute('llm-notebook:open-panel')")
        for index in range(2):
            notebook.run_cell(index)
        # The first warms up and is not counted.
        return [one_round(notebook, lab.says, number) for number in range(rounds + 1)][1:]
    finally:
        lab.stop()


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    place = Path(tempfile.mkdtemp(prefix="auto-run-"))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium)
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            found = measure(page, place, rounds)
            about = f"Chromium {browser.version}"
            browser.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    auto, preview, plain = (statistics.median(times) for times in zip(*found, strict=True))
    ratio = auto / (preview + plain)
    print("| from | to | median |\n| --- | --- | ---: |")
    print(f"| end of the reply | output, at level Auto-run | {auto:,.0f} ms |")
    print(f"| end of the reply | previewed, at level Preview | {preview:,.0f} ms |")
    print(f"| key | output of the same cell | {plain:,.0f} ms |")
    print(
        f"\nRatio {ratio:.2f}, bar {BAR}. Medians of {rounds} rounds, "
        f"load {os.getloadavg()[0]:.1f}. {about}, "
        f"JupyterLab {version('jupyterlab')}; Python {platform.python_version()}; "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores."
    )
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
