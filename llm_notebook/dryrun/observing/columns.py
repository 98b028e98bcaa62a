"""The columns of a pandas frame one by one, for where its blocks have moved.

Reading a frame may put its blocks together anew: `df.values` does. Its memory
is another one then, and nothing has changed. So the columns that lie elsewhere
are compared by their content.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

from llm_notebook.context.typeinfo import derives, library_class
from llm_notebook.dryrun.observing.prints import Print

_MOST = 5_000
_CHUNK = 1 << 18
NO_CONTENT = b""
"""Of a column whose content is not compared."""


AXES = 3
"""Parts that come before the columns: labels, index, attributes."""


def arrays(value: Any) -> list[Any] | None:
    """The arrays of a pandas frame, in order; None for anything else."""
    base = library_class("pandas", "DataFrame")
    if base is None or not derives(type(value), base):
        return None
    manager = object.__getattribute__(value, "__dict__")["_mgr"]
    width = len(manager.axes[0])
    return None if width > _MOST else [manager.iget_values(i) for i in range(width)]


def parts(value: Any) -> list[Any] | None:
    """Labels, index and attributes of a frame, then its columns; None for anything else."""
    found = arrays(value)
    if found is None:
        return None
    held = object.__getattribute__(value, "__dict__")
    return [*held["_mgr"].axes, held["_attrs"], *found]


def prints(value: Any) -> list[bytes] | None:
    """A digest for each part."""
    found = parts(value)
    return None if found is None else [Print(part).digest for part in found]


def contents(found: list[Any], wanted: Iterable[int], until: float) -> Iterator[bytes]:
    """A digest of the content of each of these parts, as far as the time goes."""
    for place in wanted:
        if time.monotonic() > until:
            return
        yield _content(found[place])


def _content(array: Any) -> bytes:
    values: Any = array
    if type(array) is not library_class("numpy", "ndarray") or values.ndim != 1:
        return NO_CONTENT
    digest = blake2b(f"{values.dtype} {values.shape}".encode(), digest_size=16)
    # Of Python objects the addresses: both processes have the same.
    plain: Any = values.view("i8") if values.dtype.kind in "OmM" else values
    for start in range(0, len(plain), _CHUNK):
        digest.update(plain[start : start + _CHUNK].tobytes())
    return digest.digest()
