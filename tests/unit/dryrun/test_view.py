"""What a dry run may read: the folder without what is hidden, and the usual places."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from llm_notebook.dryrun.sandbox import Policy, view


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    base = Path(os.path.realpath(tmp_path)) / "home"
    for name in ("work/sub", ".ssh", "work/.git", "rt", ".local/lib/packages"):
        (base / name).mkdir(parents=True)
    for name in (".netrc", "rt/kernel.json", "work/data.csv", "work/sub/.env", "work/sub/in.csv"):
        (base / name).write_text("x")
    (base / "work" / "link").symlink_to(base / ".ssh")
    monkeypatch.setenv("HOME", str(base))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(base / "rt"))
    monkeypatch.setattr(sys, "path", [str(base / ".local" / "lib" / "packages")])
    return base


def opened(policy: Policy) -> tuple[set[str], set[str]]:
    return view.entries(view.look(policy))


def can_read(path: Path, whole: set[str]) -> bool:
    return any(view.below(str(path), one) for one in whole)


def test_a_folder_is_opened_without_dot_files_also_further_down(home: Path) -> None:
    whole, listed = opened(Policy(folder=home / "work"))
    assert can_read(home / "work" / "data.csv", whole)
    assert can_read(home / "work" / "sub" / "in.csv", whole)
    assert not can_read(home / "work" / "sub" / ".env", whole)
    assert not can_read(home / "work" / ".git" / "config", whole)
    assert not can_read(home / ".netrc", whole)
    assert {str(home / "work"), str(home / "work" / "sub")} <= listed


def test_a_home_that_is_the_folder(home: Path) -> None:
    whole, _ = opened(Policy(folder=home))
    assert can_read(home / "work" / "data.csv", whole)
    for hidden in (".ssh/id", ".netrc", "rt/kernel.json", "work/sub/.env"):
        assert not can_read(home / hidden, whole), hidden


def test_packages_below_a_dot_are_read_and_nothing_beside_them(home: Path) -> None:
    whole, _ = opened(Policy(folder=home / "work"))
    assert can_read(home / ".local" / "lib" / "packages" / "one.py", whole)
    assert not can_read(home / ".local" / "share" / "x", whole)


def test_what_was_opened_is_read_and_what_is_hidden_is_not(home: Path, tmp_path: Path) -> None:
    other = Path(os.path.realpath(tmp_path)) / "other"
    (other / "keys").mkdir(parents=True)
    policy = Policy(folder=home / "work", readable=(str(other),), hidden=(str(other / "keys"),))
    (other / "in.csv").write_text("x")
    whole, _ = opened(policy)
    assert can_read(other / "in.csv", whole)
    assert not can_read(other / "keys" / "one", whole)


def test_the_home_named_as_readable_still_hides_its_dot_files(home: Path) -> None:
    whole, _ = opened(Policy(folder=home / "work", readable=(str(home),)))
    assert can_read(home / "work" / "data.csv", whole)
    assert not can_read(home / ".ssh" / "id", whole)
    assert not can_read(home / "rt" / "kernel.json", whole)


def test_the_system_is_read_and_its_secrets_are_not(home: Path) -> None:
    whole, _ = opened(Policy(folder=home))
    assert can_read(Path("/etc/hosts"), whole)
    assert not can_read(Path("/etc/shadow"), whole)
    assert not can_read(Path("/root/x"), whole) or str(home).startswith("/root")
    assert not can_read(Path("/"), whole)
