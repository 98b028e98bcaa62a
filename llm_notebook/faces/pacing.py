"""Previews on their way to the windows: not more often than a page can show them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from llm_notebook.core.preview import OVER, Preview
from llm_notebook.tracing import weight

INTERVAL = 0.1
"""Seconds between two messages about one preview, at least."""

RATE = 4_000_000
"""Characters a second that a growing preview may take; the last one always goes out, whole."""


class Pacing:
    """Passes the newest preview of each proposal on, the last one without delay.

    Parameters
    ----------
    send : callable
        Called under a lock, in order, from the caller's thread or a timer's.
    """

    def __init__(self, send: Callable[[Preview], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._held: dict[str, Preview] = {}
        self._next: dict[str, float] = {}
        self._timer: threading.Timer | None = None

    def put(self, preview: Preview) -> None:
        """Send it now, or soon, or a newer one in its place."""
        name, now = preview.proposal_id, time.monotonic()
        with self._lock:
            if preview.status in OVER:
                self._held.pop(name, None)
                self._next.pop(name, None)
                self._send(preview)
            elif now >= self._next.get(name, 0.0):
                self._held.pop(name, None)
                self._pass_on(preview, now)
            else:
                self._held[name] = preview
                self._wake(self._next[name] - now)

    def _pass_on(self, preview: Preview, now: float) -> None:
        self._next[preview.proposal_id] = now + max(INTERVAL, weight(preview) / RATE)
        self._send(preview)

    def _wake(self, delay: float) -> None:
        if self._timer is None:
            self._timer = threading.Timer(delay, self._flush)
            self._timer.daemon = True
            self._timer.start()

    def _flush(self) -> None:
        with self._lock:
            self._timer = None
            now = time.monotonic()
            for name, preview in tuple(self._held.items()):
                if now >= self._next.get(name, 0.0):
                    del self._held[name]
                    self._pass_on(preview, now)
            if self._held:
                self._wake(max(0.0, min(self._next[name] for name in self._held) - now))
