"""Which notebook is this? A key that stays while the path changes.

A notebook is known by its path. A path that is new to the store may be a known
notebook under another name, and that is told from its cells' ids, which
JupyterLab makes at random and a file keeps through rename and copy:

- Two notebooks **match** if they share at least `MIN_SHARED` ids, and those are
  more than half of the ids of each.
- The known notebook must be the single best match; of two equal ones, such as a
  notebook and its untouched copy, neither is taken.
- Both paths must be absolute and the new file must be there to be seen, since a
  kernel on another machine than the files could not tell "gone" from "not here".
- If the known notebook's file is gone, it was **renamed**: the key, and with it
  every proposal, follows. If it is there, this is a **copy**: it gets a key of
  its own, starts without proposals, and its trace says what it was copied from.

An empty notebook, one with one or two cells, and one whose format has no ids
are never matched. They are known by path alone, and by what a front end says
when it renames them.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Collection, Sequence

import msgspec

MIN_SHARED = 3
"""Ids that two notebooks must share to be taken for one."""


class Known(msgspec.Struct, frozen=True):
    """A notebook that the store knows.

    Attributes
    ----------
    key : str
    renamed_from, copied_from : str
        Where that was found out just now; empty otherwise.
    """

    key: str
    renamed_from: str = ""
    copied_from: str = ""


def likeness(before: Collection[str], now: Collection[str]) -> float:
    """How alike two notebooks are by their cells' ids; 0 where they do not match."""
    old, new = frozenset(before), frozenset(now)
    shared = len(old & new)
    if shared < MIN_SHARED or 2 * shared <= max(len(old), len(new)):
        return 0.0
    return shared / len(old | new)


def key_of(db: sqlite3.Connection, path: str) -> str | None:
    """The key of the notebook at this path."""
    row = db.execute("SELECT key FROM notebooks WHERE path = ?", (path,)).fetchone()
    return None if row is None else str(row[0])


def key_for(db: sqlite3.Connection, path: str, now: float, known: str | None = None) -> str:
    """The key to write under: `known` where it still is one, else the path's, else a new one."""
    if (
        known is not None
        and db.execute("SELECT 1 FROM notebooks WHERE key = ?", (known,)).fetchone()
    ):
        return known
    return key_of(db, path) or _new(db, path, now)


def recognise(db: sqlite3.Connection, path: str, cells: Sequence[str], now: float) -> Known:
    """Find or make the notebook at `path` that has these cells."""
    key = key_of(db, path)
    if key is not None:
        return Known(key)
    match = _best_match(db, cells) if os.path.isabs(path) and os.path.isfile(path) else None
    if match is None:
        return Known(_new(db, path, now))
    key, before = match
    if os.path.exists(before):
        return Known(_new(db, path, now), copied_from=before)
    db.execute("UPDATE notebooks SET path = ? WHERE key = ?", (path, key))
    return Known(key, renamed_from=before)


def rename(db: sqlite3.Connection, key: str, path: str) -> None:
    """Take the front end's word that this notebook lies at `path` now.

    What was recorded under that path before, such as by a page that was quicker
    than this word, belongs to the notebook from now on.
    """
    other = key_of(db, path)
    if other is not None and other != key:
        for table in ("proposals", "events"):
            db.execute(f"UPDATE {table} SET notebook = ? WHERE notebook = ?", (key, other))
        db.execute("DELETE FROM notebooks WHERE key = ?", (other,))
    db.execute("UPDATE notebooks SET path = ? WHERE key = ?", (path, key))


def saw(db: sqlite3.Connection, key: str, cells: Sequence[str], now: float) -> None:
    """Remember which cells a notebook has. No cells say nothing."""
    if cells:
        db.execute(
            "UPDATE notebooks SET cells = ?, seen = ? WHERE key = ?",
            (msgspec.json.encode(list(cells)).decode(), now, key),
        )
    else:
        db.execute("UPDATE notebooks SET seen = ? WHERE key = ?", (now, key))


def _new(db: sqlite3.Connection, path: str, now: float) -> str:
    key = secrets.token_hex(8)
    db.execute("INSERT INTO notebooks (key, path, seen) VALUES (?, ?, ?)", (key, path, now))
    return key


def _best_match(db: sqlite3.Connection, cells: Sequence[str]) -> tuple[str, str] | None:
    """Key and path of the single best match."""
    if len(cells) < MIN_SHARED:
        return None
    found = []
    for key, path, known in db.execute("SELECT key, path, cells FROM notebooks"):
        score = likeness(msgspec.json.decode(known, type=list[str]), cells)
        if score and os.path.isabs(path):
            found.append((score, key, path))
    found.sort(reverse=True)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1], found[0][2]
