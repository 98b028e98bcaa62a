"""What sort of thing the objects of a class are, told once for each class of a library."""

from __future__ import annotations

import functools
import io
from abc import ABCMeta
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from functools import lru_cache
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any, Literal, NamedTuple

from llm_notebook.context.typeinfo import derives, is_one_of, library_class, mro

_NAME = type.__dict__["__name__"].__get__
_MODULE = type.__dict__["__module__"].__get__

Form = Literal[
    "list", "dict", "array", "frame", "function", "bound", "partial", "class", "running", "dead",
    "other",
]  # fmt: skip
Reach = Literal["none", "memory", "file", "log", "connected"]

_LISTS = (list, tuple, set, frozenset, deque)
_DICTS = (dict, defaultdict, OrderedDict)
_RUNNING = (GeneratorType, CoroutineType, AsyncGeneratorType)
_DEAD = (ModuleType, CodeType, FrameType, TracebackType)

_HANDS_ON = frozenset("builtins itertools collections functools types weakref operator".split())  # noqa: SIM905
"""Modules whose objects, like a container, hand on what they hold."""

_LARGE = frozenset("IPython ipykernel zmq tornado traitlets comm asyncio llm_notebook".split())  # noqa: SIM905
"""Of these everything hangs together with everything."""

_TOLD_BY_NAME = ("numpy", "pandas")
"""Their objects have no methods that do more than the same method of anything."""

_SIGNALS = frozenset("queue _queue threading _thread asyncio.locks asyncio.queues".split())  # noqa: SIM905

_MEMORY = frozenset("numpy mmap torch tensorflow jaxlib cupy PIL polars cv2 _ctypes".split())  # noqa: SIM905
"""Packages whose objects may lie in memory that is a file's."""

_CONNECTED = {
    "sqlite3": "Connection Cursor Blob",
    "h5py": "File Group Dataset",
    "tables": "File Group Node Leaf Table Array CArray EArray VLArray",
    "netCDF4": "Dataset Variable Group",
    "zarr": "Group Array",
    "shelve": "Shelf",
    "_dbm": "dbm",
    "_gdbm": "gdbm",
    "dbm": "_Database",
    "sqlalchemy": "Engine Connection Session",
    "_socket": "socket",
    "http": "HTTPConnection",
    "smtplib": "SMTP",
    "ftplib": "FTP",
    "imaplib": "IMAP4",
    "subprocess": "Popen",
    "multiprocessing": "BaseProcess Pool Queue SimpleQueue JoinableQueue Connection BaseProxy "
    "BaseManager",
    "_multiprocessing": "SemLock",
    "psycopg2": "connection cursor",
    "psycopg": "Connection Cursor",
    "pymongo": "MongoClient Database Collection",
    "redis": "Redis",
    "tensorboardX": "SummaryWriter",
    "torch": "SummaryWriter",
}
"""Classes of things that lie outside, by the package that they are of."""

_CONNECTED_NAMES = {root: frozenset(names.split()) for root, names in _CONNECTED.items()}


class Sort(NamedTuple):
    """Of one class.

    Attributes
    ----------
    module : str
        That it says it is of.
    root : str
        The package.
    form : str
        How its objects are looked into.
    reach : str
        How its objects may reach out of the kernel's memory.
    hands_on : bool
        Whether its objects do nothing of their own with what they hold.
    """

    module: str
    root: str
    form: Form
    reach: Reach
    hands_on: bool

    @property
    def is_own(self) -> bool:
        """Whether it is a class of the notebook."""
        return self.module == "__main__"

    @property
    def is_large(self) -> bool:
        """Whether too much hangs on its objects to look into them."""
        return self.root in _LARGE

    @property
    def is_signal(self) -> bool:
        """Whether a thread may wait for its objects."""
        return self.module in _SIGNALS

    @property
    def acts_alone(self) -> bool:
        """Whether a method of it may do more than the same method of anything."""
        return not self.hands_on and self.root not in _TOLD_BY_NAME


def sort_of(kind: type) -> Sort:
    """The sort of a class."""
    # A class of the notebook is in no cache, which would keep all that it holds; and a
    # metaclass may bring a `__hash__` of its own.
    metaclass = type(kind)
    is_usual = metaclass is type or metaclass is ABCMeta
    return _kept(kind) if is_usual and module_of(kind) != "__main__" else _sort(kind)


def module_of(kind: type) -> str:
    """The module that a class says it is of; empty where it says something else."""
    try:
        found = _MODULE(kind)
    except AttributeError:
        return ""
    return found if type(found) is str else ""


def _sort(kind: type) -> Sort:
    module = module_of(kind)
    form = _form(kind)
    hands_on = module in _HANDS_ON or form in ("list", "dict", "array", "frame")
    root = module.partition(".")[0]
    if module == "logging" and _NAME(kind) == "Manager":
        form = "dead"  # it leads from one logger to all others
    hands_on = hands_on or kind is library_class("numpy", "ufunc")
    return Sort(module, root, form, _reach(kind), hands_on)


_kept: Callable[[Any], Sort] = lru_cache(maxsize=4096)(_sort)


def _form(kind: type) -> Form:
    if is_one_of(kind, _LISTS):
        return "list"
    if is_one_of(kind, _DICTS):
        return "dict"
    if kind is FunctionType:
        return "function"
    if is_one_of(kind, (MethodType, BuiltinFunctionType)):
        return "bound"
    if kind is functools.partial:
        return "partial"
    if derives(kind, type):
        return "class"
    if is_one_of(kind, _RUNNING):
        return "running"
    if any(derives(kind, dead) for dead in _DEAD):
        return "dead"
    array = library_class("numpy", "ndarray")
    if array is not None and derives(kind, array):
        return "array"
    frames = [library_class("pandas", name) for name in ("DataFrame", "Series")]
    return "frame" if any(one is not None and derives(kind, one) for one in frames) else "other"


def _reach(kind: type) -> Reach:
    for base in mro(kind):
        module, name = module_of(base), _NAME(base)
        root = module.partition(".")[0]
        if base is io.FileIO:
            return "file"
        if root == "logging" and name == "Handler":
            return "log"
        if name in _CONNECTED_NAMES.get(root, ()):
            return "connected"
        if root in _MEMORY or base is memoryview:
            return "memory"
    return "none"
