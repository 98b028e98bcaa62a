"""What a window is told once it has said hello: how things stand in its notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from llm_notebook import __version__
from llm_notebook.core import protocol
from llm_notebook.llm.wire import INTERRUPTED

if TYPE_CHECKING:
    from llm_notebook.judging import Judging
    from llm_notebook.previewing import Previewing
    from llm_notebook.session import Session


def welcoming(
    book: str, count: int, session: Session, previewing: Previewing, judging: Judging
) -> Iterator[protocol.KernelMessage]:
    """The messages, in order.

    Parameters
    ----------
    book : str
        What the window's notebook is called in the store.
    count : int
        How many windows show it.
    session, previewing, judging : Session, Previewing, Judging
    """
    proposals = session.proposals(book)
    mine = {proposal.id for proposal in proposals}
    yield protocol.Welcome(
        protocol=protocol.PROTOCOL_VERSION,
        version=__version__,
        model=session.chosen,
        models=session.models.models(),
        proposals=session.open_proposals(book),
        lowered=session.lowered,
        windows=count,
        roles=session.roles,
        isolation=previewing.isolation(),
        previews=tuple(p for p in previewing.known() if p.proposal_id in mine),
    )
    for decision in judging.known():
        if decision.proposal_id in mine:
            yield protocol.Judged(decision)
    for proposal in proposals:
        # A draft that the end of an earlier kernel cut: its words are not lost.
        if proposal.problem == INTERRUPTED:
            yield protocol.Changed(proposal)
    if session.record.problem is not None:
        yield protocol.Failed(session.record.problem)
