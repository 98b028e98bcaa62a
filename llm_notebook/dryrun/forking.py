"""Fork the live kernel so that the parent stays as it was and the child can run."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from llm_notebook.dryrun import libraries

PAUSE_HARD = 2
"""`omp_pause_hard`: the pool's threads end, and are made anew when they are next needed."""

PDEATHSIG = 1
RTLD_NOLOAD = 4


@dataclass
class Pipes:
    """The ends that the parent keeps: events, the raw streams, and what `faulthandler` writes."""

    events: int
    stdout: int
    stderr: int
    trace: int

    def close(self) -> None:
        """Close them all."""
        for fd in (self.events, self.stdout, self.stderr, self.trace):
            os.close(fd)


@dataclass(frozen=True)
class Ends:
    """The ends that the child keeps; 1 and 2 are its streams already."""

    events: int
    trace: int


def fork(child: Callable[[Ends], None]) -> tuple[int, Pipes]:
    """Fork; `child` runs in the child, which ends when it returns.

    Must be called in the main thread, with no cell in another one.

    Returns
    -------
    pid : int
    pipes : Pipes
    """
    pairs = [os.pipe() for _ in range(4)]
    state = random_state()
    parent = os.getpid()
    with _collector_quiet(), _signals_held():
        pause_openmp()
        try:
            pid = os.fork()
        except OSError:
            for pair in pairs:
                os.close(pair[0])
                os.close(pair[1])
            raise
        if pid == 0:
            try:
                _begin(pairs, parent, state, child)
            except BaseException:
                os._exit(70)
            os._exit(0)
    for _, write in pairs:
        os.close(write)
    return pid, Pipes(*(read for read, _ in pairs))


def _begin(
    pairs: list[tuple[int, int]], parent: int, state: Any, child: Callable[[Ends], None]
) -> None:
    die_with(parent)
    os.setsid()
    for read, _ in pairs:
        os.close(read)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    (_, events), (_, out), (_, err), (_, trace) = pairs
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(
            number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        )
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    if state is not None:
        sys.modules["random"].setstate(state)
    child(Ends(events, trace))


def random_state() -> Any:
    """`random` seeds itself anew in every fork; the child goes on from where the kernel is."""
    module: Any = sys.modules.get("random")
    return module.getstate() if module is not None else None


def die_with(parent: int) -> None:
    """End this process as soon as its parent ends, however that does.

    Raises
    ------
    OSError
        When it has ended already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise OSError("the kernel has ended")


@contextlib.contextmanager
def _collector_quiet() -> Iterator[None]:
    """What is there is not looked through in the child: a look alone would copy the pages."""
    if gc.get_freeze_count():  # the person's own; to thaw would undo it
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """An interrupt between fork and first line would run the kernel's handlers in the child."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def pause_openmp() -> None:
    """End OpenMP's idle threads, without which a child that uses OpenMP waits for ever.

    Only libraries that are loaded already are asked.
    """
    for pause in libraries.remembered(_pauses):
        pause(PAUSE_HARD)


def _pauses(paths: list[str]) -> list[Any]:
    found = []
    for path in paths:
        if os.path.basename(path).startswith(("libgomp", "libiomp", "libomp")):
            with contextlib.suppress(OSError, AttributeError):
                found.append(ctypes.CDLL(path, mode=RTLD_NOLOAD).omp_pause_resource_all)
    return found
