"""Evidence for the tests of rules: a proposal of one cell that was seen to do nothing."""

from __future__ import annotations

from typing import Any

import msgspec

from llm_notebook.core.decision import PredictedEffect
from llm_notebook.core.edits import Insert
from llm_notebook.core.origin import Origin
from llm_notebook.core.preview import CellRun, Isolation, ObservedEffects, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.rules import Evidence, ProposedCell

STRONG = Isolation("namespaces", "namespaces")
SOURCE = "y = x"
CELL = ProposedCell("c", "code", SOURCE)
PROPOSAL = Proposal(
    "p",
    Origin("do it", "m"),
    1.0,
    "pending",
    edits=(Insert("c", None, "code", SOURCE),),
    untrusted=(),
)
SEEN = Preview(
    "p",
    PROPOSAL.hash,
    status="previewed",
    cells=(CellRun("c", "ran"),),
    effects=ObservedEffects(files_complete=True),
    isolation=STRONG,
)


def evidence(*effects: PredictedEffect, preview: Preview | None = SEEN, **more: Any) -> Evidence:
    cell = ProposedCell("c", "code", SOURCE, effects)
    return Evidence(**{"proposal": PROPOSAL, "cells": (cell,), "preview": preview, **more})


def seen(**changes: Any) -> Preview:
    return msgspec.structs.replace(SEEN, **changes)


def observed(**changes: Any) -> Preview:
    return seen(effects=ObservedEffects(files_complete=True, **changes))
