"""Cells and snapshots: the notebook at one moment, immutable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

HASH_LENGTH = 16


def cell_hash(cell_type: str, source: str) -> str:
    """The identity of a cell's content, used in preconditions.

    Parameters
    ----------
    cell_type : str
        ``"code"``, ``"markdown"`` or ``"raw"``.
    source : str
        The cell's text.

    Returns
    -------
    str
        The first 16 hexadecimal digits of SHA-256 over type, newline and
        source in UTF-8. A lone surrogate counts as U+FFFD, as it does in a
        browser's ``TextEncoder``, so that both sides agree.
    """
    text = f"{cell_type}\n{source}"
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    return hashlib.sha256(data).hexdigest()[:HASH_LENGTH]


class Cell(msgspec.Struct, frozen=True):
    """One cell: its id, type and source."""

    id: str
    type: str
    source: str

    @property
    def hash(self) -> str:
        """The content's `cell_hash`."""
        return cell_hash(self.type, self.source)


class Snapshot(msgspec.Struct, frozen=True):
    """The notebook's cells at one moment.

    Attributes
    ----------
    cells : tuple of Cell
        In notebook order; ids are unique.
    path : str
        Where the notebook lies, as its host names it. Empty where it has none.
    has_ids : bool
        False where the ids were made up on reading (nbformat before 4.5), so
        that they identify nothing across files.
    """

    cells: tuple[Cell, ...]
    path: str = ""
    has_ids: bool = True

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def find(self, cell_id: str) -> Cell | None:
        """The cell of this id, or None."""
        return next((cell for cell in self.cells if cell.id == cell_id), None)

    def content(self) -> tuple[tuple[str, str], ...]:
        """(type, source) of each cell in order: what equality of notebooks means."""
        return tuple((cell.type, cell.source) for cell in self.cells)
