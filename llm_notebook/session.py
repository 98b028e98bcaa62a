"""The session: draft, decide, record, for the notebooks of one kernel.

It lives in the kernel, because that is the one place that serves every face
and sees the live variables. It never touches the document: a host applies an
accepted proposal and then tells the session.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from llm_notebook import deciding, versions
from llm_notebook.book import Book
from llm_notebook.claims import Claims
from llm_notebook.core.errors import LevelError, Problem, as_problem
from llm_notebook.core.levels import DEFAULT_LEVEL
from llm_notebook.core.proposal import Proposal, ended
from llm_notebook.core.protocol import Ask, Level, Revised, Survey, Surveyed, Verdict
from llm_notebook.llm import wire
from llm_notebook.llm.choosing import Choosing
from llm_notebook.store import Saved
from llm_notebook.surveys import Surveys

if TYPE_CHECKING:
    from llm_notebook.core.edits import Edit
    from llm_notebook.drafting import Draft
    from llm_notebook.ports import Models, Workspace
    from llm_notebook.store import Store

CORRECTABLE = frozenset({"reply", "invalid-proposal", "stale"})
"""What is wrong with a whole reply that a model may mend, once, when it is told."""

SUPERSEDED = "Another version was accepted before this one was complete."


class Session(Book, Choosing):
    """Proposals of one kernel.

    Parameters
    ----------
    models : Models
    workspace : Workspace
    store : Store
    notebook : str
        What the notebook is called in the store; as in `Book`.
    now : callable
        A monotonic clock, in seconds.
    """

    def __init__(
        self,
        models: Models,
        workspace: Workspace,
        store: Store,
        notebook: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        Book.__init__(self, store, notebook)
        Choosing.__init__(self)
        self.models = models
        self.lowered: Level | None = None
        self._now = now
        self._drafts: dict[str, Draft] = {}
        self.workspace = workspace
        self._surveys = Surveys(workspace)
        self._claims = Claims(now)

    # -- asking -------------------------------------------------------------

    def ask(self, ask: Ask) -> Proposal:
        """Start drafting a proposal, and return at once.

        A repeated `Ask` of the same id does not ask again.

        Raises
        ------
        LevelError
            Below level 2, or where the kernel's level was lowered.
        """
        if min(ask.level, DEFAULT_LEVEL if self.lowered is None else self.lowered) < 2:
            raise LevelError(
                "The level is below Propose, so nothing was sent to a model.",
                kept="Your prompt is kept.",
                next="Set the level to Propose to ask.",
            )
        with self._lock:
            known = self._look_up(ask.proposal_id)
            if known is not None:
                self._tell(known)
                return known
            previous, before = self._follows(ask.origin)
            question = self._look_up(ask.origin.clarifies)
            if question is not None and question.status == "asking":
                self._put(msgspec.structs.replace(question, status="answered"), "answered")
            proposal = versions.as_version(
                Proposal(id=ask.proposal_id, origin=ask.origin, created=time.time()),
                previous,
                self._proposals.values(),
            )
            self._put(proposal, "asked")
        try:
            from llm_notebook.drafting import Draft  # with the first ask, not at start-up

            shown = self._surveys.shown(ask, before, self.home_of(proposal.id))
            draft = Draft.begin(ask, shown, self._now(), self.recording)
            with self._lock:
                proposal = self._proposals[proposal.id]
                if proposal.status != "drafting":  # cancelled meanwhile
                    return proposal
                suggested = versions.suggesting(ask.origin.prompt, self._proposals.values())
                earlier = (previous, question, suggested)
                proposal = draft.shown.put_into(proposal, draft.model, *earlier)
                self._proposals[proposal.id] = proposal
                self._snapshots[proposal.id] = ask.snapshot
                self._send(proposal.id, draft)
        except Exception as error:
            return self._fail(proposal.id, as_problem(error, kept=wire.KEPT))
        self.record.saw(self.home_of(proposal.id), [cell.id for cell in ask.snapshot])
        return proposal

    def survey(self, message: Survey, notebook: str = "") -> Surveyed:
        """What would be sent for an ask of a notebook; an ask that names it sends exactly this."""
        with self._lock:
            _, before = self._follows(message.origin)
        return self._surveys.make(message, before, notebook or self._notebook)

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
                elif isinstance(event, wire.Switched):
                    proposal = draft.switched(self._proposals[proposal_id], event.model)
                    self._proposals[proposal_id] = proposal
                    self._notice(proposal_id, f"{event.why} So {event.model} was asked.")
                elif isinstance(event, wire.Error):
                    self._fail(proposal_id, event.problem)
                else:
                    self._finish(proposal_id, draft, event)
            except Exception as error:
                self.models.cancel(draft.request.id)
                problem = as_problem(error, kept=wire.KEPT)
                seconds = draft.until - self._now()
                if problem.code in CORRECTABLE and not draft.is_correction and seconds > 0:
                    self._proposals[proposal_id] = draft.emptied(self._proposals[proposal_id])
                    self._send(proposal_id, draft.corrected(problem.message, seconds))
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
        proposal = self._proposals[proposal_id]
        is_late, is_accepted = versions.overtaken(
            proposal, draft.shown.before, self._proposals.values()
        )
        proposals = draft.finish(proposal, done, is_accepted=is_accepted)
        del self._drafts[proposal_id]
        saved = []
        for now in proposals:
            self._snapshots[now.id] = draft.base(is_accepted=is_accepted)
            if is_late and not is_accepted and now.status in versions.WAITS:
                now = msgspec.structs.replace(now, status="superseded", notice=SUPERSEDED)
            saved.append(Saved(now, "proposed", {}))
        self._put_all(saved)

    def cancel(self, proposal_id: str) -> Proposal:
        """Stop drafting, or leave a question unanswered; any other proposal stays as it is."""
        with self._lock:
            proposal = self.find(proposal_id)
            if proposal.status not in ("drafting", "asking"):
                return proposal
            draft = self._drafts.pop(proposal.id, None)
            if draft is not None:
                self.models.cancel(draft.request.id)
            # What had arrived is not offered: it was never checked as a whole.
            return self._put(ended(proposal, "cancelled"), "cancelled")

    # -- deciding -----------------------------------------------------------

    def claim(self, proposal_id: str, client: str, edits_hash: str | None = None) -> bool:
        """Whether this window may decide: before any other one, and for 10 s.

        Not where it has something else on screen than waits, by its hash.
        """
        with self._lock:
            proposal = self._known(proposal_id)
            if proposal.status != "pending" or edits_hash not in (None, proposal.hash):
                return False
            return self._claims.claim(proposal.id, client)

    def decide(
        self,
        proposal_id: str,
        verdict: Verdict,
        edits_hash: str,
        *,
        ran: bool = False,
        auto: bool = False,
        edits: tuple[Edit, ...] | None = None,
        rest: tuple[Edit, ...] = (),
        client: str = "",
    ) -> Proposal:
        """Record what the person decided and the host has done.

        The first decision wins, or that of the window that holds the claim. Any other gets
        the proposal as it stands, and is in the trace: it may have changed a notebook.

        Parameters
        ----------
        auto, edits, rest, client : as in `llm_notebook.core.protocol.Decided` and `claim`

        Raises
        ------
        UnknownProposalError
            Where neither the session nor the store knows it.
        """
        with self._lock:
            proposal = self._known(proposal_id)
            is_first = self._claims.use(proposal.id, client)
            if verdict == "reopened":
                self._load_thread(proposal)
            now = deciding.decided(proposal, verdict, edits_hash, edits, rest)
            return self._become(
                proposal,
                now if is_first else None,
                verdict,
                ran=ran,
                auto=auto,
                edits_hash=edits_hash,
                as_proposed=edits_hash == proposal.hash,
                edits=proposal.edits if edits is None else edits,
            )

    def revise(self, message: Revised, client: str = "") -> Proposal:
        """Take the person's own words into a pending proposal; too late, nothing changes.

        Raises
        ------
        UnknownProposalError
            Where neither the session nor the store knows it.
        """
        with self._lock:
            proposal = self._known(message.proposal_id)
            is_free = not self._claims.is_held_by_other(proposal.id, client)
            now = deciding.revised(proposal, message) if is_free else None
            return self._become(proposal, now, "revised", edits=message.edits)

    def _become(
        self, before: Proposal, after: Proposal | None, kind: str, **body: object
    ) -> Proposal:
        """Write down a decision, and what it means for the proposals around it."""
        if after is None:
            self.record.save(self.home_of(before.id), before, "late", came=kind, **body)
            self._tell(before)
            return before
        after = deciding.in_turn(after, self._proposals.values())
        others = tuple(
            deciding.consequences(
                self._proposals.values(), before, after, self.snapshot_of(before.id)
            )
        )
        consequences = [Saved(other, other.status, {}) for other in others]
        self._put_all([Saved(after, kind, body), *consequences])
        return after

    def close(self) -> None:
        """End the worker, and write what could not be written before."""
        self.models.close()
        self.record.close()

    def _fail(self, proposal_id: str, problem: Problem) -> Proposal:
        with self._lock:
            self._drafts.pop(proposal_id, None)
            return self._put(ended(self._proposals[proposal_id], "failed", problem), "failed")
