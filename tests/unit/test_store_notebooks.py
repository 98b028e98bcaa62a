"""The store knows a notebook through rename and copy, and never by guess."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llm_notebook.store import Recorder, Store
from tests.unit.store_records import proposal

CELLS = ("a1", "b2", "c3", "d4")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data" / "s.sqlite")


@pytest.fixture
def notebook(tmp_path: Path, store: Store) -> Path:
    """A notebook with one open proposal, as an earlier kernel left it."""
    path = tmp_path / "one.ipynb"
    path.write_text("{}")
    recorder = Recorder(store)
    recorder.open(str(path), CELLS)
    recorder.save(str(path), proposal("kept"), "proposed")
    return path


def names(store: Store, path: Path, cells: tuple[str, ...] = CELLS) -> list[str]:
    return [found.id for found in store.open(str(path), cells).proposals]


def kinds(store: Store, path: Path) -> list[str]:
    return [event.kind for event in store.events(str(path))]


def test_a_rename_by_another_program_takes_the_proposals_along(
    store: Store, notebook: Path
) -> None:
    there = notebook.rename(notebook.with_name("two.ipynb"))
    assert names(store, there) == ["kept"]
    assert kinds(store, there) == ["proposed", "renamed"]
    assert store.events(str(there))[-1].body == {"from": str(notebook)}
    assert store.open_proposals(str(notebook)) == ()


def test_it_is_known_after_edits_between(store: Store, notebook: Path) -> None:
    there = notebook.rename(notebook.with_name("two.ipynb"))
    assert names(store, there, ("a1", "b2", "new", "c3", "newer")) == ["kept"]


def test_a_moved_folder_is_known(store: Store, notebook: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    inside = notebook.rename(folder / "one.ipynb")
    assert names(store, inside) == ["kept"]
    folder.rename(tmp_path / "renamed")
    assert names(store, tmp_path / "renamed" / "one.ipynb") == ["kept"]


def test_a_copy_starts_without_open_proposals_and_says_of_what_it_is_one(
    store: Store, notebook: Path
) -> None:
    there = Path(shutil.copy(notebook, notebook.with_name("copy.ipynb")))
    assert names(store, there) == []
    (event,) = store.events(str(there))
    assert (event.kind, event.body) == ("copied", {"from": str(notebook)})
    assert names(store, notebook) == ["kept"]
    store.save(str(there), proposal("own"), "proposed")
    assert names(store, there) == ["own"]
    assert names(store, notebook) == ["kept"]


@pytest.mark.parametrize(
    "cells",
    [
        (),
        ("a1",),
        ("a1", "b2"),
        ("a1", "b2", "x", "y"),
        ("a1", "b2", "c3", *(f"x{n}" for n in range(10))),
        ("other", "cells", "altogether"),
    ],
)
def test_too_little_in_common_is_no_match(
    store: Store, notebook: Path, cells: tuple[str, ...]
) -> None:
    there = notebook.rename(notebook.with_name("two.ipynb"))
    assert names(store, there, cells) == []
    assert kinds(store, there) == []
    assert [p.id for p in store.open_proposals(str(notebook))] == ["kept"]


@pytest.mark.parametrize("cells", [(), ("a1",), ("a1", "b2")])
def test_a_notebook_of_few_cells_is_known_by_path_alone(
    tmp_path: Path, store: Store, cells: tuple[str, ...]
) -> None:
    gone, there = tmp_path / "gone.ipynb", tmp_path / "there.ipynb"
    there.write_text("{}")
    store.open(str(gone), cells)
    store.save(str(gone), proposal("kept"), "proposed")
    assert names(store, there, cells) == []
    assert names(store, gone, cells) == ["kept"]


def test_of_two_equal_ones_neither_is_taken(store: Store, notebook: Path) -> None:
    twin = Path(shutil.copy(notebook, notebook.with_name("twin.ipynb")))
    names(store, twin)
    there = notebook.rename(notebook.with_name("which.ipynb"))
    assert names(store, there) == []
    assert kinds(store, there) == []


def test_the_better_of_two_is_taken(store: Store, notebook: Path) -> None:
    twin = Path(shutil.copy(notebook, notebook.with_name("twin.ipynb")))
    names(store, twin, (*CELLS, "e5", "f6"))
    there = notebook.rename(notebook.with_name("which.ipynb"))
    assert names(store, there) == ["kept"]


def test_a_kernel_that_cannot_see_the_files_matches_none(store: Store, notebook: Path) -> None:
    notebook.unlink()
    assert names(store, notebook.with_name("not-on-this-machine.ipynb")) == []
    assert names(store, Path("relative.ipynb")) == []
    assert [p.id for p in store.open_proposals(str(notebook))] == ["kept"]


def test_the_front_end_s_word_needs_no_cells(tmp_path: Path, store: Store) -> None:
    here, there = str(tmp_path / "a.ipynb"), str(tmp_path / "b.ipynb")
    store.save(here, proposal("kept"), "proposed")
    store.rename(here, there)
    store.rename(here, there)  # from a second window
    assert [p.id for p in store.open_proposals(there)] == ["kept"]
    assert kinds(store, Path(there)) == ["proposed", "renamed"]


def test_what_was_recorded_under_the_new_path_already_is_not_lost(
    tmp_path: Path, store: Store
) -> None:
    here, there = str(tmp_path / "a.ipynb"), str(tmp_path / "b.ipynb")
    store.save(here, proposal("kept"), "proposed")
    store.save(there, proposal("quicker"), "proposed")
    store.rename(here, there)
    assert [p.id for p in store.open_proposals(there)] == ["kept", "quicker"]


def test_a_kernel_that_knows_only_the_old_path_writes_to_the_same_notebook(
    store: Store, notebook: Path
) -> None:
    first = Recorder(store)
    first.open(str(notebook), CELLS)
    there = notebook.rename(notebook.with_name("two.ipynb"))
    second = Recorder(Store(store.path))
    assert [p.id for p in second.open(str(there), CELLS)] == ["kept"]
    first.save(str(notebook), proposal("late"), "proposed")
    assert names(store, there) == ["kept", "late"]


def test_cells_seen_since_the_opening_count(store: Store, notebook: Path) -> None:
    recorder = Recorder(store)
    recorder.open(str(notebook), CELLS)
    recorder.saw(str(notebook), ("n1", "n2", "n3"))
    there = notebook.rename(notebook.with_name("two.ipynb"))
    assert names(store, there, ("n1", "n2", "n3")) == ["kept"]
