"""The process that watches over dry runs; see `reaping.Warden`. Run as a script, alone.

It imports the standard library only, and little of that: one of it is there for
each kernel that has had a dry run.
"""

from __future__ import annotations

import os
import select
import signal
import sys

_PAUSE = 0.02
"""Seconds between two looks while a dry run is guarded."""


def kill(pid: int) -> None:
    """End a process and the group that it leads."""
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except OSError:
            continue


def census(group: int) -> tuple[int, int]:
    """How many processes and threads of a group are alive."""
    processes = threads = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b") ")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in (b"Z", b"X"):
            processes += 1
            threads += int(fields[17])
    return processes, threads


def _total() -> int:
    """How many threads the machine has; -1 where it does not say."""
    try:
        with open("/proc/loadavg", "rb") as file:
            return int(file.read().split()[3].partition(b"/")[2])
    except (OSError, ValueError, IndexError):
        return -1


class _Guarded:
    """A child, how many threads it may have, and its temporary folder."""

    def __init__(self, pid: int, limit: int, scratch: str) -> None:
        self.pid, self.limit, self.scratch = pid, limit, scratch
        self._base = _total()

    def look(self) -> None:
        """End it if it has grown too large; to count is done only if the machine's count rose."""
        total = _total()
        if 0 <= total < self._base + self.limit // 2:
            return
        _, threads = census(self.pid)
        if threads > self.limit:
            kill(self.pid)
        self._base = total - threads

    def end(self) -> None:
        """End it because the kernel is gone."""
        kill(self.pid)
        if self.scratch:
            import shutil

            shutil.rmtree(self.scratch, ignore_errors=True)


def watch(kernel: int) -> None:
    """Follow the orders on standard input until they end, or until the kernel does."""
    try:
        alive = os.pidfd_open(kernel)
    except (OSError, AttributeError):
        alive = -1
    orders = b""
    guarded: dict[int, _Guarded] = {}
    while True:
        sources = [0] if alive < 0 else [0, alive]
        ready, _, _ = select.select(sources, [], [], _PAUSE if guarded else 5.0)
        if alive in ready or (alive < 0 and os.getppid() != kernel):
            break
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                break
            orders += more
            *lines, orders = orders.split(b"\n")
            for line in lines:
                _follow(line.decode().split(), guarded)
        for one in guarded.values():
            one.look()
    for one in guarded.values():
        one.end()


def _follow(words: list[str], guarded: dict[int, _Guarded]) -> None:
    if words[:1] == ["guard"]:
        scratch = "" if words[3] == "-" else os.fsdecode(bytes.fromhex(words[3]))
        guarded[int(words[1])] = _Guarded(int(words[1]), int(words[2]), scratch)
    elif words[:1] == ["release"]:
        guarded.pop(int(words[1]), None)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watch(int(sys.argv[1]))
