"""Judges proposals one by one, each in a kernel of its own: a fork of this plain Python process.

It reads a line of JSON for each and writes one. The session, its dry runs and its
decisions are the product's own; only the kernel is a bare IPython without a front end.
What is proposed runs in the sandbox and nowhere else; `setup` is code that a person
is taken to have accepted, and runs in that fork.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Court:
    """The process, from outside."""

    def __enter__(self) -> Self:
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-c", "from tests.bypass.court import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        )
        return self

    def judge(self, *cells: str, **order: Any) -> dict[str, Any]:
        """Have code cells judged; see `in_kernel` for what an order may say."""
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._popen.stdin.write(json.dumps({"cells": cells, **order}) + "\n")
        self._popen.stdin.flush()
        told: dict[str, Any] = json.loads(self._popen.stdout.readline())
        assert "broken" not in told, told["broken"]
        return told

    def __exit__(self, *_: object) -> None:
        assert self._popen.stdin is not None
        self._popen.stdin.close()
        self._popen.wait(timeout=30)


def main() -> None:
    """Serve until the input ends."""
    shell = _shell()
    for line in sys.stdin:
        order = json.loads(line)
        base = Path(tempfile.mkdtemp(prefix="bypass-", dir=_home()))
        try:
            told = _forked(lambda: in_kernel(shell, order, base))  # noqa: B023
        finally:
            shutil.rmtree(base, ignore_errors=True)
        print(json.dumps(told), flush=True)


def _home() -> str:
    """Not in a temporary folder, which the sandbox shows empty."""
    return "/srv" if os.getuid() == 0 and os.path.isdir("/srv") else os.path.expanduser("~")


def _shell() -> Any:
    import matplotlib
    import pandas  # noqa: F401
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    matplotlib.use("agg")
    from llm_notebook import judging, previewing, session  # noqa: F401
    from llm_notebook.dryrun import ForkedRuns  # noqa: F401
    from llm_notebook.dryrun.sandbox import probe
    from llm_notebook.rules.configuration import read_configuration  # noqa: F401
    from llm_notebook.rules.plugins import plugins

    probe()  # tried once, and remembered in every fork
    plugins()

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    make: Any = InteractiveShell.instance
    return make(config=config)


def _forked(act: Any) -> Any:
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            told = act()
        except BaseException:
            told = {"broken": traceback.format_exc()}
        os.set_inheritable(forth, False)
        with os.fdopen(forth, "w") as pipe:
            pipe.write(json.dumps(told))
        os._exit(0)
    os.close(forth)
    with os.fdopen(back) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"broken": "the kernel's process died"}


def in_kernel(shell: Any, order: dict[str, Any], base: Path) -> dict[str, Any]:
    """Judge one proposal.

    An order says: `cells`, sources of proposed code; `setup`, cells that ran live
    before; `files` beside the notebook, by name; `text`, proposed Markdown; `grants`;
    `untrusted`; `budget`; `without`, approvers that are left out of a second decision;
    `later`, code that runs live after the dry run and before the decision.
    """
    folder = base / "nb"
    folder.mkdir()
    (base / "victim.txt").write_text("whole")
    for name, text in order.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    os.chdir(folder)
    os.environ |= {"JUPYTER_DATA_DIR": str(base / "jupyter"), "HOME": str(base)}
    sys.path.insert(0, "")
    stdout = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for source in order.get("setup", ()):
        shell.run_cell(source).raise_error()
    before = _tree(base)
    told = _judged(shell, order, base)
    os.dup2(stdout, 1)
    after = _tree(base)
    told["touched"] = sorted(p for p in before | after if before.get(p) != after.get(p))
    return told


def _tree(base: Path) -> dict[str, str]:
    skipped = ("jupyter/", ".ipython")
    return {
        str(path.relative_to(base)): path.read_text(errors="replace")
        for path in base.rglob("*")
        if path.is_file() and not str(path.relative_to(base)).startswith(skipped)
    }


def _blinded(evidence: Any, without: Any) -> Any:
    """The evidence without what the layers that are left out would have found."""
    import msgspec

    from llm_notebook.core.preview import ObservedEffects

    changes: dict[str, Any] = {}
    if "predicted" in without:
        changes["cells"] = tuple(replace(cell, effects=()) for cell in evidence.cells)
    if "live" in without:
        changes["findings"] = ()
    if "observed" in without and evidence.preview is not None:
        none = ObservedEffects(files_complete=True)
        changes["preview"] = msgspec.structs.replace(evidence.preview, effects=none)
    return replace(evidence, **changes)


def _judged(shell: Any, order: dict[str, Any], base: Path) -> dict[str, Any]:
    import msgspec
    from session_world import Scripted

    from llm_notebook.core.edits import Insert
    from llm_notebook.core.grants import Grant
    from llm_notebook.core.notebook import Snapshot
    from llm_notebook.core.origin import Origin
    from llm_notebook.core.preview import OVER
    from llm_notebook.core.proposal import Proposal
    from llm_notebook.core.protocol import DryRun
    from llm_notebook.dryrun import ForkedRuns
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.judging import Judging
    from llm_notebook.previewing import Previewing
    from llm_notebook.rules import judge
    from llm_notebook.rules.approvers import BUILT_IN
    from llm_notebook.session import Session
    from llm_notebook.store import Store

    edits = [Insert(f"c{i}", None, "code", source) for i, source in enumerate(order["cells"])]
    edits = edits[::-1]  # each is put before the first
    edits += [Insert(f"t{i}", None, "markdown", t) for i, t in enumerate(order.get("text", ()))]
    untrusted = order.get("untrusted", ())
    proposal = Proposal(
        "p",
        Origin("do it", "m"),
        1.0,
        "pending",
        edits=tuple(edits),
        untrusted=None if untrusted is None else tuple(untrusted),
    )
    name = str(base / "nb" / "n.ipynb")
    store = Store(base / "jupyter" / "store.sqlite")
    store.save(name, proposal, "proposed")
    live = LiveKernel(shell)
    session = Session(Scripted(), live, store, name)
    session.open_notebook(name)
    runs = ForkedRuns(shell)
    previewing = Previewing(session, runs)
    judging = Judging(previewing, live.hooks)
    over = threading.Event()
    previewing.listen(lambda preview: over.set() if preview.status in OVER else None)
    grants = tuple(Grant(**grant) for grant in order.get("grants", ()))
    message = DryRun(
        "p",
        proposal.hash,
        Snapshot((), path=name),
        level=3,
        budget=order.get("budget", 10.0),
        grants=grants,
    )
    judging.asked(message)
    previewing.start(message)
    over.wait(order.get("budget", 10.0) + 30)
    if order.get("later"):
        shell.run_cell(order["later"]).raise_error()
    evidence = judging.evidence(session.find("p"), previewing.find("p"))
    decision = judge(evidence, judging.more)
    without = order.get("without", ())
    left = {key: rule for key, rule in BUILT_IN.items() if key not in without}
    again = judge(_blinded(evidence, without), judging.more, left)
    dynamic = judge(_blinded(evidence, ["predicted", "live"]), judging.more)
    preview = evidence.preview
    runs.close()
    return {
        "ruling": decision.ruling,
        "final": decision.is_final,
        "reasons": [[r.ruling, r.rule, r.text] for r in decision.reasons],
        "rules": sorted({r.rule for r in decision.reasons if r.ruling != "ALLOW"}),
        "without": again.ruling,
        "dynamic": dynamic.ruling,
        "status": "" if preview is None else preview.status,
        "why": "" if preview is None else preview.reason,
        "tier": preview.isolation.tier if preview and preview.isolation else "",
        "observed": [[o.kind, o.target, o.denied] for o in evidence.observed()],
        "predicted": [[e.kind, e.target, e.why] for _, e in evidence.predicted()],
        "outputs": msgspec.to_builtins(preview.cells) if preview and order.get("outputs") else [],
    }
