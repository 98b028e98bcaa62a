"""The slider's levels, and the verdicts on a proposal."""

from __future__ import annotations

from typing import Literal

Level = Literal[0, 1, 2, 3, 4]
"""Off, Complete, Propose, Preview and Auto-run. A level that does not work yet does not exist.

Auto-run is a front end's alone: a person's gesture arms it there, and a kernel
does at 4 what it does at 3.
"""

LEVEL_NAMES: dict[Level, str] = {
    0: "Off",
    1: "Complete",
    2: "Propose",
    3: "Preview",
    4: "Auto-run",
}

DEFAULT_LEVEL: Level = 3
"""Where nobody has chosen one. It is Propose in effect where there can be no dry run."""

Verdict = Literal["accepted", "rejected", "reopened"]
"""``reopened``: the person took the accept back (undo), so it is pending again."""
