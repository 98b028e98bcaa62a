"""Going on with what is being typed, for each window that asks; nothing of it is kept.

A completion is not a proposal: it is text at a cursor that a person takes with
a key or types over. So it is not in the store, and it changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.protocol import Continue, Continued
from llm_notebook.llm import wire
from llm_notebook.llm.names import chain_of
from llm_notebook.ports import folder_of

if TYPE_CHECKING:
    from llm_notebook.llm.choosing import Choosing
    from llm_notebook.ports import Models, Workspace

BUDGET = 1200
"""Estimated tokens of the context: it is sent often, and waited for."""
DEADLINE = 10.0
"""Seconds. What comes later is not what is being typed any more."""
NEAR = 2
"""Cells just before that are wanted, also where the words so far do not name them."""
AROUND = 4000
"""Characters of the cell that are sent, before and behind the cursor."""

_CANNOT = ("offline:",)
"""Models that cannot go on with a text."""

Tell = Callable[[Continued], None]


def able(model: str) -> str:
    """What of a model or a chain can complete; empty where nothing can."""
    links = [link for link in chain_of(model) if not link.startswith(_CANNOT)]
    return ", ".join(links)


class Continuing:
    """The completions of one kernel, at most one a window.

    Parameters
    ----------
    models : Models
    workspace : Workspace
    choosing : Choosing
        Knows the model for the role.
    notebook : callable
        What the notebook is called at present.
    """

    def __init__(
        self,
        models: Models,
        workspace: Workspace,
        choosing: Choosing,
        notebook: Callable[[], str],
    ) -> None:
        self._models = models
        self._workspace = workspace
        self._choosing = choosing
        self._notebook = notebook
        self._lock = threading.Lock()
        self._open: dict[str, _Wanted] = {}

    def announce(self, window: str, message: Continue, tell: Tell) -> None:
        """Take up what a window wants, in place of what it wanted before."""
        wanted = _Wanted(message, tell)
        with self._lock:
            before = self._open.get(window)
            self._open[window] = wanted
        self._abort(before)

    def stop(self, window: str, continue_id: str | None = None) -> None:
        """End what a window waits for; with an id, only that."""
        with self._lock:
            wanted = self._open.get(window)
            if wanted is None or continue_id not in (None, wanted.message.continue_id):
                return
            del self._open[window]
        self._abort(wanted)

    def start(self, window: str, message: Continue, snapshot: Snapshot) -> None:
        """Ask the model for what was announced, unless it is not wanted any more.

        Parameters
        ----------
        window : str
        message : Continue
        snapshot : Snapshot
            The notebook as the window last sent it.
        """
        wanted = self._wanted(window, message.continue_id)
        if wanted is None:
            return
        model = able(self._choosing.model_for("complete")) if message.level >= 1 else ""
        if not model:
            self._finish(window, wanted, "")
            return
        request = self._request(message, snapshot, model)
        if request is None:
            self._finish(window, wanted, "")
            return
        with self._lock:
            if self._open.get(window) is not wanted:
                return
            wanted.asked = True
            # Under the lock, so that an abort cannot fall between the two.
            self._models.complete(request, lambda event: self._arrived(window, wanted, event))

    def _request(
        self, message: Continue, snapshot: Snapshot, model: str
    ) -> wire.CompletionRequest | None:
        """The request; None where the cursor stands in a secret."""
        from llm_notebook.context import build_context, redact  # with the first, not at start-up
        from llm_notebook.llm.completing import completing_messages

        cells = tuple(
            Cell(cell.id, cell.type, message.prefix + message.suffix)
            if cell.id == message.cell
            else cell
            for cell in snapshot.cells
        )
        at = next((i for i, cell in enumerate(cells) if cell.id == message.cell), len(cells))
        context = build_context(
            msgspec.structs.replace(snapshot, cells=cells),
            message.prefix.rpartition("\n")[2],
            message.cell,
            self._workspace.namespace(),
            folder=folder_of(self._notebook(), self._workspace),
            budget=BUDGET,
            extra=dict.fromkeys((cell.id for cell in cells[max(0, at - NEAR) : at]), "just before"),
        )
        prefix, suffix = redact(message.prefix)[0], redact(message.suffix)[0]
        if redact(message.prefix + message.suffix)[0] != prefix + suffix:
            return None
        prefix, suffix = prefix[-AROUND:], suffix[:AROUND]
        return wire.CompletionRequest(
            id=f"continue-{message.continue_id}",
            model=model,
            messages=completing_messages(prefix, suffix, context, message.cell),
            prompt=prefix,
            deadline=DEADLINE,
            role="complete",
            record=self._choosing.recording,
        )

    def _arrived(self, window: str, wanted: _Wanted, event: wire.WorkerEvent) -> None:
        from llm_notebook.llm.completing import is_enough

        if isinstance(event, wire.Chunk):
            wanted.text += event.text
            if is_enough(wanted.text):
                self._models.cancel(event.id)
                self._finish(window, wanted, self._typed(wanted, is_whole=False))
        elif isinstance(event, wire.Switched):
            wanted.text = ""
        elif isinstance(event, wire.Done):
            is_whole = event.finish_reason in wire.STOPPED
            self._finish(window, wanted, self._typed(wanted, is_whole=is_whole))
        elif isinstance(event, wire.Error):
            self._end(window, wanted, Continued(wanted.message.continue_id, "", event.problem))

    def _typed(self, wanted: _Wanted, *, is_whole: bool) -> str:
        from llm_notebook.llm.completing import continuation

        message = wanted.message
        return continuation(wanted.text, message.prefix, message.suffix, is_whole=is_whole)

    def _finish(self, window: str, wanted: _Wanted, text: str) -> None:
        self._end(window, wanted, Continued(wanted.message.continue_id, text))

    def _end(self, window: str, wanted: _Wanted, answer: Continued) -> None:
        with self._lock:
            if self._open.get(window) is not wanted:
                return
            del self._open[window]
        wanted.tell(answer)

    def _wanted(self, window: str, continue_id: str) -> _Wanted | None:
        with self._lock:
            wanted = self._open.get(window)
        return wanted if wanted and wanted.message.continue_id == continue_id else None

    def _abort(self, wanted: _Wanted | None) -> None:
        if wanted is not None and wanted.asked:
            self._models.cancel(f"continue-{wanted.message.continue_id}")


class _Wanted:
    """One completion that a window waits for."""

    def __init__(self, message: Continue, tell: Tell) -> None:
        self.message = message
        self.tell = tell
        self.text = ""
        self.asked = False
