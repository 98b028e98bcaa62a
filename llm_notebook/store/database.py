"""The store's file: how it is opened, upgraded and given back.

Each operation opens the file, does its work in one short transaction and
closes it, so that threads, forks and several kernels never share a connection.
The journal is SQLite's rollback journal and nothing is mapped into memory,
which is what works where the home folder is a network mount; a write-ahead log
does not. Whoever finds the file locked waits for `BUSY_TIMEOUT` seconds, since
on such a mount a lock may be slow to come and slow to go.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from llm_notebook.core.errors import StoreError

SCHEMA_VERSION = 2
BUSY_TIMEOUT = 5.0
"""Seconds to wait for another kernel's transaction."""

_SLEEP = (0.002, 0.02)

_KEPT = (
    "The notebook is not affected; proposals are kept in memory, and written as soon as that works."
)

_UPGRADES = (
    """
    CREATE TABLE proposals (
        id TEXT PRIMARY KEY,
        notebook TEXT NOT NULL,
        status TEXT NOT NULL,
        created REAL NOT NULL,
        body TEXT NOT NULL
    );
    CREATE INDEX proposals_open ON proposals (notebook, status);
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        notebook TEXT NOT NULL,
        proposal TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL
    )
    """,
    # A notebook has a key of its own, since its path changes. An older version, which writes
    # five values a proposal, is refused by the sixth and says that it cannot write.
    """
    CREATE TABLE notebooks (
        key TEXT PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        cells TEXT NOT NULL DEFAULT '[]',
        seen REAL NOT NULL
    );
    INSERT INTO notebooks (key, path, seen)
        SELECT lower(hex(randomblob(8))), notebook, max(at) FROM (
            SELECT notebook, created AS at FROM proposals
            UNION ALL SELECT notebook, at FROM events
        ) GROUP BY notebook;
    UPDATE proposals SET notebook =
        (SELECT key FROM notebooks WHERE path = proposals.notebook);
    UPDATE events SET notebook = (SELECT key FROM notebooks WHERE path = events.notebook);
    CREATE INDEX events_of ON events (proposal);
    ALTER TABLE proposals ADD COLUMN changed REAL NOT NULL DEFAULT 0;
    UPDATE proposals SET changed =
        coalesce((SELECT max(at) FROM events WHERE proposal = proposals.id), created);
    CREATE INDEX proposals_changed ON proposals (changed)
    """,
)


class HeldError(StoreError):
    """Somebody else holds the file; it may be free in a moment."""


def default_path() -> Path:
    """Where the store lies: ``llm_notebook/store.sqlite`` in Jupyter's data directory."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "llm_notebook" / "store.sqlite"


class Database:
    """Transactions on one file.

    Parameters
    ----------
    path : Path, optional
        The file; made on first use, mode 0600. Default: `default_path`.

    Attributes
    ----------
    patience : float
        Seconds to wait for a lock.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.patience = BUSY_TIMEOUT
        self._path = path

    @property
    def path(self) -> Path:
        """The file's path."""
        if self._path is None:
            self._path = default_path()
        return self._path

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that writes; all of it, or nothing where an error is raised.

        Raises
        ------
        StoreError
        """
        with self._errors():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made here so that it never exists with a wider mode, not even for a moment.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with contextlib.closing(self._connect()) as db:
                # Also where some other program has switched the file to a write-ahead log.
                self._patiently(db, "PRAGMA journal_mode = DELETE")
                self._patiently(db, "BEGIN IMMEDIATE")
                self._upgrade(db)
                yield db
                db.execute("COMMIT")  # what was not committed is rolled back by the close

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One transaction that reads, also where nothing can be written.

        Raises
        ------
        StoreError
        """
        with self._errors():
            if self._is_old():
                with self.writing():
                    pass
            # SQLite opens a file that may not be written for reading.
            with contextlib.closing(self._connect()) as db:
                db.execute("BEGIN")
                yield db

    def _is_old(self) -> bool:
        if not os.path.exists(self.path):
            return True
        with contextlib.closing(self._connect()) as db:
            return bool(_version(db) != SCHEMA_VERSION)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=self.patience, isolation_level=None)
        db.execute("PRAGMA mmap_size = 0")
        return db

    def _patiently(self, db: sqlite3.Connection, statement: str) -> None:
        """Wait for the lock by short sleeps of random length.

        SQLite's own are longer the longer one has waited already, so that of
        many kernels at one file some would wait for ever.
        """
        until = time.monotonic() + self.patience
        db.execute("PRAGMA busy_timeout = 0")
        while True:
            try:
                db.execute(statement)
            except sqlite3.OperationalError as error:
                is_busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
                if not is_busy or time.monotonic() > until:
                    raise
                time.sleep(random.uniform(*_SLEEP))
            else:
                break
        db.execute(f"PRAGMA busy_timeout = {round(self.patience * 1000)}")

    def _upgrade(self, db: sqlite3.Connection) -> None:
        version = _version(db)
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"The record of proposals at {self.path} was written by a newer version.",
                kept=_KEPT,
                next="Install one version of llm_notebook everywhere, then restart the kernel.",
            )
        for script in _UPGRADES[version:]:
            for statement in script.split(";"):
                db.execute(statement)
        if version < SCHEMA_VERSION:
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message, next = self._sentence(error)
            kind = HeldError if _is_held(error) else StoreError
            raise kind(message, kept=_KEPT, next=next) from error

    def _sentence(self, error: sqlite3.Error | OSError) -> tuple[str, str]:
        """What happened, and what to do."""
        code = getattr(error, "sqlite_errorname", "") or errno.errorcode.get(
            getattr(error, "errno", 0) or 0, ""
        )
        record = f"The record of proposals at {self.path}"
        if _is_held(error):
            return (
                f"{record} is held by another program.",
                "Nothing needs to be done, unless this is said again and again: then end the "
                "kernel or the program that holds it.",
            )
        if code in ("SQLITE_FULL", "ENOSPC", "EDQUOT", "EFBIG") or code == "SQLITE_IOERR_WRITE":
            return f"{record} cannot grow: the disk is full.", "Make room on the disk."
        if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")) or code in (
            "EACCES",
            "EPERM",
            "EROFS",
        ):
            return (
                f"{record} cannot be written: the file or its folder is read-only.",
                "Make it writable, or set JUPYTER_DATA_DIR to a folder that is.",
            )
        return (
            f"{record} cannot be used ({error}).",
            "Check the disk and the file's permissions, or move the file away.",
        )


def _is_held(error: sqlite3.Error | OSError) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
