"""One audit hook for all that want to hear of some of Python's audit events.

Python calls each hook for every event, of which a plot raises thousands, and
hardly any is one that somebody waits for. A hook cannot be taken out again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

Listener = Callable[[str, tuple[Any, ...]], None]

_listeners: dict[str, tuple[Listener, ...]] = {}


def listen(events: Iterable[str], listener: Listener) -> None:
    """Have `listener` called with each of these events; what it raises stops what was begun."""
    if not _listeners:
        sys.addaudithook(_hear)
    for event in events:
        _listeners[event] = (*_listeners.get(event, ()), listener)


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if event in _listeners:
        for listener in _listeners[event]:
            listener(event, args)
