"""What one run of a cell took and made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from llm_notebook.truth.bodies import Body

Outcome = Literal["ran", "failed", "interrupted"]


@dataclass(slots=True)
class Trace:
    """What one run of a cell took and made.

    Attributes
    ----------
    sign : int
        The same for the same code on equal values.
    reads : dict of str to int
        Names that it took from before it, and the labels that they had.
    soft : set of str
        Those of `reads` that count only because it may leave the name as it was.
    known : dict of str to Body
        Those of `reads` that something had bound, and what may happen when they are called.
    writes : set of str
    varies : bool
        It may make something else each time.
    doubt : str
        Why it cannot be followed; empty where it can.
    """

    sign: int = 0
    reads: dict[str, int] = field(default_factory=dict)
    soft: set[str] = field(default_factory=set)
    known: dict[str, Body] = field(default_factory=dict)
    writes: set[str] = field(default_factory=set)
    varies: bool = False
    doubt: str = ""
