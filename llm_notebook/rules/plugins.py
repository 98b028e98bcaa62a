"""Approvers of other packages, by the entry point group ``llm_notebook.approvers``.

An approver is a callable that gets an `Evidence` and returns reasons. It may
only raise; one that cannot be loaded, or fails, counts as ASK.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Approver, Evidence

GROUP = "llm_notebook.approvers"


def plugins() -> dict[str, Approver]:
    """The approvers that installed packages bring, by name."""
    return {f"{point.name} (installed)": _loaded(point) for point in entry_points(group=GROUP)}


def _loaded(point: EntryPoint) -> Approver:
    try:
        found: Approver = point.load()
        if callable(found):
            return found
        problem = "it is nothing that can be called"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    text = f"The rule {point.name!r} of {point.value} could not be loaded ({problem})."

    def ask(_: Evidence) -> Iterator[Reason]:
        yield Reason("ASK", point.name, text)

    return ask
