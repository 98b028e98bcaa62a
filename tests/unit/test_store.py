from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from llm_notebook.core.edits import Insert
from llm_notebook.core.errors import StoreError
from llm_notebook.store import Store
from tests.unit.store_records import proposal


def test_open_proposals_come_back_whole_and_by_notebook(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "store.sqlite")
    kept = proposal("one")
    store.save("a.ipynb", kept, "proposed")
    store.save("b.ipynb", proposal("two"), "proposed")
    store.save("a.ipynb", proposal("three", "drafting"), "asked")
    assert store.open_proposals("a.ipynb") == (kept, proposal("three", "drafting"))
    store.save("a.ipynb", msgspec.structs.replace(kept, status="accepted"), "accepted", ran=True)
    assert [p.id for p in store.open_proposals("a.ipynb")] == ["three"]
    assert store.events("a.ipynb")[-1].body == {"ran": True}


def test_modes_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "deep" / "store.sqlite"
        Store(path).save("n", proposal("one"), "asked")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_lone_surrogate_is_no_reason_to_lose_a_proposal(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    store.save("n", proposal("one", source="a\ud800b"), "proposed")
    (found,) = store.open_proposals("n")
    assert found.edits[0] == Insert("new", None, "code", "a\ufffdb")


@pytest.mark.parametrize("content", [b"not a database at all" * 50, b"\0" * 5000])
def test_a_broken_file_is_said_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store(path).save("n", proposal("one"), "asked")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        Store(tmp_path).open_proposals("n")


def test_a_later_version_s_record_is_passed_over(tmp_path: Path) -> None:
    import sqlite3

    store = Store(tmp_path / "s.sqlite")
    store.save("n", proposal("one"), "proposed")
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE proposals SET id = 'x', body = '{\"new\": 1}'")
    store.save("n", proposal("one"), "proposed")
    assert [p.id for p in store.open_proposals("n")] == ["one"]
    assert store.find("x") is None


def test_a_record_from_before_pieces_could_stay_out_is_read(tmp_path: Path) -> None:
    import sqlite3

    store = Store(tmp_path / "s.sqlite")
    store.save("n", proposal("one"), "proposed")
    with sqlite3.connect(store.path) as db:
        without = "json_remove(body, '$.origin.without')"
        assert db.execute(f"UPDATE proposals SET body = {without} WHERE body != {without}").rowcount
    assert [p.origin.without for p in store.open_proposals("n")] == [()]


def test_one_is_found_by_its_whole_id_however_it_stands(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    assert store.find("one") is None
    store.save("n", proposal("one", "accepted"), "accepted")
    store.save("n", proposal("two"), "proposed")
    assert store.find("one") == proposal("one", "accepted")
    assert store.find("on") is None
