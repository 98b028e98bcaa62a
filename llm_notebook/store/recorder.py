"""A store that never stops the person: what cannot be written now is written later."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from llm_notebook.core.errors import Problem, StoreError
from llm_notebook.core.proposal import Proposal
from llm_notebook.store.database import BUSY_TIMEOUT, HeldError
from llm_notebook.store.store import Event, Saved, Store

RETRY = 3.0
"""Seconds after which what could not be written is tried again."""

SAID_AFTER = 10.0
"""Seconds for which the file may be held by others before it is said, beyond the first wait: many
kernels at once, or a slow network, are no news."""

_SHORT = 0.1
"""Seconds to wait for a lock while something is waiting to be written already: the person has
waited `BUSY_TIMEOUT` once."""


class Recorder:
    """One session's way to the store.

    A write that fails waits in memory with all that come after it, in order,
    and is tried again at the next one, every `RETRY` seconds, and at `close`.
    What `note` takes is written by a thread, so that nobody waits for the disk;
    it is in the file before anything saved after it.

    Attributes
    ----------
    problem : Problem or None
        Why the last operation failed, for a face to say.
    on_problem : callable or None
        Called once with a problem that lasts; not again until a write has
        succeeded.
    """

    def __init__(self, store: Store) -> None:
        self.problem: Problem | None = None
        self.on_problem: Callable[[Problem], None] | None = None
        self._store = store
        self._lock = threading.RLock()
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer: threading.Timer | None = None
        self._writer: threading.Thread | None = None
        self._keys: dict[str, str] = {}
        self._seen: dict[str, tuple[str, ...]] = {}
        self._since = 0.0
        self._is_said = False

    def open(self, notebook: str, cells: Sequence[str] = ()) -> tuple[Proposal, ...]:
        """As `Store.open`: what is open in the notebook at this path.

        Where the store can only be read, what it knows under this very path.
        """
        with self._lock:
            with self._trying():
                opened = self._store.open(notebook, cells)
                self._keys[notebook], self._seen[notebook] = opened.key, tuple(cells)
                return opened.proposals
            with contextlib.suppress(StoreError):
                return self._store.open_proposals(notebook)
        return ()

    def rename(self, notebook: str, to: str) -> None:
        """As `Store.rename`."""
        with self._lock:
            key = self._keys.pop(notebook, None)
            if key is not None:
                self._keys[to] = key
            self._write(lambda: self._store.rename(notebook, to, key=key))

    def saw(self, notebook: str, cells: Sequence[str]) -> None:
        """As `Store.saw`; the same cells as before are not written again."""
        with self._lock:
            if tuple(cells) != self._seen.get(notebook, ()):
                self._seen[notebook] = tuple(cells)
                key = self._keys.get(notebook)
                self._write(lambda: self._store.saw(notebook, cells, key=key))

    def save(self, notebook: str, proposal: Proposal, kind: str, **body: Any) -> None:
        """As `Store.save`."""
        self.save_all(notebook, (Saved(proposal, kind, body),))

    def save_all(self, notebook: str, saved: Sequence[Saved]) -> None:
        """As `Store.save_all`."""
        at = time.time()
        with self._lock:
            key = self._keys.get(notebook)
            self._write(lambda: self._store.save_all(notebook, saved, key=key, at=at))

    def note(self, notebook: str, proposal: Proposal, kind: str, **body: Any) -> None:
        """As `save`, of what does not change how a proposal stands; written in a moment."""
        at, saved = time.time(), (Saved(proposal, kind, body),)
        key = self._keys.get(notebook)
        # Not under the lock, which is held while the one before is written.
        self._waiting.append(lambda: self._store.save_all(notebook, saved, key=key, at=at))
        if self._writer is None and self._timer is None:
            self._writer = threading.Thread(
                target=self._write_waiting, daemon=True, name="llm_notebook_store"
            )
            self._writer.start()

    def open_proposals(self, notebook: str) -> tuple[Proposal, ...]:
        """As `Store.open_proposals`; none where the store cannot be read."""
        with self._lock, self._trying():
            return self._store.open_proposals(notebook)
        return ()

    def find(self, proposal_id: str) -> Proposal | None:
        """As `Store.find`; None where the store cannot be read."""
        with self._lock, self._trying():
            return self._store.find(proposal_id)
        return None

    def thread(self, root: str) -> tuple[Proposal, ...]:
        """As `Store.thread`; none where the store cannot be read."""
        with self._lock, self._trying():
            return self._store.thread(root)
        return ()

    def decided(self) -> tuple[tuple[Proposal, tuple[Event, ...]], ...]:
        """As `Store.decided`; none where the store cannot be read."""
        with self._lock, self._trying():
            return self._store.decided()
        return ()

    def close(self) -> None:
        """Write what still waits, if that is possible now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._flush(BUSY_TIMEOUT)

    def _write(self, operation: Callable[[], None]) -> None:
        patience = BUSY_TIMEOUT if self._timer is None else _SHORT
        self._waiting.append(operation)
        self._flush(patience)

    def _write_waiting(self) -> None:
        with self._lock:
            self._writer = None
            self._flush(BUSY_TIMEOUT)

    def _flush(self, patience: float) -> None:
        self._store.database.patience = patience
        try:
            while self._waiting:
                with self._trying():
                    self._waiting[0]()
                    self._waiting.popleft()
                    continue
                self._retry_later()
                return
        finally:
            self._store.database.patience = BUSY_TIMEOUT

    def _retry_later(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(RETRY, self._retry)
            self._timer.daemon = True
            self._timer.start()

    def _retry(self) -> None:
        with self._lock:
            self._timer = None
            self._flush(_SHORT)

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            now = time.monotonic()
            if self.problem is None:
                self._since, self._is_said = now, False
            self.problem = error.problem
            lasts = not isinstance(error, HeldError) or now - self._since >= SAID_AFTER
            if lasts and not self._is_said and self.on_problem is not None:
                self._is_said = True
                self.on_problem(error.problem)
        else:
            # A read that works says nothing of what could not be written.
            if not self._waiting:
                self.problem = None
