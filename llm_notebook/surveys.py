"""The contexts that a person was shown before anything was sent."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llm_notebook.core.protocol import Ask, Survey, Surveyed
    from llm_notebook.ports import Workspace
    from llm_notebook.showing import Shown
    from llm_notebook.versions import Before

KEPT = 8
"""How many are kept, the last ones."""


class Surveys:
    """What would be sent, kept until it is.

    Parameters
    ----------
    workspace : Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._shown: dict[str, Shown] = {}

    def make(self, message: Survey, before: Before, notebook: str) -> Surveyed:
        """Choose what the model would be shown."""
        from llm_notebook.context import survey  # with the first ask, not at start-up
        from llm_notebook.showing import show

        shown = show(message, self._workspace, notebook, before)
        with self._lock:
            self._shown[message.survey_id] = shown
            while len(self._shown) > KEPT:
                del self._shown[next(iter(self._shown))]
        return survey(message.survey_id, shown.context)

    def shown(self, ask: Ask, before: Before, notebook: str) -> Shown:
        """What the person was shown, where that still is what was asked; else chosen anew."""
        from llm_notebook.showing import show

        surveyed = self._shown.get(ask.survey or "")
        if surveyed is not None and surveyed.answers(ask, before):
            return surveyed
        return show(ask, self._workspace, notebook, before)
