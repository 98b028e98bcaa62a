"""The front end's face: the wire protocol over a comm that the front end opens.

Messages may arrive on a subshell's thread while a cell runs on the main one,
and go out from the worker's reader thread. They are sent without a parent
request: ipykernel routes a front end's next message to the subshell of the
request that a comm last spoke under, so a word sent while a cell runs would
make the panel wait for that cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core import protocol
from llm_notebook.core.encoding import to_json
from llm_notebook.core.errors import LLMNotebookError, as_problem
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Proposal
from llm_notebook.faces.ahead import Ahead
from llm_notebook.faces.hearers import hearers
from llm_notebook.faces.latest import Latest
from llm_notebook.faces.mismatches import UNCHANGED, other_version, unreadable
from llm_notebook.faces.pacing import Pacing
from llm_notebook.faces.streaming import Streaming
from llm_notebook.faces.welcoming import welcoming
from llm_notebook.faces.windows import Window, Windows
from llm_notebook.ports import folder_of

if TYPE_CHECKING:
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.faces.way_back import WayBack
    from llm_notebook.judging import Judging
    from llm_notebook.previewing import Previewing
    from llm_notebook.session import Session


class CommFace:
    """Every front end that has opened a comm on this kernel.

    Parameters
    ----------
    session, previewing, way_back, judging : callable
        Give the session, its dry runs, the way back and its decisions; called on the
        first message that needs them, so that opening a notebook starts nothing.
    live : LiveKernel
    """

    def __init__(
        self,
        session: Callable[[], Session],
        previewing: Callable[[], Previewing],
        way_back: Callable[[], WayBack],
        live: LiveKernel,
        judging: Callable[[], Judging],
    ) -> None:
        self._session = session
        self._judging = judging
        self._way_back = way_back
        self._previewing = previewing
        self._live = live
        self._windows = Windows()
        self._latest = Latest()
        self._ahead = Ahead()
        self._pacing = Pacing(lambda preview: self.broadcast(protocol.Previewed(preview)))
        self._streaming = Streaming(self.broadcast)
        self._listening = False

    def register(self, manager: Any) -> None:
        """Offer the target on a kernel's comm manager."""
        manager.register_target(protocol.COMM_TARGET, self._opened)

    @property
    def connected(self) -> bool:
        """Whether a front end of ours has said hello and not gone."""
        return bool(self._windows.all())

    def turn_to(self, cell_id: str | None) -> None:
        """A cell runs: what it asks, and what it says nothing more of, is of its notebook."""
        session = self._session()
        book = self._windows.book_of(cell_id, session.notebook)
        if book is not None:
            session.turn_to(book)

    def snapshot(self) -> Snapshot | None:
        """The notebook heard last as a window showed it last; None where none has."""
        windows = self._windows.on(self._session().notebook)
        shown = [window.snapshot for window in windows if window.snapshot.cells]
        return shown[-1] if shown else None

    def standing(self) -> protocol.Standing | None:
        """What a window's slider said last; None where none has."""
        said = [window.standing for window in self._windows.all() if window.standing is not None]
        return said[-1] if said else None

    # -- messages in ----------------------------------------------------------

    def _opened(self, comm: Any, message: dict[str, Any]) -> None:
        comm.on_msg(lambda msg: self._received(comm, msg["content"]["data"]))
        comm.on_close(lambda _: self._closed(comm.comm_id))
        if message["content"].get("data"):
            self._received(comm, message["content"]["data"])

    def _closed(self, comm_id: str) -> None:
        self._ahead.closed(comm_id)
        window = self._windows.drop(comm_id)
        if window is not None:
            self._count(window.notebook)

    def _received(self, comm: Any, data: Any) -> None:
        try:
            # By way of JSON, so that a lone surrogate of a cell stops nothing further down.
            message = msgspec.json.decode(to_json(data), type=protocol.FrontendMessage)
        except msgspec.MsgspecError as error:
            self._send_to(comm, protocol.Failed(unreadable(error)))
            return
        try:
            self._handle(comm, message)
        except LLMNotebookError as error:
            self._send_to(comm, protocol.Failed(error.problem))
        except Exception as error:
            # Said to the person, and shown to whoever looks into the log.
            self._send_to(comm, protocol.Failed(as_problem(error, kept=UNCHANGED)))
            raise

    def _handle(self, comm: Any, message: protocol.FrontendMessage) -> None:
        session = self._session()
        window = self._windows.find(comm.comm_id)
        if window is not None:
            session.turn_to(window.book)
            proposal_id = getattr(message, "proposal_id", None)
            if proposal_id is not None:
                session.settle(proposal_id, window.book)
        if isinstance(message, protocol.Hello):
            self._greet(comm, message, session)
        elif isinstance(message, protocol.Ask):
            if message.origin.repairs:
                from llm_notebook.repairing import prepared  # with the first, not at start-up

                message = prepared(message, self._previewing())
            session.ask(message)
        elif isinstance(message, protocol.Cancel):
            session.cancel(message.proposal_id)
        elif isinstance(message, protocol.Survey | protocol.Look | protocol.Recall):
            self._look_around(comm, message, session)
        elif isinstance(message, protocol.Continue | protocol.Stop):
            self._ahead.handle(comm.comm_id, message, session, lambda m: self._send_to(comm, m))
        elif isinstance(message, protocol.Claim):
            client = self._windows.client_of(comm.comm_id)
            granted = session.claim(message.proposal_id, client, message.edits_hash)
            self._send_to(comm, protocol.Claimed(message.proposal_id, granted))
        elif isinstance(message, protocol.Decided):
            session.decide(
                message.proposal_id,
                message.verdict,
                message.edits_hash,
                ran=message.ran,
                auto=message.auto,
                edits=message.edits,
                rest=message.rest,
                client=self._windows.client_of(comm.comm_id),
            )
        elif isinstance(message, protocol.Revised):
            session.revise(message, self._windows.client_of(comm.comm_id))
        elif isinstance(message, protocol.DryRun):
            self._windows.set(comm.comm_id, snapshot=message.snapshot)
            self._judging().asked(message)
            self._previewing().start_soon(message)
        elif isinstance(message, protocol.StopDryRun):
            self._previewing().stop(message.proposal_id)
        elif isinstance(message, protocol.Standing):
            self._windows.set(comm.comm_id, standing=message)
        elif isinstance(message, protocol.AskTruth):
            self._windows.set(comm.comm_id, snapshot=message.snapshot)
            self._later(comm, message, lambda: self._way_back().truth(message))
        elif isinstance(message, protocol.Keep):
            self._send_to(comm, self._way_back().keep(message))
        elif isinstance(message, protocol.Restore):
            self._way_back().restore(message, lambda found: self._send_to(comm, found))
        elif isinstance(message, protocol.Renamed):
            self._renamed(comm, message.notebook, session)
        elif isinstance(message, protocol.Use):
            session.use(message.model, message.role)
            self.broadcast(protocol.Used(message.model, message.role))

    def _greet(self, comm: Any, hello: protocol.Hello, session: Session) -> None:
        if hello.protocol != protocol.PROTOCOL_VERSION:
            self._send_to(comm, protocol.Failed(other_version(hello.protocol)))
            return
        if not self._listening:
            self._listening = True
            session.listen(self)
            self._previewing().listen(self._pacing.put)
            self._judging().listen(lambda decision: self.broadcast(protocol.Judged(decision)))
            session.record.on_problem = lambda problem: self.broadcast(protocol.Failed(problem))
        book = self._live.notebook_name(hello.notebook)
        session.open_notebook(book, hello.cells)
        self._windows.add(comm, hello.client, hello.notebook, book, hello.cells)
        count = len(self._windows.of(hello.notebook))
        for told in welcoming(book, count, session, self._previewing(), self._judging()):
            self._send_to(comm, told)
        self._count(hello.notebook)

    def _renamed(self, comm: Any, notebook: str, session: Session) -> None:
        window = self._windows.find(comm.comm_id)
        book = self._live.notebook_name(notebook)
        if window is not None:
            session.rename(book, window.book)
            self._windows.rename(window.book, book)
        if window is not None and window.notebook != notebook:
            self._windows.set(comm.comm_id, notebook=notebook)
            self._count(window.notebook)
            self._count(notebook)

    def _count(self, notebook: str) -> None:
        """Tell the windows of a notebook how many they are."""
        windows = self._windows.of(notebook)
        for window in windows:
            self._send_to(window.comm, protocol.Windows(len(windows)))

    def _look_around(
        self,
        comm: Any,
        message: protocol.Survey | protocol.Look | protocol.Recall,
        session: Session,
    ) -> None:
        """Answer from another thread: a large notebook must not hold up a decision."""
        if isinstance(message, protocol.Survey):
            self._windows.set(comm.comm_id, snapshot=message.snapshot)
            # The person writes; the model's library can be imported meanwhile.
            session.models.prepare(message.origin.model)
        window = self._windows.find(comm.comm_id)
        if isinstance(message, protocol.Survey):
            book = window.book if window else ""
            self._later(comm, message, lambda: session.survey(message, book))
        elif isinstance(message, protocol.Recall):
            self._later(comm, message, lambda: protocol.Recalled(session.tallies()))
        else:
            self._later(comm, message, lambda: self._found(message, window))

    def _later(
        self,
        comm: Any,
        message: protocol.FrontendMessage,
        answer: Callable[[], protocol.KernelMessage],
    ) -> None:
        def work() -> None:
            try:
                self._send_to(comm, answer())
            except Exception as error:
                self._send_to(comm, protocol.Failed(as_problem(error, kept=UNCHANGED)))
                raise

        self._latest.put((comm.comm_id, type(message)), work)

    def _found(self, message: protocol.Look, window: Window | None) -> protocol.Found:
        from llm_notebook.context import look

        snapshot = Snapshot(()) if window is None else window.snapshot
        book = self._session().notebook if window is None else window.book
        folder = folder_of(book, self._live)
        hits = look(message.query, snapshot, self._live.namespace(), folder)
        return protocol.Found(message.look_id, hits)

    # -- messages out ---------------------------------------------------------

    def changed(self, proposal: Proposal) -> None:
        """A session's listener: the whole proposal goes out, and what was held is part of it."""
        self._streaming.drop(proposal.id)
        self.broadcast(protocol.Changed(proposal))

    def streamed(self, more: protocol.Streamed) -> None:
        """A session's listener: the first words go out at once, later ones at intervals."""
        self._streaming.put(more)

    def broadcast(self, message: protocol.KernelMessage) -> None:
        """Send to every front end, or to those whose notebook it is about.

        One that has gone does not stop the others.
        """
        for window in hearers(self._windows, message, self._session()):
            self._send_to(window.comm, message)

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
