"""The event store: what was asked, proposed and decided, and what is still open.

One SQLite file in Jupyter's data directory, readable by its owner only. Each
operation opens the file, does its work in one transaction and closes it, so
that threads, forks and several kernels never share a connection. The journal
mode is SQLite's default (a rollback journal), which is safe where the home
folder is a network mount; write-ahead logging is not.

The store is evidence, never authority: nothing is allowed because of what
stands in it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.errors import Problem, StoreError
from llm_notebook.core.proposal import Proposal

if TYPE_CHECKING:
    import sqlite3

SCHEMA_VERSION = 1
BUSY_TIMEOUT = 5.0
"""Seconds to wait for another kernel's transaction."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS proposals (
    id TEXT PRIMARY KEY,
    notebook TEXT NOT NULL,
    status TEXT NOT NULL,
    created REAL NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS proposals_open ON proposals (notebook, status);
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    notebook TEXT NOT NULL,
    proposal TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);
"""


class Event(msgspec.Struct, frozen=True):
    """One line of the trace.

    Attributes
    ----------
    at : float
        Seconds since the epoch (UTC).
    kind : str
        ``asked``, ``proposed``, ``accepted``, ``rejected``, ``reopened``,
        ``cancelled`` or ``failed``.
    body : dict
        What belongs to the kind, such as whether the cells were also run.
    """

    at: float
    notebook: str
    proposal: str
    kind: str
    body: dict[str, Any]


def default_path() -> Path:
    """Where the store lies: ``llm_notebook/store.sqlite`` in Jupyter's data directory."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "llm_notebook" / "store.sqlite"


class Store:
    """Proposals and events in one SQLite file.

    Parameters
    ----------
    path : Path, optional
        The file; made on first use, mode 0600. Default: `default_path`.

    Raises
    ------
    StoreError
        From every method, where the file cannot be read or written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """The file's path."""
        if self._path is None:
            self._path = default_path()
        return self._path

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made here so that it never exists with a wider mode, not even for a moment.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
                    for statement in _SCHEMA.split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()  # rolls back what was not committed
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The record of proposals at {self.path} cannot be used ({error}).",
                kept="The notebook is not affected; proposals are kept in memory.",
                next="Check the disk and the file's permissions, or move the file away.",
            ) from error

    def save(self, notebook: str, proposal: Proposal, kind: str, **body: Any) -> None:
        """Write a proposal as it stands now, and the event that brought it there."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO proposals VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                "notebook = excluded.notebook, status = excluded.status, body = excluded.body",
                (
                    proposal.id,
                    notebook,
                    proposal.status,
                    proposal.created,
                    _encode(proposal),
                ),
            )
            db.execute(
                "INSERT INTO events (at, notebook, proposal, kind, body) VALUES (?, ?, ?, ?, ?)",
                (time.time(), notebook, proposal.id, kind, _encode(body)),
            )

    def open_proposals(self, notebook: str) -> tuple[Proposal, ...]:
        """Pending and drafting proposals of a notebook, oldest first."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT body FROM proposals WHERE notebook = ? AND status IN "
                "('pending', 'drafting') ORDER BY created",
                (notebook,),
            ).fetchall()
        return tuple(found for (body,) in rows if (found := _decode(body)) is not None)

    def find(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, of whichever notebook; None where there is none."""
        with self._transaction() as db:
            row = db.execute("SELECT body FROM proposals WHERE id = ?", (proposal_id,)).fetchone()
        return None if row is None else _decode(row[0])

    def events(self, notebook: str | None = None) -> tuple[Event, ...]:
        """The trace, oldest first; of one notebook where it is given."""
        query = "SELECT at, notebook, proposal, kind, body FROM events"
        where = (" WHERE notebook = ?", (notebook,)) if notebook is not None else ("", ())
        with self._transaction() as db:
            rows = db.execute(f"{query}{where[0]} ORDER BY seq", where[1]).fetchall()
        return tuple(
            Event(at, name, proposal, kind, msgspec.json.decode(body))
            for at, name, proposal, kind, body in rows
        )


def _decode(body: str) -> Proposal | None:
    """A stored proposal; None where a later version of us wrote another shape."""
    try:
        return msgspec.json.decode(body, type=Proposal)
    except msgspec.MsgspecError:
        return None


class Recorder:
    """A store that never stops the person.

    Attributes
    ----------
    problem : Problem or None
        Why the last operation failed, for a face to say.
    """

    def __init__(self, store: Store) -> None:
        self.problem: Problem | None = None
        self._store = store

    def save(self, notebook: str, proposal: Proposal, kind: str, **body: Any) -> None:
        """As `Store.save`."""
        with self._trying():
            self._store.save(notebook, proposal, kind, **body)

    def open_proposals(self, notebook: str) -> tuple[Proposal, ...]:
        """As `Store.open_proposals`; none where the store cannot be read."""
        with self._trying():
            return self._store.open_proposals(notebook)
        return ()

    def find(self, proposal_id: str) -> Proposal | None:
        """As `Store.find`; None where the store cannot be read."""
        with self._trying():
            return self._store.find(proposal_id)
        return None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[None]:
        try:
            yield
            self.problem = None
        except StoreError as error:
            self.problem = error.problem


def _encode(value: object) -> str:
    """JSON text; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        import json

        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
