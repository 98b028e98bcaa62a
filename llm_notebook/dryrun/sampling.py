"""In the child: cut frames and arrays to some rows, so that a long cell can be tried on fewer."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

SEED = 0
"""So that a second look shows the same rows."""


def cut_to_sample(namespace: dict[str, Any], hidden: Mapping[str, Any], rows: int) -> str:
    """Cut each long frame, series and array among the variables to a sample of its rows.

    Rows are drawn by chance with a fixed seed, and keep their order: the first
    rows of a sorted table would be like each other. Objects that have several
    names stay one object.

    Parameters
    ----------
    namespace : dict of str to object
        Changed in place; the objects themselves are left alone.
    hidden : mapping of str to object
        Names that are not the person's.
    rows : int
        At least 1.

    Returns
    -------
    str
        What was cut, such as ``"df (1,000,000 rows) to 1,000 rows"``; empty where nothing was.
    """
    cut: dict[int, Any] = {}
    told: list[str] = []
    keep: list[Any] = []  # so that no id is used again
    for name, value in list(namespace.items()):
        if name.startswith("_") or (name in hidden and hidden[name] is value):
            continue
        if id(value) not in cut:
            sample = _sample(value, rows)
            if sample is None:
                continue
            cut[id(value)] = sample
            keep.append(value)
            told.append(f"{name} ({len(value):,} rows)")
        namespace[name] = cut[id(value)]
    shown = ", ".join(told[:10]) + (f" and {len(told) - 10} more" if len(told) > 10 else "")
    return f"{shown} to {rows:,} rows" if told else ""


def _sample(value: Any, rows: int) -> Any | None:
    pandas, polars, numpy = (sys.modules.get(name) for name in ("pandas", "polars", "numpy"))
    frames = tuple(
        kind
        for module in (pandas, polars)
        if module is not None
        for kind in (getattr(module, "DataFrame", None), getattr(module, "Series", None))
        if isinstance(kind, type)
    )
    is_array = numpy is not None and isinstance(value, numpy.ndarray) and value.ndim > 0
    if not (isinstance(value, frames) or is_array) or len(value) <= rows:
        return None
    import random

    kept = sorted(random.Random(SEED).sample(range(len(value)), rows))
    if polars is not None and isinstance(value, polars.DataFrame | polars.Series):
        return value[kept]
    return value[kept] if is_array else value.iloc[kept]
