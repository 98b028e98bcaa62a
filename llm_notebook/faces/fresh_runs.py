"""Dry runs where there is no live kernel: each in a process of its own, from nothing."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.plan import Plan
from llm_notebook.core.preview import OVER, Isolation, Preview
from llm_notebook.faces.preview_host import CANCEL, Job
from llm_notebook.permitting import NONE_HERE

LONGEST_LINE = 100_000_000
"""Characters of one preview that are read."""

DIED = "The process of the dry run ended before it had said how it went."


class FreshRuns:
    """Implements `llm_notebook.ports.DryRuns` over files.

    Parameters
    ----------
    folder : Path
        Where the cells run: the notebook's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[_Process] = []

    def isolation(self) -> Isolation:
        """What a dry run here would have."""
        if sys.platform != "linux":
            return NONE_HERE
        from llm_notebook.dryrun.sandbox import probe

        return msgspec.structs.replace(probe(), way="fresh")

    def start(self, plan: Plan, heard: Callable[[Preview], None]) -> _Process:
        """Start a process for this plan; it ends with it."""
        self._running.append(_Process(Job(plan, str(self._folder)), heard))
        return self._running[-1]

    def close(self) -> None:
        """End every process."""
        for running in self._running:
            running.end()


class _Process:
    """One process, and the thread that reads what it says."""

    def __init__(self, job: Job, heard: Callable[[Preview], None]) -> None:
        self._job = job
        self._heard = heard
        # -P: no module of the caller's folder stands in for one of this process. A session of
        # its own, so that Ctrl-C reaches the one that asked, which then says what was seen.
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "llm_notebook.faces.preview_host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._write(to_json(job) + b"\n")
        self._thread = threading.Thread(target=self._read, daemon=True, name="preview_reader")
        self._thread.start()

    def cancel(self) -> None:
        """End it; the last preview says so."""
        self._write(CANCEL)

    def end(self) -> None:
        """End the process."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.close()
        try:
            self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._popen.kill()
        self._thread.join(timeout=5)

    def _write(self, data: bytes) -> None:
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended, which the reader says
            self._popen.stdin.write(data)
            self._popen.stdin.flush()

    def _read(self) -> None:
        assert self._popen.stdout is not None
        plan = self._job.plan
        told = Preview(plan.proposal_id, plan.edits_hash, budget=plan.budget)
        decoder = msgspec.json.Decoder(Preview)
        with contextlib.suppress(msgspec.MsgspecError, ValueError, OSError):
            while line := self._popen.stdout.readline(LONGEST_LINE):
                told = decoder.decode(line)
                if told.isolation is not None:
                    isolation = msgspec.structs.replace(told.isolation, way="fresh")
                    told = msgspec.structs.replace(told, isolation=isolation)
                self._heard(told)
        if told.status not in OVER:
            self._popen.kill()
            self._heard(msgspec.structs.replace(told, status="refused", reason=DIED))
        self._popen.wait()
