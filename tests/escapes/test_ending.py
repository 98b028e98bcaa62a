"""Nothing outlives its dry run, however it forks, and no dry run outlives its kernel."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

if sys.platform == "linux":
    from llm_notebook.dryrun.sandbox import Policy, enter, probe, reaping, scratch
    from tests.escapes.server import become

PEOPLE = ["root", "user"]


@pytest.fixture
def warden() -> Iterator[reaping.Warden]:
    one = reaping.Warden()
    yield one
    one.close()


@pytest.fixture(params=["namespaces", "landlock", "read-only"])
def tier(request: pytest.FixtureRequest) -> str:
    from llm_notebook.dryrun.sandbox import probing

    if probe().tier == "none" or probing.best(request.param)[0] != request.param:
        pytest.skip("this machine does not have this tier")
    return str(request.param)


def dry_run(tier: str, act: Callable[[], object], person: str = "root") -> int:
    """Fork a child that enters the sandbox and does something; its number, once it is in."""
    if person == "root" and os.getuid() != 0:
        pytest.skip("these tests do not run as root here")
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            become(person)
            enter(Policy(tier=tier, keep_fds=frozenset({forth})))  # type: ignore[arg-type]
            os.write(forth, b"in")
            os.close(forth)
            act()
        finally:
            os._exit(0)
    os.close(forth)
    entered = os.read(back, 2)
    os.close(back)
    assert entered == b"in"
    return pid


def gone(pid: int) -> bool:
    """Whether the group is empty, in a while; a fast chain of forks shows in no list."""
    for _ in range(3000):
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    # What is dead and not waited for counts to the group, and somebody else has to wait for it.
    return reaping.alive(pid) == 0


def chain() -> None:
    """A process that is always another one."""
    while True:
        if os.fork():
            os._exit(0)


def bomb() -> None:
    while True:
        try:
            os.fork()
        except OSError:
            continue


def daemon() -> None:
    if os.fork() == 0:
        os.setsid()
        os.setpgid(0, 0)
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", "60"])
        os._exit(0)
    time.sleep(60)


@pytest.mark.parametrize("act", [chain, daemon])
def test_all_is_ended_at_once(tier: str, act: Callable[[], None]) -> None:
    pid = dry_run(tier, act, "root" if os.getuid() == 0 else "user")
    time.sleep(0.1)
    os.killpg(pid, 0)  # something is there
    reaping.kill_all(pid)
    os.waitpid(pid, 0)
    assert gone(pid)


@pytest.mark.parametrize("person", PEOPLE)
def test_a_fork_bomb_is_ended(warden: reaping.Warden, tier: str, person: str) -> None:
    pid = dry_run(tier, bomb, person)
    warden.guard(pid, 40)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert gone(pid)


def test_a_few_processes_are_let_be(warden: reaping.Warden, tier: str) -> None:
    def act() -> None:
        children = [os.fork() for _ in range(3)]
        if not all(children):
            time.sleep(0.2)
            os._exit(0)
        for child in children:
            os.waitpid(child, 0)

    pid = dry_run(tier, act, "root" if os.getuid() == 0 else "user")
    warden.guard(pid, 40)
    assert os.waitpid(pid, 0)[1] == 0
    warden.release(pid)


def test_a_kernel_that_is_killed_takes_all_along(tmp_path: Path, tier: str) -> None:
    kernel = os.fork()
    if not kernel:
        try:
            place = scratch.make()
            (place / "left").write_text("there")
            pid = dry_run(tier, daemon, "user" if os.getuid() else "root")
            one = reaping.Warden()
            one.guard(pid, 40, place)
            (tmp_path / "told.part").write_text(f"{pid} {place}")
            (tmp_path / "told.part").rename(tmp_path / "told")
            time.sleep(60)
        finally:
            os._exit(1)
    while not (tmp_path / "told").exists():
        time.sleep(0.01)
    pid, place = (tmp_path / "told").read_text().split()
    time.sleep(0.2)
    os.kill(kernel, signal.SIGKILL)
    os.waitpid(kernel, 0)
    assert gone(int(pid))
    for _ in range(3000):
        if not Path(place).exists():
            break
        time.sleep(0.01)
    assert not Path(place).exists()


def test_scratch_of_dead_owners_is_swept() -> None:
    child = os.fork()
    if not child:
        (scratch.make() / "left").write_text("there")
        os._exit(0)
    os.waitpid(child, 0)
    own = scratch.make()
    left = list(scratch.home().glob(f"dry-{child}-*"))
    assert left
    assert scratch.sweep() >= 1
    assert not left[0].exists()
    assert own.exists()
    # Of another container, whose processes cannot be seen from here: only when it is old.
    other = own.with_name(re.sub(r"-\d+-(?=[0-9a-f]{8}$)", "-7-", own.name))
    own.rename(other)
    assert scratch.sweep() == 0
    os.utime(other, (0, 0))
    assert scratch.sweep() == 1


def test_scratch_goes_although_code_took_its_rights_away(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("there")
    kept.chmod(0o600)
    place = scratch.make()
    (place / "inner").mkdir()
    (place / "inner" / "file").write_text("there")
    (place / "inner" / "link").symlink_to(kept)
    (place / "inner").chmod(0)
    scratch.remove(place)
    assert not place.exists()
    assert kept.stat().st_mode & 0o777 == 0o600
