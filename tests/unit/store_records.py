from __future__ import annotations

from llm_notebook.core.edits import Insert
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal, Status


def proposal(name: str, status: Status = "pending", source: str = "x") -> Proposal:
    return Proposal(
        id=name,
        origin=Origin("words", "scripted:x"),
        created=float(len(name)),
        status=status,
        edits=(Insert("new", None, "code", source),),
    )
