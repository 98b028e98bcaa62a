"""The effects of one cell, whatever language it is in."""

from __future__ import annotations

from collections.abc import Mapping

from llm_notebook.core.decision import PredictedEffect


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
    return (PredictedEffect("unknown", why="code that has not been read", line=1, column=1),)
