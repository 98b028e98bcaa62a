"""Recognise early that nothing will happen any more: every thread waits for a lock.

A fork carries over locks that other threads held, and not the threads, so such a
lock is never released. What is looked for: for some seconds no CPU time at all,
every thread of the child waits on a futex without a time-out, and all that it
started waits like that, or for words or an end of another process of the same
tree. A sleep is something else, and so is a wait for a process that sleeps
(proc(5), ``/proc/PID/task/TID/syscall``).
"""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

from llm_notebook.dryrun.processes import descendants, stat_of

PATIENCE = 2.0
"""Seconds that it must last."""

_FUTEX = {"x86_64": 202, "aarch64": 98}.get(platform.machine(), -1)
_FUTEX_WAITV = 449
# read, recvfrom, wait4; of poll the third argument says whether it ends by itself.
_LISTENS = {"x86_64": {0, 45, 61}, "aarch64": {63, 207, 260}}.get(platform.machine(), set())
_POLL = {"x86_64": 7}.get(platform.machine(), -1)
_FOR_EVER = 0xFFFFFFFF
_WAITS = {0, 9, 11}  # FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_WAIT_REQUEUE_PI
_PRIVATE_AND_CLOCK = 128 | 256


class StuckDetector:
    """Look at a child from time to time.

    Parameters
    ----------
    pid : int
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._since: float | None = None
        self._ticks = -1

    def look(self) -> bool:
        """Whether it has been stuck for long enough."""
        ticks = 0
        # To look for what it started takes longer, and it mostly works or sleeps itself.
        waiting = _all_wait(self._pid, others=False)
        for pid in (self._pid, *descendants(self._pid)) if waiting else ():
            stat = stat_of(pid)
            if stat is None or stat.state in "ZX":
                continue
            ticks += stat.ticks
            waiting = waiting and (pid == self._pid or _all_wait(pid, others=True))
        now = time.monotonic()
        if not waiting or ticks != self._ticks or self._since is None:
            self._since = now if waiting else None
            self._ticks = ticks
            return False
        return now - self._since >= PATIENCE


def _all_wait(pid: int, *, others: bool) -> bool:
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        return bool(threads) and all(_waits(pid, int(t), others=others) for t in threads)
    except OSError:
        return False


def _waits(pid: int, thread: int, *, others: bool) -> bool:
    """Whether a thread waits on a futex for ever; one of `others` may wait for words too."""
    stat = stat_of(pid, thread)
    if stat is None or stat.state != "S":
        return False
    try:
        fields = Path(f"/proc/{pid}/task/{thread}/syscall").read_text().split()
        call, arguments = int(fields[0]), [int(field, 16) for field in fields[1:7]]
    except (OSError, ValueError, IndexError):
        return False  # not ours to see, or in no call
    if call == _FUTEX:
        return arguments[1] & ~_PRIVATE_AND_CLOCK in _WAITS and arguments[3] == 0
    if call == _FUTEX_WAITV:
        return arguments[3] == 0
    if others and call == _POLL:
        return arguments[2] & _FOR_EVER == _FOR_EVER
    return others and call in _LISTENS
