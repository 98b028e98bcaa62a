"""Dry runs of one notebook's proposals: one at a time, each of edits that still wait.

Nothing here applies anything or runs anything live. What is refused, stale or
not to be isolated is a preview that says so; only an unknown proposal raises.

Calls come from several threads, as to `llm_notebook.book.Book`. The session's
lock is never asked for under the one here: the session tells of its changes
while it holds its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.errors import LLMNotebookError, as_problem
from llm_notebook.core.levels import DEFAULT_LEVEL, Level
from llm_notebook.core.preview import OVER, Isolation, Preview, PreviewStatus
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun, Streamed
from llm_notebook.gallery import Asked, Gallery
from llm_notebook.permitting import CHANGED, effective, isolation_of, refusal
from llm_notebook.tracing import traced

if TYPE_CHECKING:
    from llm_notebook.core.plan import Plan
    from llm_notebook.foreseeing import Timing
    from llm_notebook.ports import DryRuns
    from llm_notebook.session import Session

NEWER = "A newer one took its place."
STOPPED = "Stopped."


class Previewing:
    """Dry runs of one session's proposals.

    Parameters
    ----------
    session : Session
    dry_runs : DryRuns or None
        None where there can be none.
    timings : callable
        Gives the cells that ran live and how long each took.
    is_live : bool
        Whether a kernel holds what the notebook's earlier cells made.
    """

    def __init__(
        self,
        session: Session,
        dry_runs: DryRuns | None,
        timings: Callable[[], Iterable[Timing]] = tuple,
        *,
        is_live: bool = True,
    ) -> None:
        self.session = session
        self._dry_runs = dry_runs
        self._timings = timings
        self._is_live = is_live
        self._lock = threading.RLock()
        self._current: Asked | None = None
        self._waiting: list[Asked] = []
        self._gallery = Gallery()
        session.listen(self)

    def isolation(self) -> Isolation:
        """What a dry run here would have; tier ``none`` says why there is none."""
        return isolation_of(self._dry_runs)

    def level(self, chosen: Level = DEFAULT_LEVEL) -> tuple[Level, str]:
        """The level in effect, and why it is below the one that was chosen."""
        return effective(chosen, self.session.lowered, self.isolation)

    def known(self) -> tuple[Preview, ...]:
        """The previews of what waits as it stands now, oldest first."""
        waiting = {p.id: p.hash for p in self.session.open_proposals() if p.status == "pending"}
        with self._lock:
            return self._gallery.of(waiting)

    def find(self, proposal_id: str) -> Preview | None:
        """The last preview of a proposal as it stands; None where there is none."""
        return next((p for p in self.known() if p.proposal_id == proposal_id), None)

    def is_going(self, proposal_id: str) -> bool:
        """Whether a dry run of this proposal runs or waits."""
        with self._lock:
            runs = [*self._waiting, *filter(None, [self._current])]
            return any(run.message.proposal_id == proposal_id for run in runs)

    def listen(self, heard: Callable[[Preview], None]) -> Callable[[], None]:
        """Tell `heard` of each preview as it grows; the returned function ends that.

        It is called under a lock, in order, and must not wait for another thread.
        """
        with self._lock:
            self._gallery.listen(heard)

        def stop() -> None:
            with self._lock:
                self._gallery.unlisten(heard)

        return stop

    # -- starting and stopping --------------------------------------------------

    def start_soon(self, message: DryRun) -> Preview:
        """As `start`, with what takes time on a thread of its own."""
        run, preview = self._enqueue(message)
        if run is not None:
            threading.Thread(target=self._next, daemon=True, name="llm_notebook_preview").start()
        return preview

    def start(self, message: DryRun) -> Preview:
        """Have a pending proposal run in the sandbox; listeners hear of it.

        Returns
        -------
        Preview
            As it stands: waiting, or refused with its reason.

        Raises
        ------
        UnknownProposalError
            No proposal of this session is called so.
        """
        run, preview = self._enqueue(message)
        if run is not None:
            self._next()
        return preview

    def stop(self, proposal_id: str) -> None:
        """End the dry run of this proposal, if there is one; what it showed is kept."""
        with self._lock:
            for run in tuple(self._waiting):
                if run.message.proposal_id == proposal_id:
                    self._waiting.remove(run)
                    self._over(run, "stopped", "Stopped before it began.")
            if self._current is not None and self._current.message.proposal_id == proposal_id:
                self._cancel(self._current, STOPPED)

    def close(self) -> None:
        """End every dry run."""
        with self._lock:
            self._waiting.clear()
        if self._dry_runs is not None:
            self._dry_runs.close()

    def _enqueue(self, message: DryRun) -> tuple[Asked | None, Preview]:
        proposal = self.session.find(message.proposal_id)
        message = msgspec.structs.replace(message, proposal_id=proposal.id)
        preview = Preview(proposal.id, message.edits_hash, budget=message.budget)
        refused = refusal(message, proposal, self.session.lowered, self.isolation)
        with self._lock:
            if refused:
                run = Asked(message, proposal.edits, preview)
                return None, self._over(run, "refused", refused)
            self._make_room(message)
            run = Asked(message, proposal.edits, preview)
            if message.automatic:
                self._waiting.append(run)
            else:  # what a person asks for comes before what nobody did
                asked = sum(not other.message.automatic for other in self._waiting)
                self._waiting.insert(asked, run)
            if self._current is not None:
                run.preview = msgspec.structs.replace(
                    preview, reason="It begins when the one before it has ended."
                )
            return run, self._gallery.put(run.preview)

    def _make_room(self, message: DryRun) -> None:
        """What the new one takes the place of: of the same proposal, and what nobody asked for."""
        for run in tuple(self._waiting):
            if run.message.proposal_id == message.proposal_id:
                self._waiting.remove(run)
            elif run.message.automatic and message.automatic:
                self._waiting.remove(run)
                self._over(run, "stopped", NEWER)
        begun = self._current
        if begun is not None and begun.message.proposal_id == message.proposal_id:
            self._drop(begun)
        elif begun is not None and begun.message.automatic:
            self._cancel(begun, NEWER)

    def _cancel(self, run: Asked, reason: str) -> None:
        run.stop_reason = run.stop_reason or reason
        if run.running is not None:
            run.running.cancel()

    def _drop(self, run: Asked) -> None:
        run.is_dropped = True
        self._cancel(run, NEWER)

    # -- one at a time ----------------------------------------------------------

    def _next(self) -> None:
        """Begin what waits longest, where nothing runs; not under the lock."""
        while True:
            with self._lock:
                if self._current is not None or not self._waiting or self._dry_runs is None:
                    return
                run = self._current = self._waiting.pop(0)
            try:
                if self._begin(run):
                    return
            except LLMNotebookError as error:
                self._end(run, "refused", error.problem.message)
            except Exception as error:
                self._end(run, "refused", as_problem(error, kept="").message)
            except BaseException:  # Ctrl-C, where a terminal's main thread starts it
                self._end(run, "stopped", STOPPED)
                raise

    def _begin(self, run: Asked) -> bool:
        """Start it; False where it came to its end without being run."""
        from llm_notebook.foreseeing import foreseen  # with the first, not at start-up

        message = run.message
        proposal = self.session.find(message.proposal_id)
        if proposal.status != "pending" or proposal.hash != message.edits_hash:
            self._end(run, "refused", CHANGED)
            return False
        workspace, timings = self.session.workspace, self._timings()
        found = foreseen(message, proposal, workspace, run.preview, timings, is_live=self._is_live)
        run.preview = found.preview
        if found.plan is None:
            self._end(run, found.preview.status, found.preview.reason)
            return False
        return self._launch(run, found.plan)

    def _launch(self, run: Asked, plan: Plan) -> bool:
        assert self._dry_runs is not None
        if run.stop_reason:
            self._end(run, "stopped", run.stop_reason)
            return False
        # Not under the lock: the first words may come before this returns.
        running = self._dry_runs.start(plan, lambda preview: self._heard(run, preview))
        with self._lock:
            run.running = running
            if run.stop_reason and run is self._current:
                running.cancel()
        return True

    def _heard(self, run: Asked, told: Preview) -> None:
        """Take what the engine says, on its thread."""
        from llm_notebook.foreseeing import observed

        known = run.preview
        told = msgspec.structs.replace(
            told, downstream=known.downstream, estimate=told.estimate or known.estimate
        )
        if told.status in OVER:
            uses = observed(run.message.snapshot, run.edits, told)
            told = msgspec.structs.replace(told, downstream=uses)
        with self._lock:
            if run is not self._current:
                return
            run.preview = told
            if told.status not in OVER:
                if not run.is_dropped:
                    self._gallery.put(run.preview)
                return
        reason = told.reason
        if told.status == "stopped" and run.stop_reason:
            reason = run.stop_reason
        self._end(run, told.status, reason)
        self._next()

    def _end(self, run: Asked, status: PreviewStatus, reason: str) -> None:
        if not run.is_dropped:  # written down before anybody can act on it
            over = msgspec.structs.replace(run.preview, status=status, reason=reason)
            body = traced(over, is_automatic=run.message.automatic)
            self.session.note(over.proposal_id, "dry run", **body)
        with self._lock:
            self._current = None if self._current is run else self._current
            self._over(run, status, reason)

    def _over(self, run: Asked, status: PreviewStatus, reason: str) -> Preview:
        run.preview = msgspec.structs.replace(run.preview, status=status, reason=reason)
        return run.preview if run.is_dropped else self._gallery.put(run.preview)

    # -- the session's listener -------------------------------------------------

    def changed(self, proposal: Proposal) -> None:
        """What is previewed is no longer what waits: its dry run ends, its preview is void."""
        now = proposal.hash if proposal.status == "pending" else None
        with self._lock:
            self._gallery.keep_only(proposal.id, now)
            waiting = self._waiting
            self._waiting = [r for r in waiting if not r.is_void(proposal.id, now)]
            begun = self._current
            if begun is not None and begun.is_void(proposal.id, now):
                self._drop(begun)

    def streamed(self, more: Streamed) -> None:
        """A draft is not run."""
