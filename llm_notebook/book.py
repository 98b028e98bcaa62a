"""What is known of a kernel's proposals: kept, written through to the store, told to faces.

Several notebooks may share a kernel. Each proposal belongs to the one that it was asked in.

Calls come from several threads: a magic on the main one, a front end's message
on a subshell's, a model's reply on the worker's reader. One lock guards the
state, and listeners are called under it, so that each sees a proposal's events
in order. A listener must not wait for another thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from llm_notebook import versions
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import OPEN, Proposal, called, ended
from llm_notebook.llm.wire import INTERRUPTED
from llm_notebook.store import Recorder, Saved

if TYPE_CHECKING:
    from llm_notebook.core.tally import Tally
    from llm_notebook.ports import Listener
    from llm_notebook.store import Store
    from llm_notebook.versions import Before


class Book:
    """Proposals of one kernel, each of one notebook.

    Parameters
    ----------
    store : Store
    notebook : str
        What the notebook is called in the store; of several the one that was heard last.

    Attributes
    ----------
    record : Recorder
        The store, and why it cannot be used, where it cannot.
    """

    def __init__(self, store: Store, notebook: str) -> None:
        self.record = Recorder(store)
        self._notebook = notebook
        self._lock = threading.RLock()
        self._proposals: dict[str, Proposal] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._listeners: list[Listener] = []
        self._homes: dict[str, str] = {}
        self._restored: set[str] = set()

    def tallies(self) -> tuple[Tally, ...]:
        """How past proposals were decided, in all notebooks; nothing is allowed by it."""
        from llm_notebook.tallying import tallies  # when somebody looks, not at start-up

        return tallies(self.record.decided())

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` from now on; the returned function ends that."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    @property
    def notebook(self) -> str:
        """What the notebook that was heard last is called in the store."""
        return self._notebook

    def turn_to(self, name: str) -> None:
        """Say which notebook is heard now: what names no other belongs to it."""
        self._notebook = name

    def home_of(self, proposal_id: str) -> str:
        """The notebook that a proposal was asked in."""
        return self._homes.get(proposal_id, self._notebook)

    def settle(self, proposal_id: str, notebook: str) -> None:
        """Say where a proposal belongs, unless that is known."""
        self._homes.setdefault(proposal_id, notebook)

    def open_notebook(self, name: str, cells: Sequence[str] = ()) -> None:
        """Say which notebook this is, by path and cells; take up what an earlier kernel left."""
        with self._lock:
            self._notebook = name or self._notebook
            if self._notebook in self._restored or not self._notebook:
                return
            found = self.record.open(self._notebook, cells)
            if self.record.problem is None:
                self._restored.add(self._notebook)
            for proposal in found:
                if proposal.id in self._proposals:
                    continue
                self._homes[proposal.id] = self._notebook
                if proposal.status == "drafting":
                    self._put(ended(proposal, "failed", INTERRUPTED), "failed")
                else:
                    self._proposals[proposal.id] = proposal

    def rename(self, name: str, before: str | None = None) -> None:
        """Say that a notebook has another path now; its proposals follow."""
        with self._lock:
            before = self._notebook if before is None else before
            if name == before:
                return
            self.record.rename(before, name)
            for known in (*self._homes, *self._proposals):
                if self.home_of(known) == before:
                    self._homes[known] = name
            if before in self._restored:
                self._restored.add(name)
                self._restored.remove(before)
            if self._notebook == before:
                self._notebook = name

    def proposals(self, notebook: str | None = None) -> tuple[Proposal, ...]:
        """All proposals that this session knows, or those of one notebook, oldest first."""
        with self._lock:
            found = sorted(self._proposals.values(), key=lambda p: p.created)
            return tuple(p for p in found if notebook in (None, self.home_of(p.id)))

    def open_proposals(self, notebook: str | None = None) -> tuple[Proposal, ...]:
        """Those that stream or wait for a person, oldest first."""
        return tuple(p for p in self.proposals(notebook) if p.status in OPEN)

    def find(self, proposal_id: str | None = None) -> Proposal:
        """A proposal by the start of its id; without one, the newest pending (see `called`).

        The newest is that of the notebook that was heard last.
        """
        return called(self.proposals(None if proposal_id else self._notebook), proposal_id)

    def snapshot_of(self, proposal_id: str) -> Snapshot:
        """What a proposal was written against; empty where another kernel asked."""
        return self._snapshots.get(proposal_id, Snapshot(()))

    def note(self, proposal_id: str, kind: str, **body: object) -> None:
        """Write into the trace what befell a proposal and does not change how it stands.

        It is written in a moment, and before anything that is decided after it.
        """
        with self._lock:
            proposal = self._look_up(proposal_id)
            if proposal is not None:
                self.record.note(self.home_of(proposal_id), proposal, kind, **body)

    def _look_up(self, proposal_id: str | None) -> Proposal | None:
        """A proposal of this session, or one that was closed in an earlier kernel."""
        if proposal_id is not None and proposal_id not in self._proposals:
            found = self.record.find(proposal_id)
            if found is not None:
                self._proposals[proposal_id] = found
        return self._proposals.get(proposal_id or "")

    def _known(self, proposal_id: str) -> Proposal:
        """As `_look_up`; the start of an id serves too.

        Raises
        ------
        UnknownProposalError
            Where there is none.
        """
        return self._look_up(proposal_id) or self.find(proposal_id)

    def _load_thread(self, proposal: Proposal | None) -> None:
        """Take up all versions of a proposal that were closed in an earlier kernel."""
        if proposal is not None:
            for found in self.record.thread(versions.thread_of(proposal)):
                self._homes.setdefault(found.id, self.home_of(proposal.id))
                self._proposals.setdefault(found.id, found)

    def _follows(self, origin: Origin) -> tuple[Proposal | None, Before]:
        """The version before an ask, and what is to be known of it."""
        previous = versions.previous_of(origin, self._look_up)
        self._load_thread(previous)
        return previous, versions.followed(origin, self._look_up, self._proposals.values())

    def _put(self, proposal: Proposal, kind: str, **body: object) -> Proposal:
        self._put_all([Saved(proposal, kind, body)])
        return proposal

    def _put_all(self, saved: Sequence[Saved]) -> None:
        """Take what belongs together, so that a kernel that is killed leaves all or none of it."""
        # All of them are of one thread, and so of one notebook.
        home = self.home_of(saved[0].proposal.id)
        for proposal, _, _ in saved:
            self._proposals[proposal.id] = proposal
            self._homes.setdefault(proposal.id, home)
        self.record.save_all(home, saved)
        for proposal, _, _ in saved:
            self._tell(proposal)

    def _notice(self, proposal_id: str, text: str) -> None:
        proposal = self._proposals[proposal_id]
        text = f"{proposal.notice} {text}" if proposal.notice else text
        self._proposals[proposal_id] = proposal = msgspec.structs.replace(proposal, notice=text)
        self._tell(proposal)

    def _tell(self, proposal: Proposal) -> None:
        for listener in tuple(self._listeners):
            listener.changed(proposal)
