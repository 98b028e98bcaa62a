"""The slider's levels, and the verdicts on a proposal."""

from __future__ import annotations

from typing import Literal

Level = Literal[0, 1, 2, 3]
"""Off, Complete, Propose and Preview. A level that does not work yet does not exist."""

DEFAULT_LEVEL: Level = 3
"""Where nobody has chosen one. It is Propose in effect where there can be no dry run."""

Verdict = Literal["accepted", "rejected", "reopened"]
"""``reopened``: the person took the accept back (undo), so it is pending again."""
