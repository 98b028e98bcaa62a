"""Which variables a plan's cells can use, and how these come into a fresh process.

What is pickled here is read in the sandbox only, and never the other way round.
Only types whose way of being pickled is theirs, or a well-known library's, go:
nothing of the person's own code is called for it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pickle
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from llm_notebook.context.source import read_source
from llm_notebook.core.plan import Plan

SIZE_LIMIT = 512 << 20
"""Bytes that travel at most."""

SECONDS = 3.0
"""How long the kernel may be kept from its work for it."""

_TRUSTED = frozenset(
    "builtins collections copyreg datetime decimal fractions functools operator pathlib re uuid "  # noqa: SIM905
    "zoneinfo array random enum types ipaddress numpy pandas polars pyarrow scipy sklearn "
    "dateutil pytz torch xgboost lightgbm networkx sympy PIL cloudpickle codecs joblib "
    "narwhals shapely geopandas statsmodels".split()
)
_LOCKS = (type(threading.Lock()), type(threading.RLock()))
_HOOKS = ("__reduce__", "__reduce_ex__", "__getstate__", "__getnewargs__", "__getnewargs_ex__")


class CannotTravelError(Exception):
    """A variable that the cells use cannot come along."""


@dataclass(frozen=True)
class Packed:
    """Variables on their way.

    Attributes
    ----------
    names : tuple of str
        Which; modules among them.
    modules : dict of str to str
        Names that stand for modules, and which.
    data : bytes
        The others, pickled.
    """

    names: tuple[str, ...]
    modules: dict[str, str]
    data: bytes


def needed(plan: Plan, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that the cells can use by their syntax, and what functions of those use."""
    names: list[str] = []
    for cell in (*plan.setup, *plan.cells):
        facts = read_source(cell.source)
        names += sorted(facts.uses | facts.touches | facts.deferred)
    found: dict[str, Any] = {}
    while names:
        name = names.pop()
        if name in namespace and name not in found:
            found[name] = namespace[name]
            names += sorted(_globals_of(namespace[name]))
    return found


def _globals_of(value: Any) -> set[str]:
    functions: list[Any] = [value]
    if isinstance(value, type) and value.__module__ == "__main__":
        functions += vars(value).values()
    names: set[str] = set()
    for function in functions:
        function = getattr(function, "__func__", function)
        if isinstance(function, FunctionType) and function.__module__ == "__main__":
            names |= _names_in(function.__code__)
    if type(value).__module__ == "__main__" and not isinstance(value, type):
        names.add(type(value).__name__)
    return names


def _names_in(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names_in(constant)
    return names


def pack(values: Mapping[str, Any]) -> Packed:
    """Pickle variables.

    Raises
    ------
    CannotTravelError
        Naming the one that cannot travel, and why.
    """
    modules = {n: v.__name__ for n, v in values.items() if isinstance(v, ModuleType)}
    # Shells put functions of their own there.
    rest = {
        n: v
        for n, v in values.items()
        if n not in modules and not str(getattr(v, "__module__", "")).startswith("IPython")
    }
    until = time.monotonic() + SECONDS
    try:
        data = _pickled(rest, until)
    except Exception as error:
        for name, value in rest.items():
            try:
                _pickled({name: value}, until)
            except Exception as reason:
                raise CannotTravelError(f"{name} cannot travel ({_why(reason)})") from error
        raise CannotTravelError(f"the variables cannot travel ({_why(error)})") from error
    return Packed(tuple(values), modules, data)


def _why(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__)[:200]


class _Bounded(io.BytesIO):
    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def write(self, data: Any) -> int:
        if self.tell() + memoryview(data).nbytes > SIZE_LIMIT:
            raise ValueError("it is too large")
        if time.monotonic() > self._until:
            raise ValueError("it takes too long")
        return super().write(data)


def _pickled(values: Mapping[str, Any], until: float) -> bytes:
    out = _Bounded(until)
    base = _pickler()

    class Packer(base):  # type: ignore[misc, valid-type]
        def reducer_override(self, value: Any) -> Any:
            if isinstance(value, _LOCKS):
                # Nobody holds it there: whoever does here stays behind.
                return (threading.Lock if isinstance(value, _LOCKS[0]) else threading.RLock), ()
            _check(value)
            over = getattr(super(), "reducer_override", None)
            return over(value) if over is not None else NotImplemented

    Packer(out, protocol=5).dump(dict(values))
    return out.getvalue()


def _pickler() -> Any:
    """cloudpickle's, which knows functions and classes of a notebook, where it is installed."""
    with contextlib.suppress(ImportError):
        return importlib.import_module("cloudpickle").Pickler
    return pickle.Pickler


def _check(value: Any) -> None:
    """Let nothing be called for it that is the person's own code."""
    if isinstance(value, io.IOBase):
        # cloudpickle would read it, which moves the place at which the kernel reads on.
        raise TypeError("it is an open file")
    kind = value if isinstance(value, type) else type(value)
    for base in kind.__mro__:
        package = base.__module__.partition(".")[0]
        if package in _TRUSTED or package in sys.stdlib_module_names:
            continue
        if not isinstance(value, type) and any(hook in vars(base) for hook in _HOOKS):
            raise TypeError(f"{base.__name__} has its own way of being pickled")


def unpack(data: bytes, modules: Mapping[str, str], namespace: dict[str, Any]) -> None:
    """Put what travelled into a namespace; in the sandbox only."""
    for name, module in modules.items():
        # A parent package has it as an attribute; the name may stand for either.
        namespace[name] = importlib.import_module(module)
    values = pickle.loads(data)
    for value in values.values():
        for name, other in getattr(value, "__globals__", {}).items():
            if isinstance(value, FunctionType) and value.__module__ == "__main__":
                namespace.setdefault(name, other)
    namespace.update({name: _at_home(value, namespace) for name, value in values.items()})


def _at_home(value: Any, namespace: dict[str, Any]) -> Any:
    """A function of the notebook's looks names up in the namespace, not in a copy of it."""
    if isinstance(value, FunctionType) and value.__module__ == "__main__":
        function = FunctionType(
            value.__code__, namespace, value.__name__, value.__defaults__, value.__closure__
        )
        function.__kwdefaults__ = value.__kwdefaults__
        function.__dict__.update(value.__dict__)
        function.__doc__, function.__qualname__ = value.__doc__, value.__qualname__
        function.__module__, function.__annotations__ = "__main__", value.__annotations__
        return function
    if isinstance(value, type) and value.__module__ == "__main__":
        for name, method in list(vars(value).items()):
            if isinstance(method, FunctionType) and method.__module__ == "__main__":
                with contextlib.suppress(AttributeError, TypeError):
                    setattr(value, name, _at_home(method, namespace))
    return value


def only(names: Iterable[str], most: int = 8) -> str:
    """Some names as a person reads them."""
    known = list(names)
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
