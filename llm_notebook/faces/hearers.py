"""Which windows hear what: those of the notebook that it is about, where it is about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llm_notebook.core import protocol

if TYPE_CHECKING:
    from llm_notebook.faces.windows import Window, Windows
    from llm_notebook.session import Session


def hearers(
    windows: Windows, message: protocol.KernelMessage, session: Session
) -> tuple[Window, ...]:
    """Those who are told."""
    if isinstance(message, protocol.AskRequested):
        book = windows.book_of(message.cell_id, session.notebook)
    else:
        proposal_id = _subject_of(message)
        book = None if proposal_id is None else session.home_of(proposal_id)
    return windows.all() if book is None else windows.on(book)


def _subject_of(message: protocol.KernelMessage) -> str | None:
    if isinstance(message, protocol.Changed):
        return message.proposal.id
    if isinstance(message, protocol.Previewed):
        return message.preview.proposal_id
    if isinstance(message, protocol.Judged):
        return message.decision.proposal_id
    if isinstance(message, protocol.Streamed | protocol.DecideRequested):
        return message.proposal_id
    return None
