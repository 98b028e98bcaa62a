"""Work off the message thread of which only the latest counts.

A person who types makes a survey with each pause. One is made at a time; while
it is, a newer one takes the place of the one that waits. The thread is there
only while there is work, so that a kernel at rest has none.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Hashable


class Latest:
    """Runs the last work of each name, one after the other, on a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Callable[[], None]] = {}
        self._is_running = False

    def put(self, name: Hashable, work: Callable[[], None]) -> None:
        """Run this soon, in place of what still waits under the same name."""
        with self._lock:
            self._waiting[name] = work
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._run, daemon=True, name="llm_notebook_latest").start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_running = False
                    return
                work = self._waiting.pop(next(iter(self._waiting)))
            try:
                work()
            except Exception:
                # A fault of one must not end the thread that serves the next.
                sys.excepthook(*sys.exc_info())
