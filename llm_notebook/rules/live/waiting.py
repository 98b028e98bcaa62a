"""What code of earlier cells that still runs, in a thread or a task, has in its hands.

A dry run has no such thread: what it would do with a value that changes is not seen.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from llm_notebook.context.typeinfo import derives, is_one_of, module_dict
from llm_notebook.rules.live.homes import state_of

_MOST_NAMES = 500
_FIXED = (int, float, complex, str, bytes, bool, type(None), FunctionType)


@dataclass
class Busy:
    """What runs beside the cells.

    Attributes
    ----------
    is_there : bool
    names : set of str
        Variables that it may read.
    objects : set of int
        Identities of what it holds by itself.
    """

    is_there: bool = False
    names: set[str] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)

    def reads(self, name: str, value: object) -> bool:
        """Whether a variable that a cell uses is one of its, and no code or number."""
        if not self.is_there or (id(value) not in self.objects and name not in self.names):
            return False
        kind = type(value)
        return not (is_one_of(kind, _FIXED) or derives(kind, ModuleType) or derives(kind, type))


def busy(namespace: Mapping[str, object]) -> Busy:
    """Look at the threads and tasks that run code of the notebook now."""
    found = Busy()
    own = module_dict(sys.modules.get("__main__"))
    waiting: list[CodeType] = []
    for frame in (*_of_threads(), *_of_tasks()):
        if frame.f_globals is own:
            found.is_there = True
            waiting.append(frame.f_code)
            names = frame.f_locals
            if names is not own:
                found.objects |= {id(value) for value in dict(names).values()}
    for function in _started():
        if function.__globals__ is own:
            found.is_there = True
            waiting.append(function.__code__)
    while waiting and len(found.names) < _MOST_NAMES:
        code = waiting.pop()
        waiting += [part for part in code.co_consts if type(part) is CodeType]
        for name in {*code.co_names} - found.names:
            found.names.add(name)
            value = namespace.get(name)
            if type(value) is FunctionType:
                waiting.append(value.__code__)
    return found


def _of_threads() -> Iterator[FrameType]:
    """Frames of all threads but this one and the main one, which runs the cells."""
    aside = (threading.get_ident(), threading.main_thread().ident)
    for number, frame in sys._current_frames().items():
        at: FrameType | None = frame if number not in aside else None
        while at is not None:
            yield at
            at = at.f_back


def _started() -> Iterator[FunctionType]:
    """What threads were started with, such as a timer that has not come to it."""
    for thread in threading.enumerate():
        state = state_of(thread)
        for name in ("_target", "function"):
            if type(state.get(name)) is FunctionType:
                yield state[name]


def _of_tasks() -> Iterator[FrameType]:
    """Frames of coroutines that a loop runs, each with those that it waits for."""
    for name in ("_all_tasks", "_scheduled_tasks"):
        for reference in tuple(getattr(getattr(asyncio.tasks, name, None), "data", ())):
            task = reference()
            if type(task) is not asyncio.Task or task.done():
                continue
            at: Any = task.get_coro()
            while type(at).__name__ == "coroutine" and at.cr_frame is not None:
                yield at.cr_frame
                at = at.cr_await
