"""One line per step for a person; everything else in `.dev/log.txt`."""

from __future__ import annotations

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
LOG = DEV / "log.txt"
TAIL = 40


class Trouble(Exception):
    """What a person must read: what happened and what to do, in plain words."""


@dataclass(frozen=True)
class Result:
    """How a step ended: exit code, everything it printed, and how long it took."""

    code: int
    output: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it exited with 0."""
        return self.code == 0


def say(text: str) -> None:
    """Print at once, also into a pipe, also where the terminal is not UTF-8."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


@contextmanager
def exclusive() -> Iterator[None]:
    """Begin a new log, and let one command at a time change `.dev/`."""
    DEV.mkdir(exist_ok=True)
    with (DEV / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another dev.py command in this checkout to end …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        LOG.write_text("", encoding="utf-8")
        yield


def tail(text: str, lines: int = TAIL) -> str:
    """The last lines, indented, for showing what a failed step printed."""
    kept = text.rstrip().splitlines()[-lines:]
    return "\n".join("    " + line for line in kept)


def end(process: subprocess.Popen[bytes], grace: float = 5.0) -> None:
    """Stop a process that leads its own group, and the group with it."""
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        if number is signal.SIGTERM and _group_lives(process.pid):
            continue
        break
    process.wait()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


class Line:
    """The line of one running step; on a terminal it counts the seconds."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self._terminal = sys.stdout.isatty()
        if self._terminal:
            self.tick()

    @property
    def seconds(self) -> float:
        """Since the step began."""
        return time.monotonic() - self.began

    def tick(self) -> None:
        """Show that the step still runs."""
        if self._terminal:
            print(f"\r  {self.title} … {self.seconds:.0f} s", end="", flush=True)

    def close(self, outcome: str = "") -> None:
        """Write the finished line."""
        start = "\r\x1b[K" if self._terminal else ""
        say(f"{start}  {self.title}{outcome and ': ' + outcome} ({self.seconds:.1f} s)")


def run(
    title: str,
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    timeout: float | None = None,
    outcome: bool = False,
) -> Result:
    """Run one step, its output into the log.

    Parameters
    ----------
    title : str
        Shown with the seconds it took.
    argv, env, cwd
        As for a subprocess. It gets no standard input and its own process
        group, so that a stop reaches all that it started.
    timeout : float, optional
        Seconds after which the step is ended and counts as failed.
    outcome : bool
        Show "ok" or "FAILED" on the line, for steps whose failure is news and not the end.
    """
    words = [str(word) for word in argv]
    line = Line(title)
    with LOG.open("ab") as out:
        out.write(f"\n$ {shlex.join(words)}\n".encode())
        out.flush()
        start = out.tell()
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = _wait(process, line, timeout)
        except BaseException:
            end(process)
            raise
        if code is None:
            end(process)
            out.write(f"\nStopped: it had not ended after {timeout:.0f} s.\n".encode())
            code = 124
    with LOG.open("rb") as written:
        written.seek(start)
        output = written.read().decode("utf-8", "replace")
    line.close(("ok" if code == 0 else "FAILED") if outcome or code else "")
    return Result(code, output, line.seconds)


def _wait(process: subprocess.Popen[bytes], line: Line, timeout: float | None) -> int | None:
    while timeout is None or line.seconds < timeout:
        try:
            return process.wait(0.5)
        except subprocess.TimeoutExpired:
            line.tick()
    return None


def must(title: str, argv: Sequence[str | Path], *, env: Mapping[str, str], sorry: str) -> Result:
    """Run a step without which nothing goes on."""
    result = run(title, argv, env=env)
    if not result.ok:
        raise Trouble(f"{tail(result.output)}\n\n{sorry} Everything it printed is in {LOG}.")
    return result
