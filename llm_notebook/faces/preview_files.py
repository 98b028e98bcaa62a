"""Outputs of a dry run as files: texts and pictures, and nothing that could run when opened.

An output comes from code that nobody has reviewed. So its MIME type is not
believed: a picture is one that begins as such, and HTML, SVG and scripts are
not written at all.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path

from llm_notebook.core.errors import FileError
from llm_notebook.core.preview import Output, Preview
from llm_notebook.faces.texts import safe

PICTURES = {
    "image/png": (".png", b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": (".jpg", b"\xff\xd8\xff"),
    "image/gif": (".gif", b"GIF8"),
    "image/webp": (".webp", b"RIFF"),
}
_SGR = re.compile(r"\x1b\[[0-9;:]*m")
Places = dict[tuple[int, int], str]
"""The file of an output, by the places of its cell and its own, from 0."""


def picture_of(output: Output) -> tuple[str, bytes] | None:
    """The MIME type and bytes of an output's picture; None where it has none."""
    for mime, (_, start) in PICTURES.items():
        if mime in output.data:
            try:
                found = base64.b64decode(output.data[mime], validate=False)
            except (binascii.Error, ValueError):
                continue
            if found.startswith(start):
                return mime, found
    return None


def save_pictures(preview: Preview, folder: Path) -> Places:
    """Write the pictures into a folder, which is made where it is missing.

    Raises
    ------
    FileError
    """
    return _write(preview, folder, texts=False)


def save_all(preview: Preview, text: Callable[[Places], str], folder: Path) -> Places:
    """Write each output's picture or text, and the whole as a person reads it.

    Parameters
    ----------
    preview : Preview
    text : callable
        Gives the whole, from where the outputs are.
    folder : Path

    Raises
    ------
    FileError
    """
    found = _write(preview, folder, texts=True)
    _put(folder / "preview.txt", f"{text(found).rstrip()}\n".encode("utf-8", "backslashreplace"))
    return found


def plain_of(output: Output) -> str:
    """An output's text, as it came."""
    return output.text or output.data.get("text/plain", "")


def written(line: str) -> str:
    """A line as it ends up where a progress bar writes over itself; without colours."""
    rest = line.rstrip("\r").rpartition("\r")[2]
    return safe(_SGR.sub("", rest))


def _write(preview: Preview, folder: Path, *, texts: bool) -> Places:
    found: Places = {}
    for at, run in enumerate(preview.cells):
        for place, output in enumerate(run.outputs):
            name = f"cell-{at + 1}-{place + 1}"
            picture = picture_of(output)
            if picture is not None:
                path, data = folder / f"{name}{PICTURES[picture[0]][0]}", picture[1]
            elif texts and plain_of(output):
                text = "\n".join(map(written, plain_of(output).split("\n")))
                path, data = folder / f"{name}.txt", text.encode("utf-8", "backslashreplace")
            else:
                continue
            _put(path, data)
            found[at, place] = str(path)
    return found


def _put(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise FileError(
            f"{path} could not be written ({error.strerror or error}).",
            kept="The notebook was not touched.",
            next="Name another folder.",
        ) from None
