"""The session: draft, decide, record, for one notebook.

It lives in the kernel, because that is the one place that serves every face
and sees the live variables. It never touches the document: a host applies an
accepted proposal and then tells the session.

Calls come from several threads: a magic on the main one, a front end's message
on a subshell's, a model's reply on the worker's reader. One lock guards the
state, and listeners are called under it, so that each sees a proposal's events
in order. A listener must not wait for another thread.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.errors import (
    LevelError,
    Problem,
    as_problem,
)
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Origin, Proposal, called, ended
from llm_notebook.core.protocol import Ask, Level, Verdict
from llm_notebook.llm import wire
from llm_notebook.store import Recorder

if TYPE_CHECKING:
    from llm_notebook.drafting import Draft
    from llm_notebook.ports import Listener, Models, Workspace
    from llm_notebook.store import Store

DEFAULT_MODEL = "offline:rules"
CORRECTABLE = frozenset({"reply", "invalid-proposal", "stale"})
"""What is wrong with a whole reply that a model may mend, once, when it is told."""


class Session:
    """Proposals of one notebook.

    Parameters
    ----------
    models : Models
    workspace : Workspace
    store : Store
    notebook : str
        What the notebook is called in the store.
    """

    def __init__(
        self, models: Models, workspace: Workspace, store: Store, notebook: str = ""
    ) -> None:
        self.models = models
        self.chosen: str | None = None
        self.lowered: Level | None = None
        self.record = Recorder(store)
        self._workspace = workspace
        self._notebook = notebook
        self._lock = threading.RLock()
        self._proposals: dict[str, Proposal] = {}
        self._drafts: dict[str, Draft] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._listeners: list[Listener] = []
        self._restored = False

    # -- what a face sees ---------------------------------------------------

    @property
    def model(self) -> str:
        """The model that is asked: the one `chosen` in this kernel, or the embedded one."""
        return self.chosen or DEFAULT_MODEL

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` from now on; the returned function ends that."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def open_notebook(self, name: str) -> None:
        """Say which notebook this is, and take up what an earlier kernel left open."""
        with self._lock:
            if name and name != self._notebook:
                self._notebook, self._restored = name, False
            if self._restored or not self._notebook:
                return
            self._restored = True
            for proposal in self.record.open_proposals(self._notebook):
                if proposal.id in self._proposals:
                    continue
                if proposal.status == "drafting":
                    proposal = ended(
                        proposal,
                        "failed",
                        Problem(
                            "interrupted",
                            "The kernel ended before the reply was complete.",
                            wire.KEPT,
                            "Ask again.",
                        ),
                    )
                    self._put(proposal, "failed")
                else:
                    self._proposals[proposal.id] = proposal

    def proposals(self) -> tuple[Proposal, ...]:
        """All proposals that this session knows, oldest first."""
        with self._lock:
            return tuple(sorted(self._proposals.values(), key=lambda p: p.created))

    def open_proposals(self) -> tuple[Proposal, ...]:
        """Those that stream or wait for a person, oldest first."""
        return tuple(p for p in self.proposals() if p.status in ("drafting", "pending"))

    def find(self, proposal_id: str | None = None) -> Proposal:
        """A proposal by the start of its id; without one, the newest pending (see `called`)."""
        return called(self.proposals(), proposal_id)

    def snapshot_of(self, proposal_id: str) -> Snapshot:
        """What a proposal was written against; empty where another kernel asked."""
        return self._snapshots.get(proposal_id, Snapshot(()))

    # -- asking -------------------------------------------------------------

    def ask(self, ask: Ask) -> Proposal:
        """Start drafting a proposal, and return at once.

        A repeated `Ask` of the same id does not ask again.

        Raises
        ------
        LevelError
            At level 0, or where the kernel's level was lowered to it.
        """
        if min(ask.level, 2 if self.lowered is None else self.lowered) < 2:
            raise LevelError(
                "The level is Off, so nothing was sent to a model.",
                kept="Your prompt is kept.",
                next="Set the level to Propose to ask.",
            )
        with self._lock:
            known = self._proposals.get(ask.proposal_id)
            if known is not None:
                self._tell(known)
                return known
            proposal = Proposal(
                id=ask.proposal_id,
                origin=Origin(ask.prompt, ask.model, ask.face, ask.target),
                created=time.time(),
            )
            self._put(proposal, "asked")
        try:
            from llm_notebook.drafting import Draft  # with the first ask, not at start-up

            draft = Draft.begin(ask, self._workspace)
            with self._lock:
                if self._proposals[proposal.id].status != "drafting":  # cancelled meanwhile
                    return self._proposals[proposal.id]
                self._snapshots[proposal.id] = ask.snapshot
                self._send(proposal.id, draft)
        except Exception as error:
            return self._fail(proposal.id, as_problem(error, kept=wire.KEPT))
        return proposal

    def _send(self, proposal_id: str, draft: Draft) -> None:
        """Begin a request; under the lock, so that no cancel falls between the two lines."""
        self._drafts[proposal_id] = draft
        if draft.notice:
            self._notice(proposal_id, draft.notice)
        self.models.complete(draft.request, lambda event: self._arrived(proposal_id, event))

    def _arrived(self, proposal_id: str, event: wire.WorkerEvent) -> None:
        """Take one event of the worker's reader thread."""
        with self._lock:
            draft = self._drafts.get(proposal_id)
            if draft is None or event.id != draft.request.id:  # cancelled, or asked again
                return
            try:
                if isinstance(event, wire.Chunk):
                    self._grow(proposal_id, draft, event.text)
                elif isinstance(event, wire.Notice):
                    self._notice(proposal_id, event.text)
                elif isinstance(event, wire.Error):
                    self._fail(proposal_id, event.problem)
                else:
                    self._finish(proposal_id, draft, event)
            except Exception as error:
                self.models.cancel(draft.request.id)
                problem = as_problem(error, kept=wire.KEPT)
                if problem.code in CORRECTABLE and not draft.is_correction:
                    proposal = msgspec.structs.replace(
                        self._proposals[proposal_id], title="", rationale="", answer="", edits=()
                    )
                    self._proposals[proposal_id] = proposal
                    self._send(proposal_id, draft.corrected(problem.message))
                else:
                    self._fail(proposal_id, problem)

    def _grow(self, proposal_id: str, draft: Draft, text: str) -> None:
        proposal, more = draft.grow(self._proposals[proposal_id], text)
        if draft.is_hopeless:
            draft.finish(proposal, wire.Done(proposal_id))  # raises what is wrong
        if more is None:
            return
        self._proposals[proposal_id] = proposal
        for listener in tuple(self._listeners):
            listener.streamed(more)

    def _finish(self, proposal_id: str, draft: Draft, done: wire.Done) -> None:
        proposal = draft.finish(self._proposals[proposal_id], done)
        del self._drafts[proposal_id]
        self._put(proposal, "proposed")

    def cancel(self, proposal_id: str) -> Proposal:
        """Stop drafting; a proposal that does not draft is left as it is."""
        with self._lock:
            proposal = self.find(proposal_id)
            if proposal.status != "drafting":
                return proposal
            draft = self._drafts.pop(proposal.id, None)
            if draft is not None:
                self.models.cancel(draft.request.id)
            # What had arrived is not offered: it was never checked as a whole.
            return self._put(ended(proposal, "cancelled"), "cancelled")

    # -- deciding -----------------------------------------------------------

    def decide(
        self, proposal_id: str, verdict: Verdict, edits_hash: str, *, ran: bool = False
    ) -> Proposal:
        """Record what the person decided and the host has done.

        The first decision wins; a later, different one changes nothing and
        gets the proposal as it stands.

        Raises
        ------
        UnknownProposalError
            Where neither the session nor the store knows it.
        """
        with self._lock:
            proposal = self._known(proposal_id)
            if proposal.status != ("accepted" if verdict == "reopened" else "pending"):
                self._tell(proposal)
                return proposal
            status = "pending" if verdict == "reopened" else verdict
            return self._put(
                msgspec.structs.replace(proposal, status=status),
                verdict,
                ran=ran,
                edits_hash=edits_hash,
                as_proposed=edits_hash == proposal.hash,
            )

    def close(self) -> None:
        """End the worker."""
        self.models.close()

    # -- state --------------------------------------------------------------

    def _known(self, proposal_id: str) -> Proposal:
        """A proposal of this session, or one that was closed in an earlier kernel."""
        if proposal_id not in self._proposals:
            found = self.record.find(proposal_id)
            if found is not None:
                self._proposals[proposal_id] = found
        return self.find(proposal_id)

    def _fail(self, proposal_id: str, problem: Problem) -> Proposal:
        with self._lock:
            self._drafts.pop(proposal_id, None)
            return self._put(ended(self._proposals[proposal_id], "failed", problem), "failed")

    def _put(self, proposal: Proposal, kind: str, **body: object) -> Proposal:
        self._proposals[proposal.id] = proposal
        self.record.save(self._notebook, proposal, kind, **body)
        self._tell(proposal)
        return proposal

    def _notice(self, proposal_id: str, text: str) -> None:
        proposal = self._proposals[proposal_id]
        text = f"{proposal.notice} {text}" if proposal.notice else text
        self._proposals[proposal_id] = proposal = msgspec.structs.replace(proposal, notice=text)
        self._tell(proposal)

    def _tell(self, proposal: Proposal) -> None:
        for listener in tuple(self._listeners):
            listener.changed(proposal)
