"""What is found by looking through `sys.modules`, remembered until it changes.

To look at a module writes to it, since it is counted who holds it. In a fork
each such write copies a page, which is a thousand pages for all modules. So
these looks are made in the live kernel, and the fork finds them made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def remembered(look: Callable[[], Found]) -> Callable[[], Found]:
    """Have `look` called anew only when modules have come or gone since."""
    last: tuple[tuple[int, str], Found] | None = None

    def call() -> Found:
        nonlocal last
        # What is imported comes last, so one that goes and one that comes are seen too.
        key = len(sys.modules), next(reversed(sys.modules), "")
        if last is None or last[0] != key:
            last = key, look()
        return last[1]

    return call


@remembered
def folders() -> tuple[str, ...]:
    """Folders of packages that are imported already, wherever they lie."""
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        if "." in name:
            continue
        paths = getattr(module, "__dict__", {}).get("__path__")
        if paths is not None:
            try:
                found += (str(path) for path in paths)
            except Exception:  # a package may compute its path, and fail
                continue
    return tuple(found)
