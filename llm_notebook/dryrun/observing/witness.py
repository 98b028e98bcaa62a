"""A process that holds the state as it was, and answers about it afterwards.

It is forked by the child, inside of its sandbox, right before the first cell of
a proposal. It costs what a fork costs, and memory only where the child writes.
It dies with the child: by a signal where that is killed, by the end of its
pipe where that replaces itself by another program.

It is no child that ``os.wait()`` would see, and Python's fork hooks do not run:
the code of the dry run must not be able to tell that it is there. Numbers of
the system calls are those of x86-64 and aarch64; elsewhere there is no witness.
"""

from __future__ import annotations

import ctypes
import os
import platform
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from fcntl import F_DUPFD_CLOEXEC, fcntl

_CLONE = {"x86_64": 56, "aarch64": 220}
_PDEATHSIG = 1
_HEADER = 8
# Above what a program opens, so that its own descriptors have the numbers they would have.
_HIGH = 700
_MOST = 256 << 20


class Witness:
    """A fork of this process that answers questions by `answer`.

    Parameters
    ----------
    answer : callable
        Runs in the fork. Gets the question and returns what is sent back.
    prepare : callable
        Runs in the fork while it has nothing to answer, until it returns False.

    Raises
    ------
    OSError
        There can be no further process here.
    """

    def __init__(
        self, answer: Callable[[bytes], bytes], prepare: Callable[[], bool] = lambda: False
    ) -> None:
        number = _CLONE.get(platform.machine())
        if number is None:
            raise OSError("no witness on this machine")
        # Loaded and prepared before the fork. `PyDLL` keeps the interpreter's lock.
        libc = ctypes.PyDLL(None, use_errno=True)
        theirs_in, self._out = _pipe()
        self._in, theirs_out = _pipe()
        parent = os.getpid()
        if len(os.listdir("/proc/self/task")) > 1:
            # A fresh process may have threads that hold the allocator's lock: libc renews it.
            pid = libc.fork()
        else:
            # No exit signal: `os.wait()` does not find it. No hooks: with one thread, as right
            # after a fork, there is no lock that they would have to renew.
            pid = libc.syscall(*map(ctypes.c_long, (number, 0, 0, 0, 0, 0)))
        if pid == 0:
            try:
                _live(libc, parent, (theirs_in, theirs_out), answer, prepare)
            finally:
                os._exit(0)
        os.close(theirs_in)
        os.close(theirs_out)
        if pid < 0:
            self.close()
            raise OSError(ctypes.get_errno(), "there can be no further process")
        self.pid = pid

    def put(self, question: bytes) -> None:
        """Ask; it works on the answer at once. Never raises."""
        with suppress(OSError):
            _send(self._out, question, time.monotonic() + 1.0)

    def get(self, seconds: float) -> bytes | None:
        """The answer; None where there is none within so many seconds. Never raises."""
        try:
            return _receive(self._in, time.monotonic() + seconds)
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        """End it."""
        for number in (self._out, self._in):
            with suppress(OSError):
                os.close(number)


def _pipe() -> tuple[int, int]:
    ends = os.pipe()
    high = []
    for end in ends:
        try:
            high.append(fcntl(end, F_DUPFD_CLOEXEC, _HIGH))
            os.close(end)
        except OSError:  # fewer descriptors are allowed
            high.append(end)
    return high[0], high[1]


def _live(
    libc: ctypes.PyDLL,
    parent: int,
    ends: tuple[int, int],
    answer: Callable[[bytes], bytes],
    prepare: Callable[[], bool],
) -> None:
    source, sink = ends
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() not in (parent, 0):
        return
    # What ends or interrupts the child by its group must leave this one to answer.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
    _keep_only(source, sink)
    asked = select.poll()
    asked.register(source, select.POLLIN)
    with suppress(Exception):  # what is not prepared is found out when it is asked
        while not asked.poll(0) and prepare():
            pass
    while True:
        question = _receive(source, None)
        if question is None:
            return
        try:
            reply = answer(question)
        except Exception:
            reply = b""
        _send(sink, reply, None)


def _keep_only(*kept: int) -> None:
    # Whoever reads what the child writes must not wait for this process too.
    below = 0
    for number in sorted(kept):
        os.closerange(below, number)
        below = number + 1
    os.closerange(below, 1 << 20)


def _send(sink: int, data: bytes, until: float | None) -> None:
    rest = memoryview(len(data).to_bytes(_HEADER, "little") + data)
    while rest:
        _wait(sink, select.POLLOUT, until)
        rest = rest[os.write(sink, rest[:4096]) :]


def _receive(source: int, until: float | None) -> bytes | None:
    size = _exactly(source, _HEADER, until)
    if size is None:
        return None
    count = int.from_bytes(size, "little")
    if count > _MOST:
        raise ValueError("an answer that is too long")
    return _exactly(source, count, until)


def _exactly(source: int, count: int, until: float | None) -> bytes | None:
    parts = []
    while count:
        _wait(source, select.POLLIN, until)
        part = os.read(source, min(count, 1 << 16))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _wait(number: int, event: int, until: float | None) -> None:
    if until is None:
        return
    poll = select.poll()
    poll.register(number, event)
    ready = poll.poll(max(0.0, until - time.monotonic()) * 1000)
    # What cannot be written to is not tried: the person's code may let that signal kill.
    if not ready or not ready[0][1] & event or ready[0][1] & select.POLLERR:
        raise OSError("no answer in time")
