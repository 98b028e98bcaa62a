"""Count nulls within a budget, in the first rows where all would take too long.

A whole gigabyte would cost nearly a tenth of a second. So one `Reading` has so
many cells to look at, and so much time, for all variables of a context.
Integers and booleans have no nulls and cost nothing; pyarrow and polars keep
counts or bitmaps, and are asked for all rows.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from llm_notebook.context.typeinfo import genuine, library_class, module_dict, type_name

_CELLS = 2_000_000
_SECONDS = 0.1
# What looking at one cell costs, beside one of an array of floats.
_OBJECT = 25
_EXTENSION = 4
# Rows whose marks fit into memory that is used again, instead of new pages for all.
_PIECE = 1 << 16


class Reading:
    """What may be read of the values of variables, and how much of it is left.

    Parameters
    ----------
    nulls : bool
        Whether to count nulls.
    values : bool
        Whether to show a few values.
    seconds : float
        After which no more nulls are counted.
    cells : int
        To look at altogether; in one variable at most half of them.
    """

    def __init__(
        self,
        *,
        nulls: bool = False,
        values: bool = False,
        seconds: float = _SECONDS,
        cells: int = _CELLS,
    ) -> None:
        self.nulls = nulls
        self.values = values
        self._cells = cells if nulls else 0
        self._cells_of_one = cells // 2
        self._ends = time.monotonic() + seconds

    def rows(self, length: int, weights: Iterable[int]) -> int | None:
        """In how many rows nulls are counted, with such columns; None for not at all."""
        weight = sum(weights)
        if not self._cells or time.monotonic() > self._ends:
            return None
        if not weight:
            return length
        rows = min(length, min(self._cells, self._cells_of_one) // weight)
        self._cells -= rows * weight
        return rows if rows or not length else None

    def seconds_left(self) -> float:
        """Until no more nulls are counted."""
        return max(0.0, self._ends - time.monotonic())

    def is_over(self) -> bool:
        """Whether the time is used up."""
        return not self.seconds_left()


def weight_of(array: Any) -> int:
    """What one cell of a column costs to look at; 0 where it cannot hold a null."""
    kind = _kind(array)
    if kind in ("b", "i", "u", "S", "U", "V"):
        return 0
    return {"f": 1, "c": 1, "m": 1, "M": 1, "O": _OBJECT}.get(kind, _EXTENSION)


def count_nulls(array: Any, rows: int) -> int | None:
    """Nulls in the first rows of a numpy array or of one of pandas' own; None where unknown."""
    kind = _kind(array)
    if kind == "O":
        return _count_objects(array[:rows].tolist())
    if kind in ("f", "c", "m", "M"):
        import numpy as np

        is_null = np.isnat if kind in "mM" else np.isnan
        parts = (array[i : min(i + _PIECE, rows)] for i in range(0, rows, _PIECE))
        return sum(int(np.count_nonzero(is_null(part))) for part in parts)
    if kind:
        return 0
    if not genuine(type(array), "pandas") or type_name(type(array)).endswith("SparseArray"):
        return None
    return int(array[:rows].isna().sum())


def _kind(array: Any) -> str:
    """Numpy's letter for the kind of values; empty for what is no plain array of numpy's."""
    plain: Any = library_class("numpy", "ndarray")
    return str(array.dtype.kind) if type(array) is plain else ""


def _count_objects(values: list[Any]) -> int:
    # `pandas.isna` would ask a foreign object for its class, and `==` for its
    # equality: both may run code of the person's. Only exact types are looked at.
    kinds = Counter(map(id, map(type, values)))
    found = sum(kinds[id(cls)] for cls in _null_types())
    floats = [cls for cls in _float_types() if kinds[id(cls)]]
    if floats:
        wanted = {id(cls) for cls in floats}
        found += sum(1 for value in values if id(type(value)) in wanted and value != value)
    return found


def _null_types() -> Iterator[type]:
    yield type(None)
    pandas = module_dict(sys.modules.get("pandas"))
    for name in ("NaT", "NA"):
        if name in pandas:
            yield type(pandas[name])


def _float_types() -> Iterator[type]:
    yield float
    yield Decimal
    for name in ("float64", "float32"):
        cls = library_class("numpy", name)
        if cls is not None:
            yield cls
