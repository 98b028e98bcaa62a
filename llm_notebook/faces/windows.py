"""The windows that have opened a comm on this kernel, and which notebook each shows."""

from __future__ import annotations

import threading
from typing import Any

import msgspec

from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.protocol import Standing


class Window(msgspec.Struct, frozen=True):
    """One page that has said hello.

    Attributes
    ----------
    client : str
        What it calls itself; its comm's id where it does not.
    notebook : str
        The path as it names it.
    book : str
        What that notebook is called in the store: only its proposals are told here.
    cells : tuple of str
        The ids of its cells when it said hello.
    snapshot : Snapshot
        Of its last survey.
    standing : Standing or None
        What its slider says.
    """

    comm: Any
    client: str
    notebook: str
    book: str
    cells: tuple[str, ...] = ()
    snapshot: Snapshot = Snapshot(())
    standing: Standing | None = None

    def has(self, cell_id: str | None) -> bool:
        """Whether it is known to show this cell."""
        return cell_id in self.cells or any(cell.id == cell_id for cell in self.snapshot.cells)


class Windows:
    """Whom to tell what. Called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, Window] = {}

    def add(self, comm: Any, client: str, notebook: str, book: str, cells: tuple[str, ...]) -> None:
        """Take up a window; the comm that it had before, if any, is forgotten."""
        with self._lock:
            for known in tuple(self._windows.values()):
                if client and known.client == client:
                    del self._windows[known.comm.comm_id]
            name = client or comm.comm_id
            self._windows[comm.comm_id] = Window(comm, name, notebook, book, cells)

    def drop(self, comm_id: str) -> Window | None:
        """Forget a window whose comm was closed."""
        with self._lock:
            return self._windows.pop(comm_id, None)

    def find(self, comm_id: str) -> Window | None:
        """The window of this comm, if it has said hello."""
        return self._windows.get(comm_id)

    def client_of(self, comm_id: str) -> str:
        """What the window of this comm calls itself; the comm's id before it has said hello."""
        window = self.find(comm_id)
        return comm_id if window is None else window.client

    def set(self, comm_id: str, **changes: Any) -> None:
        """Note something else about a window."""
        with self._lock:
            known = self._windows.get(comm_id)
            if known is not None:
                self._windows[comm_id] = msgspec.structs.replace(known, **changes)

    def of(self, notebook: str) -> tuple[Window, ...]:
        """Those that show this notebook."""
        return tuple(window for window in self.all() if window.notebook == notebook)

    def on(self, book: str) -> tuple[Window, ...]:
        """Those that show the notebook that the store calls so."""
        return tuple(window for window in self.all() if window.book == book)

    def rename(self, before: str, book: str) -> None:
        """The store calls a notebook otherwise now."""
        for window in self.on(before):
            self.set(window.comm.comm_id, book=book)

    def book_of(self, cell_id: str | None, last: str) -> str | None:
        """The notebook of a cell; of several that have it, or where none is named, the last.

        None where no window is known to have it: it is new, and its own page knows it.
        """
        if cell_id is None:
            return last
        books = {window.book for window in self.all() if window.has(cell_id)}
        if last in books or (not books and len({w.book for w in self.all()}) == 1):
            return last
        return books.pop() if books else None

    def all(self) -> tuple[Window, ...]:
        """Every window."""
        with self._lock:
            return tuple(self._windows.values())
