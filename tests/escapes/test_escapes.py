"""Every way out that we know, tried in every tier that claims to hold it, as root and not.

An attack escapes if anything outside is not as it was afterwards, or if it got
hold of the canary. The same attacks are made without a sandbox too, where
that is safe, and with single parts of the sandbox taken out: so it is seen that
these tests can fail.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

if sys.platform == "linux":
    from tests.escapes.techniques import ALL
    from tests.escapes.world import CANARY, VARIABLE
else:  # pragma: no cover
    ALL, CANARY, VARIABLE = {}, "", ""

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("root", "user")
TIERS = ("namespaces", "landlock", "read-only")


class Server:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.escapes.server"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: CANARY},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._tiers: dict[str, dict[str, str]] = {}

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "broken" not in told, told["broken"]
        return told

    def attack(self, name: str, tier: str, person: str, fault: str = "") -> dict[str, Any]:
        self.need(tier, person)
        return self.ask(attack=name, tier=tier, person=person, fault=fault)

    def need(self, tier: str, person: str) -> None:
        if person == "root" and os.getuid() != 0:
            pytest.skip("these tests do not run as root here")
        if person not in self._tiers:
            self._tiers[person] = self.ask(person=person)
        if tier and self._tiers[person][tier]:
            pytest.skip(self._tiers[person][tier])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def escaped(told: dict[str, Any]) -> list[str]:
    got = ["canary"] if CANARY in told["got"] else []
    return got + told["changed"]


def _cases() -> list[tuple[str, str, str]]:
    return [
        (name, tier, person)
        for name, attack in ALL.items()
        for tier in TIERS
        for person in PEOPLE
        if attack.person in ("", person) and not (attack.reads and tier == "read-only")
    ]


@pytest.mark.parametrize(("name", "tier", "person"), _cases())
def test_held(server: Server, name: str, tier: str, person: str) -> None:
    told = server.attack(name, tier, person)
    assert told["entered"] == tier, told["raised"]
    assert escaped(told) == [], told


@pytest.mark.parametrize("name", [name for name, attack in ALL.items() if attack.bare])
def test_escapes_where_there_is_no_sandbox(server: Server, name: str) -> None:
    person = ALL[name].person or "user"
    told = server.attack(name, "", person)
    assert escaped(told), told


# What newer versions of Landlock hold, and seccomp must hold where they are not there.
_OF_VERSIONS = [
    name
    for name, attack in ALL.items()
    if attack.family in ("signals", "Unix sockets", "network")
    or name in ("c_truncate", "truncate_while_reading", "c_rename_into_folder", "dot_file_linked")
]


@pytest.mark.parametrize("version", [1, 3, 5])
@pytest.mark.parametrize("tier", ["namespaces", "landlock"])
@pytest.mark.parametrize("name", _OF_VERSIONS)
def test_held_on_older_kernels(server: Server, name: str, tier: str, version: int) -> None:
    told = server.attack(name, tier, "user", f"landlock {version}")
    assert told["entered"] == tier, told["raised"]
    assert escaped(told) == [], told


def test_families() -> None:
    assert len(ALL) >= 25
    assert len({attack.family for attack in ALL.values()}) >= 12


@pytest.mark.parametrize(
    ("fault", "tier", "name"),
    [
        ("no landlock", "landlock", "c_write"),
        ("no landlock", "landlock", "raw_unlink"),
        ("no landlock", "landlock", "by_shell"),
        ("no landlock", "landlock", "key_in_home"),
        ("no landlock", "namespaces", "key_in_home"),
        ("no landlock", "namespaces", "secret_by_symlink"),
        ("no seccomp", "landlock", "c_chmod"),
        ("no seccomp", "landlock", "chmod_own_data_by_descriptor"),
        ("no seccomp", "landlock", "udp"),
        ("no seccomp", "landlock", "unix_stream"),
        ("no seccomp", "landlock", "unix_pair_sent_elsewhere"),
        ("no seccomp", "namespaces", "netlink"),
        ("no seccomp", "landlock", "io_uring"),
        ("no seccomp", "landlock", "system_v_segment"),
        ("no seccomp", "landlock", "slowed_down"),
        ("no seccomp", "landlock", "adopted_by_kernel"),
        ("no seccomp", "landlock", "left_the_group"),
        ("no seccomp", "landlock", "netlink"),
        ("no seccomp", "landlock", "new_user_namespace"),
        ("no seccomp", "read-only", "c_write"),
        ("no seccomp", "read-only", "killed"),
        ("no seccomp", "read-only", "tcp"),
        ("descriptors kept", "landlock", "inherited_file"),
        ("descriptors kept", "namespaces", "inherited_socket"),
        ("descriptors kept", "namespaces", "chmod_by_descriptor"),
        ("descriptors kept", "read-only", "inherited_pipe"),
        ("mappings kept", "landlock", "shared_array"),
        ("mappings kept", "namespaces", "unprotected"),
        ("environment kept", "landlock", "key_in_own_proc"),
        ("environment kept", "namespaces", "key_in_shell"),
    ],
)
def test_a_planted_fault_is_noticed(server: Server, fault: str, tier: str, name: str) -> None:
    told = server.attack(name, tier, "user", fault)
    assert escaped(told), ("the fault made no difference", told)
