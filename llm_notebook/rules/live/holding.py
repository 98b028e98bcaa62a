"""What a container or an object of a library was handed: what could be called, and where it lies.

Objects are looked into as Python's own garbage collector does, which calls nothing
of theirs and sees what is in slots, in iterators and in a `csv.writer` too.
"""

from __future__ import annotations

import gc
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress, islice
from operator import methodcaller, not_
from types import CoroutineType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

from llm_notebook.context.typeinfo import derives, library_class
from llm_notebook.rules.live.homes import home_of, home_of_code, state_of
from llm_notebook.rules.live.listening import listeners
from llm_notebook.rules.live.outside import outside
from llm_notebook.rules.live.passing import passes_on
from llm_notebook.rules.live.sorts import Sort, module_of, sort_of

MOST = 300
"""Objects that are looked at for one name."""

_MOST_ITEMS = 200
_MOST_ATTRIBUTES = 100
_MOST_SCANNED = 3000
_DEEPEST = 8
_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_IS_PLAIN = frozenset(map(id, _PLAIN))

NOT_FOLLOWED = "runs later what cannot be followed"


@dataclass
class Held:
    """What one value holds, itself included.

    Attributes
    ----------
    calls : list
        The functions, and the objects and classes of the notebook. Of an object of a
        library, what it holds of the notebook; its own functions are its own
        business. Of a plain container, functions of libraries too.
    kinds : list of type
        Of the objects of libraries that are in plain containers.
    beyond : str
        How it reaches out of the kernel's memory, or cannot be followed: the end of
        a sentence.
    has_signal : bool
        Whether it is something that another thread may wait for.
    """

    calls: list[Any] = field(default_factory=list)
    kinds: list[type] = field(default_factory=list)
    beyond: str = ""
    has_signal: bool = False


def held(value: Any) -> Held:
    """Look into a value; nothing of it is called."""
    found = Held()
    seen: set[int] = {id(value)}
    waiting: deque[tuple[Any, Sort, bool, int]] = deque([(value, sort_of(type(value)), True, 0)])
    while waiting:
        item, sort, is_plain, depth = waiting.popleft()
        if depth and _is_call(item, sort, is_plain=is_plain):
            found.calls.append(item)
        if not found.beyond:
            found.beyond = _beyond(item, sort, is_nested=depth > 0)
        found.has_signal = found.has_signal or (is_plain and sort.is_signal)
        if depth and (sort.is_own or sort.form == "class"):
            continue  # it is read as what it is
        if depth and is_plain and sort.acts_alone:
            found.kinds.append(type(item))
        if depth >= _DEEPEST or sort.is_large or len(seen) >= MOST:
            continue
        heard = listeners(item) if is_plain else ()
        hands_on = is_plain and sort.hands_on
        for inner in (*heard, *_inside(item, sort)):
            if id(inner) in seen:
                continue
            inner_sort = sort_of(type(inner))
            if not _is_dead_end(inner, inner_sort.form, is_plain=hands_on):
                seen.add(id(inner))
                waiting.append((inner, inner_sort, hands_on, depth + 1))
    return found


def _is_call(item: Any, sort: Sort, *, is_plain: bool) -> bool:
    if sort.form == "function":
        return is_plain or home_of(item) != "library"
    if sort.form in ("bound", "partial"):
        is_own = type(item) is MethodType and _is_own(item.__func__)
        return is_plain or (is_own and not passes_on(item))
    return (module_of(item) == "__main__") if sort.form == "class" else sort.is_own


def _is_own(function: Any) -> bool:
    return type(function) is FunctionType and home_of(function) != "library"


def _beyond(item: Any, sort: Sort, *, is_nested: bool) -> str:
    if sort.form == "running":
        return NOT_FOLLOWED if _runs_own_code(item) else ""
    if type(item) is methodcaller:
        return NOT_FOLLOWED
    found = outside(item) if sort.reach != "none" else ""
    return f"holds what {found}" if found and is_nested else found


def _runs_own_code(item: Any) -> bool:
    """Whether a generator or a coroutine is not over, and is of no library."""
    kind = type(item)
    name = "gi" if kind is GeneratorType else "cr" if kind is CoroutineType else "ag"
    frame = getattr(item, f"{name}_frame")
    return frame is not None and home_of_code(frame.f_globals, frame.f_code) != "library"


# -- what is in it -----------------------------------------------------------------------


def inside(value: Any) -> list[Any]:
    """Some of what a value holds that is more than a text or a number."""
    return [
        part
        for part in _inside(value, sort_of(type(value)))
        if not _is_dead_end(part, sort_of(type(part)).form, is_plain=True)
    ]


def _inside(value: Any, sort: Sort) -> list[Any]:
    form = sort.form
    if form == "list":
        return _some(value)
    if form == "dict":
        factory = [value.default_factory] if type(value) is defaultdict else []
        return _some((*factory, *dict.values(value))) + _some(dict.keys(value))
    if form == "array":
        return _of_array(value)
    if form == "bound":
        owner = value.__self__
        return [] if derives(type(owner), ModuleType) else [owner]
    if form in ("function", "class", "dead"):
        return []
    state = state_of(value)
    if form == "frame" and "_mgr" in state:
        manager = state["_mgr"]
        attributes = (part for part in dict.values(state) if part is not manager)
        return [*_of_frame(manager), *_some(attributes)]
    parts = [part for part in gc.get_referents(value) if part is not state]
    if not parts:
        return _some(dict.values(state), _MOST_ATTRIBUTES)
    return _some((*dict.values(state), *parts), _MOST_ATTRIBUTES)


def _is_dead_end(part: Any, form: str, *, is_plain: bool) -> bool:
    """Whether it is a class, a module or a function of a package and nothing that is handed on."""
    if form == "function":
        return not is_plain and home_of(part) == "library"
    return form == "dead" or (form == "class" and module_of(part) != "__main__")


def _some(items: Iterable[Any], most: int = _MOST_ITEMS) -> list[Any]:
    """The first items that are more than a text or a number, of the first thousands."""
    scanned = list(islice(items, _MOST_SCANNED))
    # By identity: a metaclass may bring a `__hash__` of its own.
    kinds = list(map(id, map(type, scanned)))
    if _IS_PLAIN.issuperset(kinds):
        return []
    is_more = map(not_, map(_IS_PLAIN.__contains__, kinds))
    return list(islice(compress(scanned, is_more), most))


def _of_array(value: Any) -> list[Any]:
    array: Any = library_class("numpy", "ndarray")
    names = array.__dict__
    if names["dtype"].__get__(value).char != "O":
        return _some(dict.values(state_of(value)))
    if type(value) is not array:
        return []
    return _some(names["flat"].__get__(value)[:_MOST_SCANNED].tolist())


def _of_frame(manager: Any) -> Iterator[Any]:
    """The arrays of a table of pandas."""
    if module_of(type(manager)).partition(".")[0] != "pandas":
        return
    for block in manager.blocks[:_MOST_ITEMS]:
        yield block.values
