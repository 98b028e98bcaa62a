"""What streams to the windows: the first words at once, later ones together, at intervals."""

from __future__ import annotations

import threading
from collections.abc import Callable

from llm_notebook.core.protocol import Streamed

INTERVAL = 0.04
"""Seconds between two `Streamed` messages of a proposal."""


class Streaming:
    """Joins what comes in between.

    Parameters
    ----------
    send : callable
        Called under a lock, from the caller's thread or a timer's.
    """

    def __init__(self, send: Callable[[Streamed], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._held: dict[str, Streamed] = {}
        self._timer: threading.Timer | None = None

    def drop(self, proposal_id: str) -> None:
        """The whole proposal goes out, and what was held is part of it."""
        with self._lock:
            self._held.pop(proposal_id, None)

    def put(self, more: Streamed) -> None:
        """Send it now or soon."""
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
            self._send(more)


def _joined(first: Streamed, then: Streamed) -> Streamed:
    return Streamed(
        proposal_id=first.proposal_id,
        growth=first.growth + then.growth,
        title=then.title or first.title,
        rationale=then.rationale or first.rationale,
        answer=first.answer + then.answer,
    )
