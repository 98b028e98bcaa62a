"""A store that is locked, full, read-only or of another version: one sentence, and work goes on."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.edits import Delete, Insert, Move, Replace
from llm_notebook.core.errors import Problem, StoreError
from llm_notebook.core.proposal import Proposal
from llm_notebook.store import Recorder, Store, database, pruning, recorder
from tests.unit.store_records import proposal

V1 = Path(__file__).parent / "data" / "store-v1.sqlite"
posix = pytest.mark.skipif(sys.platform == "win32", reason="forks")


class TestUpgrade:
    def test_a_file_of_the_first_version_opens_with_what_was_open(self, tmp_path: Path) -> None:
        path = Path(shutil.copy(V1, tmp_path / "s.sqlite"))
        store = Store(path)
        pending, draft = store.open_proposals("/home/ada/analysis.ipynb")
        assert (pending.id, pending.status, pending.title) == (
            "a1b2c3d4",
            "pending",
            "Mean price by city",
        )
        assert [type(edit) for edit in pending.edits] == [Insert, Replace, Delete, Move]
        assert (draft.id, draft.status) == ("deadbeef", "drafting")
        assert draft.origin.prompt == "Wird geschrieben: äöü"
        assert store.open_proposals("/home/ada/other.ipynb") == ()
        found = store.find("12345678")
        assert found is not None
        assert found.status == "accepted"
        trace = [(e.kind, e.proposal) for e in store.events("/home/ada/other.ipynb")]
        assert trace == [("asked", "12345678"), ("proposed", "12345678"), ("accepted", "12345678")]
        assert store.events("/home/ada/other.ipynb")[-1].body["as_proposed"] is True

    def test_it_is_upgraded_once_and_whole_by_many_at_once(self, tmp_path: Path) -> None:
        path = Path(shutil.copy(V1, tmp_path / "s.sqlite"))
        spawn = multiprocessing.get_context("spawn")
        openers = [spawn.Process(target=_save_one, args=(path, n)) for n in range(4)]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join()
        assert [opener.exitcode for opener in openers] == [0] * 4
        assert len(Store(path).open_proposals("/home/ada/analysis.ipynb")) == 6
        with contextlib.closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM notebooks").fetchone() == (2,)
            assert db.execute("PRAGMA user_version").fetchone() == (2,)

    def test_a_file_of_a_later_version_is_left_as_it_is(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "s.sqlite")
        store.save("n", proposal("one"), "proposed")
        with contextlib.closing(sqlite3.connect(store.path)) as db:
            db.execute("PRAGMA user_version = 99")
        before = store.path.read_bytes()
        with pytest.raises(StoreError, match="newer version"):
            store.save("n", proposal("two"), "proposed")
        with pytest.raises(StoreError, match="newer version"):
            store.open_proposals("n")
        assert store.path.read_bytes() == before


def _save_one(path: Path, number: int) -> None:
    Store(path).save("/home/ada/analysis.ipynb", proposal(f"new-{number}"), "proposed")


class TestOnANetworkHome:
    def test_a_rollback_journal_and_no_mapping(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "s.sqlite")
        store.save("n", proposal("one"), "proposed")
        with store.database.writing() as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            mapped = db.execute("PRAGMA mmap_size").fetchone()
            assert mapped is None or mapped == (0,)
        assert [p.name for p in tmp_path.iterdir()] == ["s.sqlite"]

    def test_a_file_that_somebody_switched_to_a_write_ahead_log_is_switched_back(
        self, tmp_path: Path
    ) -> None:
        store = Store(tmp_path / "s.sqlite")
        store.save("n", proposal("one"), "proposed")
        with contextlib.closing(sqlite3.connect(store.path)) as db:
            assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        store.save("n", proposal("two"), "proposed")
        with contextlib.closing(sqlite3.connect(store.path)) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert len(store.open_proposals("n")) == 2

    def test_a_copy_made_between_transactions_is_whole(self, tmp_path: Path) -> None:
        store = Store(tmp_path / "s.sqlite")
        for number in range(5):
            store.save("n", proposal(f"p{number}"), "proposed")
            copy = Path(shutil.copy(store.path, tmp_path / "copy.sqlite"))
            assert len(Store(copy).open_proposals("n")) == number + 1
            assert len(Store(copy).events("n")) == number + 1
            with contextlib.closing(sqlite3.connect(copy)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def told() -> list[Problem]:
    return []


@pytest.fixture
def recording(
    tmp_path: Path, told: list[Problem], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Recorder]:
    """A recorder that does not wait as long as a person would."""
    monkeypatch.setattr(recorder, "BUSY_TIMEOUT", 0.3)
    monkeypatch.setattr(recorder, "RETRY", 0.2)
    monkeypatch.setattr(recorder, "SAID_AFTER", 0.0)
    found = Recorder(Store(tmp_path / "s.sqlite"))
    found.on_problem = told.append
    yield found
    found.close()


class TestLocked:
    def test_work_goes_on_in_memory_and_is_written_when_it_is_free(
        self,
        recording: Recorder,
        told: list[Problem],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        recording.open("n", ())
        monkeypatch.setattr(recorder, "SAID_AFTER", 1e9)
        with _held_by_another_process(tmp_path / "s.sqlite"):
            recording.save("n", proposal("one", "drafting"), "asked")
            recording.save("n", proposal("one"), "proposed")
            recording.save("n", proposal("two"), "proposed")
            recording.rename("n", "m")
            recording.save("m", proposal("one", "accepted"), "accepted")
            assert recording.problem is not None
            assert told == []  # it may be free in a moment
            monkeypatch.setattr(recorder, "SAID_AFTER", 0.0)
            _eventually(lambda: bool(told))
        assert [problem.code for problem in told] == ["store"]  # said once
        assert "locked" not in told[0].text()
        assert "held by another program" in told[0].message
        _eventually(lambda: recording.problem is None)  # without another word from anybody
        store = Store(tmp_path / "s.sqlite")
        assert [p.id for p in store.open_proposals("m")] == ["two"]
        kinds = [event.kind for event in store.events("m")]
        assert kinds == ["asked", "proposed", "proposed", "renamed", "accepted"]
        assert store.find("one") == proposal("one", "accepted")

    def test_close_writes_what_waits(self, recording: Recorder, tmp_path: Path) -> None:
        recording.open("n", ())
        with _held_by_another_process(tmp_path / "s.sqlite"):
            recording.save("n", proposal("one"), "proposed")
        recording.close()
        assert [p.id for p in Store(tmp_path / "s.sqlite").open_proposals("n")] == ["one"]

    def test_a_problem_that_comes_again_is_said_again(
        self, recording: Recorder, told: list[Problem], tmp_path: Path
    ) -> None:
        recording.open("n", ())
        for number in range(2):
            with _held_by_another_process(tmp_path / "s.sqlite"):
                recording.save("n", proposal(f"p{number}"), "proposed")
                recording.find("p0")
                _eventually(lambda number=number: len(told) == number + 1)  # type: ignore[misc]
            _eventually(lambda: recording.problem is None)
        assert len(told) == 2


class TestNotes:
    def test_nobody_waits_for_a_note_and_what_comes_after_it_is_written_after_it(
        self, recording: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recording.open("n", ())
        recording.save("n", proposal("one"), "proposed")
        begun, go_on = threading.Event(), threading.Event()
        write = Store.save_all

        def slowly(store: Store, *args: Any, **more: Any) -> None:
            begun.set()
            assert go_on.wait(30)
            write(store, *args, **more)

        monkeypatch.setattr(Store, "save_all", slowly)
        recording.note("n", proposal("one"), "dry run")
        assert begun.wait(30)  # and this goes on meanwhile
        recording.note("n", proposal("one"), "judged", ruling="ASK")
        go_on.set()
        recording.save("n", proposal("one", "accepted"), "accepted")
        store = Store(tmp_path / "s.sqlite")
        kinds = [event.kind for event in store.events("n")]
        assert kinds == ["proposed", "dry run", "judged", "accepted"]
        assert store.find("one") == proposal("one", "accepted")

    def test_a_note_that_cannot_be_written_is_written_later(
        self, recording: Recorder, told: list[Problem], tmp_path: Path
    ) -> None:
        recording.open("n", ())
        recording.save("n", proposal("one"), "proposed")
        with _held_by_another_process(tmp_path / "s.sqlite"):
            recording.note("n", proposal("one"), "judged")
            _eventually(lambda: bool(told))
        _eventually(lambda: recording.problem is None)
        kinds = [event.kind for event in Store(tmp_path / "s.sqlite").events("n")]
        assert kinds == ["proposed", "judged"]


@contextlib.contextmanager
def _held_by_another_process(path: Path) -> Iterator[None]:
    """Another kernel that has begun a transaction and does not end it."""
    spawn = multiprocessing.get_context("spawn")
    held, release = spawn.Event(), spawn.Event()
    holder = spawn.Process(target=_hold, args=(path, held, release))
    holder.start()
    try:
        assert held.wait(30)
        yield
    finally:
        release.set()
        holder.join()


def _hold(path: Path, held: object, release: object) -> None:
    Store(path)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    held.set()  # type: ignore[attr-defined]
    release.wait(60)  # type: ignore[attr-defined]
    db.close()


def _eventually(true: Callable[[], bool]) -> None:
    import time

    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@posix
class TestFull:
    def test_a_disk_without_room_is_said_and_what_waited_is_written_later(
        self, recording: Recorder, told: list[Problem], tmp_path: Path
    ) -> None:
        recording.open("n", ())
        size = (tmp_path / "s.sqlite").stat().st_size
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        # No file of this process can grow past this: what a quota does.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
        try:
            recording.save("n", proposal("one", source="x" * 50_000), "proposed")
            assert recording.problem is not None
            assert "disk is full" in recording.problem.message
            assert recording.open_proposals("n") == ()
            recording.save("n", proposal("two"), "proposed")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert len(told) == 1
        _eventually(lambda: recording.problem is None)
        assert [p.id for p in recording.open_proposals("n")] == ["one", "two"]


@posix
class TestReadOnly:
    def test_a_folder_that_cannot_be_made_is_said(self, told: list[Problem]) -> None:
        found = Recorder(Store(Path("/proc/llm/s.sqlite")))
        found.on_problem = told.append
        assert found.open("n", ("a",)) == ()
        found.save("n", proposal("one"), "proposed")
        assert len(told) == 1
        assert told[0].next
        assert "kept in memory" in told[0].kept

    def test_what_is_open_is_still_read(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="llm-store-"))
        try:
            Store(folder / "s.sqlite").save("n", proposal("one"), "proposed")
            (folder / "s.sqlite").chmod(0o444)
            folder.chmod(0o555)
            ours, theirs = multiprocessing.get_context("fork").Pipe()
            child = multiprocessing.get_context("fork").Process(
                target=_read_as_nobody, args=(folder / "s.sqlite", theirs)
            )
            child.start()
            assert ours.poll(30)
            found, problem = ours.recv()
            child.join()
        finally:
            folder.chmod(0o755)
            shutil.rmtree(folder)
        assert found == [proposal("one")]
        assert "read-only" in problem.message


def _read_as_nobody(path: Path, pipe: object) -> None:
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    found = Recorder(Store(path))
    opened = list(found.open("n", ("a",)))
    pipe.send((opened, found.problem))  # type: ignore[attr-defined]


class TestBounded:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return Store(tmp_path / "s.sqlite")

    def test_the_oldest_closed_ones_go_and_open_ones_never(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pruning, "KEEP_BYTES", 1_000_000)
        big = "x" * 40_000
        store.save("n", proposal("open", source=big), "proposed")
        for number in range(100):
            store.save("n", proposal(f"c{number:02}", "accepted", big), "accepted", source=big)
        assert store.path.stat().st_size < 2_500_000
        assert [p.id for p in store.open_proposals("n")] == ["open"]
        assert store.find("c00") is None
        assert store.find("c99") is not None
        assert {e.proposal for e in store.events()} == {
            "open",
            *(f"c{n:02}" for n in range(100) if store.find(f"c{n:02}")),
        }

    def test_open_ones_stay_though_they_are_too_much(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pruning, "KEEP_BYTES", 100_000)
        for number in range(10):
            store.save("n", proposal(f"p{number}", source="x" * 40_000), "proposed")
        assert len(store.open_proposals("n")) == 10

    def test_a_closed_one_goes_after_its_time(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        long_ago = 1e9
        store.save("n", proposal("open"), "proposed", at=long_ago)
        store.save("n", proposal("closed", "rejected"), "rejected", at=long_ago)
        store.save("gone", proposal("other", "rejected"), "rejected", at=long_ago)
        store.save("n", proposal("young", "rejected"), "rejected")
        store.open("n")
        assert [store.find(name) is not None for name in ("open", "closed", "other", "young")] == [
            True,
            False,
            False,
            True,
        ]
        with store.database.reading() as db:
            assert db.execute("SELECT path FROM notebooks").fetchall() == [("n",)]
        assert [p.id for p in store.open_proposals("n")] == ["open"]


class TestManyKernels:
    def test_eight_kernels_at_one_file_lose_nothing_and_say_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "s.sqlite"
        spawn = multiprocessing.get_context("spawn")
        answers = spawn.Queue()
        kernels = [spawn.Process(target=_work, args=(path, n, answers)) for n in range(8)]
        for kernel in kernels:
            kernel.start()
        said = [answers.get(timeout=120) for _ in kernels]
        for kernel in kernels:
            kernel.join()
        assert [kernel.exitcode for kernel in kernels] == [0] * 8
        assert said == [[]] * 8
        store = Store(path)
        opened = {p.id for p in store.open_proposals("shared.ipynb")}
        assert opened == {f"{n}-{i}-open" for n in range(8) for i in range(15)}
        events = store.events("shared.ipynb")
        assert len(events) == 8 * 15 * 3
        # Each kernel's events stand in the order in which they happened.
        for n in range(8):
            mine = [
                e for e in events if e.proposal.startswith(f"{n}-") and "open" not in e.proposal
            ]
            assert [e.kind for e in mine] == ["proposed", "accepted"] * 15


def _work(path: Path, number: int, answers: object) -> None:
    said: list[str] = []
    found = Recorder(Store(path))
    found.on_problem = lambda problem: said.append(problem.text())
    found.open("shared.ipynb", tuple("abcdef"))
    for index in range(15):
        one = f"{number}-{index}"
        found.save("shared.ipynb", proposal(one), "proposed")
        found.save("shared.ipynb", proposal(f"{one}-open"), "proposed")
        known: Proposal | None = found.find(one)
        assert known is not None
        found.save("shared.ipynb", proposal(one, "accepted"), "accepted")
    found.close()
    answers.put(said)  # type: ignore[attr-defined]


def test_the_patience_is_that_of_the_documentation() -> None:
    assert database.BUSY_TIMEOUT == recorder.BUSY_TIMEOUT == 5.0
