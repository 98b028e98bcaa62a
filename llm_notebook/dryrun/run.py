"""One dry run, from its start to its last preview."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import Preview, PreviewStatus
from llm_notebook.dryrun import child, fresh, processes
from llm_notebook.dryrun.forking import Ends, Pipes, fork
from llm_notebook.dryrun.idle import MainThread
from llm_notebook.dryrun.observing import summarize
from llm_notebook.dryrun.reading import Following, end
from llm_notebook.dryrun.sandbox import SandboxError, scratch
from llm_notebook.dryrun.sandbox.reaping import Warden
from llm_notebook.dryrun.travel import CannotTravelError, needed, pack
from llm_notebook.dryrun.unsafe import live_connections, unsafe_to_fork

TO_SAY_WAITING = 0.15
"""Seconds after which a preview that has not begun says what it waits for."""

TO_BE_GONE = 120.0
"""Seconds after which no child is waited for any more."""

LETS_DECIDE = 0.02
"""Seconds for those who hear of an end to decide on it, before it is cleared away."""

HELD = "a lock that a thread of the kernel holds is never released in a fork"


class Run:
    """One dry run.

    Parameters
    ----------
    shell : InteractiveShell
    main : MainThread
    warden : Warden
    plan : Plan
    heard : callable
        Gets each preview.
    ended : callable
        Called once its process is gone.
    """

    def __init__(
        self,
        shell: Any,
        main: MainThread,
        warden: Warden,
        plan: Plan,
        heard: Callable[[Preview], None],
        ended: Callable[[Run], None],
    ) -> None:
        self.plan = plan
        self._shell, self._main, self._warden = shell, main, warden
        self._heard, self._ended = heard, ended
        self._cancelled = threading.Event()
        self._ready = threading.Event()
        self._over = threading.Event()
        self._forked: tuple[int, Pipes] | None = None
        self._errand: tuple[fresh.Errand, bytes] | None = None
        self._refusal = ""
        self.in_place = False
        """Whether the main thread stands in a cell that waits for it."""
        self._scratch: Path | None = None
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="preview", daemon=True)

    # -- what the caller does ----------------------------------------------------

    def cancel(self) -> None:
        """End it; returns at once."""
        with self._lock:
            self._cancelled.set()
            self._ready.set()
            if not self._over.is_set():
                with contextlib.suppress(BlockingIOError):
                    os.write(self._waker, b"x")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over, and say whether it is; an interrupt of the person's ends it."""
        try:
            return self._over.wait(timeout)
        except KeyboardInterrupt:
            self.cancel()
            return self._over.wait(10)

    @property
    def wanted(self) -> bool:
        """Whether it has yet to begin, and nobody has ended it."""
        return not self._cancelled.is_set() and not self._ready.is_set()

    def start(self) -> None:
        """Start the thread that follows it."""
        self._thread.start()

    # -- in the main thread ----------------------------------------------------------

    def begin(self) -> None:
        """Fork now, or pack for a fresh process where a fork is unsafe."""
        self._begin(unsafe_to_fork())

    def refuse(self, reason: str) -> None:
        """It cannot begin."""
        self._refusal = reason
        self._ready.set()

    def _begin(self, unsafe: str) -> None:
        if not self.wanted:
            return
        try:
            self._scratch = self._scratch or scratch.make()
            values = needed(self.plan, self._shell.user_ns)
            for name, package in live_connections(values).items():
                raise CannotTravelError(
                    f"{name} is a live connection to a database ({package}), "
                    "which two processes cannot share"
                )
            if unsafe:
                packed = pack(values)
                told = fresh.errand(self.plan, self._scratch, unsafe, packed, self._shell)
                self._errand = told, packed.data
            else:
                self._forked = self._fork(self._scratch)
        except CannotTravelError as error:
            self._refusal = f"There can be no preview: {unsafe}, and {error}."
            if not unsafe:
                self._refusal = f"There can be no preview: {error}."
        except SandboxError as error:
            self._refusal = error.problem.text()
        except OSError as error:
            self._refusal = f"The kernel could not be forked ({error.strerror or error})."
        except Exception as error:
            self._refusal = f"The preview could not be prepared ({error!r:.300})."
        self._ready.set()

    def _fork(self, folder: Path) -> tuple[int, Pipes]:
        shell, plan, live = self._shell, self.plan, child.Live.here()

        def run(ends: Ends) -> None:
            child.main(ends, shell, plan, folder, live)

        return fork(run)

    # -- in its own thread --------------------------------------------------------------

    def _follow(self) -> None:
        following = Following(self.plan, self._tell, self._cancelled, self._wake)
        try:
            verdict = self._first(following)
            if following.stuck and not self._errand and not self.in_place:
                following.close()
                following, verdict = self._again(following, verdict)
        except Exception as error:
            verdict = "refused", f"Something in the preview went wrong ({error!r:.300})."
        try:
            # Told before it is cleared away, which takes as long as all the rest of the end.
            end(following, verdict)
            if verdict[0] == "previewed":  # its process ends by itself
                time.sleep(LETS_DECIDE)
            following.close()
        finally:
            self._ended(self)
        if self._scratch is not None:
            scratch.remove(self._scratch)
        if following.pid:
            # A machine that is out of breath takes its time to end what was killed.
            processes.reaped(following.pid, TO_BE_GONE)
        with self._lock:
            self._over.set()
            os.close(self._wake)
            os.close(self._waker)

    def _first(self, following: Following) -> tuple[PreviewStatus, str]:
        self._await_begin(following)
        started = self._forked
        if self._cancelled.is_set() and started is None:
            return "stopped", "It was stopped before it began."
        if self._errand is not None:
            try:
                started = fresh.spawn(*self._errand)
            except OSError as error:
                return "refused", f"No fresh process could be started ({error})."
        if started is None:
            return "refused", self._refusal
        return following.follow(*started, self._warden, self._scratch)

    def _again(
        self, stuck: Following, verdict: tuple[PreviewStatus, str]
    ) -> tuple[Following, tuple[PreviewStatus, str]]:
        """Try once more in a fresh process, where nobody holds a lock."""
        self._forked, self._refusal = None, ""
        with self._lock:
            if self._cancelled.is_set():
                return stuck, verdict
            self._ready.clear()
        self._main.when_idle(lambda: self._begin(HELD), lambda: self.wanted)
        following = Following(self.plan, self._tell, self._cancelled, self._wake)
        second = self._first(following)
        if self._refusal:
            return stuck, (verdict[0], f"{verdict[1]} {self._refusal}")
        return following, second

    def _await_begin(self, following: Following) -> None:
        # Nothing is told before, as long as a fork may come: another thread in the middle of
        # an import, or with a lock in its hands, would leave these so in the child.
        if self._ready.wait(TO_SAY_WAITING):
            return
        told = None
        while not self._ready.wait(TO_SAY_WAITING):
            now = (self._main.cell, self._main.busy)
            if now != told:
                told = now
                following.assembly.waits_for = self._main.cell
                following.assembly.reason = (
                    "It waits for the cell that runs."
                    if self._main.busy
                    else "It waits for the kernel."
                )
                following.tell(now=True)
        following.assembly.waits_for = following.assembly.reason = ""

    def _tell(self, preview: Preview) -> None:
        self._heard(msgspec.structs.replace(preview, summary=summarize(preview)))
