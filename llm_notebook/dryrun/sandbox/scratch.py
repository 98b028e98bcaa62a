"""Temporary folders of dry runs: made, removed, and found again after a kernel that died."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from llm_notebook.dryrun.sandbox.policy import SandboxError

_NAME = re.compile(r"dry-(\d+)-(\d+)-(\d+)-[0-9a-f]{8}")
_OLD = 24 * 3600.0
"""Seconds after which one is removed whose owner cannot be looked for from here."""


def started(pid: int) -> int | None:
    """When a process was started, in ticks since boot; None where there is none alive."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b") ")[2].split()
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def _world() -> int:
    """Which numbers of processes are meant: containers may share a folder and not these."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _place() -> Path:
    return Path(tempfile.gettempdir()) / f"llm-notebook-{os.getuid()}"


def home() -> Path:
    """The private folder in which they lie: ours, and nobody else's to read.

    Raises
    ------
    SandboxError
        If something else has its name.
    """
    path = _place()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise SandboxError(
            f"{path} is not a private folder of yours.",
            kept="Nothing was run.",
            next="Remove it, or set TMPDIR to a folder of your own.",
        )
    return path


def make() -> Path:
    """Make one that belongs to the calling process."""
    owner = os.getpid()
    name = f"dry-{owner}-{started(owner) or 0}-{_world()}-{secrets.token_hex(4)}"
    path = home() / name
    path.mkdir(mode=0o700)
    return path


def remove(path: Path) -> None:
    """Remove one with all that is in it; what cannot go now goes with a later `sweep`."""

    def unlock(function: object, name: str, _: object) -> None:
        # Code may have taken its own right to write away. A link is never followed.
        with suppress(OSError):
            os.chmod(os.path.dirname(name), 0o700)
            if not os.path.islink(name):
                os.chmod(name, 0o700)
            function(name)  # type: ignore[operator]

    shutil.rmtree(path, onerror=unlock)


def sweep() -> int:
    """Remove those whose owner is dead; how many there were."""
    gone = 0
    with suppress(OSError, SandboxError):
        for path in home().iterdir() if _place().exists() else ():
            match = _NAME.fullmatch(path.name)
            if match is None:
                continue
            pid, start, world = map(int, match.groups())
            if world == _world():
                dead = started(pid) != start
            else:
                dead = time.time() - path.stat().st_mtime > _OLD
            if dead:
                remove(path)
                gone += 1
    return gone
