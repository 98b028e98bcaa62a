"""Shapes, columns, dtypes and null counts of the known libraries' tables and arrays.

Only a library's own code runs, and none that computes: lazy frames give what
they hold already. Readers take a value whose class `variables` has checked;
what a table holds is checked here, because a column, a label or an index may
be of a class of the person's own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from threading import Thread
from typing import Any

from llm_notebook.context.arrow import has_extension, is_plain_arrow
from llm_notebook.context.nulls import Reading, count_nulls, weight_of
from llm_notebook.context.typeinfo import genuine, is_one_of, library_class, module_dict, type_name
from llm_notebook.context.values import HEAD, few
from llm_notebook.core.context import Column

MAX_COLUMNS = 200
_MAX_LABEL = 100
_PLAIN_LABELS = (str, int, float, bool, type(None))
_LABELS = ("numpy", "pandas")
_DTYPES = ("numpy", "pandas", "polars", "pyarrow", "geopandas", "duckdb", "_duckdb")
_ARRAYS = ("pandas", "geopandas")

Schema = dict[str, Any]
"""Attributes of a `Variable`."""


def size(value: Any, reading: Reading) -> Schema:
    """The length of an exact builtin container."""
    return {"shape": (len(value),)}


def numpy_array(value: Any, reading: Reading) -> Schema:
    """Shape and dtype; nulls of one that is no more than a line of values."""
    import numpy as np

    fields = np.ndarray.__dict__
    shape, dtype = fields["shape"].__get__(value), fields["dtype"].__get__(value)
    found: Schema = {"shape": tuple(shape), "dtype": _dtype(dtype)}
    if type(value) is np.ndarray and len(shape) == 1:
        found |= _of_one(value, shape[0], reading)
    return found


def pandas_series(value: Any, reading: Reading) -> Schema:
    """Length, dtype and nulls."""
    array = value.array
    if type(array).__name__ == "NumpyExtensionArray" and genuine(type(array), "pandas"):
        array = value.to_numpy(copy=False)
    found: Schema = {"dtype": _dtype_of(array)}
    if _is_known(array):
        found |= {"shape": (len(array),)} | _of_one(array, len(array), reading)
    return found


def pandas_index(value: Any, reading: Reading) -> Schema:
    """The length."""
    # A range or a product of levels would be written out in full: only its type is read.
    return {"shape": (len(value),)} if _is_plain(value) else {}


def pandas_frame(value: Any, reading: Reading) -> Schema:
    """Shape and columns, each with its dtype and nulls."""
    index, names = value.index, value.columns
    if not _is_plain(names):
        return {}
    width = len(names)
    labels = [_label(label) for label in islice(names[:MAX_COLUMNS], MAX_COLUMNS)]
    if not _is_plain(index):
        # Even to find a column pandas asks the index for its length.
        return {"columns": tuple(Column(label, "?") for label in labels)}
    arrays = [value._mgr.iget_values(i) for i in range(min(width, MAX_COLUMNS))]
    known = [array for array in arrays if _is_known(array)]
    rows = len(index)
    counted = reading.rows(rows, map(weight_of, known))
    columns = []
    for label, array in zip(labels, arrays, strict=False):
        is_known = _is_known(array)
        nulls = None
        if is_known and counted is not None and not (reading.is_over() and weight_of(array)):
            nulls = count_nulls(array, counted)
        values = few(_head(array)) if is_known and reading.values else ()
        columns.append(Column(label, _dtype_of(array), nulls, values))
    return {"shape": (rows, width), "columns": tuple(columns), "counted": counted}


def polars_frame(value: Any, reading: Reading) -> Schema:
    """Shape and columns, each with its dtype and nulls."""
    width = value.width
    columns = [value.to_series(i) for i in range(min(width, MAX_COLUMNS))]
    read = [_polars_column(column, reading) for column in columns]
    counted = value.height if any(column.nulls is not None for column in read) else None
    return {"shape": (value.height, width), "columns": tuple(read), "counted": counted}


def polars_series(value: Any, reading: Reading) -> Schema:
    """Length, dtype and nulls."""
    column = _polars_column(value, reading)
    length = len(value)
    counted = None if column.nulls is None else length
    return {
        "shape": (length,),
        "dtype": column.dtype,
        "nulls": column.nulls,
        "counted": counted,
        "values": column.values,
    }


def _polars_column(series: Any, reading: Reading) -> Column:
    # A bitmap is looked at a word at a time.
    counted = reading.rows(len(series) // 64 + 1, (1,)) if not reading.is_over() else None
    nulls = int(series.null_count()) if counted == len(series) // 64 + 1 else None
    if _foreign_in_polars():
        return Column(_label(series.name), "?", nulls)
    values = few(series.slice(0, HEAD).to_list()) if reading.values else ()
    return Column(_label(series.name), _dtype(series.dtype), nulls, values)


def _foreign_in_polars() -> bool:
    """Whether a dtype of the person's own is registered: polars makes it anew for each column."""
    known = module_dict(sys.modules.get("polars.datatypes.extension")).get("_REGISTRY")
    return any(
        type(one) is not str and not genuine(one, "polars") for one in (known or {}).values()
    )


def arrow_table(value: Any, reading: Reading) -> Schema:
    """Shape and columns, each with its dtype and nulls."""
    shape = (value.num_rows, value.num_columns)
    names = value.schema.names
    columns = []
    counted = None
    for i in range(min(shape[1], MAX_COLUMNS)):
        if has_extension(value.select([i]).schema):
            columns.append(Column(_label(names[i]), "extension"))
            continue
        field, column = value.schema.field(i), value.column(i)
        nulls = None
        if reading.rows(shape[0] // 64 + 1, (1,)) == shape[0] // 64 + 1:
            nulls, counted = int(column.null_count), shape[0]
        values = few(column.slice(0, HEAD).to_pylist()) if reading.values else ()
        columns.append(Column(_label(field.name), _dtype(field.type), nulls, values))
    return {"shape": shape, "columns": tuple(columns), "counted": counted}


def duckdb_relation(value: Any, reading: Reading) -> Schema:
    """Names and types, which are known without running the query; a shape is not."""
    return {"columns": _columns(zip(value.columns, value.dtypes, strict=False))}


def dask_collection(value: Any, reading: Reading) -> Schema:
    """What dask already knows: the empty frame that says what its partitions look like."""
    expression = _held(value, "_expr")
    meta = _held(expression, "_meta") if expression is not None else _held(value, "_meta")
    if type(meta) is library_class("pandas", "DataFrame"):
        frame = pandas_frame(meta, Reading())
        return {"columns": frame["columns"]}
    if type(meta) is library_class("pandas", "Series"):
        return {"dtype": pandas_series(meta, Reading())["dtype"]}
    return {}


def dask_array(value: Any, reading: Reading) -> Schema:
    """Shape and dtype, as far as they are known."""
    # Chunks may have a length that nobody knows yet.
    shape = tuple(size for size in value.shape if type(size) is int)
    dtype = _dtype(value.dtype)
    return {"shape": shape if len(shape) == len(value.shape) else (), "dtype": dtype}


def spark_frame(value: Any, reading: Reading) -> Schema:
    """Names and types, where Spark has them at hand.

    A plan with a JVM beside it was analysed when it was made, so its schema is
    asked for; a busy JVM gets a moment to answer, and may have by the next
    time. Over Spark Connect the question could make a server read files: there
    only a schema that was asked for before is shown.
    """
    held = _spark_schema(value)
    if held is None and reading.nulls and _held(value, "_jdf") is not None:
        asking = Thread(target=_ask_schema, args=(value,), daemon=True)
        asking.start()
        asking.join(reading.seconds_left())
        held = _spark_schema(value)
    fields = [f for f in _held(held, "fields") or () if genuine(type(f), "pyspark")] if held else []
    return {"columns": _columns((_held(f, "name"), _held(f, "dataType")) for f in fields)}


def _ask_schema(value: Any) -> None:
    with suppress(Exception):  # a thread that fails would print into the person's notebook
        value.schema  # noqa: B018 (Spark keeps the answer)


def _spark_schema(value: Any) -> Any:
    found = (_held(value, name) for name in ("schema", "_schema", "_cached_schema"))
    return next((s for s in found if s is not None and genuine(type(s), "pyspark")), None)


def _held(value: Any, name: str) -> Any:
    """An attribute that an object holds already, past its ``__getattr__`` and properties."""
    return object.__getattribute__(value, "__dict__").get(name)


def _is_known(array: Any) -> bool:
    """Whether an array behind a pandas column runs nothing but a library's code."""
    if type(array) is library_class("numpy", "ndarray"):
        return True
    if not genuine(type(array), *_ARRAYS):
        return False
    name = type_name(type(array)).rpartition(".")[2]
    if name == "Categorical":
        return _is_plain(array.categories)
    return name != "ArrowExtensionArray" or is_plain_arrow(array.dtype)


def _of_one(array: Any, length: int, reading: Reading) -> Schema:
    counted = reading.rows(length, (weight_of(array),))
    nulls = None if counted is None else count_nulls(array, counted)
    values = few(_head(array)) if reading.values else ()
    return {"nulls": nulls, "counted": None if nulls is None else counted, "values": values}


def _head(array: Any) -> list[Any]:
    if genuine(type(array), "geopandas"):
        return []
    head = array[:HEAD]
    return list(head.tolist() if head.dtype == object or hasattr(head.dtype, "char") else head)


def _is_plain(index: Any) -> bool:
    """Whether an index of pandas runs nothing but a library's code."""
    if not genuine(type(index), "pandas", "xarray"):
        return False
    levels = index.levels if type_name(type(index)) == "pandas.MultiIndex" else ()
    if type_name(type(index)) == "pandas.Index" and not _is_known(index._data):
        return False
    return all(_is_plain(level) for level in levels)


def _columns(pairs: Iterable[tuple[Any, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(name=_label(label), dtype=_dtype(dtype))
        for label, dtype in islice(pairs, MAX_COLUMNS)
    )


def _label(label: Any) -> str:
    cls = type(label)
    if cls is tuple:
        return f"({', '.join(_label(part) for part in label[:10])})"[:_MAX_LABEL]
    if cls is str:
        label = label[:_MAX_LABEL]
    elif not is_one_of(cls, _PLAIN_LABELS) and not genuine(cls, *_LABELS):
        return f"<{type_name(cls)}>"
    # Control characters in a data file's header must not look like lines of ours.
    text = str(label)[:_MAX_LABEL]
    return "".join(c if c.isprintable() else " " for c in text)


def _dtype_of(array: Any) -> str:
    return _dtype(array.dtype) if _is_known(array) else type_name(type(array))


def _dtype(dtype: Any) -> str:
    """A dtype as text, without the values that an enumeration lists."""
    cls = type(dtype)
    name = type_name(cls).rpartition(".")[2]
    if genuine(cls, "pyspark"):
        return name.removesuffix("Type").lower()
    if not genuine(cls, *_DTYPES) or name == "Enum":
        return name if name == "Enum" else type_name(cls)
    if name.startswith("Categorical"):
        return "category" if name == "CategoricalDtype" else "Categorical"
    text = re.sub(r"\(?categories=.*", "", str(dtype))[:80]
    # A type of the person's own can be held by a list's or a struct's.
    return " ".join(text.split())
