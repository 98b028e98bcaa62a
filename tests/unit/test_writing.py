"""Writing a notebook: only what an edit touches gets other bytes."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import nbformat
import pytest

import llm_notebook as nb
from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import FileError, InvalidProposalError, StaleError
from llm_notebook.files import NotebookFile
from llm_notebook.files.saving import save

# Odd on purpose: key order, unknown keys, numbers and escapes that JSON can write otherwise.
ODD = r"""{
    "zeta": [1.0, 1e2, -0.0, 12345678901234567890123, NaN],
    "cells": [
        {"cell_type": "code", "id": "one", "metadata": {"x": 1.50},
         "source": ["caf\u00e9 = 1\n", "y \u003d 2\n", "z"], "outputs": [{"a":  "\u00e9"}],
         "execution_count": 3, "unknown": {"b": 1, "a": 2}},
        {
            "source": "one\ntwo",
            "metadata": {},
            "id": "two",
            "cell_type": "markdown"
        }  ,  {"id": "three", "cell_type": "raw", "metadata": {"tags": []}, "source": []}
    ],
    "metadata": {"kernelspec": {"name": "p"}},
    "nbformat": 4, "nbformat_minor": 5
}"""


def edited(text: str, *edits: Edit, **more: Any) -> str:
    return NotebookFile(text.encode(), "a.ipynb").edited(edits, **more).decode()


def hash_of(text: str, cell_id: str) -> str:
    cell = NotebookFile(text.encode(), "a.ipynb").snapshot.find(cell_id)
    assert cell is not None
    return cell.hash


def test_no_edits_no_other_bytes() -> None:
    assert edited("\ufeff" + ODD + "\r\n\r\n") == "\ufeff" + ODD + "\r\n\r\n"


def test_one_line_of_a_source_is_all_that_changes() -> None:
    text = edited(ODD, Replace("one", hash_of(ODD, "one"), "code", "café = 1\ny = 3\nz"))
    assert text == ODD.replace(r'"y \u003d 2\n"', r'"y = 3\n"')
    odd = ODD.replace(r'\n", "z"', '\\n"\n , "z"')
    text = edited(odd, Replace("one", hash_of(ODD, "one"), "code", "y = 2\nz"))
    assert text == odd.replace(r'"caf\u00e9 = 1\n", ', "")
    text = edited(ODD, Replace("two", hash_of(ODD, "two"), "markdown", "one\n2"))
    assert text == ODD.replace(r'"one\ntwo"', r'"one\n2"')


def test_a_line_that_stays_keeps_its_spelling_wherever_it_goes() -> None:
    text = edited(ODD, Replace("one", hash_of(ODD, "one"), "code", "z\ny = 2\ncafé = 1\nz"))
    assert r'"source": ["z\n", "y \u003d 2\n", "caf\u00e9 = 1\n", "z"], "outputs"' in text


def test_cells_go_and_move_whole() -> None:
    one = ODD[ODD.index('{"cell_type": "code"') : ODD.index(",\n        {\n")]
    text = edited(ODD, Move("one", hash_of(ODD, "one"), "three"))
    assert one in text
    assert [c["id"] for c in json.loads(text)["cells"]] == ["two", "three", "one"]
    # Between the two that still follow each other, the odd blanks stay.
    assert '}  ,  {"id": "three"' in text
    text = edited(ODD, Delete("two", hash_of(ODD, "two")), Delete("three", hash_of(ODD, "three")))
    assert text == ODD.replace(ODD[ODD.index(one) + len(one) : ODD.index("\n    ],")], "")
    everything = [Delete(i, hash_of(ODD, i)) for i in ("one", "two", "three")]
    assert json.loads(edited(ODD, *everything))["cells"] == []


def test_a_new_cell_looks_like_the_others() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("x = 1\ny", id="a"), nbformat.v4.new_markdown_cell("é")]
    )
    for text in (
        nbformat.writes(notebook) + "\n",
        json.dumps(notebook),
        json.dumps(notebook, separators=(",", ":"), ensure_ascii=False),
        json.dumps(notebook, indent="\t", sort_keys=True).replace("\n", "\r\n"),
    ):
        is_list = '"source": [' in text
        added = [
            Insert("b", "a", "code", "print('é')\nz"),
            Insert("c", "b", "markdown", "# Two\n\nlines"),
            Insert("d", None, "raw", ""),
        ]
        after = edited(text, *added)
        cells = [
            {"cell_type": "raw", "id": "d", "metadata": {}, "source": ""},
            notebook.cells[0],
            {
                "cell_type": "code",
                "execution_count": None,
                "id": "b",
                "metadata": {},
                "outputs": [],
                "source": "print('é')\nz",
            },
            {"cell_type": "markdown", "id": "c", "metadata": {}, "source": "# Two\n\nlines"},
            notebook.cells[1],
        ]
        whole = nbformat.from_dict({**notebook, "cells": cells})
        nbformat.validate(nbformat.reads(after, as_version=4))
        if is_list:
            assert after == nbformat.writes(whole) + "\n"
        else:
            assert json.loads(after) == whole
            layout = {"\r\n" in after, "\t" in after}
            assert layout == {"\r\n" in text, "\t" in text}
            assert ("é" in after) == ("é" in text)
            assert (": " in after.replace("n: ", "")) == (": " in text)
        back = NotebookFile(after.encode(), "a")
        assert back.edited([Delete(i, hash_of(after, i)) for i in "bcd"]).decode() == text


@pytest.mark.parametrize("cells", ["[]", "[ ]", "[\n ]"])
def test_the_first_cell_of_an_empty_notebook(cells: str) -> None:
    text = (
        f'{{\n "cells": {cells},\n "metadata": {{}},\n "nbformat": 4,\n "nbformat_minor": 5\n}}\n'
    )
    after = edited(text, Insert("a", None, "code", "x\ny"))
    assert after == nbformat.writes(nbformat.reads(after, as_version=4)) + "\n"
    assert edited(
        '{"cells":[],"nbformat":4,"nbformat_minor":2}', Insert("a", None, "raw", "x")
    ) == (
        '{"cells":[{"cell_type":"raw","metadata":{},"source":["x"]}],"nbformat":4,"nbformat_minor":2}'
    )


def test_a_cell_of_another_type_has_the_keys_of_that_type() -> None:
    text = edited(ODD, Replace("one", hash_of(ODD, "one"), "markdown", "café = 1\ny = 2\nz"))
    (cell, *_) = json.loads(text)["cells"]
    assert list(cell) == ["cell_type", "id", "metadata", "source", "unknown"]
    assert r'"source": ["caf\u00e9 = 1\n", "y \u003d 2\n", "z"]' in text
    assert '{"x": 1.50}' in text
    text = edited(ODD, Replace("two", hash_of(ODD, "two"), "code", "x"))
    cell = json.loads(text)["cells"][1]
    assert (cell["execution_count"], cell["outputs"], cell["cell_type"]) == (None, [], "code")


def test_provenance_goes_into_the_metadata_of_the_cells_named() -> None:
    mark = {"proposal": "p", "op": "replace"}
    change = Replace("one", hash_of(ODD, "one"), "code", "1")
    text = edited(ODD, change, marks={"one": mark})
    assert json.loads(text)["cells"][0]["metadata"] == {"x": 1.5, "llm_notebook": mark}
    assert '"op": "replace"}, "x": 1.50}' in text
    again = edited(text, marks={"one": {"proposal": "q"}, "two": mark})
    cells = json.loads(again)["cells"]
    assert cells[0]["metadata"]["llm_notebook"] == {"proposal": "q"}
    assert cells[1]["metadata"] == {"llm_notebook": mark}
    assert cells[0]["outputs"] == json.loads(ODD)["cells"][0]["outputs"]


def test_ids_only_where_the_format_has_them() -> None:
    old = ODD.replace('"nbformat_minor": 5', '"nbformat_minor": 4')
    for name in ("one", "two", "three"):
        old = old.replace(f'"id": "{name}", ', "").replace(f'"id": "{name}",', "")
    assert "id" not in json.loads(edited(old, Insert("new", None, "code", "x")))["cells"][0]
    with pytest.raises(InvalidProposalError, match="does not allow"):
        edited(ODD, Insert("new cell", None, "code", "x"))


def test_a_lone_surrogate_and_a_key_that_stands_twice() -> None:
    text = edited(ODD, Insert("n", None, "code", "\ud800é"))
    assert r'"\ud800é"' in text or r'"\ud800\u00e9"' in text
    assert NotebookFile(text.encode(), "a").snapshot.cells[0].source == "\ud800é"
    twice = (
        '{"cells": 1, "cells": [{"cell_type": "raw", "source": "a", "source": "b"}], "nbformat": 4}'
    )
    assert edited(twice, Replace("cell-1", hash_of(twice, "cell-1"), "raw", "c")) == twice.replace(
        '"b"', '"c"'
    )


def test_format_3_is_upgraded_only_into_a_file_that_was_named(tmp_path: Path) -> None:
    old = tmp_path / "old.ipynb"
    sheet = {
        "cells": [
            {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Two"]},
            {
                "cell_type": "code",
                "collapsed": False,
                "input": ["x"],
                "language": "python",
                "metadata": {},
                "outputs": [
                    {"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}
                ],
                "prompt_number": 1,
            },
        ],
        "metadata": {},
    }
    content = json.dumps(
        {"metadata": {"name": "a"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}
    )
    old.write_text(content)
    before = nb.read(old)
    after = nb.apply(before, [Replace("cell-2", before.cells[1].hash, "code", "y")])
    with pytest.raises(FileError, match=r"format 3.*only be written as 4"):
        nb.write(before, after)
    assert old.read_text() == content
    nb.write(before, after, tmp_path / "new.ipynb")
    assert old.read_text() == content
    new = nbformat.read(tmp_path / "new.ipynb", as_version=4)
    nbformat.validate(new)
    assert [c.source for c in new.cells] == ["## Two", "y"]
    assert new.cells[1].outputs[0].data == {"text/plain": "1"}


# -- the file ---------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.ipynb"
    path.write_bytes(ODD.encode())
    return path


def test_write_says_what_changed_and_keeps_mode_and_link(file: Path, tmp_path: Path) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.ipynb"
    link.symlink_to(file.name)
    before = nb.read(link)
    nb.write(before, nb.apply(before, [Delete("two", before.cells[1].hash)]))
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert len(nb.read(file)) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.ipynb", "link.ipynb"]


def test_what_changed_meanwhile_is_not_written_over(file: Path) -> None:
    before = nb.read(file)
    after = nb.apply(before, [Delete("two", before.cells[1].hash)])
    # Another output, same cells: it is kept.
    file.write_text(ODD.replace('"execution_count": 3', '"execution_count": 4'))
    nb.write(before, after)
    assert '"execution_count": 4' in file.read_text()
    with pytest.raises(StaleError, match="have changed since"):
        nb.write(before, after)

    opened = NotebookFile.read(file)
    other = file.read_text().replace('"execution_count": 4', '"execution_count": 5')
    file.write_text(other)
    with pytest.raises(StaleError, match="has changed on the disk"):
        opened.save(opened.edited([Insert("n", None, "code", "x")]))
    assert file.read_text() == other
    assert [p.name for p in file.parent.iterdir()] == ["a.ipynb"]


def test_a_change_in_the_last_moment_is_seen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = NotebookFile.read(file)
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", real)
        file.write_text("{}")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(StaleError):
        opened.save(opened.edited([Insert("n", None, "code", "x")]))
    assert file.read_text() == "{}"
    assert [p.name for p in file.parent.iterdir()] == ["a.ipynb"]


def test_what_cannot_be_written_leaves_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileError, match="folder does not exist"):
        save(file.parent / "none" / "b.ipynb", b"x")
    with pytest.raises(FileError, match="not a file"):
        save(file.parent, b"x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="no space left"):
        save(file, b"x")
    assert file.read_text() == ODD
    assert [p.name for p in file.parent.iterdir()] == ["a.ipynb"]


@pytest.mark.parametrize(
    "name", ["a\0b.ipynb", "\ud800.ipynb", "y" * 300], ids=["null", "half", "long"]
)
def test_a_name_that_no_file_can_have_is_a_sentence(file: Path, name: str) -> None:
    before = nb.read(file)
    data = file.read_bytes()
    with pytest.raises(FileError, match="could not be written"):
        nb.write(before, before, file.parent / name)
    assert file.read_bytes() == data
    assert list(file.parent.iterdir()) == [file]
