"""What an ask in place allows: its cells, or its lines of one cell."""

from __future__ import annotations

from llm_notebook.llm.offline.outcome import Plan
from llm_notebook.llm.offline.scene import Scene


def broken(plan: Plan, scene: Scene) -> str:
    """Why a plan may not be proposed; empty where it may."""
    about = scene.about
    label = (plan.cell or scene.label) if plan.replaces else ""
    for other in (change.cell for change in plan.also):
        if other in scene.context.redacted_cells:
            label = other
    if about.scope and plan.also and not {label, *(c.cell for c in plan.also)} <= {*about.scope}:
        return "The change would be in more cells than are selected."
    if label in scene.context.redacted_cells:
        return f"{label} is shown to models in part only, so the rules cannot write it anew."
    if not about.scope:
        return ""
    if label and label not in about.scope:
        return f"The change would be in {label}, which is not selected."
    if about.first is None or about.last is None:
        return ""
    if not label:
        return (
            "The rules would add a cell, and only the selected lines may change. Select the cell."
        )
    old, new = scene.source_of(label).split("\n"), plan.code.split("\n")
    before, after = about.first - 1, len(old) - about.last
    if old[:before] != new[:before] or (after and old[-after:] != new[-after:]):
        return f"The change would be outside the selected lines of {label}."
    return ""
