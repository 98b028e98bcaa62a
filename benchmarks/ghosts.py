"""Ghosts in a notebook of 1,000 cells, in a real JupyterLab in a real Chromium.

Two JupyterLabs, one with the extension and one without, with the same notebook open, in turns:

- show: 20 ghosts of new cells, against 20 real cells put into the same notebook at the same
  places. Both until two frames have been drawn and the layout is settled.
- accept: a proposal of 20 edits (new, changed, deleted and moved cells), against the bare
  shared-model transaction of the same changes in the JupyterLab without the extension. To the
  return of the call with the layout settled, and until two frames have been drawn.

    python3 dev.py bench ghosts [--runs N]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from benchmarks import _ghosts_page as script
from tests.browser import replies
from tests.browser.harness import (
    NOTEBOOK_SETTINGS,
    OUR_SETTINGS,
    NotebookPage,
    start_lab,
    write_notebook,
)

CELLS = 1000
EDITS = 20
SHOW_BAR, ACCEPT_BAR = 1.0, 1.5
SPOTS = [(number + 1) * CELLS // EDITS - 5 for number in range(EDITS)]

NEW = """\
summary_{n} = frame_{n}.groupby("city")["price"].mean()
for name, value in summary_{n}.items():
    print(f"{{name}}: {{value:.2f}}")"""


def main() -> int:
    """Measure in turns, print the table; 1 where a bar is not held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each variant (default 15)")
    parser.add_argument("--mode", default="contentVisibility", help="the notebook's windowing mode")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ghosts-") as folder, sync_playwright() as play:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium)
        labs = [
            start_lab(Path(folder) / name, extension=name == "with") for name in ("with", "bare")
        ]
        long = labs[0].settings() | {"leashCells": EDITS, "leashLines": 1000}
        try:
            labs[0].configure(OUR_SETTINGS, long)
            ours, bare = (opened(browser, lab, options.mode) for lab in labs)
            taken = measure(ours, bare, options.runs)
            ratios = report(taken, options, browser.version)
        finally:
            browser.close()
            for lab in labs:
                lab.stop()
    return int(ratios["show"] > SHOW_BAR or ratios["accept"] > ACCEPT_BAR)


def opened(browser: Browser, lab: Any, mode: str) -> NotebookPage:
    """The notebook in a window of its own, every cell drawn."""
    lab.configure(NOTEBOOK_SETTINGS, {"windowingMode": mode})
    sources = [
        f"frame_{n} = prices[prices.month == {n % 12}]\nframe_{n}.head()" for n in range(CELLS)
    ]
    write_notebook(lab.root / "thousand.ipynb", list(sources))
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    notebook = NotebookPage.open(page, lab, "thousand.ipynb")
    page.set_default_timeout(180_000)
    if mode != "full":
        page.wait_for_function(
            """() => [...window.jupyterapp.shell.widgets('main')].some(w =>
                 w.content?.widgets?.length &&
                 w.content.widgets.every(cell => !cell.isPlaceholder()))""",
            timeout=180_000,
        )
    return notebook


def asked(notebook: NotebookPage) -> dict[str, Any]:
    """A proposal of twenty edits all over the notebook, from the session: id and edits."""
    edits = []
    for number, at in enumerate(SPOTS):
        if number % 4 == 0:
            edits.append(replies.insert(f"after c{at}", NEW.format(n=number)))
        elif number % 4 == 1:
            source = f"frame_{at} = prices.query('month > 3')\nframe_{at}.describe()"
            edits.append(replies.replace(f"c{at}", source))
        elif number % 4 == 2:
            edits.append(f"@@ delete c{at}\n")
        else:
            edits.append(f"@@ move c{at} after c{at + 3}\n")
    notebook.lab.says(replies.reply(*edits, title="Twenty"))
    notebook.ask("twenty", at=0)
    return dict(notebook.js(script.PENDING))


def insert(number: int, after: str) -> dict[str, Any]:
    """A new cell."""
    return {"op": "insert", "cell_id": f"new-{number}", "after": after, "cell_type": "code"} | {
        "source": NEW.format(n=number)
    }


def measure(ours: NotebookPage, bare: NotebookPage, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each variant, in turns; the first of each is not counted."""
    ghosts = [insert(number, f"c{at}") for number, at in enumerate(SPOTS)]
    cells = [
        {"at": at, "id": f"new-{number}", "source": NEW.format(n=number)}
        for number, at in enumerate(SPOTS)
    ]
    taken: dict[str, list[float]] = {}

    def keep(run: int, **times: float) -> None:
        print(f"run {run} of {runs}: {times}", file=sys.stderr, flush=True)
        for name, took in times.items() if run else ():
            taken.setdefault(name, []).append(took)

    for run in range(runs + 1):
        shown, count = ours.js(script.SHOW_GHOSTS, id=f"show{run}", edits=ghosts)
        real, drawn, waits = ours.js(script.INSERT_CELLS, cells=cells)
        alone, _, _ = bare.js(script.INSERT_CELLS, cells=cells)
        if count != EDITS or waits:
            sys.exit(f"{count} ghosts were drawn; cells still wait: {waits}.")
        keep(run, ghosts=shown, cells=real, cells_drawn=drawn, cells_alone=alone)
    proposal = asked(ours)
    for run in range(runs + 1):
        ours.js(script.ACCEPT_AT_KEY, id=proposal["id"])
        ours.press("Enter")
        call, took, outcome, sources = ours.js(script.ACCEPTED)
        bare_call, bare_took, bare_sources = bare.js(script.TRANSACT, edits=proposal["edits"])
        if outcome != "accepted" or sources != bare_sources:
            sys.exit(f"The accept and the transaction left different notebooks: {outcome}")
        keep(run, accept=took, transaction=bare_took, call=call, transaction_call=bare_call)
    return taken


def report(taken: dict[str, list[float]], options: Any, chromium: str) -> dict[str, float]:
    """Print the table; the ratios of medians."""
    middle = {name: statistics.median(times) for name, times in taken.items()}
    rows = [
        ("show 20 ghosts", "ghosts", "20 real cells", "cells", SHOW_BAR),
        ("show 20 ghosts", "ghosts", "20 real cells until all are drawn", "cells_drawn", None),
        ("show 20 ghosts", "ghosts", "20 real cells, no extension", "cells_alone", None),
        ("accept 20 edits", "accept", "bare transaction", "transaction", ACCEPT_BAR),
        ("the call alone", "call", "the same", "transaction_call", None),
    ]
    print("| what | median | against | median | ratio | bar |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for what, mine, against, theirs, bar in rows:
        ratio = middle[mine] / middle[theirs]
        limit = f"at most {bar}" if bar else ""
        print(
            f"| {what} | {middle[mine]:.1f} ms | {against} | {middle[theirs]:.1f} ms "
            f"| {ratio:.2f} | {limit} |"
        )
    print(
        f"\nMedians of {options.runs} interleaved runs, {CELLS} cells, windowing {options.mode}. "
        f"JupyterLab {version('jupyterlab')}, Chromium {chromium}, Python "
        f"{platform.python_version()}; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores."
    )
    return {
        "show": middle["ghosts"] / middle["cells"],
        "accept": middle["accept"] / middle["transaction"],
    }


if __name__ == "__main__":
    sys.exit(main())
