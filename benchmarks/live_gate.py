"""How many cells of real notebooks the rules hold once their earlier cells have run.

``python benchmarks/live_gate.py FOLDER...`` **runs** the code cells of the notebooks below the
folders in order, each notebook in a folder of its own beside a copy of its ``data``, so name only
notebooks that you would run. Before a cell runs, it is judged twice: by its text alone, and by its
text with what its names stand for in the live kernel, as a proposal is. Cells that act by their
text are counted and left out: what is looked for is a cell that says nothing of effects and is
held for what the names are taken for. Prints Markdown.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from llm_notebook.files import read  # noqa: E402
from llm_notebook.rules.carrying import Carried  # noqa: E402
from llm_notebook.rules.live import look  # noqa: E402

SECONDS = 20
"""For a cell; one that takes longer is ended, and the next one is judged."""


def main() -> int:
    """Run, judge and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    paths = sorted({path for folder in options.folders for path in folder.rglob("*.ipynb")})
    signal.signal(signal.SIGALRM, _too_long)
    counts: collections.Counter[str] = collections.Counter()
    reasons: collections.Counter[str] = collections.Counter()
    shell = fresh_shell()
    for path in paths:
        shell.reset(new_session=True)
        with in_copy(path), contextlib.redirect_stderr(io.StringIO()):
            for cell in read(path).cells:
                if cell.type == "code" and not cell.source.lstrip().startswith(("%%", "!")):
                    judged(shell, cell.source, counts, reasons)
    print("| cells | |\n| --- | ---: |")
    for name in ("judged", "act by their text", "held for what their names stand for"):
        print(f"| {name} | {counts[name]:,} |")
    for reason, count in reasons.most_common(12):
        print(f"| — {reason} | {count} |")
    print(
        f"\n{len(paths)} notebooks. Python {platform.python_version()}; {platform.system()} "
        f"{platform.machine()}."
    )
    return 0


def judged(
    shell: Any, source: str, counts: collections.Counter[str], reasons: collections.Counter[str]
) -> None:
    """Judge a cell, then run it."""
    counts["judged"] += 1
    if Carried({}, {}).predict(source, is_last=True):
        counts["act by their text"] += 1
    else:
        live = {name: v for name, v in shell.user_ns.items() if not name.startswith("_")}
        found = look([("c", source)], live)
        effects = Carried(found.known, found.sources).predict(source, is_last=True)
        why = [re.sub(r"^\w+(\.\w+)*", "…", reason.text) for reason in found.findings]
        why += [f"{effect.kind}: {effect.why.rpartition(', by ')[2]}" for effect in effects]
        counts["held for what their names stand for"] += bool(why)
        reasons.update(set(why))
    signal.alarm(SECONDS)
    # Whatever a cell raises, the next one is judged.
    with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
        shell.run_cell(source)
    signal.alarm(0)


def fresh_shell() -> Any:
    """An IPython that keeps no history."""
    os.environ["MPLBACKEND"] = "agg"
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    make: Any = InteractiveShell.instance
    return make(config=config)


@contextlib.contextmanager
def in_copy(path: Path) -> Iterator[None]:
    """A working folder with a copy of the data beside the notebook."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        if (path.parent / "data").is_dir():
            shutil.copytree(path.parent / "data", Path(folder) / "data")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _too_long(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
