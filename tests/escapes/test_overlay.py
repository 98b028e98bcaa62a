"""In the first tier files can be changed, nothing of it is real, and all of it is listed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

if sys.platform == "linux":
    from llm_notebook.dryrun.sandbox import Policy, enter, probe, probing, scratch
    from tests.escapes.techniques import LIBC


@pytest.fixture(autouse=True)
def _tier() -> None:
    probe()
    if probing.best("namespaces")[0] != "namespaces":
        pytest.skip("this machine has no user namespaces with overlays")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "a folder, with: odd\\name"
    (place / "old").mkdir(parents=True)
    (place / "old" / "one.txt").write_text("one")
    (place / "data.csv").write_text("a,b\n1,2\n")
    (place / "gone.txt").write_text("gone")
    (place / ".env").write_text("KEY=x")
    monkeypatch.chdir(place)
    yield place
    left = {path.relative_to(place).as_posix() for path in place.rglob("*")}
    assert left == {"old", "old/one.txt", "data.csv", "gone.txt", ".env"}
    assert (place / "data.csv").read_text() == "a,b\n1,2\n"


def inside(act: Callable[[], Any], **policy: Any) -> tuple[Any, list[tuple[str, str, int | None]]]:
    """Do something in the sandbox: what it returned, and the files that it changed."""
    back, forth = os.pipe()
    pid = os.fork()
    if not pid:
        told: dict[str, Any] = {}
        try:
            entered = enter(Policy(keep_fds=frozenset({forth}), **policy))
            told["got"] = act()
            files = entered.files()
            told["files"] = files and [[f.kind, f.path, f.size] for f in files]
        except BaseException as error:
            told["raised"] = f"{type(error).__name__}: {error}"
        os.write(forth, json.dumps(told).encode())
        os._exit(0)
    os.close(forth)
    with os.fdopen(back, "rb") as file:
        told = json.loads(file.read())
    os.waitpid(pid, 0)
    assert "raised" not in told, told["raised"]
    return told["got"], [tuple(each) for each in told["files"] or ()]


def test_every_kind_of_change_is_listed(folder: Path) -> None:
    def act() -> str:
        Path("new.txt").write_text("12345")
        Path("data.csv").write_text("other")
        os.unlink("gone.txt")
        shutil.rmtree("old")
        os.mkdir("empty")
        return Path("new.txt").read_text() + Path("data.csv").read_text()

    got, files = inside(act)
    assert got == "12345other"
    assert files == [
        ("changed", "data.csv", 5),
        ("created", "empty/", None),
        ("deleted", "gone.txt", None),
        ("created", "new.txt", 5),
        ("deleted", "old/", None),
    ]


def test_writers_in_c_and_shells_are_listed(folder: Path) -> None:
    def act() -> None:
        fd = LIBC.open(b"by_c", os.O_WRONLY | os.O_CREAT, 0o600)
        LIBC.write(fd, b"123", 3)
        subprocess.run(["/bin/sh", "-c", "echo 1234 > by_shell; mv data.csv moved.csv"], check=True)

    _, files = inside(act)
    assert ("created", "by_c", 3) in files
    assert ("created", "by_shell", 5) in files
    assert ("deleted", "data.csv", None) in files
    assert ("created", "moved.csv", 8) in files


def test_a_file_that_is_only_opened_for_writing_is_no_change(folder: Path) -> None:
    def act() -> None:
        with open("data.csv", "r+") as file:
            file.read()

    assert inside(act)[1] == []


def test_a_folder_made_anew_hides_what_was_there(folder: Path) -> None:
    def act() -> list[str]:
        shutil.rmtree("old")
        os.mkdir("old")
        Path("old/two.txt").write_text("two")
        return os.listdir("old")

    got, files = inside(act)
    assert got == ["two.txt"]
    assert ("deleted", "old/", None) in files
    assert ("created", "old/two.txt", 3) in files


def test_temporary_files_work_and_start_empty(folder: Path) -> None:
    def act() -> str:
        with tempfile.NamedTemporaryFile("w+", dir="/tmp") as file:
            file.write("there")
            file.seek(0)
            return file.read() + str(len(os.listdir("/var/tmp")))

    assert inside(act)[0] == "there0"


def test_a_temporary_folder_on_the_module_path_hides_no_package_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as package:
        (Path(package) / "data.txt").write_text("there")
        monkeypatch.syspath_prepend("/tmp")
        got, _ = inside((Path(package) / "data.txt").read_text, readable=(package,))
    assert got == "there"


def test_modes_and_times_can_be_changed(folder: Path) -> None:
    def act() -> list[int]:
        shutil.copy2("data.csv", "copy.csv")
        os.chmod("copy.csv", 0o640)
        os.utime("copy.csv", (5, 5))
        Path("data.csv").touch()
        return [os.stat("copy.csv").st_mode & 0o777, int(os.stat("copy.csv").st_mtime)]

    got, files = inside(act)
    assert got == [0o640, 5]
    assert ("created", "copy.csv", 8) in files


def test_a_database_can_be_written(folder: Path) -> None:
    def act() -> list[Any]:
        import sqlite3

        with sqlite3.connect("made.sqlite") as base:
            base.execute("create table t (a)")
            base.execute("insert into t values (7)")
        return list(base.execute("select a from t"))

    got, files = inside(act)
    assert got == [[7]]
    assert [(kind, path) for kind, path, _ in files] == [("created", "made.sqlite")]


def test_a_server_of_its_own_can_be_reached_and_nobody_else(folder: Path) -> None:
    import socket

    outside = socket.create_server(("127.0.0.1", 0))
    port = outside.getsockname()[1]

    def act() -> str:
        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname()) as client,
        ):
            client.send(b"there")
            said = server.accept()[0].recv(10).decode()
        try:
            socket.create_connection(("127.0.0.1", port), 2)
        except ConnectionRefusedError:
            return said
        return "reached"

    assert inside(act)[0] == "there"
    outside.close()


def test_what_is_written_is_bounded(folder: Path) -> None:
    def act() -> str:
        try:
            with open("large", "wb") as file:
                for _ in range(100):
                    file.write(bytes(1 << 20))
        except OSError as error:
            os.unlink("large")
            return str(error.errno)
        return "written"

    assert inside(act, memory=32 << 20)[0] == "28"


def test_shared_memory_between_own_processes_works(folder: Path) -> None:
    def act() -> list[int]:
        import multiprocessing

        with multiprocessing.get_context("fork").Pool(2) as pool:
            return pool.map(abs, [-1, -2])

    assert inside(act)[0] == [1, 2]


def test_an_open_file_keeps_its_place(folder: Path) -> None:
    file = open("data.csv")  # noqa: SIM115
    file.readline()

    def act() -> str:
        return file.readline()

    assert inside(act)[0] == "1,2\n"
    assert file.readline() == "1,2\n"
    file.close()


def test_the_names_of_hidden_files_can_be_listed_and_their_contents_not_read(folder: Path) -> None:
    def act() -> bool:
        try:
            return bool(Path(".env").read_text())
        except PermissionError:
            return ".env" not in os.listdir()

    assert inside(act)[0] is False


def test_nothing_stays_behind(folder: Path) -> None:
    before = set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))

    def act() -> None:
        Path("/tmp/llm-left").write_text("x")
        Path("/dev/shm/llm-left").write_text("x")

    inside(act)
    assert "llm-left" not in (set(os.listdir("/tmp")) | set(os.listdir("/dev/shm"))) - before
    assert scratch.home().is_dir()


@pytest.mark.parametrize("tier", ["namespaces", "landlock", "read-only"])
def test_an_open_log_can_be_written_on_and_is_not_changed(folder: Path, tier: str) -> None:
    with open("data.csv", "a+") as log, tempfile.TemporaryFile("w+") as unnamed:
        unnamed.write("there")
        unnamed.flush()

        def act() -> list[str]:
            log.write("more")
            log.seek(0)
            unnamed.seek(0)
            return [log.read(), unnamed.read()]

        assert inside(act, tier=tier)[0] == ["a,b\n1,2\nmore", "there"]
        unnamed.seek(0)
        assert unnamed.read() == "there"
