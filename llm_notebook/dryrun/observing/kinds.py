"""How a class's values are looked into, found out once for each class."""

from __future__ import annotations

import datetime
import sys
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import PosixPath
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Literal

from llm_notebook.context.typeinfo import derives, is_one_of, mro, type_root
from llm_notebook.dryrun.observing import buffers

NUMBERS = (bool, int, float, complex, type(None))
_AS_TEXT = (
    *(datetime.datetime, datetime.date, datetime.time, datetime.timedelta),
    *(Decimal, Fraction, PosixPath),
)
PLAIN = (*NUMBERS, str, bytes, *_AS_TEXT, FunctionType)
_CONTAINERS = (list, tuple, dict, set, frozenset, deque)
_DICT_OF = type.__dict__["__dict__"].__get__
# Drawn figures change whenever they are shown, and front ends' objects whenever they talk.
_COARSE = frozenset(
    "matplotlib mpl_toolkits IPython ipykernel ipywidgets traitlets traittypes zmq tornado comm "  # noqa: SIM905
    "llm_notebook duckdb _duckdb sqlalchemy jax jaxlib tensorflow pyspark ray dask".split()
)
UNSET = "<unset>"

Way = Literal["number", "text", "as text", "function", "address", "compound"]


class Kind:
    """What is known of a class.

    Attributes
    ----------
    cls : type
    way : str
        How its values get into a fingerprint.
    base : type or None
        The builtin container that it is, or derives from.
    read : callable or None
        What finds the buffers of a known library's value.
    is_fixed : bool
        Its values cannot change in place.
    """

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.way: Way = _way(cls)
        self.base: Any = next((base for base in _CONTAINERS if derives(cls, base)), None)
        self.read: Callable[[Any], buffers.Held | None] | None = None
        self.is_fixed = is_one_of(cls, PLAIN) or type_root(cls) == "numpy"
        self._dict: Any = None
        self._members: list[tuple[str, Any]] = []
        self._skipped: set[str] = {"__dict__", "__weakref__"}
        if self.way == "compound":
            self.read = buffers.reader(cls)
            self._look()

    def _look(self) -> None:
        root = type_root(self.cls)
        is_standard = root in sys.stdlib_module_names and root not in ("types", "__main__")
        if root in _COARSE or is_standard:
            return
        for base in mro(self.cls):
            for name, member in _DICT_OF(base).items():
                if type(member) is MemberDescriptorType:
                    self._members.append((name, member))
                elif name == "__dict__" and type(member) is GetSetDescriptorType:
                    self._dict = member
                elif type(member) is cached_property or "cache" in type(member).__name__:
                    self._skipped.add(name)

    def held(self, value: Any) -> dict[str, Any]:
        """What an object holds in its slots and its ``__dict__``, without what it remembers."""
        held: dict[str, Any] = {}
        for name, member in self._members:
            try:
                held[name] = member.__get__(value)
            except AttributeError:
                held[name] = UNSET
        if self._dict is not None:
            found = self._dict.__get__(value)
            held.update(found if type(found) is dict else {})
        # What is remembered of a computation says nothing new.
        return {
            name: part
            for name, part in held.items()
            if type(name) is str and name not in self._skipped and "cache" not in name
        }


def _way(cls: Any) -> Way:
    if is_one_of(cls, NUMBERS):
        return "number"
    if cls is str or cls is bytes:
        return "text"
    if is_one_of(cls, _AS_TEXT):
        return "as text"
    if cls is FunctionType:
        return "function"
    return "address" if derives(cls, ModuleType) or derives(cls, type) else "compound"


_KINDS: dict[int, Kind] = {}


def kind_of(cls: Any) -> Kind:
    """The kind of a class. By its address: a metaclass may hash by code of its own."""
    found = _KINDS.get(id(cls))
    if found is None or found.cls is not cls:
        found = _KINDS[id(cls)] = Kind(cls)
    return found
