"""Read a notebook file into a snapshot, exactly or not at all.

Only the structure that carries cells is looked at. Whatever else is odd about
a file (its outputs, its metadata) is of no concern here.
"""

from __future__ import annotations

import json
import os
import re
import stat
from typing import Any

from llm_notebook.core.errors import UnreadableNotebookError
from llm_notebook.core.notebook import Cell, Snapshot

VALID_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

LARGEST = 256 * 2**20
"""Bytes that a file may have: JSON takes up to some twenty times its size in memory."""


def parse(data: bytes, name: str) -> tuple[dict[str, Any], Snapshot]:
    """The notebook as JSON, and its cells; see `llm_notebook.files.read`.

    Parameters
    ----------
    data : bytes
        All of a file.
    name : str
        What the file is called in errors.

    Raises
    ------
    UnreadableNotebookError
    """
    notebook = _parse(_decoded(data, name), name)
    version = notebook.get("nbformat")
    if not isinstance(version, int | float) or isinstance(version, bool):
        raise _unreadable(name, "does not say which notebook format it is in")
    if version == 4:
        raw = _list(notebook.get("cells"), "list of cells", name)
        cells = [_cell(item, number, name) for number, item in enumerate(raw, 1)]
    elif version == 3:
        sheets = _list(notebook.get("worksheets"), "list of worksheets", name)
        raw = [
            item
            for sheet in sheets
            for item in _list(
                sheet.get("cells") if isinstance(sheet, dict) else None, "list of cells", name
            )
        ]
        cells = [_cell_v3(item, number, name) for number, item in enumerate(raw, 1)]
    elif version < 3:
        raise _unreadable(
            name,
            f"is in notebook format {version}, which is older than 3: "
            "open it once in Jupyter and save it there",
        )
    else:
        raise _unreadable(
            name, f"is in notebook format {version}, which is newer than this version knows"
        )
    return notebook, _with_ids(raw, cells, name)


def load(name: str) -> bytes:
    """The file's bytes."""
    try:
        # A pipe that nobody writes to would hold us up on opening.
        with open(name, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _unreadable(name, "is not a file")
            # One byte more, not the size that is told: the file may still be growing.
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unreadable(name, "does not exist") from None
    except IsADirectoryError:
        raise _unreadable(name, "is a folder, not a notebook") from None
    except PermissionError:
        raise _unreadable(name, "may not be read by this user") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise _unreadable(name, f"could not be read ({error})") from None
    if len(data) > LARGEST:
        raise _unreadable(name, f"is larger than the {LARGEST >> 20} MB that can be read here")
    return data


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(name, "is not a notebook: its bytes are not UTF-8 text") from None


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _parse(text: str, name: str) -> dict[str, Any]:
    """The notebook as JSON."""
    if not text.strip():
        raise _unreadable(name, "is empty")
    try:
        try:
            notebook = json.loads(text)
        except json.JSONDecodeError:
            raise
        except ValueError:
            # Python refuses to convert integers of thousands of digits. They are
            # not in what is read here, so their value does not matter.
            notebook = json.loads(text, parse_int=float)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(name, f"is not a notebook: its JSON breaks at {where}") from None
    except RecursionError:
        raise _unreadable(name, "is nested too deeply to be read") from None
    if not isinstance(notebook, dict):
        raise _unreadable(name, "is not a notebook: its JSON is not an object")
    return notebook


def _list(value: Any, what: str, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _unreadable(name, f"is not a valid notebook: it has no {what}")
    return value


def _cell(item: Any, number: int, name: str, source_key: str = "source") -> Cell:
    """A cell of nbformat 4, its id still empty."""
    if not isinstance(item, dict):
        raise _unreadable(name, f"is not a valid notebook: cell {number} is not an object")
    cell_type = item.get("cell_type")
    if not isinstance(cell_type, str) or not cell_type:
        raise _unreadable(name, f"is not a valid notebook: cell {number} has no type")
    source = item.get(source_key)
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise _unreadable(name, f"is not a valid notebook: the source of cell {number} is not text")
    return Cell(id="", type=cell_type, source=source)


def _cell_v3(item: Any, number: int, name: str) -> Cell:
    """A cell of nbformat 3, as Jupyter upgrades it to 4."""
    is_code = isinstance(item, dict) and item.get("cell_type") == "code"
    cell = _cell(item, number, name, "input" if is_code else "source")
    if cell.type == "html":
        return Cell(id="", type="markdown", source=cell.source)
    if cell.type == "heading":
        level = item.get("level", 1)
        if not isinstance(level, int) or not 1 <= level <= 6:
            level = 1
        title = " ".join(cell.source.splitlines())
        return Cell(id="", type="markdown", source=f"{'#' * level} {title}")
    return cell


def _with_ids(raw: list[Any], cells: list[Cell], name: str) -> Snapshot:
    """Give each cell the file's id where it is good, else one that is made up."""
    ids: list[str | None] = []
    taken: set[str] = set()
    for item in raw:
        cell_id = item.get("id")
        good = isinstance(cell_id, str) and VALID_ID.fullmatch(cell_id) and cell_id not in taken
        ids.append(cell_id if good else None)
        if good:
            taken.add(cell_id)
    named = []
    for number, (known, cell) in enumerate(zip(ids, cells, strict=True), 1):
        cell_id = known or f"cell-{number}"
        while known is None and cell_id in taken:
            cell_id += "-"
        taken.add(cell_id)
        named.append(Cell(id=cell_id, type=cell.type, source=cell.source))
    return Snapshot(cells=tuple(named), path=name, has_ids=None not in ids)


def _unreadable(name: str, why: str) -> UnreadableNotebookError:
    return UnreadableNotebookError(f"{name or 'The file'} {why}.")
