"""What becomes of an ask: code, words, a question, or a refusal."""

from __future__ import annotations

from typing import Literal

import msgspec


class Change(msgspec.Struct, frozen=True):
    """One more edit of a plan: a cell by its label to replace, or a new one at a place."""

    code: str
    cell: str = ""
    place: str = ""
    kind: Literal["code", "markdown"] = "code"


class Plan(msgspec.Struct, frozen=True):
    """What an understood ask comes to.

    Attributes
    ----------
    title, why : str
    code : str
        Source of the cell to add, or the whole new source of the target.
    replaces : bool
        Whether `code` replaces a cell.
    cell : str
        Label of that cell; empty: the one at hand, see `Scene.label`.
    uses : tuple of str
        Short names of modules that the code uses, see `IMPORTS`.
    also : tuple of Change
        What else is changed, in the same proposal.
    place : str
        Where a new cell goes, as the reply format says it; empty: see `Scene.place`.
    kind : {"code", "markdown"}
        What a new cell is.
    """

    title: str
    code: str
    why: str = ""
    replaces: bool = False
    cell: str = ""
    uses: tuple[str, ...] = ()
    also: tuple[Change, ...] = ()
    place: str = ""
    kind: Literal["code", "markdown"] = "code"


class Refusal(msgspec.Struct, frozen=True):
    """An ask that was understood and cannot or should not be done: why, and what to ask instead."""

    why: str
    tries: tuple[str, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """What an understood ask comes to where it is answered in words."""

    title: str
    text: str


class Question(msgspec.Struct, frozen=True):
    """An ask that means several things alike: the one question, with its choices.

    Attributes
    ----------
    text : str
    choices : tuple of (str, str)
        Label and whole prompt of each.
    """

    text: str
    choices: tuple[tuple[str, str], ...]


Result = Plan | Told | Question | Refusal

IMPORTS = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "pl": "import polars as pl",
    "plt": "import matplotlib.pyplot as plt",
}
