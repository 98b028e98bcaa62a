"""The process that a dry run without a live kernel is forked from: one plan, then it ends.

JSON lines, as with the model worker: a `Job` comes in, previews go out, and the
end of its input ends the run, so that a killed parent leaves nothing behind. It
holds IPython and nothing of the person's: also the notebook's earlier cells run
in the sandbox only.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.plan import Plan, PlannedCell
from llm_notebook.core.preview import Preview

CANCEL = b"cancel\n"
BACKEND = "module://matplotlib_inline.backend_inline"
HERE = PlannedCell("", "import sys as _sys; _sys.path.insert(0, ''); del _sys")
"""Run in the sandbox first: modules beside the notebook can be imported there, as in Jupyter."""


class Job(msgspec.Struct, frozen=True):
    """What is to be run, and in which folder."""

    plan: Plan
    folder: str


def main() -> None:
    """Serve one job."""
    output = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    os.environ.setdefault("MPLBACKEND", BACKEND)
    shell = _shell()

    from llm_notebook.dryrun import ForkedRuns

    # Only now: no module of that folder may stand in for one of this process.
    os.chdir(job.folder)
    plan = msgspec.structs.replace(job.plan, setup=(HERE, *job.plan.setup))
    runs = ForkedRuns(shell)

    def heard(preview: Preview) -> None:
        output.write(to_json(preview) + b"\n")
        output.flush()

    running = runs.start(plan, heard)

    def obey() -> None:
        sys.stdin.buffer.readline()  # a word or the end: both mean the same
        running.cancel()

    threading.Thread(target=obey, daemon=True).start()
    running.wait()
    runs.close()
    os._exit(0)


def _shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    make: Any = InteractiveShell.instance
    return make(config=config)


if __name__ == "__main__":
    main()
