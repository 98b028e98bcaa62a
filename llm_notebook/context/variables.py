"""Schemas of live variables: names, types, shapes, columns, nulls; values only on request.

Nothing is computed and nothing of the person's is called: no ``repr``, no
``len`` on anything but exact builtin containers, no property of a class that
is not a known library's own. Lazy frames give what they hold already. One
object that fails costs only its own schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Literal, TypeVar

import msgspec

from llm_notebook.context import tables
from llm_notebook.context.nulls import Reading
from llm_notebook.context.typeinfo import (
    derives,
    genuine,
    is_one_of,
    library_class,
    module_dict,
    reads_plainly,
    type_name,
    type_root,
)
from llm_notebook.context.values import of_builtin
from llm_notebook.core.context import Variable

T = TypeVar("T")
Kind = Literal["table", "series", "array", "module", "function", "class", "scalar", "other"]
_Read = Callable[[Any, Reading], tables.Schema]

_ITS_OWN = frozenset(
    "In Out exit quit get_ipython open display NamespaceMagics ip input print".split()  # noqa: SIM905
)
_SIZED = (list, tuple, dict, set, frozenset, range, bytearray)
_SCALARS = (int, float, complex, bool, str, bytes, type(None))
_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
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


def describe(
    names: Mapping[str, object],
    wanted: Iterable[str],
    limit: int,
    reading: Reading | None = None,
) -> list[Variable]:
    """Schemas of the wanted names that exist, in order, at most `limit`.

    Without a `reading` no nulls are counted and no values shown.
    """
    found: dict[str, Variable] = {}
    for name in wanted:
        if len(found) >= limit:
            break
        if name in names and name not in found:
            found[name] = describe_one(name, names[name], reading)
    return list(found.values())


def describe_one(name: str, value: object, reading: Reading | None = None) -> Variable:
    """The schema of one variable. Never raises."""
    reading = reading or Reading()
    plain = Variable(name=name, kind="other", type=_safely(lambda: type_name(type(value)), "?"))
    return _safely(lambda: _describe(plain, value, reading), plain)


def _safely(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Exception:
        return otherwise


def _describe(plain: Variable, value: object, reading: Reading) -> Variable:
    cls = type(value)
    replace = msgspec.structs.replace
    if derives(cls, ModuleType):
        own = module_dict(value).get("__name__")
        return replace(plain, kind="module", type=own if type(own) is str else "module")
    if derives(cls, type):
        return replace(plain, kind="class", type=type_name(value))  # type: ignore[arg-type]
    kind, read = _match(cls)
    nothing: tables.Schema = {}
    schema = _safely(lambda: read(value, reading), nothing) if read else nothing
    if reading.values and (kind == "scalar" or is_one_of(cls, _SIZED)):
        none: tuple[str, ...] = ()
        schema = schema | {"values": _safely(lambda: of_builtin(value), none)}
    return replace(plain, kind=kind, **schema)


def _match(cls: type) -> tuple[Kind, _Read | None]:
    """What kind of value a class makes, and what reads its schema, if anything may."""
    if is_one_of(cls, _SCALARS):
        return "scalar", None
    if is_one_of(cls, _SIZED):
        return "other", tables.size
    if is_one_of(cls, _FUNCTIONS):
        return "function", None
    for module, name, kind, read in _KNOWN:
        base = library_class(module, name)
        if base is not None and derives(cls, base):
            return kind, read if read and reads_plainly(cls, base) else None
    if type_root(cls) in _LAZY:
        return _lazy(cls)
    if type_name(cls) in ("datetime.datetime", "datetime.date", "datetime.timedelta"):
        return "scalar", None
    return "other", None


def _lazy(cls: type) -> tuple[Kind, _Read | None]:
    name = type_name(cls).rpartition(".")[2]
    read: _Read | None = None
    if genuine(cls, "dask"):
        read = tables.dask_collection
    elif genuine(cls, "pyspark"):
        read = tables.spark_frame
    if name.endswith(("DataFrame", "PyRelation", "Table")):
        return "table", read
    return ("series", read) if name.endswith("Series") else ("other", None)


_KNOWN: tuple[tuple[str, str, Kind, _Read | None], ...] = (
    ("pandas", "Series", "series", tables.pandas_series),
    ("pandas", "Index", "series", tables.pandas_index),
    # Before its base class, whose hooks it overrides with code of its own library.
    ("geopandas", "GeoDataFrame", "table", tables.pandas_frame),
    ("pandas", "DataFrame", "table", tables.pandas_frame),
    ("pandas", "Timestamp", "scalar", None),
    ("polars", "DataFrame", "table", tables.polars_frame),
    ("polars", "Series", "series", tables.polars_series),
    ("polars", "LazyFrame", "table", None),
    ("pyarrow", "Table", "table", tables.arrow_table),
    ("pyarrow", "RecordBatch", "table", tables.arrow_table),
    ("duckdb", "DuckDBPyRelation", "table", tables.duckdb_relation),
    ("dask.array", "Array", "array", tables.dask_array),
    ("numpy", "ndarray", "array", tables.numpy_array),
    ("numpy", "generic", "scalar", None),
    ("torch", "Tensor", "array", None),
)
