"""Bounded growth: what is closed and old, or too much, is let go; what is open never."""

from __future__ import annotations

import sqlite3

from llm_notebook.core.proposal import OPEN

KEEP_DAYS = 365
"""Days for which a closed proposal and its trace are kept."""

KEEP_BYTES = 64 * 2**20
"""Size beyond which the oldest closed proposals go with their traces, however young.

The file itself does not shrink: SQLite uses its free pages again.
"""

_DAY = 86_400.0
_BATCH = 20
_OPEN = ", ".join(f"'{status}'" for status in sorted(OPEN))
OPEN_SQL = f"status IN ({_OPEN})"
"""What an open proposal is, as a condition."""


def prune_old(db: sqlite3.Connection, now: float) -> None:
    """Let go of what was closed `KEEP_DAYS` ago, and of notebooks of which nothing is left."""
    before = now - KEEP_DAYS * _DAY
    _drop(db, "changed < ?", before)
    db.execute("DELETE FROM events WHERE proposal = '' AND at < ?", (before,))
    db.execute(
        "DELETE FROM notebooks WHERE seen < ? AND key NOT IN (SELECT notebook FROM proposals)",
        (before,),
    )


def prune_large(db: sqlite3.Connection) -> None:
    """Let go of the oldest closed proposals until what is left takes `KEEP_BYTES` at most."""
    while _used(db) > KEEP_BYTES:
        oldest = db.execute(
            f"SELECT changed FROM proposals WHERE NOT {OPEN_SQL} ORDER BY changed LIMIT ?",
            (_BATCH,),
        ).fetchall()
        if not oldest:
            return
        _drop(db, "changed <= ?", oldest[-1][0])


def _drop(db: sqlite3.Connection, condition: str, value: float) -> None:
    closed = f"SELECT id FROM proposals WHERE NOT {OPEN_SQL} AND {condition}"
    db.execute(f"DELETE FROM events WHERE proposal IN ({closed})", (value,))
    db.execute(f"DELETE FROM proposals WHERE NOT {OPEN_SQL} AND {condition}", (value,))


def _used(db: sqlite3.Connection) -> int:
    """Bytes in use; reads two numbers of the file's header."""
    pages, free, size = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
