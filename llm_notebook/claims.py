"""Which of several windows may decide on a proposal now."""

from __future__ import annotations

from collections.abc import Callable

CLAIM_SECONDS = 10.0
"""How long a window has to decide once it may."""


class Claims:
    """Grants a proposal to one window at a time.

    Parameters
    ----------
    now : callable
        A monotonic clock, in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._held: dict[str, tuple[str, float]] = {}

    def claim(self, proposal_id: str, client: str) -> bool:
        """Whether `client` may decide: nobody else holds the claim, or theirs has run out."""
        if self.is_held_by_other(proposal_id, client):
            return False
        self._held[proposal_id] = (client, self._now() + CLAIM_SECONDS)
        return True

    def is_held_by_other(self, proposal_id: str, client: str) -> bool:
        """Whether another window has been told that it decides, and still may."""
        holder, until = self._held.get(proposal_id, (client, 0.0))
        return holder != client and self._now() < until

    def use(self, proposal_id: str, client: str) -> bool:
        """Whether what this window has decided counts; its claim ends with it."""
        if self.is_held_by_other(proposal_id, client):
            return False
        self._held.pop(proposal_id, None)
        return True
