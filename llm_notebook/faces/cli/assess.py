"""``llm-notebook assess``: what code would do, by its syntax alone."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from llm_notebook.core.decision import Assessment, strictest
from llm_notebook.diffing import shown
from llm_notebook.faces.cli.out import Exit, Out
from llm_notebook.faces.cli.proposals import cells_from
from llm_notebook.policy import assess

_COLORS = {"ALLOW": "32", "ASK": "33", "DENY": "31"}
_RISKS = ("none", "low", "high")


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Judge a file's code, cell by cell where it is a notebook."""
    is_notebook, cells = cells_from(options.file)
    judged = [(cell_id, number, assess(source)) for cell_id, number, source in cells]
    whole = _whole(judged)
    out.result({**whole, **({"cells": _cells(judged)} if is_notebook else {})})
    if not out.as_json:
        for _, number, one in judged:
            if one.decision != "ALLOW":
                _tell(one, f"cell {number}" if is_notebook else options.file, out)
        held = sum(one.decision != "ALLOW" for _, _, one in judged)
        if not held:
            out.say("ALLOW: nothing outside the namespace.")
        elif is_notebook:
            out.say(f"{held} of {len(judged)} code cells would be asked about.")
    return Exit.DONE if whole["decision"] == "ALLOW" else Exit.NO


def _whole(judged: list[tuple[str, int, Assessment]]) -> dict[str, Any]:
    """The strictest of all, with every effect and reason."""
    reasons = [
        msgspec.structs.replace(reason, cell=cell)
        for cell, _, one in judged
        for reason in one.reasons
    ]
    return {
        "decision": strictest(one.decision for _, _, one in judged),
        "risk": max((one.risk for _, _, one in judged), key=_RISKS.index, default="none"),
        "effects": [effect for _, _, one in judged for effect in one.effects],
        "reasons": reasons,
    }


def _cells(judged: list[tuple[str, int, Assessment]]) -> list[dict[str, Any]]:
    return [
        {"cell": cell, "number": number, **msgspec.to_builtins(one)} for cell, number, one in judged
    ]


def _tell(one: Assessment, name: str, out: Out) -> None:
    out.say(f"{shown(name)}: {out.paint(one.decision, _COLORS[one.decision])}, risk {one.risk}")
    for reason in one.reasons:
        out.say(f"  {reason.line or 1}:{reason.column or 1}  {shown(reason.text)}")
