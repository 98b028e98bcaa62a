"""What guards the notebook is not for unreviewed code: refused, whoever granted what."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from llm_notebook.core.decision import Reason
from llm_notebook.rules.approvers.wording import by_dry_run, by_syntax
from llm_notebook.rules.configuration import policy_folders
from llm_notebook.rules.evidence import Evidence


def guarded(evidence: Evidence) -> Iterator[Reason]:
    """DENY what touches this tool, Jupyter's files or its token; ASK what acts in the page."""
    for cell, effect in evidence.predicted():
        if effect.kind == "authority":
            yield by_syntax("DENY", "guarded", cell, effect)
        elif effect.kind == "displays":
            yield by_syntax("ASK", "guarded", cell, effect)
    for seen in evidence.observed():
        if seen.kind in ("writes", "deletes") and _is_guarded(evidence, seen.target):
            yield by_dry_run("DENY", "guarded", seen)


def _is_guarded(evidence: Evidence, target: str) -> bool:
    folder = evidence.places.working
    path = os.path.realpath(target if folder is None else folder / target)
    return any(path == place or path.startswith(f"{place}/") for place in _guarded_places())


@cache
def _guarded_places() -> tuple[str, ...]:
    """Folders of Jupyter, of IPython and of this package."""
    from jupyter_core import paths

    found = [
        paths.jupyter_config_dir(),
        paths.jupyter_data_dir(),
        paths.jupyter_runtime_dir(),
        *policy_folders(),
        *paths.jupyter_path(),
        str(Path("~/.ipython").expanduser()),
        str(Path(__file__).parents[2]),
    ]
    return tuple(dict.fromkeys(os.path.realpath(place) for place in found))
