"""Reading a notebook file: exactly, or one clear sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import nbformat
import pytest
from corpora import needs_corpora, notebook_paths

from llm_notebook.core.errors import UnreadableNotebookError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.files import read


def code(source: Any = "x", **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], **more}


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.ipynb"


def test_cells_as_they_are(file: Path) -> None:
    text = "a\r\nb\x0b\u2028\U0001f40d\ud800\n"
    file.write_text(json.dumps(notebook(code(text, id="one"), code(["a\n", "", "b"], id="two"))))
    snapshot = read(file)
    assert snapshot.cells == (Cell("one", "code", text), Cell("two", "code", "a\nb"))
    assert snapshot.has_ids
    assert snapshot.path == str(file)


def test_a_byte_order_mark_is_not_in_the_way(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook(code("é"))).encode())
    assert read(file).content() == (("code", "é"),)


def test_nan_and_numbers_of_any_length_are_none_of_our_business(file: Path) -> None:
    whole = json.dumps(notebook(code("x"))).replace(
        '"outputs": []', '"outputs": [NaN, Infinity, %s]' % ("9" * 5000)
    )
    file.write_text(whole)
    assert read(file).content() == (("code", "x"),)


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        ([None, None], ["cell-1", "cell-2"]),
        (["a", "a"], ["a", "cell-2"]),
        (["has space", "b"], ["cell-1", "b"]),
        (["x" * 65, "../x"], ["cell-1", "cell-2"]),
        (["cell-2", None], ["cell-2", "cell-2-"]),
        ([None, "cell-1"], ["cell-1-", "cell-1"]),
        ([7, "é"], ["cell-1", "cell-2"]),
        (["", "a\n"], ["cell-1", "cell-2"]),
    ],
)
def test_ids_are_made_up_where_the_file_has_no_good_ones(
    file: Path, ids: list[Any], expected: list[str]
) -> None:
    cells = [code() if cell_id is None else code(id=cell_id) for cell_id in ids]
    file.write_text(json.dumps(notebook(*cells)))
    snapshot = read(file)
    assert [cell.id for cell in snapshot.cells] == expected
    assert snapshot.has_ids == (ids == expected)


def test_nbformat_3(file: Path) -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "input": ["a\n", "b"], "language": "python"},
        {"cell_type": "heading", "level": 2, "source": "Two\nlines"},
        {"cell_type": "html", "source": "<b>"},
    ]
    sheets = [{"cells": cells[:2]}, {"cells": cells[2:]}]
    file.write_text(json.dumps({"nbformat": 3, "metadata": {}, "worksheets": sheets}))
    snapshot = read(file)
    expected = (("code", "a\nb"), ("markdown", "## Two lines"), ("markdown", "<b>"))
    assert snapshot.content() == expected
    assert not snapshot.has_ids


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b"{", "JSON breaks at line 1, column 2"),
        (b"[1]", "not an object"),
        (b"null", "not an object"),
        (b"{}", "does not say which notebook format"),
        (b'{"nbformat": true}', "does not say which notebook format"),
        (b'{"nbformat": "4"}', "does not say which notebook format"),
        (b'{"nbformat": 2, "worksheets": []}', "format 2, which is older"),
        (b'{"nbformat": 5, "cells": []}', "format 5, which is newer"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 3}', "no list of worksheets"),
        (b'{"nbformat": 3, "worksheets": [{}]}', "no list of cells"),
        (b'{"nbformat": 3, "worksheets": [1]}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "cell 1 is not an object"),
        (b'{"nbformat": 3, "worksheets": [{"cells": [1]}]}', "cell 1 is not an object"),
        (b'{"nbformat": 4, "cells": [{"source": ""}]}', "cell 1 has no type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "source of cell 1"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 42}]}', "source of cell 1"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "source of cell 1"),
        (b'{"metadata": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"} x", "JSON breaks at line 1, column 5009"),
    ],
)
def test_what_cannot_be_read_says_why(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(UnreadableNotebookError) as caught:
        read(file)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{file} ")


def test_what_is_not_a_file_says_so(tmp_path: Path) -> None:
    for path, says in [
        (tmp_path, "folder"),
        (tmp_path / "none.ipynb", "does not exist"),
        ("", "does not exist"),
        ("a\0b", "could not be read"),
        (tmp_path / ("x" * 5000), "could not be read"),
    ]:
        with pytest.raises(UnreadableNotebookError, match=says):
            read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.ipynb"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(UnreadableNotebookError, match="is not a file"):
            read(path)


def test_a_file_too_large_to_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(json.dumps(notebook(code("x"))))
    monkeypatch.setattr("llm_notebook.files.reading.LARGEST", file.stat().st_size)
    assert read(file).content() == (("code", "x"),)
    with file.open("a") as growing:
        growing.write(" ")
    with pytest.raises(UnreadableNotebookError, match="is larger than"):
        read(file)


def test_a_huge_file_is_refused_in_little_memory(tmp_path: Path) -> None:
    """A file of 8 GB takes no room on the disk, and must take little in memory."""
    resource = pytest.importorskip("resource")
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        file.truncate(8 * 2**30)
    script = "import sys; from llm_notebook.files import read; read(sys.argv[1])"
    found = subprocess.run(
        [sys.executable, "-c", script, str(huge)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30)),
    )
    assert "is larger than the 256 MB" in found.stderr


HOSTILE: dict[str, bytes | str] = {
    "keys twice": b'{"cells": [], "cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4}',
    "a bare number for a format": b'{"nbformat": NaN, "cells": []}',
    "an endless format": b'{"nbformat": ' + b"9" * 10_000 + b', "cells": []}',
    "a format below nothing": b'{"nbformat": -4, "cells": []}',
    "a string of brackets": b"[" * 1_000_000,
    "objects in objects": b'{"metadata": ' + b'{"a": ' * 100_000,
    "deep and closed": b'{"nbformat": 4, "cells": [], "metadata": '
    + b"[" * 5000
    + b"]" * 5000
    + b"}",
    "two notebooks": json.dumps(notebook()) * 2,
    "a null character": json.dumps(notebook()) + "\0",
    "half a character": json.dumps(notebook(code("é")), ensure_ascii=False).encode()[:-60]
    + b"\xc3",
    "a script for a source": json.dumps(notebook(code({"a": 1}))),
    "a type that is a list": json.dumps(notebook({"cell_type": ["code"], "source": ""})),
    "null for all": json.dumps({"nbformat": 4, "cells": None, "metadata": None}),
    "a source of nulls": json.dumps(notebook(code([None, "x"]))),
    "an id that is an object": json.dumps(notebook(code(id={"__proto__": 1}), code(id=["a"]))),
    "many empty cells": json.dumps(notebook(*[code("", id=f"i{n}") for n in range(20_000)])),
    "every cell the same id": json.dumps(notebook(*[code("", id="same") for _ in range(5_000)])),
    "ids that meet the made-up ones": json.dumps(
        notebook(
            *[code(id="cell-" + "9" * n + "-" * m) for n in range(40) for m in range(15)], code()
        )
    ),
    "one line of 5 MB": json.dumps(notebook(code("x" * 5_000_000, id="a"))),
    "100,000 lines": json.dumps(notebook(code(["x = 1\n"] * 100_000, id="a"))),
    "a heading of level true": json.dumps(
        {
            "nbformat": 3,
            "worksheets": [{"cells": [{"cell_type": "heading", "level": True, "source": "x"}]}],
        }
    ),
    "a heading of a level too long": (
        '{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading", "source": "x", '
        '"level": %s}]}]}' % ("9" * 5000)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_is_read_exactly_or_refused_in_one_sentence(file: Path, name: str) -> None:
    content = HOSTILE[name]
    data = content.encode() if isinstance(content, str) else content
    file.write_bytes(data)
    try:
        snapshot = read(file)
    except UnreadableNotebookError as error:
        assert_one_sentence(error, file)
        return
    raw = json.loads(data, parse_int=float)
    items = raw["cells"] if "cells" in raw else raw["worksheets"][0]["cells"]
    sources = ["".join(item["source"]) for item in items]
    if raw["nbformat"] == 4:
        assert [cell.source for cell in snapshot.cells] == sources
    assert len({cell.id for cell in snapshot.cells}) == len(snapshot.cells) == len(items)
    # What is sent to a page, a worker or the store must come back as it was.
    assert msgspec.convert(msgspec.to_builtins(snapshot), Snapshot) == snapshot


def assert_one_sentence(error: UnreadableNotebookError, path: Path) -> None:
    text = str(error).replace(str(path), "")
    assert "\n" not in text
    assert text.endswith(".")
    assert 5 < len(text) < 200


@needs_corpora
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("folder", ["notebooks", "edit-pairs", "pathological"])
def test_every_file_is_read_exactly_or_refused_in_one_sentence(folder: str) -> None:
    paths = notebook_paths(folder)
    assert paths
    for path in paths:
        try:
            snapshot = read(path)
        except UnreadableNotebookError as error:
            assert_one_sentence(error, path)
            continue
        assert len({cell.id for cell in snapshot.cells}) == len(snapshot.cells)
        try:
            expected = nbformat.read(path, as_version=4)
        except Exception:  # it refuses some that can be read, such as a long number
            continue
        assert snapshot.content() == tuple((c.cell_type, c.source) for c in expected.cells)
