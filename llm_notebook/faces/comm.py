"""The front end's face: the wire protocol over a comm that the front end opens.

Messages may arrive on a subshell's thread while a cell runs on the main one,
and go out from the worker's reader thread. They are sent without a parent
request: ipykernel routes a front end's next message to the subshell of the
request that a comm last spoke under, so a word sent while a cell runs would
make the panel wait for that cell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook import __version__
from llm_notebook.core import protocol
from llm_notebook.core.errors import LLMNotebookError, Problem
from llm_notebook.core.proposal import Proposal

if TYPE_CHECKING:
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.session import Session

INTERVAL = 0.04
"""Seconds between two `Streamed` messages of a proposal."""


class CommFace:
    """Every front end that has opened a comm on this kernel.

    Parameters
    ----------
    session : callable
        Gives the session; called on the first message, so that opening a
        notebook starts nothing.
    live : LiveKernel
    """

    def __init__(self, session: Callable[[], Session], live: LiveKernel) -> None:
        self._session = session
        self._live = live
        self._lock = threading.Lock()
        self._comms: dict[str, Any] = {}
        self._held: dict[str, protocol.Streamed] = {}
        self._timer: threading.Timer | None = None
        self._listening = False

    def register(self, manager: Any) -> None:
        """Offer the target on a kernel's comm manager."""
        manager.register_target(protocol.COMM_TARGET, self._opened)

    @property
    def connected(self) -> bool:
        """Whether a front end of ours has said hello and not gone."""
        return bool(self._comms)

    # -- messages in ----------------------------------------------------------

    def _opened(self, comm: Any, message: dict[str, Any]) -> None:
        comm.on_msg(lambda msg: self._received(comm, msg["content"]["data"]))
        comm.on_close(lambda _: self._comms.pop(comm.comm_id, None))
        if message["content"].get("data"):
            self._received(comm, message["content"]["data"])

    def _received(self, comm: Any, data: Any) -> None:
        try:
            message = msgspec.convert(data, protocol.FrontendMessage)
        except msgspec.ValidationError as error:
            self._send_to(
                comm,
                protocol.Failed(
                    Problem(
                        "protocol",
                        f"The page sent a message that this kernel cannot read ({error}).",
                        "Nothing was changed.",
                        "Reload the page and restart the kernel, so that both are of one version.",
                    )
                ),
            )
            return
        try:
            self._handle(comm, message)
        except LLMNotebookError as error:
            self._send_to(comm, protocol.Failed(error.problem))

    def _handle(self, comm: Any, message: protocol.FrontendMessage) -> None:
        session = self._session()
        if isinstance(message, protocol.Hello):
            self._greet(comm, message, session)
        elif isinstance(message, protocol.Ask):
            session.ask(message)
        elif isinstance(message, protocol.Cancel):
            session.cancel(message.proposal_id)
        elif isinstance(message, protocol.Decided):
            session.decide(
                message.proposal_id, message.verdict, message.edits_hash, ran=message.ran
            )
        else:
            session.chosen = message.model
            self.broadcast(protocol.Used(message.model))

    def _greet(self, comm: Any, hello: protocol.Hello, session: Session) -> None:
        if hello.protocol != protocol.PROTOCOL_VERSION:
            self._send_to(
                comm,
                protocol.Failed(
                    Problem(
                        "protocol",
                        f"The page speaks protocol {hello.protocol} and this kernel's package "
                        f"({__version__}) speaks {protocol.PROTOCOL_VERSION}.",
                        "Nothing was changed.",
                        "Install one version in both places, then reload the page.",
                    )
                ),
            )
            return
        if not self._listening:
            self._listening = True
            session.listen(self)
        session.open_notebook(self._live.notebook_name(hello.notebook))
        self._comms[comm.comm_id] = comm
        self._send_to(
            comm,
            protocol.Welcome(
                protocol=protocol.PROTOCOL_VERSION,
                version=__version__,
                model=session.chosen,
                models=session.models.models(),
                proposals=session.open_proposals(),
                lowered=session.lowered,
            ),
        )
        if session.record.problem is not None:
            self._send_to(comm, protocol.Failed(session.record.problem))

    # -- messages out ---------------------------------------------------------

    def changed(self, proposal: Proposal) -> None:
        """A session's listener: the whole proposal goes out, and what was held is part of it."""
        with self._lock:
            self._held.pop(proposal.id, None)
        self.broadcast(protocol.Changed(proposal))

    def streamed(self, more: protocol.Streamed) -> None:
        """A session's listener: the first words go out at once, later ones at intervals."""
        with self._lock:
            held = self._held.get(more.proposal_id)
            self._held[more.proposal_id] = more if held is None else _joined(held, more)
            if self._timer is not None:
                return
            self._timer = threading.Timer(INTERVAL, self._interval_over)
            self._timer.daemon = True
            self._timer.start()
            # Under the lock, so that two words cannot overtake each other.
            self._flush()

    def _interval_over(self) -> None:
        with self._lock:
            self._timer = None
            self._flush()

    def _flush(self) -> None:
        held, self._held = self._held, {}
        for more in held.values():
            self.broadcast(more)

    def broadcast(self, message: protocol.KernelMessage) -> None:
        """Send to every front end; one that has gone does not stop the others."""
        for comm in tuple(self._comms.values()):
            self._send_to(comm, message)

    def _send_to(self, comm: Any, message: protocol.KernelMessage) -> None:
        data = msgspec.to_builtins(message)
        kernel = self._live.kernel
        if kernel is None or not hasattr(kernel, "iopub_socket"):
            comm.send(data)
            return
        kernel.session.send(
            kernel.iopub_socket,
            "comm_msg",
            {"comm_id": comm.comm_id, "data": data},
            parent={},
            ident=comm.topic,
        )


def _joined(first: protocol.Streamed, then: protocol.Streamed) -> protocol.Streamed:
    return protocol.Streamed(
        proposal_id=first.proposal_id,
        growth=first.growth + then.growth,
        title=then.title or first.title,
        rationale=then.rationale or first.rationale,
        answer=first.answer + then.answer,
    )
