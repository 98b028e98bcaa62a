"""The seccomp filter, run step by step as the kernel does, for both processors."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from llm_notebook.dryrun.sandbox import numbers, refusals, seccomp
from llm_notebook.dryrun.sandbox.refusals import Rules

ALLOWED = -1
Ask = Callable[..., int]


def run(program: list[tuple[int, int, int, int]], number: int, machine: int, *args: int) -> int:
    """What the filter says: an error number, or -1 where the call is made."""
    data = {0: number, 4: machine}
    for place in range(6):
        value = args[place] if place < len(args) else 0
        data[16 + 8 * place] = value & 0xFFFFFFFF
        data[20 + 8 * place] = (value >> 32) & 0xFFFFFFFF
    at = held = 0
    while True:
        code, on_true, on_false, value = program[at]
        at += 1
        if code == 0x20:
            held = data[value]
        elif code == 0x54:
            held &= value
        elif code == 0x15:
            at += on_true if held == value else on_false
        elif code == 0x35:
            at += on_true if held >= value else on_false
        else:
            assert code == 0x06
            return ALLOWED if value == 0x7FFF0000 else value & 0xFFFF


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    known, architecture = numbers._MACHINES[request.param]
    monkeypatch.setattr(seccomp, "NUMBERS", known)
    monkeypatch.setattr(seccomp, "ARCHITECTURE", architecture)
    return str(request.param)


def asker(machine: str, rules: Rules) -> Ask:
    known, architecture = numbers._MACHINES[machine]
    program = refusals.build(rules).program()
    assert len(program) < 4096
    return lambda name, *args: run(
        program, known[name] if isinstance(name, str) else name, architecture, *args
    )


LANDLOCK = Rules(writes=True, signals=True, truncate=True)
OVERLAY = Rules(
    writes=True, network=True, ipc=True, metadata="descriptor", signals=True, truncate=True
)
READ_ONLY = Rules(writes=False)


@pytest.mark.parametrize("rules", [LANDLOCK, OVERLAY, READ_ONLY])
def test_what_no_tier_allows(machine: str, rules: Rules) -> None:
    ask = asker(machine, rules)
    for name in refusals._ALWAYS.split():
        if name in numbers._MACHINES[machine][0]:
            assert ask(name) == errno.EPERM, name
    assert ask("clone3") == ask("openat2") == errno.ENOSYS
    assert ask("setsid") == ask("setpgid") == 0
    assert ask("clone", 0x10000000 | 17) == errno.EPERM
    assert ask("clone", 0x8000 | 17) == errno.EPERM
    assert ask("clone", 17) == ask("clone", 0x3D0F00) == ALLOWED
    assert ask("socket", 16, 3) != ALLOWED
    assert ask("socket", 1, 1) != ALLOWED
    assert ask("socketpair", 1, 1 | 0o2000000) == ALLOWED
    assert ask("socketpair", 1, 2) == errno.EPERM
    assert ask("ioctl", 0, 0x5412) == errno.EPERM
    assert ask("ioctl", 0, 0x5401) == ALLOWED
    assert ask("ioctl", 0, 0x40086602) == errno.ENOTTY
    assert ask("prlimit64", os.getpid() + 1) == errno.EPERM
    assert ask("prlimit64", 0) == ask("prlimit64", os.getpid()) == ALLOWED
    assert ask("kill", 0) == ask("kill", 2**32 - 1) == errno.EPERM
    assert ask("prctl", 1) == 0
    assert ask(457) == ask(0x40000000) == errno.ENOSYS
    assert ask(0) == ALLOWED


def test_another_architecture_is_refused(machine: str) -> None:
    program = refusals.build(LANDLOCK).program()
    assert run(program, 0, 0x40000003) == errno.ENOSYS


def test_modes_and_times(machine: str) -> None:
    one, other = asker(machine, LANDLOCK), asker(machine, OVERLAY)
    for name in ("fchmodat", "fchownat", "setxattr", numbers.FCHMODAT2):
        assert one(name) == other(name) == errno.EPERM
    for name in ("fchmod", "fchown", "fsetxattr"):
        assert one(name) == errno.EPERM
        assert other(name) == ALLOWED
    assert one("utimensat", 3, 0) == errno.EPERM
    assert other("utimensat", 3, 0) == ALLOWED
    assert other("utimensat", 3, 1 << 40) == other("utimensat", 3, 8) == errno.EPERM


def test_signals_without_landlock(machine: str) -> None:
    ask = asker(machine, Rules(writes=True, signals=False, truncate=True))
    assert ask("kill", os.getpid(), 15) == ALLOWED
    assert ask("kill", os.getppid(), 15) == errno.EPERM
    assert ask("tgkill", os.getpid(), os.getpid() + 3, 6) == ALLOWED
    assert ask("pidfd_send_signal") == errno.EPERM
    assert asker(machine, LANDLOCK)("kill", os.getppid(), 15) == ALLOWED


def test_cutting_where_landlock_is_old(machine: str) -> None:
    old, new = asker(machine, Rules(writes=True)), asker(machine, LANDLOCK)
    cut = os.O_RDONLY | os.O_TRUNC
    assert old("openat", 0, 0, cut) == old("truncate") == errno.EPERM
    assert new("openat", 0, 0, cut) == new("truncate") == ALLOWED
    assert old("openat", 0, 0, os.O_WRONLY | os.O_TRUNC) == ALLOWED
    assert new("openat", 0, 0, 3) == errno.EPERM


def test_read_only_opens_nothing_for_writing(machine: str) -> None:
    ask = asker(machine, READ_ONLY)
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, 0o20000000):
        assert ask("openat", 0, 0, flags) == errno.EPERM
    assert ask("openat", 0, 0, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY) == ALLOWED
    for name in ("mkdirat", "renameat2", "unlinkat", "linkat", "symlinkat", "mknodat"):
        assert ask(name) == errno.EACCES


def test_both_processors_know_the_same_calls() -> None:
    one, other = (set(numbers._MACHINES[name][0]) for name in ("x86_64", "aarch64"))
    # Those that aarch64 has never had: each has a successor that both know.
    old = (
        "_sysctl chmod chown creat create_module futimesat ioperm iopl lchown link mkdir mknod "
        "modify_ldt open rename rmdir symlink unlink uselib utime utimes"
    )
    assert one - other == set(old.split())
    assert other <= one
