"""Proposals and events in the store's file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from llm_notebook.core.encoding import to_json
from llm_notebook.core.proposal import Proposal
from llm_notebook.store import notebooks
from llm_notebook.store.database import Database
from llm_notebook.store.pruning import OPEN_SQL, prune_large, prune_old


class Event(msgspec.Struct, frozen=True):
    """One line of the trace.

    Attributes
    ----------
    at : float
        Seconds since the epoch (UTC).
    notebook : str
        Where it lies now.
    proposal : str
        Its id; empty for what befell the notebook itself.
    kind : str
        Of a proposal: ``asked``, ``proposed``, ``accepted``, ``rejected``,
        ``reopened``, ``cancelled``, ``failed`` and others that the session
        names. Of a notebook: ``renamed`` and ``copied``, with ``from``.
    body : dict
        What belongs to the kind, such as whether the cells were also run.
    """

    at: float
    notebook: str
    proposal: str
    kind: str
    body: dict[str, Any]


class Saved(NamedTuple):
    """A proposal as it stands, with the kind and body of the event that brought it there."""

    proposal: Proposal
    kind: str
    body: dict[str, Any]


class Opened(msgspec.Struct, frozen=True):
    """A notebook as the store knows it: its key, and what is open in it."""

    key: str
    proposals: tuple[Proposal, ...]


class Store:
    """Proposals and events in one SQLite file.

    Notebooks are named by their paths. A `key`, once `open` has given it, holds
    also after another kernel has recorded a rename.

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
        self.database = Database(path)

    @property
    def path(self) -> Path:
        """The file's path."""
        return self.database.path

    # -- notebooks ------------------------------------------------------------

    def open(self, notebook: str, cells: Sequence[str] = ()) -> Opened:
        """Recognise the notebook at this path (see `llm_notebook.store.notebooks`)."""
        now = time.time()
        with self.database.writing() as db:
            known = notebooks.recognise(db, notebook, cells, now)
            notebooks.saw(db, known.key, cells, now)
            if known.renamed_from:
                _note(db, now, known.key, "", "renamed", {"from": known.renamed_from})
            if known.copied_from:
                _note(db, now, known.key, "", "copied", {"from": known.copied_from})
            prune_old(db, now)
            return Opened(known.key, _open_of(db, known.key))

    def rename(self, notebook: str, to: str, *, key: str | None = None) -> None:
        """Record that the front end has renamed a notebook; its proposals follow."""
        now = time.time()
        with self.database.writing() as db:
            there = notebooks.key_of(db, to)
            if there is not None and key is None and notebooks.key_of(db, notebook) is None:
                return  # another kernel has recorded it already
            key = notebooks.key_for(db, notebook, now, key)
            if there != key:
                notebooks.rename(db, key, to)
                _note(db, now, key, "", "renamed", {"from": notebook})

    def saw(self, notebook: str, cells: Sequence[str], *, key: str | None = None) -> None:
        """Remember the cells that a notebook has now, by which it is known again."""
        now = time.time()
        with self.database.writing() as db:
            notebooks.saw(db, notebooks.key_for(db, notebook, now, key), cells, now)

    # -- proposals ------------------------------------------------------------

    def save(
        self,
        notebook: str,
        proposal: Proposal,
        kind: str,
        *,
        key: str | None = None,
        at: float | None = None,
        **body: Any,
    ) -> None:
        """Write a proposal as it stands now, and the event that brought it there."""
        self.save_all(notebook, (Saved(proposal, kind, body),), key=key, at=at)

    def save_all(
        self,
        notebook: str,
        saved: Sequence[Saved],
        *,
        key: str | None = None,
        at: float | None = None,
    ) -> None:
        """Write what belongs together: all of it, or nothing where the kernel is killed."""
        at = time.time() if at is None else at
        with self.database.writing() as db:
            key = notebooks.key_for(db, notebook, at, key)
            for proposal, kind, body in saved:
                db.execute(
                    "INSERT INTO proposals (id, notebook, status, created, body, changed) "
                    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET status = "
                    "excluded.status, body = excluded.body, changed = excluded.changed",
                    (proposal.id, key, proposal.status, proposal.created, _text(proposal), at),
                )
                _note(db, at, key, proposal.id, kind, body)
            prune_large(db)

    def open_proposals(self, notebook: str) -> tuple[Proposal, ...]:
        """What streams or waits in a notebook, oldest first."""
        with self.database.reading() as db:
            key = notebooks.key_of(db, notebook)
            return () if key is None else _open_of(db, key)

    def find(self, proposal_id: str) -> Proposal | None:
        """The proposal of this id, of whichever notebook; None where there is none."""
        with self.database.reading() as db:
            row = db.execute("SELECT body FROM proposals WHERE id = ?", (proposal_id,)).fetchone()
        return None if row is None else _decode(row[0])

    def thread(self, root: str) -> tuple[Proposal, ...]:
        """The proposal of this id with all its later versions and parts, oldest first."""
        with self.database.reading() as db:
            rows = db.execute(
                "SELECT body FROM proposals WHERE notebook = "
                "(SELECT notebook FROM proposals WHERE id = ?) AND (id = ? OR instr(body, ?)) "
                "ORDER BY created, rowid",
                (root, root, f'"root":{_text(root)}'),
            ).fetchall()
        found = (_decode(body) for (body,) in rows)
        return tuple(p for p in found if p is not None and root in (p.id, p.root))

    def decided(self, limit: int = 500) -> tuple[tuple[Proposal, tuple[Event, ...]], ...]:
        """The newest proposals of all notebooks that were decided, with their events."""
        with self.database.reading() as db:
            rows = db.execute(
                "SELECT id, body FROM proposals WHERE EXISTS (SELECT 1 FROM events WHERE "
                "proposal = id AND kind IN ('accepted', 'rejected', 'reopened')) "
                "ORDER BY changed DESC LIMIT ?",
                (limit,),
            ).fetchall()
            found = []
            for id, body in rows:
                events = db.execute(
                    "SELECT at, kind, body FROM events WHERE proposal = ? ORDER BY seq", (id,)
                ).fetchall()
                found.append((id, body, events))
        return tuple(
            (proposal, tuple(Event(at, "", id, kind, msgspec.json.decode(b)) for at, kind, b in es))
            for id, body, es in found
            if (proposal := _decode(body)) is not None
        )

    def events(self, notebook: str | None = None) -> tuple[Event, ...]:
        """The trace, oldest first; of one notebook where it is given."""
        query = (
            "SELECT at, coalesce(path, ''), proposal, kind, body FROM events "
            "LEFT JOIN notebooks ON key = notebook"
        )
        where = (" WHERE path = ?", (notebook,)) if notebook is not None else ("", ())
        with self.database.reading() as db:
            rows = db.execute(f"{query}{where[0]} ORDER BY seq", where[1]).fetchall()
        return tuple(
            Event(at, name, proposal, kind, msgspec.json.decode(body))
            for at, name, proposal, kind, body in rows
        )

    def trace(self, notebook: str | None = None) -> tuple[tuple[Event, Proposal | None], ...]:
        """As `events`, each with the proposal that it befell as that stands now."""
        events = self.events(notebook)
        with self.database.reading() as db:
            rows = dict(db.execute("SELECT id, body FROM proposals").fetchall())
        known = {id: _decode(rows[id]) for id in {e.proposal for e in events} & rows.keys()}
        return tuple((event, known.get(event.proposal)) for event in events)


def _note(
    db: sqlite3.Connection, at: float, key: str, proposal: str, kind: str, body: object
) -> None:
    db.execute(
        "INSERT INTO events (at, notebook, proposal, kind, body) VALUES (?, ?, ?, ?, ?)",
        (at, key, proposal, kind, _text(body)),
    )


def _open_of(db: sqlite3.Connection, key: str) -> tuple[Proposal, ...]:
    rows = db.execute(
        f"SELECT body FROM proposals WHERE notebook = ? AND {OPEN_SQL} ORDER BY created, rowid",
        (key,),
    )
    return tuple(found for (body,) in rows if (found := _decode(body)) is not None)


def _decode(body: str) -> Proposal | None:
    """A stored proposal; None where a later version of us wrote another shape."""
    try:
        return msgspec.json.decode(body, type=Proposal)
    except msgspec.MsgspecError:
        return None


def _text(value: object) -> str:
    return to_json(value).decode()
