"""In the kernel: a thread that follows one child, tells what comes of it, and ends it in time."""

from __future__ import annotations

import codecs
import logging
import os
import re
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import OVER, Preview, PreviewStatus
from llm_notebook.dryrun import processes, wire
from llm_notebook.dryrun.allowance import PROCESSES
from llm_notebook.dryrun.assembling import Assembly
from llm_notebook.dryrun.child import TIME_IS_OVER, WHERE
from llm_notebook.dryrun.forking import Pipes
from llm_notebook.dryrun.sandbox.reaping import Warden, kill_all
from llm_notebook.dryrun.stuck import StuckDetector

EVERY = 0.1
"""Seconds between two previews that are told."""

TO_ENTER = 30.0
"""Seconds in which the sandbox must be closed."""

SETUP_AT_LEAST = 120.0
"""Seconds that the cells before the proposal's may take, at least."""

TO_ANSWER = 0.6
"""Seconds that the child has to name its line when the time is over."""

TO_FINISH = 2.0
"""Seconds that it then has to tell what has changed so far."""

EVENTS_AT_ONCE = 64
"""Pieces of events that are read before the streams and the time are looked at."""
LOOKS = 0.4
"""Seconds between two looks at whether it is stuck."""

_FRAME = re.compile(r'File "(.*)", line (\d+)')

log = logging.getLogger(__name__)


class Following:
    """Follow one child to its end; `run` is a thread's target.

    Parameters
    ----------
    plan : Plan
    tell : callable
        Gets each preview.
    cancelled : threading.Event
    wake : int
        A descriptor that can be read as soon as `cancelled` is set.
    """

    def __init__(
        self, plan: Plan, tell: Callable[[Preview], None], cancelled: threading.Event, wake: int
    ) -> None:
        self.assembly = Assembly(plan)
        self._plan = plan
        self._tell = tell
        self._cancelled = cancelled
        self._wake = wake
        self._told = 0.0
        self._changed = True
        self._more = False
        self._asked: float | None = None
        self._answered = False
        self.pid = 0
        self.stuck = False
        self._open: Warden | None = None

    def follow(
        self, pid: int, pipes: Pipes, warden: Warden, scratch: Path | None
    ) -> tuple[PreviewStatus, str]:
        """Read to the end; the status and its reason. Nothing of the child runs afterwards."""
        self.pid = pid
        self._pipes = pipes
        self._lines = wire.Lines(self._plan.output * 20 + 200_000_000)
        self._decoders = {
            fd: (name, codecs.getincrementaldecoder("utf-8")("replace"))
            for fd, name in ((pipes.stdout, "stdout"), (pipes.stderr, "stderr"))
        }
        for fd in (pipes.events, *self._decoders, pipes.trace):
            os.set_blocking(fd, False)
        self._open = warden
        try:
            warden.guard(pid, PROCESSES, scratch)
            verdict = self._loop()
        except OSError as error:
            verdict = "refused", f"The preview cannot be watched over ({error}), so it was ended."
        except (msgspec.DecodeError, RecursionError) as error:
            verdict = (
                "refused",
                f"The preview was ended: what its process sent is not valid ({error}).",
            )
        finally:
            self._drain()
            kill_all(pid)
        if verdict is None:
            return self._ended(self.close())
        return verdict

    def close(self) -> int | None:
        """Clear away what is left of the child; its status, where it is not known already."""
        warden, self._open = self._open, None
        if warden is None:
            return None
        ended = processes.end_all(self.pid)
        warden.release(self.pid)
        self._pipes.close()
        return ended

    def tell(self, *, now: bool = False) -> None:
        """Tell the preview as it stands, not too often."""
        if now or (self._changed and time.monotonic() - self._told >= EVERY):
            self._told, self._changed = time.monotonic(), False
            try:
                self._tell(self.assembly.preview())
            except Exception:
                log.exception("a preview could not be told")

    # -- the loop -------------------------------------------------------------------

    def _loop(self) -> tuple[PreviewStatus, str] | None:
        """Until there is a verdict; None when the process has ended before it said so."""
        poll = select.poll()
        for fd in (self._pipes.events, *self._decoders, self._wake):
            poll.register(fd, select.POLLIN)
        began = looked = time.monotonic()
        detector = StuckDetector(self.pid)
        while True:
            ready = dict(poll.poll(EVERY * 500))
            if self._cancelled.is_set():
                return "stopped", "It was stopped."
            # The child tells nothing while the streams' pipes hold what was not read, so all
            # events that are there come before what is there (`Teller._settle`).
            if ready:
                verdict = self._all_events()
                if verdict is not None:
                    return verdict[0]
            for fd in self._decoders:
                if fd in ready and not self._raw(fd):
                    poll.unregister(fd)
            self.tell()
            now = time.monotonic()
            over = self._overdue(now, began)
            if over is not None:
                return over
            if now - looked >= LOOKS and self._asked is None:
                looked = now
                if detector.look():
                    self.stuck = True
                    self._ask_where()
                    return "refused", self._stuck_reason()

    def _all_events(self) -> tuple[tuple[PreviewStatus, str] | None] | None:
        for _ in range(EVENTS_AT_ONCE):
            self._more = False
            verdict = self._events()
            if verdict is not None or not self._more:
                return verdict
        return None

    def _events(self) -> tuple[tuple[PreviewStatus, str] | None] | None:
        """Take what has come; a verdict, wrapped, once there is one."""
        try:
            data = os.read(self._pipes.events, 1 << 20)
        except BlockingIOError:
            return None
        if not data:
            return (None,)
        self._more = True
        for event in self._lines.feed(data):
            if isinstance(event, wire.Finished):
                self._drain()
            if isinstance(event, wire.Reached):
                self._answered = True
            self.assembly.hear(event)
            self._changed = True
            if isinstance(event, wire.Unable):
                return ((self.assembly.status, ""),)
            if isinstance(event, wire.Over):
                return (self._over(),)
            if isinstance(event, wire.Delta) and self._asked is not None:
                return (self._budget(),)
        return None

    def _raw(self, fd: int) -> bool:
        """Take what was written to a stream's descriptor; False at its end."""
        try:
            data = os.read(fd, 1 << 18)
        except BlockingIOError:
            return True
        name, decoder = self._decoders[fd]
        text = decoder.decode(data)
        if text:
            self.assembly.hear(wire.Stream(name, text))
            self._changed = True
        return bool(data)

    def _drain(self) -> None:
        for fd in self._decoders:
            for _ in range(64):
                before = self._changed
                self._changed = False
                more = self._raw(fd) and self._changed
                self._changed = before or self._changed
                if not more:
                    break

    # -- ends -----------------------------------------------------------------------

    def _overdue(self, now: float, began: float) -> tuple[PreviewStatus, str] | None:
        assembly, plan = self.assembly, self._plan
        if self._asked is not None:
            if now - self._asked < (TO_FINISH if self._answered else TO_ANSWER):
                return None
            if not self._answered:
                self._ask_where()
            return self._budget()
        if assembly.isolation is None:
            late = now - began > TO_ENTER
            return (
                ("refused", "The sandbox did not close in time, so nothing ran.") if late else None
            )
        if assembly.began is None:
            if now - began > max(SETUP_AT_LEAST, plan.budget * 20):
                return "budget", "The cells before it, which it needs, took too long."
            return None
        if now - assembly.began >= plan.budget:
            self._asked = now
            self._signal(TIME_IS_OVER)
        return None

    def _budget(self) -> tuple[PreviewStatus, str]:
        line = next((c.line for c in self.assembly.preview().cells if c.status == "running"), None)
        where = f", at line {line}" if line else ""
        return "budget", f"It was stopped at its budget of {self._plan.budget:g} s{where}."

    def _over(self) -> tuple[PreviewStatus, str]:
        assembly = self.assembly
        if assembly.out_of_memory:
            return "budget", "It wanted more memory than a preview may take."
        if assembly.failed or not assembly.complete:
            return "failed", ""
        return "previewed", ""

    def _ended(self, status: int | None) -> tuple[PreviewStatus, str]:
        reason, used_up = processes.how_it_ended(status)
        if self._asked is not None:
            return self._budget()
        if self.assembly.isolation is None:
            return "refused", f"The preview could not start. {reason}"
        return ("budget" if used_up else "failed"), reason

    def _stuck_reason(self) -> str:
        return (
            "Every thread of the preview waits for a lock that nothing in it can release; "
            "a thread of the kernel held it, or the code locks itself out."
        )

    def _signal(self, number: int) -> None:
        try:
            os.kill(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    def _ask_where(self) -> None:
        """Have `faulthandler` write the frames, which it does inside a library's code too."""
        running = self.assembly.running
        if running is None or not running[0]:
            return
        self._signal(WHERE)
        ready, _, _ = select.select([self._pipes.trace], [], [], 0.3)
        if not ready:
            return
        time.sleep(0.02)
        text = os.read(self._pipes.trace, 1 << 16).decode("utf-8", "replace")
        for file, line in reversed(_FRAME.findall(text)):
            if file == running[0]:
                self.assembly.reached(int(line) + running[1])
                return


def end(following: Following, verdict: tuple[PreviewStatus, str]) -> None:
    """Tell the last preview."""
    status, reason = verdict
    following.assembly.end(status, reason)
    assert following.assembly.status in OVER
    following.tell(now=True)
