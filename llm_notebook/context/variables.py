"""Schemas of live variables: names, types, shapes, columns. Never a value.

Nothing is computed and nothing of the person's is called: no ``repr``, no
``len`` on anything but exact builtin containers, no property of a class that
is not a known library's own. Lazy frames are described by their type only. One
object that fails costs only its own schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Literal, TypeVar

import msgspec

from llm_notebook.context.typeinfo import (
    derives,
    is_one_of,
    library_class,
    module_dict,
    reads_plainly,
    type_name,
    type_root,
)
from llm_notebook.core.context import Column, Variable

MAX_COLUMNS = 200
_MAX_LABEL = 100

T = TypeVar("T")
Kind = Literal["table", "series", "array", "module", "function", "class", "scalar", "other"]
_Read = Callable[[Any], dict[str, Any]]

_ITS_OWN = frozenset(
    "In Out exit quit get_ipython open display NamespaceMagics ip input print".split()  # noqa: SIM905
)
_SIZED = (list, tuple, dict, set, frozenset, range, bytearray)
_SCALARS = (int, float, complex, bool, str, bytes, type(None))
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
_PLAIN_LABELS = (str, int, float, bool, type(None))
_LIBRARIES = frozenset("numpy pandas polars pyarrow geopandas".split())  # noqa: SIM905
# Their frames compute when asked for a length or, some, for their columns.
_LAZY = frozenset("dask pyspark modin ibis duckdb vaex cudf snowflake daft".split())  # noqa: SIM905


def visible_names(namespace: Mapping[str, object]) -> dict[str, object]:
    """A copy of the namespace without private names and IPython's own."""
    # One C call for a real dict: a cell may be adding names in another thread.
    return {
        name: value
        for name, value in dict(namespace).items()
        if type(name) is str and not name.startswith("_") and name not in _ITS_OWN
    }


def tables_in(names: Mapping[str, object]) -> list[str]:
    """Names of tables, the latest defined first. Cheap for thousands of names."""
    kinds: dict[int, bool] = {}
    found = []
    for name, value in names.items():
        cls = type(value)
        if id(cls) not in kinds:
            kinds[id(cls)] = _is_table(cls)
        if kinds[id(cls)]:
            found.append(name)
    return found[::-1]


def _is_table(cls: type) -> bool:
    return _safely(lambda: _match(cls)[0], "other") == "table"


def modules_in(names: Mapping[str, object]) -> list[str]:
    """Names of imported modules."""
    return [name for name, value in names.items() if derives(type(value), ModuleType)]


def describe(names: Mapping[str, object], wanted: Iterable[str], limit: int) -> list[Variable]:
    """Schemas of the wanted names that exist, in order, at most `limit`."""
    found: dict[str, Variable] = {}
    for name in wanted:
        if len(found) >= limit:
            break
        if name in names and name not in found:
            found[name] = describe_one(name, names[name])
    return list(found.values())


def describe_one(name: str, value: object) -> Variable:
    """The schema of one variable. Never raises."""
    plain = Variable(name=name, kind="other", type=_safely(lambda: type_name(type(value)), "?"))
    return _safely(lambda: _describe(plain, value), plain)


def _safely(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Exception:
        return otherwise


def _describe(plain: Variable, value: object) -> Variable:
    cls = type(value)
    replace = msgspec.structs.replace
    if derives(cls, ModuleType):
        own = module_dict(value).get("__name__")
        return replace(plain, kind="module", type=own if type(own) is str else "module")
    if derives(cls, type):
        return replace(plain, kind="class", type=type_name(value))  # type: ignore[arg-type]
    kind, read = _match(cls)
    nothing: dict[str, Any] = {}
    schema = _safely(lambda: read(value), nothing) if read else nothing
    return replace(plain, kind=kind, **schema)


def _match(cls: type) -> tuple[Kind, _Read | None]:
    """What kind of value a class makes, and what reads its schema, if anything may."""
    if is_one_of(cls, _SCALARS):
        return "scalar", None
    if is_one_of(cls, _SIZED):
        return "other", _size
    if is_one_of(cls, _FUNCTIONS):
        return "function", None
    for module, name, kind, read in _KNOWN:
        base = library_class(module, name)
        if base is not None and derives(cls, base):
            return kind, read if read and reads_plainly(cls, base) else None
    if type_root(cls) in _LAZY:
        name = type_name(cls).rpartition(".")[2]
        if name.endswith(("DataFrame", "PyRelation", "Table")):
            return "table", None
        if name.endswith("Series"):
            return "series", None
    if type_name(cls) in ("datetime.datetime", "datetime.date", "datetime.timedelta"):
        return "scalar", None
    return "other", None


def _size(value: Any) -> dict[str, Any]:
    return {"shape": (len(value),)}


def _array(value: Any) -> dict[str, Any]:
    import numpy as np

    fields = np.ndarray.__dict__
    shape, dtype = fields["shape"].__get__(value), fields["dtype"].__get__(value)
    return {"shape": tuple(shape), "dtype": _dtype(dtype)}


def _pandas_frame(value: Any) -> dict[str, Any]:
    shape = tuple(value.shape)
    # A slice without rows: dtypes of a very wide frame would all be collected.
    narrow = value if shape[1] <= MAX_COLUMNS else value.iloc[:0, :MAX_COLUMNS]
    return {"shape": shape, "columns": _columns(zip(narrow.columns, narrow.dtypes, strict=False))}


def _polars_frame(value: Any) -> dict[str, Any]:
    return {"shape": tuple(value.shape), "columns": _columns(value.schema.items())}


def _arrow_table(value: Any) -> dict[str, Any]:
    shape = (value.num_rows, value.num_columns)
    fields = (value.schema.field(i) for i in range(min(shape[1], MAX_COLUMNS)))
    return {"shape": shape, "columns": _columns((f.name, f.type) for f in fields)}


def _series(value: Any) -> dict[str, Any]:
    return {"shape": tuple(value.shape), "dtype": _dtype(value.dtype)}


_KNOWN: tuple[tuple[str, str, Kind, _Read | None], ...] = (
    ("pandas", "Series", "series", _series),
    ("pandas", "Index", "series", _series),
    # Before its base class, whose hooks it overrides with code of its own library.
    ("geopandas", "GeoDataFrame", "table", _pandas_frame),
    ("pandas", "DataFrame", "table", _pandas_frame),
    ("pandas", "Timestamp", "scalar", None),
    ("polars", "DataFrame", "table", _polars_frame),
    ("polars", "Series", "series", _series),
    ("polars", "LazyFrame", "table", None),
    ("pyarrow", "Table", "table", _arrow_table),
    ("pyarrow", "RecordBatch", "table", _arrow_table),
    ("numpy", "ndarray", "array", _array),
    ("numpy", "generic", "scalar", None),
    ("torch", "Tensor", "array", None),
)


def _columns(pairs: Iterable[tuple[Any, Any]]) -> tuple[Column, ...]:
    found: list[Column] = []
    for label, dtype in pairs:
        if len(found) == MAX_COLUMNS:
            break
        found.append(Column(name=_label(label), dtype=_dtype(dtype)))
    return tuple(found)


def _label(label: Any) -> str:
    cls = type(label)
    if cls is tuple:
        return f"({', '.join(_label(part) for part in label)})"[:_MAX_LABEL]
    if not is_one_of(cls, _PLAIN_LABELS) and type_root(cls) not in _LIBRARIES:
        return f"<{type_name(cls)}>"
    # Control characters in a data file's header must not look like lines of ours.
    text = str(label)[:_MAX_LABEL]
    return "".join(c if c.isprintable() else " " for c in text)


def _dtype(dtype: Any) -> str:
    """A dtype as text, without the values that an enumeration lists."""
    cls = type(dtype)
    if type_root(cls) not in _LIBRARIES:
        return type_name(cls)
    return re.sub(r"\(?categories=.*", "", str(dtype))[:80]
