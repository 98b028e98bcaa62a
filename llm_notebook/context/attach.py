"""Files and folders that a prompt mentions: their contents, cut to a budget.

Only what lies in the notebook's folder or below is opened. Names that start
with a dot are never followed, and a link is followed only to where it stays
inside. Nothing but regular files is opened, so no pipe or device can block.
"""

from __future__ import annotations

import csv
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from llm_notebook.context.files import is_inside
from llm_notebook.context.pieces import clean
from llm_notebook.core.context import quoted

_READ = 64 * 1024
_TABLES = {".csv": ",", ".tsv": "\t"}
_CONFIG = frozenset(".yaml .yml .toml .ini .cfg .conf .properties .env .json .txt".split())  # noqa: SIM905
_MAX_ENTRIES = 200
_SAMPLE_ROWS = 3
_MAX_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Attached:
    """What a path holds.

    Attributes
    ----------
    kind : {"file", "folder"}
    name : str
        Relative to the notebook's folder, with forward slashes.
    text : str
        Redacted. Empty where `problem` says why nothing is shown.
    redacted : tuple of str
    problem : str
    """

    kind: Literal["file", "folder"]
    name: str
    text: str = ""
    redacted: tuple[str, ...] = ()
    problem: str = ""


def attach(text: str, folder: Path | None, tokens: int, *, values: bool) -> Attached | None:
    """What a mentioned path holds, in about so many tokens; None where there is no such path.

    Parameters
    ----------
    text : str
        The mention: a path relative to `folder`.
    folder : Path or None
        The notebook's folder.
    tokens : int
    values : bool
        Whether rows of a data file may be shown, beside its header.
    """
    if folder is None:
        return None
    name = text.rstrip("/") or "."
    root = os.path.realpath(folder)
    try:
        path = os.path.realpath(os.path.join(root, name))
        is_folder = stat.S_ISDIR(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return None
    kind: Literal["file", "folder"] = "folder" if is_folder else "file"
    if not is_inside(path, root):
        return Attached(kind, name, problem="outside the notebook's folder")
    inner = PurePosixPath(Path(os.path.relpath(path, root)).as_posix())
    if any(part.startswith(".") for part in (*inner.parts, *PurePosixPath(name).parts)):
        return Attached(kind, name, problem="hidden files are not sent")
    try:
        body, config = (_listing(path), False) if is_folder else _contents(path, values=values)
    except OSError as error:
        return Attached(kind, name, problem=f"could not be read ({error.strerror})")
    head = quoted(name + "/" * (is_folder and name != "."))
    shown, redacted = clean(f"{head}{body}", tokens, config=config)
    return Attached(kind, name, shown, redacted)


def _listing(path: str) -> str:
    entries: list[str] = []
    more = 0
    with os.scandir(path) as found:
        for entry in found:
            if entry.name.startswith(".") or not entry.name.isprintable():
                continue
            if len(entries) == _MAX_ENTRIES:
                more += 1
                if more == 10_000:
                    break
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            size = "" if is_folder or entry.is_symlink() else f", {_size(entry.stat().st_size)}"
            entries.append(f"{quoted(entry.name)}{'/' if is_folder else ''}{size}")
    lines = sorted(entries) + ([f"and {more} more"] if more else [])
    return ", a folder\n" + "\n".join(lines or ["(empty)"])


def _contents(path: str, *, values: bool) -> tuple[str, bool]:
    """What is shown of a file behind its name, and whether it may be a configuration file."""
    # Between the check and the opening a link or a pipe could have taken its place.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            return ", neither a file nor a folder", False
        data = file.read(_READ)
    size = f", {_size(about.st_size)}"
    is_whole = len(data) == about.st_size
    text = _decoded(data, is_whole=is_whole)
    if text is None:
        return f"{size}, binary", False
    suffix = Path(path).suffix.lower()
    if suffix in _TABLES:
        return f"{size}\n{_table(text, _TABLES[suffix], values=values, is_whole=is_whole)}", False
    rest = "" if is_whole else f"\n‹{_size(about.st_size - len(data))} not shown›"
    return f"{size}\n{text}{rest}", suffix in _CONFIG


def _decoded(data: bytes, *, is_whole: bool) -> str | None:
    """The text of a file's first bytes, or None where they are no text."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for end in range(1 if is_whole else 4):  # a character may be cut in two
        try:
            text = data[: len(data) - end].decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _table(text: str, separator: str, *, values: bool, is_whole: bool) -> str:
    """The header with guessed dtypes; a few rows only where values may be shown."""
    lines = text.splitlines()
    if not is_whole:
        lines = lines[:-1] or lines
    if separator == "," and lines and lines[0].count(";") > lines[0].count(","):
        separator = ";"
    try:
        rows = list(csv.reader(lines[:1000], delimiter=separator))
    except csv.Error:
        return "(not readable as a table)"
    if not rows:
        return "(empty)"
    header, body = rows[0][:_MAX_FIELDS], rows[1:]
    columns = []
    for index, name in enumerate(header):
        cells = [row[index] for row in body if index < len(row)]
        columns.append(f"{quoted(name)} {_guess(cells)}")
    found = "columns, dtypes guessed from the first rows: " + ", ".join(columns)
    if values and body:
        found += "\n" + "\n".join(lines[1 : 1 + _SAMPLE_ROWS])
    return found


def _guess(cells: list[str]) -> str:
    """A dtype that fits all filled cells."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    for dtype, read in (("int", int), ("float", float)):
        try:
            for cell in filled:
                read(cell)
        except ValueError:
            continue
        return dtype if filled else "empty"
    if all(cell.lower() in ("true", "false") for cell in filled):
        return "bool"
    return "text"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
