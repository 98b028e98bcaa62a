"""What one dry run may use: what its plan asks for, and what this machine can spare."""

from __future__ import annotations

import os
from pathlib import Path

from llm_notebook.core.plan import Plan
from llm_notebook.dryrun.sandbox import Policy

PROCESSES = 200
"""Processes and threads that one preview may have at a time."""

LEAST_MEMORY = 256 << 20


def policy(plan: Plan, scratch: Path, keep: tuple[int, ...], parent: int) -> Policy:
    """What one plan may use."""
    return Policy(
        readable=plan.readable,
        scratch=scratch,
        folder=_folder(),
        memory=plan.memory or max(headroom() // 2, LEAST_MEMORY),
        cpu=int(plan.budget * (os.cpu_count() or 1)) + 10,
        processes=PROCESSES,
        parent=parent,
        keep_fds=frozenset(keep),
    )


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None


def headroom() -> int:
    """Bytes that can still be taken here: of the machine, and of each group that limits it."""
    free = _available()
    try:
        groups = _text("/proc/self/cgroup").splitlines()
    except OSError:
        return free
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            free = min(free, _room("/sys/fs/cgroup" + path, "memory.max", "memory.current"))
        elif "memory" in controllers.split(","):
            names = "memory.limit_in_bytes", "memory.usage_in_bytes"
            for folder in ("/sys/fs/cgroup/memory" + path, "/sys/fs/cgroup/memory"):
                free = min(free, _room(folder, *names))
    return max(free, 0)


def _available() -> int:
    try:
        return int(_text("/proc/meminfo").partition("MemAvailable:")[2].split(maxsplit=1)[0]) * 1024
    except (OSError, ValueError, IndexError):
        return 1 << 32


def _room(folder: str, limit: str, used: str) -> int:
    try:
        allowed = _text(f"{folder}/{limit}").strip()
        if allowed == "max":
            return 1 << 62
        return int(allowed) - int(_text(f"{folder}/{used}"))
    except (OSError, ValueError):
        return 1 << 62


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
