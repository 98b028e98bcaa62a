"""What a dry run may use up, and the privileges that it gives away."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource

from llm_notebook.dryrun.sandbox import system
from llm_notebook.dryrun.sandbox.policy import Policy


def limit(policy: Policy) -> None:
    """Set the limits of memory, time, files and processes, and go first when memory ends."""
    if policy.memory:
        # Not the address space: mapped files and reserved room make that far larger than what
        # is used. This counts private writable memory, and it is counted from what there is.
        _lower(resource.RLIMIT_DATA, _data_now() + policy.memory)
    if policy.cpu:
        _lower(resource.RLIMIT_CPU, policy.cpu)
    if policy.file:
        _lower(resource.RLIMIT_FSIZE, policy.file)
    # 1, because a helper that cores are piped to is started at 0 as well (`man 5 core`).
    _lower(resource.RLIMIT_CORE, 1)
    if policy.processes:
        _lower(resource.RLIMIT_NPROC, _tasks() + policy.processes)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def _lower(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard == resource.RLIM_INFINITY or value < hard:
        resource.setrlimit(what, (value, value))
    else:
        resource.setrlimit(what, (hard, hard))


def _data_now() -> int:
    with open("/proc/self/status", "rb") as file:
        for line in file:
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) * 1024
    return 0


def _tasks() -> int:
    """How many threads there are on this machine, which is at least as many as are ours.

    The kernel counts a user's threads, all of them; to count those would take
    longer than a dry run may wait. Root has no such limit: what holds there is
    `reaping.Warden`.
    """
    with open("/proc/loadavg", "rb") as file:
        return int(file.read().split()[3].partition(b"/")[2])


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_privileges() -> None:
    """Give away every capability, for good: root has then only what its own files give."""
    with contextlib.suppress(OSError):
        system.prctl(system.PR_CAP_AMBIENT, system.PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            system.prctl(system.PR_CAPBSET_DROP, capability)
        except OSError:
            # Beyond the last one, or nothing to give away.
            break
    empty = (ctypes.c_uint32 * 6)()
    system.call("capset", ctypes.byref(_Header(0x20080522, 0)), ctypes.byref(empty))


def tie_to(parent: int) -> None:
    """Die with the process that forked this one, also if it has died meanwhile."""
    system.prctl(system.PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(137)
