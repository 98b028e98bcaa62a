"""What windows want to have gone on with, while a person types in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.errors import as_problem
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.protocol import Continue, Continued, Stop
from llm_notebook.faces.latest import Latest

if TYPE_CHECKING:
    from llm_notebook.continuing import Continuing
    from llm_notebook.session import Session

KEPT = "Nothing was changed."


class Ahead:
    """Hands what windows want to the session, on a thread of its own."""

    def __init__(self) -> None:
        self._latest = Latest()
        self._continuing: Continuing | None = None
        self._snapshots: dict[str, Snapshot] = {}

    def handle(
        self,
        window: str,
        message: Continue | Stop,
        session: Session,
        tell: Callable[[Continued], None],
    ) -> None:
        """Take a message; returns at once."""
        if self._continuing is None:
            from llm_notebook.continuing import Continuing  # with the first, not at start-up

            self._continuing = Continuing(
                session.models, session.workspace, session, lambda: session.notebook
            )
        continuing = self._continuing
        if isinstance(message, Stop):
            continuing.stop(window, message.continue_id)
            return
        if message.snapshot is not None:
            self._snapshots[window] = message.snapshot
        snapshot = self._snapshots.get(window, Snapshot(()))
        if session.lowered is not None and session.lowered < message.level:
            message = msgspec.structs.replace(message, level=session.lowered)
        continuing.announce(window, message, tell)

        def work() -> None:
            try:
                continuing.start(window, message, snapshot)
            except Exception as error:
                continuing.stop(window, message.continue_id)
                tell(Continued(message.continue_id, "", as_problem(error, kept=KEPT)))

        self._latest.put(window, work)

    def closed(self, window: str) -> None:
        """A window has gone."""
        self._snapshots.pop(window, None)
        if self._continuing is not None:
            self._continuing.stop(window)
