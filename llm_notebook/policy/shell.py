"""What shell code does, by a real parser; it is asked in any case."""

from __future__ import annotations

from llm_notebook.core.decision import PredictedEffect


def effects(code: str, line: int, column: int) -> list[PredictedEffect]:
    """What it does."""
    return [PredictedEffect("starts", "", "shell", line, column)]
