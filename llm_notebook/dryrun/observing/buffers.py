"""Where the known libraries keep the values of their arrays and tables.

Only classes that are a library's own are looked into, and only attributes that
they hold already: nothing is computed, and nothing is copied that is large.
"""

from __future__ import annotations

import ctypes
import random
import sys
from array import array as builtin_array
from collections.abc import Callable
from typing import Any, NamedTuple

from llm_notebook.context.typeinfo import derives, genuine, library_class, reads_plainly, type_name

_COPIED = 4 << 20
_WHOLE = 2_000
_SAMPLE = 200


class Held(NamedTuple):
    """What an array or a table holds.

    Attributes
    ----------
    shape : tuple
        Plain values that say how the memory is to be read.
    regions : list of (int, int)
        Address and bytes.
    objects : list
        What else it is made of.
    is_whole : bool
        False where something was left out that may change in place.
    """

    shape: tuple[Any, ...]
    regions: list[tuple[int, int]] = []
    objects: list[Any] = []
    is_whole: bool = True


Reader = Callable[[Any], Held | None]


def reader(cls: type) -> Reader | None:
    """What finds what the values of a known library's class hold; None for any other class."""
    for module, name, read in _KNOWN:
        base = library_class(module, name)
        if base is not None and derives(cls, base):
            # Of these two nothing is read that a subclass could answer for.
            is_safe = module in ("numpy", "pandas") or reads_plainly(cls, base)
            return _careful(read) if is_safe else None
    return _careful(_pandas_array) if genuine(cls, "pandas") else None


def _careful(read: Reader) -> Reader:
    def careful(value: Any) -> Held | None:
        try:
            return read(value)
        except Exception:  # of a version that keeps its values elsewhere
            return None

    return careful


def _numpy(value: Any) -> Held:
    fields = library_class("numpy", "ndarray").__dict__
    shape, strides, dtype = (fields[name].__get__(value) for name in ("shape", "strides", "dtype"))
    address = fields["__array_interface__"].__get__(value)["data"][0]
    facts = (tuple(shape), str(dtype) if type_name(type(dtype)).startswith("numpy") else "")
    size = dtype.itemsize
    for length in shape:
        size *= length
    if not size:
        return Held(facts)
    objects, is_whole = _objects(value, fields) if dtype.hasobject else ([], True)
    if fields["flags"].__get__(value).forc:
        return Held(facts, [(address, size)], objects, is_whole)
    if size <= _COPIED and not dtype.hasobject:
        # Only its own values: those between them are another's.
        import numpy as np

        whole = np.ascontiguousarray(value)
        return Held((*facts, _hash(whole.view(np.ndarray).tobytes())))
    low = address + sum(min(0, step * (n - 1)) for n, step in zip(shape, strides, strict=True))
    high = address + sum(max(0, step * (n - 1)) for n, step in zip(shape, strides, strict=True))
    return Held((*facts, tuple(strides)), [(low, high + dtype.itemsize - low)], objects, is_whole)


def _hash(data: bytes) -> int:
    return hash(data)  # forks have the same seed


def _objects(value: Any, fields: Any) -> tuple[list[Any], bool]:
    """Some of the Python objects in an array, and whether these are all that can change."""
    flat = fields["ravel"](value, "K") if fields["flags"].__get__(value).forc else None
    if flat is None or flat.dtype.kind != "O":
        return [], False
    count = len(flat)
    step = max(1, count // _SAMPLE) if count > _WHOLE else 1
    found = [flat[i] for i in range(0, count, step)]
    fixed = (str, bytes, int, float, bool, type(None))
    return found, step == 1 or all(any(type(item) is cls for cls in fixed) for item in found)


def _numpy_scalar(value: Any) -> Held | None:
    return Held((str(value.dtype), value.tobytes())) if genuine(type(value), "numpy") else None


def _pandas_frame(value: Any) -> Held:
    held = object.__getattribute__(value, "__dict__")
    manager = held["_mgr"]
    objects = [*manager.axes]
    places = []
    for block in manager.blocks:
        objects.append(block.values)
        if len(manager.shape) == 2:
            places.append(block.mgr_locs.as_array.tobytes())
    objects += [held.get("_attrs"), held.get("_name")]
    return Held((manager.shape, *places), objects=objects)


def _pandas_index(value: Any) -> Held | None:
    held = object.__getattribute__(value, "__dict__")
    whole = held.get("_range")
    if whole is not None:
        return Held((whole.start, whole.stop, whole.step), objects=[held.get("_name")])
    if "_levels" in held:
        return Held((), objects=[*held["_levels"], *held["_codes"], *held["_names"]])
    return Held((), objects=[held["_data"], held.get("_name")])


def _pandas_array(value: Any) -> Held | None:
    names = ("_ndarray", "_data", "_mask", "_pa_array", "_sparse_values", "_left", "_right")
    found = [getattr(value, name) for name in names if hasattr(value, name)]
    if not found:
        return None
    categories = getattr(getattr(value, "dtype", None), "categories", None)
    return Held((len(value),), objects=[*found, categories])


def _arrow_chunks(value: Any) -> Held:
    return Held((str(value.type),), objects=list(value.chunks))


def _arrow_array(value: Any) -> Held:
    buffers = [buffer for buffer in value.buffers() if buffer is not None]
    shape = (str(value.type), len(value), value.offset)
    return Held(shape, [(buffer.address, buffer.size) for buffer in buffers])


def _arrow_table(value: Any) -> Held:
    columns = [value.column(i) for i in range(value.num_columns)]
    return Held((value.num_rows, *map(str, value.schema.names)), objects=columns)


def _polars_frame(value: Any) -> Held:
    return Held((value.height, *value.columns), objects=value.get_columns())


def _polars_series(value: Any) -> Held:
    shape = (value.name, str(value.dtype), len(value), value.null_count())
    arrow = sys.modules.get("pyarrow")
    if arrow is not None and (
        value.dtype.is_numeric() or str(value.dtype) in ("String", "Boolean")
    ):
        # As it lies in memory: these kinds are handed over without a copy.
        return Held(shape, objects=[arrow.chunked_array(value)])
    step = max(1, len(value) // _SAMPLE)
    return Held(shape, objects=value.gather_every(step).to_list(), is_whole=step == 1)


def _torch(value: Any) -> Held:
    base: Any = library_class("torch", "Tensor")
    size = value.numel() * value.element_size()
    facts = (tuple(value.shape), tuple(value.stride()), str(value.dtype), str(value.device))
    if value.device.type != "cpu" or value.layout is not sys.modules["torch"].strided:
        return Held((*facts, value._version), is_whole=False)
    if value.is_contiguous():
        return Held(facts, [(base.data_ptr(value), size)] if size else [])
    storage = value.untyped_storage()
    return Held(facts, [(storage.data_ptr(), storage.nbytes())])


def _bytearray(value: Any) -> Held:
    size = len(value)
    if not size:
        return Held((0,))
    address = ctypes.addressof((ctypes.c_char * size).from_buffer(value))
    return Held((size,), [(address, size)])


def _builtin_array(value: Any) -> Held:
    address, count = builtin_array.buffer_info(value)
    size = count * value.itemsize
    return Held((value.typecode, count), [(address, size)] if size else [])


def _random(value: Any) -> Held:
    return Held((hash(random.Random.getstate(value)),))


def _numpy_random(value: Any) -> Held:
    return Held((), objects=[value.bit_generator.state])


def _numpy_random_state(value: Any) -> Held:
    return Held((), objects=[value.get_state(legacy=False)])


_KNOWN: tuple[tuple[str, str, Reader], ...] = (
    ("numpy", "ndarray", _numpy),
    ("numpy", "generic", _numpy_scalar),
    ("pandas", "DataFrame", _pandas_frame),
    ("pandas", "Series", _pandas_frame),
    ("pandas", "Index", _pandas_index),
    ("polars", "DataFrame", _polars_frame),
    ("polars", "Series", _polars_series),
    ("pyarrow", "ChunkedArray", _arrow_chunks),
    ("pyarrow", "Array", _arrow_array),
    ("pyarrow", "Table", _arrow_table),
    ("pyarrow", "RecordBatch", _arrow_table),
    ("torch", "Tensor", _torch),
    ("torch.nn", "Parameter", _torch),
    ("numpy.random", "Generator", _numpy_random),
    ("numpy.random", "RandomState", _numpy_random_state),
    ("builtins", "bytearray", _bytearray),
    ("array", "array", _builtin_array),
    ("random", "Random", _random),
)
