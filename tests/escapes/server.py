"""Runs attacks one by one, each against a world of its own; a plain Python, no kernel.

Reads a line of JSON for each, writes one. It is started with the canary in its
environment, and imports all that an attack needs while it still may.
"""

from __future__ import annotations

import asyncio  # noqa: F401 - for the attacks, which may not be able to import it any more
import encodings.idna  # noqa: F401
import json
import multiprocessing.shared_memory  # noqa: F401
import os
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from llm_notebook.dryrun.sandbox import (
    Policy,
    descriptors,
    environment,
    landlock,
    mappings,
    reaping,
    scratch,
    seccomp,
    system_paths,
    trying,
)
from llm_notebook.dryrun.sandbox.entering import enter_tier
from tests.escapes import techniques
from tests.escapes.world import VARIABLE, World

NOBODY = 65534


def become(person: str) -> None:
    """Be an ordinary user from here on, where root is asked to be one."""
    if person == "user" and os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # As in a process that was this user's from the beginning.
        techniques.LIBC.prctl(4, 1, 0, 0, 0)


def plant(fault: str) -> None:
    """Take one part of the sandbox out, to see that the tests would notice."""

    def nothing(*_: object, **__: object) -> tuple[()]:
        return ()

    if fault == "no landlock":
        landlock.Ruleset.enforce = nothing  # type: ignore[method-assign,assignment]
    elif fault == "no seccomp":
        seccomp.Filter.enforce = nothing  # type: ignore[method-assign,assignment]
    elif fault == "descriptors kept":
        descriptors.isolate = nothing  # type: ignore[assignment]
    elif fault == "mappings kept":
        mappings.privatize = nothing  # type: ignore[assignment]
    elif fault == "environment kept":
        environment.scrub = nothing  # type: ignore[assignment]
    elif fault.startswith("landlock "):
        # Not a fault: a kernel that has only this version of Landlock.
        older = int(fault.split()[1])
        landlock.version = lambda: older  # type: ignore[assignment]
    elif fault:
        raise ValueError(fault)


def kernel(order: dict[str, Any], base: Path) -> dict[str, Any]:
    """Play the live kernel: make a world, fork a dry run that attacks it, say what changed."""
    become(order["person"])
    os.environ["HOME"] = str(base / "world" / "home")
    os.environ["JUPYTER_RUNTIME_DIR"] = str(base / "world" / "home" / "runtime")
    os.environ[VARIABLE] = techniques.CANARY
    tempfile.tempdir = str(base / "tmp")
    (base / "tmp").mkdir()
    (base / "world").mkdir()
    world = World(base / "world")
    os.chdir(world.folder)
    attack = techniques.ALL[order["attack"]]
    if attack.home:
        world.folder = world.home
    place = scratch.make() if order["tier"] == "landlock" else None
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        told = dry_run(order, world, forth, place)
        with suppress(OSError):
            os.write(forth, json.dumps(told).encode())
        os._exit(0)
    os.close(forth)
    text = _until_dead(pid, back)
    time.sleep(attack.wait)
    if place:
        scratch.remove(place)
    told = json.loads(text) if text else {"got": "", "entered": "", "raised": "it died"}
    changed = world.changed()
    world.clean()
    return {**told, "changed": changed}


def _until_dead(pid: int, pipe: int) -> bytes:
    """What a child told before it died; whatever it has started is ended then."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.002)
    reaping.kill_all(pid)
    os.waitpid(pid, 0)
    os.set_blocking(pipe, False)
    try:
        return os.read(pipe, 65536)
    except OSError:
        return b""


def dry_run(order: dict[str, Any], world: World, pipe: int, place: Path | None) -> dict[str, Any]:
    """Enter the sandbox and attack; what was got, and what was raised."""
    told: dict[str, Any] = {"got": "", "entered": "", "raised": ""}
    files = None
    try:
        os.chdir(world.folder)
        if order["tier"]:
            plant(order.get("fault", ""))
            policy = Policy(
                folder=world.folder,
                scratch=place,
                keep_fds=frozenset({pipe}),
                memory=1 << 30,
            )
            entered = enter_tier(policy, order["tier"])
            told["entered"], files = entered.isolation.tier, entered.files
    except BaseException:
        told["raised"] = traceback.format_exc()
        return told
    try:
        got = techniques.ALL[order["attack"]].act(world)
        told["got"] = got if isinstance(got, str) else repr(got)
    except BaseException as error:
        told["raised"] = f"{type(error).__name__}: {error}"
    with suppress(Exception):
        told["files"] = [[f.kind, f.path, f.size] for f in (files() if files else None) or ()]
    return told


def forked(person: str, act: Any) -> Any:
    """Do something in a process of its own; what it returned, as JSON."""
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        os.setsid()
        try:
            told = act()
        except BaseException:
            told = {"broken": traceback.format_exc()}
        os.write(forth, json.dumps(told).encode())
        os._exit(0)
    os.close(forth)
    text = b""
    while part := os.read(back, 65536):
        text += part
    os.close(back)
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"broken": "the kernel's process died"}


def tiers(person: str, base: Path) -> dict[str, str]:
    """What goes wrong with each tier for a person; an empty text where it holds."""
    become(person)
    (base / "inside").mkdir()
    for name in ("secret", "inside/data"):
        (base / name).write_text("there")
    return {
        tier: trying._forked(tier, str(base)) for tier in ("namespaces", "landlock", "read-only")
    }


def main() -> None:
    """Serve until the input ends."""
    system_paths.packages()  # an ordinary user may not be able to read root's Python
    for line in sys.stdin:
        order = json.loads(line)
        # Not in a temporary folder, which tier namespaces shows empty.
        place = "/srv" if os.getuid() == 0 and os.path.isdir("/srv") else os.path.expanduser("~")
        base = Path(tempfile.mkdtemp(prefix="escape-", dir=place))
        if order["person"] == "user" and os.getuid() == 0:
            os.chown(base, NOBODY, NOBODY)
        try:
            if "attack" in order:
                told = forked(order["person"], lambda: kernel(order, base))  # noqa: B023
            else:
                told = forked(order["person"], lambda: tiers(order["person"], base))  # noqa: B023
        finally:
            shutil.rmtree(base, ignore_errors=True)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
