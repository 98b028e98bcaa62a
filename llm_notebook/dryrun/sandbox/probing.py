"""Which tier this machine has, found by trying in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

from llm_notebook.core.preview import Isolation, Tier
from llm_notebook.dryrun.sandbox import landlock, scratch, seccomp, tiers, view

VARIABLE = "LLM_NOTEBOOK_SANDBOX"
"""Environment variable that lowers the tier; it cannot raise it."""

_TRY = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from llm_notebook.dryrun.sandbox.trying import main
main()
"""


def probe() -> Isolation:
    """Say what a dry run here would have. Tried once for each process, and remembered.

    The trying is done by another Python, so that nothing is forked from a
    process with threads, and nothing stays behind.
    """
    tier, reason = best(None)
    if tier in ("namespaces", "landlock"):
        view.warm()
    signals = tier in ("namespaces", "landlock") and landlock.signals_held()
    return tiers.describe(tier, signals=signals, reason=reason)


def best(wanted: Tier | None) -> tuple[Tier, str]:
    """The tier that is used, and for ``none`` the reason, as a sentence.

    Parameters
    ----------
    wanted : Tier or None
        A limit from above.
    """
    holds, reason = _tried()
    limit = tiers.ORDER.index(wanted) if wanted else 0
    forced = os.environ.get(VARIABLE, "").strip().lower()
    if forced:
        if forced not in get_args(Tier):
            return "none", f"{VARIABLE} is {forced!r}, which is no tier."
        limit = max(limit, tiers.ORDER.index(forced))
    for tier in tiers.ORDER[limit:]:
        if tier in holds:
            return tier, ""
    if tiers.ORDER[limit] == "none":
        return "none", "it was switched off."
    return "none", reason or "this machine has no tier as weak as the one asked for."


_found: list[tuple[frozenset[str], str]] = []


def _tried() -> tuple[frozenset[str], str]:
    """The tiers that hold here, and why there is none if there is none.

    Remembered once it could be tried; a machine too busy to answer is asked again.
    """
    if not _found:
        holds, reason, final = _try()
        if not final:
            return holds, reason
        _found.append((holds, reason))
        scratch.sweep()
    return _found[0]


def _try() -> tuple[frozenset[str], str, bool]:
    """What is there, why nothing is, and whether that will stay so."""
    none: frozenset[str] = frozenset()
    if sys.platform != "linux":
        return none, "macOS and Windows have no dry run yet.", True
    if not seccomp.available():
        return none, "this kernel or processor has no seccomp filters that we know.", True
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-S", "-c", _TRY, json.dumps(_path())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if name != VARIABLE},
        )
        told = json.loads(done.stdout.decode().splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        return none, f"the sandbox could not be tried ({type(error).__name__}: {error}).", False
    return frozenset(told["holds"]), str(told["reason"]), True


def _path() -> list[str]:
    """Without the notebook's folder, where a file may be called as a module of Python's."""
    root = str(Path(__file__).parents[3])
    here = ("", os.getcwd())
    return [*(place for place in sys.path if place not in (*here, root)), root]
