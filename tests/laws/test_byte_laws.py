"""What a proposal does not touch keeps its bytes: on every file and every pair of the corpora."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from corpora import needs_corpora, notebook_paths
from test_corpus_laws import mutated

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import FileError, UnreadableNotebookError
from llm_notebook.diffing import diff, invert, placed
from llm_notebook.files import NotebookFile
from llm_notebook.files.spans import items, last, members, skip

pytestmark = needs_corpora


def pieces(file: NotebookFile) -> tuple[str, list[str], str]:
    """The text before the list of cells, each cell's text, and the text behind."""
    text = file.data.decode()
    at = skip(text, 1 if text.startswith("\ufeff") else 0)
    whole = last(members(text, at), "cells")
    assert whole is not None
    cells = [text[i.start : i.end] for i in items(text, whole.item.start)]
    return text[: whole.item.start], cells, text[whole.item.end :]


def assert_bytes_kept(file: NotebookFile, edits: tuple[Edit, ...], expected: object) -> bytes:
    data = file.edited(edits)
    after = NotebookFile(data, file.name)
    assert after.snapshot.content() == expected
    head, old, tail = pieces(file)
    new_head, new, new_tail = pieces(after)
    assert (head, tail) == (new_head, new_tail)
    touched = {e.cell_id for e in edits if isinstance(e, Replace | Delete)}
    kept = [t for c, t in zip(file.snapshot, old, strict=True) if c.id not in touched]
    assert not (set(kept) - set(new))
    # A changed cell keeps all but what was changed.
    origins = {c.id: json.loads(t) for c, t in zip(file.snapshot, old, strict=True)}
    names = {e.new_id or e.cell_id: e for e in edits if isinstance(e, Replace)}
    if after.snapshot.has_ids:
        for cell, text in zip(after.snapshot, new, strict=True):
            if cell.id in names and names[cell.id].cell_type == origins_type(names, cell.id, file):
                was = origins[names[cell.id].cell_id]
                is_now = json.loads(text)
                assert list(was) == list(is_now)
                for key in was.keys() - {"source", "id"}:
                    assert json.dumps(was[key]) == json.dumps(is_now[key])
    return data


def origins_type(names: dict[str, Replace], cell_id: str, file: NotebookFile) -> str:
    cell = file.snapshot.find(names[cell_id].cell_id)
    assert cell is not None
    return cell.type


def files(folder: str) -> list[NotebookFile]:
    found = []
    for path in notebook_paths(folder):
        try:
            found.append(NotebookFile.read(path))
        except UnreadableNotebookError:
            continue
    return found


def test_every_edit_pair_keeps_its_bytes() -> None:
    restored = taken_back = 0
    for path in notebook_paths("edit-pairs"):
        if path.name != "before.ipynb":
            continue
        before = NotebookFile.read(path)
        after = NotebookFile.read(path.with_name("after.ipynb"))
        for one, two in ((before, after), (after, before)):
            proposal = diff(one.snapshot, two.snapshot)
            data = assert_bytes_kept(one, proposal.edits, two.snapshot.content())
            new = NotebookFile(data, one.name)
            back = new.edited(placed(invert(proposal, one.snapshot), new.snapshot))
            # A deleted cell comes back without its outputs; all else as it was.
            if all(isinstance(e, Replace | Move | Insert) for e in proposal.edits):
                taken_back += 1
                restored += back == one.data
                # A line that went and comes back is laid out like its neighbours.
                assert back.split() == one.data.split()
    assert taken_back > 200
    assert restored > 0.99 * taken_back


@pytest.mark.parametrize("folder", ["notebooks", "pathological"])
def test_every_file_keeps_its_bytes(folder: str) -> None:
    for seed, file in enumerate(files(folder)):
        if file.version[0] == 3:
            with pytest.raises(FileError):
                file.edited([Insert("new", None, "code", "x")])
            continue
        assert file.edited([]) == file.data
        rng = random.Random(seed)
        for _ in range(3):
            after = mutated(file.snapshot, rng)
            proposal = diff(file.snapshot, after)
            assert_bytes_kept(file, proposal.edits, after.content())


def test_every_file_of_format_3_is_upgraded() -> None:
    old = [f for f in [*files("notebooks"), *files("pathological")] if f.version[0] == 3]
    assert old
    for file in old:
        data = file.edited([Insert("new", None, "code", "x")], upgrade=True)
        new = NotebookFile(data, str(Path(file.name)))
        assert new.version[0] == 4
        assert new.snapshot.content() == (("code", "x"), *file.snapshot.content())
