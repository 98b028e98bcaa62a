"""The effects of one cell, whatever language it is in."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from llm_notebook.core.decision import PredictedEffect
from llm_notebook.policy import cells, magics
from llm_notebook.policy.locating import Places
from llm_notebook.policy.python import Reader

_NOTHING: Mapping[str, str] = {}


def predict(
    source: str,
    known: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> tuple[PredictedEffect, ...]:
    """What a cell would do outside the namespace; empty where it does nothing there.

    Parameters
    ----------
    source : str
        The cell as it stands in the notebook, magics included.
    known : mapping of str to str, optional
        What live variables are: the qualified name of the type, such as
        ``"pandas.DataFrame"``; ``"module:os"`` for a module and
        ``"function:os.system"`` for a function or class that a module defines.
    sources : mapping of str to str, optional
        Sources of functions and classes that earlier cells define. What they do
        counts where the cell uses them.

    Returns
    -------
    tuple of PredictedEffect
        In the order of the code. Never raises on what `source` holds.
    """
    try:
        return tuple(predict_within(source, known or _NOTHING, sources or _NOTHING))
    except Exception as error:
        # A fault of ours must not let anything through, nor stop a session.
        why = f"it could not be judged ({type(error).__name__})"
        return (PredictedEffect("unknown", "", why, 1, 1),)


def predict_within(
    source: str, known: Mapping[str, str], sources: Mapping[str, str], depth: int = 0
) -> list[PredictedEffect]:
    """As `predict`, within the reading of another source, or a cell magic's body."""
    parts = cells.split(source)
    found: list[PredictedEffect] = []
    for command in parts.commands:
        found += magics.effects(command, known, sources, depth)
    if parts.problem:
        found.append(PredictedEffect("unknown", "", parts.problem, parts.problem_line, 1))
    if parts.tree is not None:
        found += _read(parts.tree, Reader(Places(parts.python), known, sources, depth))
    if len(found) > 1:
        found.sort(key=lambda effect: (effect.line or 0, effect.column or 0))
    return found


def _read(tree: ast.Module, reader: Reader) -> list[PredictedEffect]:
    try:
        return reader.read(tree)
    except RecursionError:
        return [PredictedEffect("unknown", "", "it is nested too deeply to be read", 1, 1)]
