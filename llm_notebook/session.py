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
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from llm_notebook.core.errors import (
    LevelError,
    LLMNotebookError,
    Problem,
    ReplyError,
    StoreError,
    UnknownProposalError,
)
from llm_notebook.core.proposal import Edit, Insert, Origin, Proposal, Replace, Status
from llm_notebook.core.protocol import Ask, Growth, Level, ModelChoice, Streamed, Verdict

if TYPE_CHECKING:
    from llm_notebook.core.context import ErrorInfo
    from llm_notebook.core.notebook import Snapshot
    from llm_notebook.llm.reply import ReplyParser
    from llm_notebook.llm.wire import CompletionRequest, WorkerEvent
    from llm_notebook.store import Store

DEFAULT_MODEL = "offline:rules"
KEPT = "Your prompt is kept and the notebook was not touched."


class Models(Protocol):
    """Where replies come from: the worker process."""

    def models(self) -> tuple[ModelChoice, ...]:
        """The models that can be offered."""

    def complete(self, request: CompletionRequest, on_event: Callable[[WorkerEvent], None]) -> None:
        """Start a completion; events arrive on another thread, the last one terminal."""

    def cancel(self, request_id: str) -> None:
        """Abort a completion."""

    def close(self) -> None:
        """End the worker."""


class Workspace(Protocol):
    """The live kernel, as far as a context needs it."""

    def namespace(self) -> Mapping[str, object]:
        """The user's variables."""

    def last_error(self) -> ErrorInfo | None:
        """The error that the last cell ended in, or None."""

    def folder(self) -> Path | None:
        """The working folder."""


class Listener(Protocol):
    """A face that shows proposals."""

    def changed(self, proposal: Proposal) -> None:
        """A proposal stands differently now."""

    def streamed(self, more: Streamed) -> None:
        """A drafting proposal has grown."""


class _Draft:
    """A proposal while its reply arrives."""

    def __init__(self, parser: ReplyParser, snapshot: Snapshot) -> None:
        self.parser = parser
        self.snapshot = snapshot


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
        self.model = DEFAULT_MODEL
        self.lowered: Level | None = None
        self.store_problem: Problem | None = None
        self._workspace = workspace
        self._store = store
        self._notebook = notebook
        self._lock = threading.RLock()
        self._proposals: dict[str, Proposal] = {}
        self._drafts: dict[str, _Draft] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._listeners: list[Listener] = []
        self._restored = False

    # -- what a face sees ---------------------------------------------------

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
            found: tuple[Proposal, ...] = ()
            with self._recording():
                found = self._store.open_proposals(self._notebook)
            for proposal in found:
                if proposal.id in self._proposals:
                    continue
                if proposal.status == "drafting":
                    proposal = _ended(
                        proposal,
                        "failed",
                        Problem(
                            "interrupted",
                            "The kernel ended before the reply was complete.",
                            KEPT,
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
        """A proposal by id or by the start of it; without one, the newest pending.

        Raises
        ------
        UnknownProposalError
            Where none or more than one fits.
        """
        everything = self.proposals()
        if proposal_id is None:
            pending = [p for p in everything if p.status == "pending"]
            if not pending:
                raise UnknownProposalError(
                    "No proposal is waiting.", next="Ask for one with %%llm and your words below."
                )
            return pending[-1]
        fits = [p for p in everything if p.id == proposal_id] or [
            p for p in everything if p.id.startswith(proposal_id)
        ]
        if len(fits) != 1:
            raise UnknownProposalError(
                f"{'No' if not fits else 'More than one'} proposal is called {proposal_id!r}.",
                next="Known are: " + (", ".join(p.id for p in everything) or "none") + ".",
            )
        return fits[0]

    def snapshot_of(self, proposal_id: str) -> Snapshot:
        """What a proposal was written against; empty where another kernel asked."""
        from llm_notebook.core.notebook import Snapshot

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
            request, draft = self._request(ask)
            with self._lock:
                self._drafts[proposal.id] = draft
                self._snapshots[proposal.id] = ask.snapshot
            self.models.complete(request, lambda event: self._arrived(proposal.id, event))
        except Exception as error:
            return self._fail(proposal.id, _problem(error))
        return proposal

    def _request(self, ask: Ask) -> tuple[CompletionRequest, _Draft]:
        from llm_notebook.context import build_context
        from llm_notebook.llm.prompt import build_messages
        from llm_notebook.llm.reply import ReplyParser
        from llm_notebook.llm.wire import CompletionRequest

        context = build_context(
            ask.snapshot,
            ask.prompt,
            ask.target,
            self._workspace.namespace(),
            error=self._workspace.last_error(),
            folder=self._workspace.folder(),
        )
        label = next((name for name, id in context.labels.items() if id == ask.target), None)
        request = CompletionRequest(
            id=ask.proposal_id,
            model=ask.model,
            messages=build_messages(ask.prompt, context, label),
            prompt=ask.prompt,
            context=context,
            target_label=label,
        )
        parser = ReplyParser(ask.snapshot, context.labels, ask.target)
        return request, _Draft(parser, ask.snapshot)

    def _arrived(self, proposal_id: str, event: WorkerEvent) -> None:
        """Take one event of the worker's reader thread."""
        from llm_notebook.llm import wire

        with self._lock:
            draft = self._drafts.get(proposal_id)
            if draft is None:  # cancelled meanwhile
                return
            try:
                if isinstance(event, wire.Chunk):
                    self._grow(proposal_id, draft, event.text)
                elif isinstance(event, wire.Notice):
                    proposal = self._proposals[proposal_id]
                    self._proposals[proposal_id] = proposal = msgspec.structs.replace(
                        proposal, notice=event.text
                    )
                    self._tell(proposal)
                elif isinstance(event, wire.Error):
                    self._fail(proposal_id, event.problem)
                else:
                    self._finish(proposal_id, draft, event)
            except Exception as error:
                # On this thread nobody else could tell the person.
                self.models.cancel(proposal_id)
                self._fail(proposal_id, _problem(error))

    def _grow(self, proposal_id: str, draft: _Draft, text: str) -> None:
        delta = draft.parser.feed(text)
        if not (delta.growth or delta.title or delta.rationale or delta.answer):
            return
        proposal = self._proposals[proposal_id]
        self._proposals[proposal_id] = msgspec.structs.replace(
            proposal,
            title=delta.title or proposal.title,
            rationale=delta.rationale or proposal.rationale,
            answer=proposal.answer + delta.answer,
            edits=_grown(proposal, delta.growth),
        )
        more = Streamed(proposal_id, delta.growth, delta.title, delta.rationale, delta.answer)
        for listener in tuple(self._listeners):
            listener.streamed(more)

    def _finish(self, proposal_id: str, draft: _Draft, done: object) -> None:
        from llm_notebook.diff import apply
        from llm_notebook.llm.wire import Done

        assert isinstance(done, Done)
        reply = draft.parser.finish(done.finish_reason)
        if reply.edits:
            # An edit list that contradicts itself is found here, not at the person's accept.
            apply(draft.snapshot, reply.edits)
        del self._drafts[proposal_id]
        proposal = msgspec.structs.replace(
            self._proposals[proposal_id],
            status="pending" if reply.edits else ("declined" if reply.declined else "answered"),
            title=reply.title,
            rationale=reply.rationale,
            edits=reply.edits,
            answer=reply.answer,
            suggestions=reply.suggestions,
            usage=done.usage,
        )
        self._put(proposal, "proposed")

    def cancel(self, proposal_id: str) -> Proposal:
        """Stop drafting; a proposal that does not draft is left as it is."""
        with self._lock:
            proposal = self.find(proposal_id)
            if proposal.status != "drafting":
                return proposal
            self._drafts.pop(proposal.id, None)
            self.models.cancel(proposal.id)
            # What had arrived is not offered: it was never checked as a whole.
            return self._put(_ended(proposal, "cancelled"), "cancelled")

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
            Where the session does not know it.
        """
        with self._lock:
            proposal = self.find(proposal_id)
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

    def _fail(self, proposal_id: str, problem: Problem) -> Proposal:
        with self._lock:
            self._drafts.pop(proposal_id, None)
            return self._put(_ended(self._proposals[proposal_id], "failed", problem), "failed")

    def _put(self, proposal: Proposal, kind: str, **body: object) -> Proposal:
        self._proposals[proposal.id] = proposal
        with self._recording():
            self._store.save(self._notebook, proposal, kind, **body)
        self._tell(proposal)
        return proposal

    @contextlib.contextmanager
    def _recording(self) -> Iterator[None]:
        """A store that fails must not stop the person; it is said once by a face."""
        try:
            yield
            self.store_problem = None
        except StoreError as error:
            self.store_problem = error.problem

    def _tell(self, proposal: Proposal) -> None:
        for listener in tuple(self._listeners):
            listener.changed(proposal)


def new_proposal_id() -> str:
    """Eight characters, easy to type: a magic takes the first few."""
    return secrets.token_hex(4)


def _grown(proposal: Proposal, growth: tuple[Growth, ...]) -> tuple[Edit, ...]:
    edits = list(proposal.edits)
    for more in growth:
        if more.edit is not None:
            edits.insert(more.index, more.edit)
        if more.text:
            edit = edits[more.index]
            assert isinstance(edit, Insert | Replace)  # nothing else has a text to grow
            edits[more.index] = msgspec.structs.replace(edit, source=edit.source + more.text)
    return tuple(edits)


def _ended(proposal: Proposal, status: Status, problem: Problem | None = None) -> Proposal:
    """Close a draft: its half-written edits are dropped, so that they can never be applied."""
    return msgspec.structs.replace(proposal, status=status, problem=problem, edits=())


def _problem(error: Exception) -> Problem:
    if isinstance(error, ReplyError):
        return msgspec.structs.replace(error.problem, kept=error.problem.kept or KEPT)
    if isinstance(error, LLMNotebookError):
        return error.problem
    return Problem(
        "internal",
        f"Something in llm_notebook went wrong ({type(error).__name__}: {error}).",
        KEPT,
        "Ask again; if it happens again, please report it.",
    )
