"""In the child: where events go, and what keeps one cell from filling the pipe."""

from __future__ import annotations

import fcntl
import os
import termios
import threading
import time
from collections.abc import Callable
from typing import Any

from llm_notebook.dryrun import wire

TO_SETTLE = 0.02
"""Seconds that an event may wait for what was written before it, by whatever process."""


class Teller:
    """Write events to the parent.

    Parameters
    ----------
    fd : int
        The pipe's end, opened for writing.
    limit : int
        Characters of output of all cells together.
    """

    def __init__(self, fd: int, limit: int) -> None:
        self.fd = fd
        self.pid = os.getpid()
        self.muted = False
        self.cut = 0
        self.raised = False
        self._writing = False
        self._streams = {fd: os.fstat(fd).st_ino for fd in (1, 2)}
        self._later: Callable[[], None] | None = None
        self._left = limit
        self._lock = threading.RLock()
        # A process that the code forks must not keep the pipe open.
        os.register_at_fork(after_in_child=lambda: os.close(fd))

    def mine(self) -> bool:
        """Whether this is the child itself, not a process that its code forked."""
        return os.getpid() == self.pid

    def tell(self, event: wire.Event) -> None:
        """Send one event, whole."""
        if not self.mine():
            return
        line = wire.encode(event)
        with self._lock:
            self._writing = True
            self._settle()
            view = memoryview(line)
            while view:
                view = view[os.write(self.fd, view) :]
            self._writing = False
        later, self._later = self._later, None
        if later is not None:
            later()

    def _settle(self) -> None:
        """Wait until the kernel has read what was written to the streams' descriptors before.

        It reads events first. So what a process wrote, and what is printed after
        it has ended, come in this order.
        """
        for fd, inode in self._streams.items():
            until = time.monotonic() + TO_SETTLE
            try:
                if os.fstat(fd).st_ino != inode:  # the code has put something else there
                    continue
                while fcntl.ioctl(fd, termios.FIONREAD, bytes(4)) != bytes(4):
                    if time.monotonic() > until:
                        break
                    time.sleep(0.0005)
            except OSError:
                continue

    def between_lines(self, call: Callable[[], None]) -> None:
        """Call at once, or, from a signal's handler amid a line, once that is written."""
        if self._writing:
            self._later = call
        else:
            call()

    def stream(self, name: str, text: str) -> None:
        """Send text of a stream, as far as there is room."""
        if not self.mine():
            # A process forked by the code, such as multiprocessing's: its lines
            # must not break ours.
            data = text.encode("utf-8", "backslashreplace")
            os.write(2 if name == "stderr" else 1, data)
            return
        if self.muted or not text:
            return
        # What a carriage return takes back takes no room.
        lasting = len(text) if "\r" not in text else len(text.rpartition("\r")[2])
        with self._lock:
            room = max(self._left, 0)
            self._left -= lasting
        if lasting > room:
            kept = text[:room]
            self.cut += len(text) - len(kept)
            text = kept
        for start in range(0, len(text), 1_000_000):
            self.tell(wire.Stream(name, text[start : start + 1_000_000]))

    def shown(
        self,
        kind: str,
        data: dict[str, Any],
        metadata: dict[str, Any],
        transient: dict[str, Any] | None = None,
        update: bool = False,
    ) -> None:
        """Send an output."""
        if self.muted or not self.mine():
            return
        from json import dumps

        texts = {
            str(mime): content if isinstance(content, str) else dumps(content, default=repr)
            for mime, content in data.items()
        }
        longest = wire.LINE_LIMIT // 4
        cut = sum(len(text) for text in texts.values() if len(text) > longest)
        texts = {mime: text for mime, text in texts.items() if len(text) <= longest}
        display_id = str((transient or {}).get("display_id", ""))
        told = dumps(metadata or {}, default=repr)
        told = told if len(told) <= longest else "{}"
        self.tell(wire.Shown(kind, texts, told, display_id, update, cut))
