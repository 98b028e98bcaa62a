"""Processes as `/proc` shows them: what descends from a child, and how to end all of it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from llm_notebook.dryrun.sandbox.reaping import kill_all

GONE_AFTER = 2.0
"""Seconds that a killed process may take to be gone."""


@dataclass(frozen=True)
class Stat:
    """A line of ``/proc/PID/stat`` (proc(5)): state, parent, group, clock ticks of CPU time."""

    state: str
    parent: int
    group: int
    ticks: int


def stat_of(pid: int, thread: int | None = None) -> Stat | None:
    """A process or one of its threads; None where it has ended."""
    below = f"task/{thread}/" if thread is not None else ""
    try:
        text = Path(f"/proc/{pid}/{below}stat").read_text(errors="replace")
    except OSError:
        return None
    # The name in parentheses may hold anything.
    fields = text.rpartition(")")[2].split()
    return Stat(fields[0], int(fields[1]), int(fields[2]), int(fields[11]) + int(fields[12]))


def descendants(pid: int) -> list[int]:
    """What descends from a process, itself not included, and what is in its group."""
    try:
        numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    stats = {number: stat for number in numbers if (stat := stat_of(number))}
    found: list[int] = []
    known = {pid}
    while True:
        more = [
            other
            for other, stat in stats.items()
            if other not in known and (stat.parent in known or stat.group == pid)
        ]
        if not more:
            return found
        known.update(more)
        found += more


def end_all(pid: int) -> int | None:
    """Kill a child and all that descends from it, and wait for it.

    Returns
    -------
    int or None
        Its status, as `os.waitpid` gives it; None where another has taken it.
    """
    # By its group first, which in the sandbox nothing can leave; the rest is for certainty.
    kill_all(pid)
    for other in descendants(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(other, signal.SIGKILL)
    return reaped(pid, GONE_AFTER)


def reaped(pid: int, seconds: float) -> int | None:
    """Wait for a killed child for so long; its status, None where it is not known."""
    end = time.monotonic() + seconds
    while True:
        ended = ended_with(pid)
        if ended is not False:
            return ended
        if time.monotonic() > end:
            return None
        time.sleep(0.002 if seconds <= GONE_AFTER else 0.05)


def ended_with(pid: int) -> int | bool | None:
    """A child's status once it has ended, None where that is not known, False before."""
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return status if found else False


def how_it_ended(status: int | None) -> tuple[str, bool]:
    """In a sentence; and whether what was allowed was used up."""
    if status is None:
        return "The preview's process ended, and nobody knows how.", False
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return f"The code ended its process itself (os._exit({code}) or alike).", False
    number = os.WTERMSIG(status)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if number == signal.SIGKILL:
        return (
            "The preview's process was killed (SIGKILL), most likely since it took more "
            "memory or started more processes than a preview may."
        ), True
    if number == signal.SIGXCPU:
        return "It used up the processor time that a preview may take.", True
    return f"The code crashed the preview's process ({name}).", False
