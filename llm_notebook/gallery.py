"""The dry runs that were asked for, and the previews that a session keeps and tells of."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llm_notebook.core.preview import OVER, Preview
from llm_notebook.tracing import weight

if TYPE_CHECKING:
    from llm_notebook.core.edits import Edit
    from llm_notebook.core.protocol import DryRun
    from llm_notebook.ports import Running

MOST_KEPT = 40_000_000
"""Characters of previews that are kept; the oldest that are over go first."""


@dataclass(eq=False)
class Asked:
    """One dry run that was asked for, until it is over.

    Attributes
    ----------
    edits : tuple of Edit
        Of the proposal, as it was on screen.
    stop_reason : str
        Why it is to end; empty as long as it is not.
    is_dropped : bool
        Nobody is told of it any more.
    """

    message: DryRun
    edits: tuple[Edit, ...]
    preview: Preview
    running: Running | None = None
    stop_reason: str = ""
    is_dropped: bool = False

    def is_void(self, proposal_id: str, edits_hash: str | None) -> bool:
        """Whether it is of this proposal, of which other edits or none wait now."""
        message = self.message
        return message.proposal_id == proposal_id and message.edits_hash != edits_hash


class Gallery:
    """The newest preview of each proposal, and who is told. Called under its owner's lock."""

    def __init__(self) -> None:
        self._previews: dict[str, Preview] = {}
        self._listeners: list[Callable[[Preview], None]] = []

    def listen(self, heard: Callable[[Preview], None]) -> None:
        """Tell `heard` of each preview from now on."""
        self._listeners.append(heard)

    def unlisten(self, heard: Callable[[Preview], None]) -> None:
        """Tell it no more."""
        with contextlib.suppress(ValueError):
            self._listeners.remove(heard)

    def put(self, preview: Preview) -> Preview:
        """Keep a preview as it stands now, and tell of it."""
        self._previews.pop(preview.proposal_id, None)  # the newest last
        self._previews[preview.proposal_id] = preview
        total = sum(map(weight, self._previews.values()))
        for old in tuple(self._previews.values())[:-1]:
            if total <= MOST_KEPT:
                break
            if old.status in OVER:
                total -= weight(old)
                del self._previews[old.proposal_id]
        for listener in tuple(self._listeners):
            listener(preview)
        return preview

    def of(self, hashes: Mapping[str, str]) -> tuple[Preview, ...]:
        """Those of edits as they stand: `hashes` by proposal id."""
        found = self._previews.values()
        return tuple(p for p in found if hashes.get(p.proposal_id) == p.edits_hash)

    def keep_only(self, proposal_id: str, edits_hash: str | None) -> None:
        """Forget what was shown of a proposal where it was of other edits."""
        known = self._previews.get(proposal_id)
        if known is not None and known.edits_hash != edits_hash:
            del self._previews[proposal_id]
