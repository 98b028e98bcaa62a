"""Decisions on one notebook's proposals: made as evidence comes in, told and written down.

A decision is worked out on a thread of its own, so that neither a model's reply
nor a preview waits for it, and no lock of the session is asked for under one of
the previews. It is evidence for a front end, which holds the level and may only
be stricter.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.decision import Decision, Reason
from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.core.preview import OVER, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun, Streamed
from llm_notebook.ports import folder_of

if TYPE_CHECKING:
    from llm_notebook.core.grants import Grant
    from llm_notebook.previewing import Previewing
    from llm_notebook.rules.configuration import Configuration
    from llm_notebook.rules.evidence import Approver, Evidence, Places

MOST_TRACED = 20
"""Reasons of one decision that are written down."""


class Judging:
    """Decisions of one session.

    Parameters
    ----------
    previewing : Previewing
    hooks : callable
        Names what of the notebook's own runs together with every cell.
    is_live : bool
        Whether a kernel holds what the notebook's earlier cells made.
    """

    def __init__(
        self,
        previewing: Previewing,
        hooks: Callable[[], Sequence[str]] = tuple,
        *,
        is_live: bool = True,
    ) -> None:
        self.session = previewing.session
        self._previewing = previewing
        self._hooks = hooks
        self._is_live = is_live
        self._lock = threading.Lock()
        self._decisions: dict[str, Decision] = {}
        self._stands_on: dict[str, Preview | None] = {}
        self._asked: dict[str, DryRun] = {}
        self._seen: dict[str, tuple[str, str]] = {}
        self._listeners: list[Callable[[Decision], None]] = []
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.session.listen(self)
        previewing.listen(self._previewed)

    @cached_property
    def configuration(self) -> Configuration:
        """What the policy files say, read once: what is written there later does not count."""
        from llm_notebook.rules.configuration import read_configuration

        return read_configuration()

    @cached_property
    def more(self) -> dict[str, Approver]:
        """The approvers of policy files and of installed packages."""
        from llm_notebook.rules.configuration import configured
        from llm_notebook.rules.plugins import plugins

        return {"configured": configured(self.configuration), **plugins()}

    # -- what is known ----------------------------------------------------------

    def known(self) -> tuple[Decision, ...]:
        """The decisions on what waits as it stands now."""
        waiting = {p.id: p.hash for p in self.session.open_proposals() if p.status == "pending"}
        with self._lock:
            return tuple(
                d for d in self._decisions.values() if waiting.get(d.proposal_id) == d.edits_hash
            )

    def listen(self, heard: Callable[[Decision], None]) -> Callable[[], None]:
        """Tell `heard` of each decision; the returned function ends that."""
        with self._lock:
            self._listeners.append(heard)

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(heard)

        return stop

    def asked(self, message: DryRun) -> None:
        """A page asks for a dry run: what it grants, and the notebook as it is."""
        proposal = self.session.find(message.proposal_id)
        with self._lock:
            self._asked[proposal.id] = message

    def decide(self, proposal_id: str) -> Decision:
        """Decide now, on the evidence that there is.

        Raises
        ------
        UnknownProposalError
            No proposal of this session is called so.
        """
        return self._decided(self.session.find(proposal_id), self._previewing.find(proposal_id))

    def _decided(self, proposal: Proposal, preview: Preview | None) -> Decision:
        from llm_notebook.rules import judge

        try:
            return judge(self.evidence(proposal, preview), self.more)
        except Exception as error:  # what cannot be looked at is not known
            text = f"The evidence could not be gathered ({type(error).__name__})."
            reasons = (Reason("ASK", "gathering", text),)
            is_over = preview is not None and preview.status in OVER
            return Decision(proposal.id, proposal.hash, "ASK", reasons, is_over)

    def evidence(self, proposal: Proposal, preview: Preview | None) -> Evidence:
        """What is known of a proposal with this preview, at this moment."""
        from llm_notebook.rules import gather

        with self._lock:
            message = self._asked.get(proposal.id)
        snapshot = self.session.snapshot_of(proposal.id) if message is None else message.snapshot
        workspace = self.session.workspace
        return gather(
            proposal,
            snapshot,
            workspace.namespace(),
            preview=preview,
            isolation=self._previewing.isolation(),
            places=self._places(proposal),
            grants=self._grants(message),
            hooks=self._hooks(),
            is_live=self._is_live,
        )

    def _grants(self, message: DryRun | None) -> Sequence[Grant]:
        """A page's own; where there is none, those of the configuration."""
        return self.configuration.grants if message is None else message.grants

    def _places(self, proposal: Proposal) -> Places:
        from llm_notebook.rules import Places

        workspace = self.session.workspace
        home = self.session.home_of(proposal.id)
        return Places(workspace.folder(), folder_of(home, workspace))

    # -- as evidence comes in ---------------------------------------------------

    def changed(self, proposal: Proposal) -> None:
        """A session's listener: what waits is judged, and what does not is forgotten."""
        if proposal.status == "drafting":
            self._begin()
        elif proposal.status == "pending":
            self._put(proposal.id, proposal.hash, "")
        else:
            with self._lock:
                kept: tuple[dict[str, Any], ...]
                kept = (self._decisions, self._stands_on, self._asked, self._seen)
                for known in kept:
                    known.pop(proposal.id, None)

    def streamed(self, more: Streamed) -> None:
        """A draft is not judged."""

    def _previewed(self, preview: Preview) -> None:
        """Called under the lock of the previews: only remembered here."""
        status = preview.status if preview.status in OVER else "going on"
        self._put(preview.proposal_id, preview.edits_hash, status)

    def _put(self, proposal_id: str, edits_hash: str, status: str) -> None:
        with self._lock:
            if self._seen.get(proposal_id) == (edits_hash, status) and status not in OVER:
                return
            self._seen[proposal_id] = (edits_hash, status)
        self._begin()
        self._waiting.put(proposal_id)

    def _begin(self) -> None:
        """Get ready while a model writes, so that nothing is imported while a dry run is forked."""
        with self._lock:
            if self._thread is not None:
                return
            self._thread = threading.Thread(
                target=self._work, daemon=True, name="llm_notebook_judging"
            )
        self._thread.start()

    def _work(self) -> None:
        from llm_notebook import context, rules  # noqa: F401

        _ = self.more
        while True:
            proposal_id = self._waiting.get()
            with contextlib.suppress(LLMNotebookError):  # it was closed meanwhile
                self._judge(proposal_id)

    def _judge(self, proposal_id: str) -> None:
        proposal, preview = self.session.find(proposal_id), self._previewing.find(proposal_id)
        decision = self._decided(proposal, preview)
        with self._lock:
            # The same after another dry run is said again: a page dropped what it knew.
            is_news = self._stands_on.get(proposal_id) is not preview
            if decision == self._decisions.get(proposal_id) and not is_news:
                return
            self._decisions[proposal_id], self._stands_on[proposal_id] = decision, preview
            listeners = tuple(self._listeners)
        if decision.is_final:  # written down before anybody can act on it
            self.session.note(proposal_id, "judged", **traced(decision))
        for listener in listeners:
            listener(decision)


def traced(decision: Decision) -> dict[str, Any]:
    """A decision as the trace keeps it: without secrets that stand in the code."""
    from llm_notebook.context import redact

    reasons = [
        {
            key: redact(value)[0] if key == "text" else value
            for key, value in msgspec.to_builtins(reason).items()
            if value not in ("", None)
        }
        for reason in decision.reasons[:MOST_TRACED]
    ]
    return {"ruling": decision.ruling, "edits_hash": decision.edits_hash, "reasons": reasons}
