"""Ending a dry run with all that it has started, also when its kernel has died.

A child in the sandbox leads a process group that nothing in it can leave:
`setsid` and `setpgid` are pretended there, in every tier. One signal to the
group reaches all at once, also those that are just being forked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from llm_notebook.dryrun.sandbox import warden


def kill_all(pid: int) -> None:
    """End a child and everything that it has started, by force.

    Call it before the child is waited for: until then its number is its own.
    """
    warden.kill(pid)


def alive(pid: int) -> int:
    """How many processes of a child's group are alive, zombies left out."""
    return warden.census(pid)[0]


class Warden:
    """A small process beside the kernel that watches over dry runs.

    It ends one that starts too many processes, which no limit of the kernel
    does for root. When the kernel is gone, however it ended, it ends all of
    them and removes their temporary folders.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def guard(self, pid: int, processes: int = 200, scratch: Path | None = None) -> None:
        """Watch over a child until `release`.

        Raises
        ------
        OSError
            If the warden cannot be started; the child should be ended then.
        """
        folder = os.fsencode(scratch).hex() if scratch else "-"
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._started()
            self._say(f"guard {pid} {processes} {folder}\n")

    def release(self, pid: int) -> None:
        """Forget a child that was ended and waited for."""
        with self._lock, suppress(OSError):
            if self._process is not None:
                self._say(f"release {pid}\n")

    def close(self) -> None:
        """End the warden, and whatever it still guards."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return
        process.send_signal(signal.SIGKILL)
        process.wait()

    def _say(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()

    def _started(self) -> subprocess.Popen[bytes]:
        # Isolated and without packages: it starts in milliseconds, and what a person has
        # installed or set cannot change it. Not in the kernel's group, whose signals it
        # must outlive.
        return subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env={},
        )
