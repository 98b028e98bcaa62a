"""A draft as its reply arrives: what it holds so far, and what it has cost."""

from __future__ import annotations

import msgspec

from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.proposal import Proposal, Usage
from llm_notebook.core.protocol import Growth


def grown(before: tuple[Edit, ...], growth: tuple[Growth, ...]) -> tuple[Edit, ...]:
    """The edits with what has come to them."""
    edits = list(before)
    for more in growth:
        if more.edit is not None:
            edits.insert(more.index, more.edit)
        if more.text:
            edit = edits[more.index]
            assert isinstance(edit, Insert | Replace)  # nothing else has a text to grow
            edits[more.index] = msgspec.structs.replace(edit, source=edit.source + more.text)
    return tuple(edits)


def emptied(proposal: Proposal, model: str) -> Proposal:
    """A draft without what has arrived of its reply, which `model` now gives anew."""
    return msgspec.structs.replace(
        proposal, title="", rationale="", answer="", edits=(), model=model
    )


def together(spent: tuple[Usage | None, ...]) -> Usage | None:
    """What all tries took. One that was not counted leaves the cost unknown."""
    if not any(spent):
        return None
    return sum((used or Usage() for used in spent), Usage(cost=0.0))
