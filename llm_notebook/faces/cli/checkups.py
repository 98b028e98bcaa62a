"""The checks of ``llm-notebook doctor``, each a small function that looks or tries.

None of them shows a key or asks anything of a service over the network.
"""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from llm_notebook.faces.cli import terminal
from llm_notebook.faces.cli.check import Check, installed
from llm_notebook.faces.cli.checkup_models import keyring, keys, models
from llm_notebook.faces.cli.out import UsageError

EXTENSION = "jupyterlab-llm-notebook"
PATIENCE = 60.0
"""Seconds to wait for the model worker's first answer."""


def jupyterlab() -> Iterator[Check]:
    """JupyterLab, and our extension in it."""
    found = installed("jupyterlab")
    if found is None:
        remedy = "For the panel and the ghost cells: pip install 'jupyterlab>=4.5,<5'"
        yield Check("JupyterLab", "missing", "not installed in this environment", remedy)
        return
    good = (4, 5) <= _numbers(found) < (5,)
    remedy = "" if good else "pip install 'jupyterlab>=4.5,<5'"
    yield Check("JupyterLab", "works" if good else "broken", found, remedy)
    yield _extension()


def _extension() -> Check:
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    name = "extension"
    for folder in jupyter_path("labextensions"):
        package = Path(folder) / EXTENSION / "package.json"
        if package.is_file():
            there = json.loads(package.read_text(encoding="utf-8")).get("version", "")
            break
    else:
        remedy = f"pip install --force-reinstall --no-deps {EXTENSION}, then reload the page"
        return Check(name, "broken", "not among JupyterLab's extensions", remedy)
    for folder in jupyter_config_path():
        config = Path(folder) / "labconfig" / "page_config.json"
        if config.is_file():
            disabled = json.loads(config.read_text(encoding="utf-8")).get("disabledExtensions", {})
            names = (
                disabled if isinstance(disabled, list) else [k for k, v in disabled.items() if v]
            )
            ours = [found for found in names if str(found).split(":")[0] == EXTENSION]
            if ours:
                remedy = f"jupyter labextension enable {ours[0]}"
                return Check(name, "broken", f"installed, and disabled in {config}", remedy)
    from llm_notebook import __version__

    if there != __version__:
        remedy = f"pip install --force-reinstall --no-deps {EXTENSION}, then reload the page"
        says = f"version {there} in {package.parent}, with {__version__} of the Python package"
        return Check(name, "broken", says, remedy)
    return Check(name, "works", f"{there}, enabled ({package.parent})")


def kernel() -> Iterator[Check]:
    """The kernel, and whether the panel is answered while a cell runs."""
    found = installed("ipykernel")
    if found is None:
        remedy = "For notebooks in Jupyter: pip install 'ipykernel>=7'"
        yield Check("ipykernel", "missing", "not installed in this environment", remedy)
    elif _numbers(found) < (7,):
        says = f"{found}, without subshells: the panel waits while a cell runs"
        yield Check("ipykernel", "broken", says, "pip install 'ipykernel>=7'")
    else:
        yield Check("ipykernel", "works", f"{found}, with subshells")


def model_worker() -> Iterator[Check]:
    """The model worker is really started, and the built-in rules are asked."""
    from llm_notebook.core.context import Context
    from llm_notebook.llm import wire
    from llm_notebook.llm.client import ModelWorker
    from llm_notebook.llm.prompt import Message
    from llm_notebook.llm.providers import OFFLINE

    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    worker = ModelWorker()
    words = "load a.csv"
    request = wire.CompletionRequest(
        id="doctor",
        model=OFFLINE,
        messages=(Message("user", words),),
        prompt=words,
        context=Context(),
    )
    try:
        worker.complete(request, events.put)
        while True:
            event = events.get(timeout=PATIENCE)
            if isinstance(event, wire.Error):
                problem = event.problem
                yield Check("model worker", "broken", problem.message, problem.next)
                return
            if isinstance(event, wire.Done):
                yield Check("model worker", "works", f"starts, and {OFFLINE} answers")
                return
    except queue.Empty:
        remedy = "Look at its processes: a slow disk or a hanging import may hold it."
        yield Check("model worker", "broken", f"no answer in {PATIENCE:.0f} s", remedy)
    finally:
        worker.close()


def dry_runs() -> Iterator[Check]:
    """What a dry run of unreviewed code would be held by, found by trying it."""
    from llm_notebook.faces.fresh_runs import FreshRuns

    found = FreshRuns(Path.cwd()).isolation()
    if found.tier == "none":
        says = f"none, so the level is Propose at most. {' '.join(found.lacks)}".strip()
        yield Check("dry run", "missing", says, "docs/isolation.md says what it needs.")
        return
    lacks = f". Not held: {' '.join(found.lacks)}" if found.lacks else ""
    yield Check("dry run", "works", f"held by {found.name}{lacks}")


def record() -> Iterator[Check]:
    """The record of proposals is really written to, in a transaction that leaves nothing."""
    from llm_notebook.core.errors import StoreError
    from llm_notebook.store import Store

    store = Store()
    try:
        with store.database.writing() as db:
            (events,) = db.execute("SELECT count(*) FROM events").fetchone()
    except StoreError as error:
        yield Check("record", "broken", error.problem.message, error.problem.next)
        return
    size = store.path.stat().st_size / 2**20
    yield Check("record", "works", f"{store.path}, {events:,} events, {size:.1f} MB")


def helpers() -> Iterator[Check]:
    """Packages that make more possible."""
    for name, what, package in (
        ("pandas", "%llm log gives a data frame", "pandas"),
        ("nbformat", "notebooks in format 3 can be upgraded", "nbformat"),
    ):
        found = installed(package)
        if found is not None and find_spec(name) is not None:
            yield Check(name, "works", f"{found}: {what}")
        else:
            yield Check(name, "missing", f"without it not: {what}", f"pip install {package}")


def editor() -> Iterator[Check]:
    """The program that opens on ``e`` in a review, and whether it is there."""
    found = terminal.editor()
    if found is None:
        yield Check("editor", "missing", "none was found", "Set EDITOR, such as EDITOR=nano.")
        return
    try:
        terminal.command_of(found)
    except UsageError as error:
        yield Check("editor", "missing", error.problem.message, error.problem.next)
    else:
        yield Check("editor", "works", f"{found} opens on e in a review")


ALL: tuple[Callable[[], Iterator[Check]], ...] = (
    jupyterlab,
    kernel,
    model_worker,
    dry_runs,
    models,
    keys,
    keyring,
    record,
    helpers,
    editor,
)


def _numbers(text: str) -> tuple[int, ...]:
    parts = text.split(".")[:2]
    return tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in parts)
