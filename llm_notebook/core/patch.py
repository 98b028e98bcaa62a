"""A proposal that can be read, and taken back, without the notebook that it was made for."""

from __future__ import annotations

import msgspec

from llm_notebook.core.proposal import Proposal


class Was(msgspec.Struct, frozen=True):
    """A cell before a proposal.

    Attributes
    ----------
    place : int
        Where it stood; the first cell is 1.
    id, type : str
    source : str or None
        None where no edit touches the cell, and its id alone marks a place.
    """

    place: int
    id: str
    type: str
    source: str | None = None


class Patch(Proposal, frozen=True):
    """A proposal with what it was made from.

    Attributes
    ----------
    before : tuple of Was
        The cells that its edits touch, those that they stand behind and those
        that they are taken from behind, in notebook order.
    """

    before: tuple[Was, ...] = ()
