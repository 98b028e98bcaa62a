"""Null counts and values: within their budget, and without running code of the person's."""

from __future__ import annotations

import datetime
import gc
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from llm_notebook.context import build_context
from llm_notebook.context.fit import fit_variable
from llm_notebook.context.nulls import Reading
from llm_notebook.context.values import show
from llm_notebook.context.variables import describe_one
from llm_notebook.core.context import Column, Variable
from llm_notebook.core.notebook import Snapshot

CALLS: list[str] = []


def read(value: object, *, values: bool = False) -> Variable:
    return describe_one("x", value, Reading(nulls=True, values=values, seconds=60))


def nulls(value: object) -> dict[str, int | None]:
    return {column.name: column.nulls for column in read(value).columns}


def test_nulls_of_pandas() -> None:
    frame = pd.DataFrame(
        {
            "float": [1.0, None, np.nan],
            "int": [1, 2, 3],
            "bool": [True, False, True],
            "text": ["a", None, "b"],
            "object": pd.Series([None, np.nan, "b"], dtype=object),
            "when": pd.to_datetime(["2020", None, None]),
            "span": pd.to_timedelta([1, None, 2], unit="s"),
            "nullable": pd.array([1, None, None], dtype="Int64"),
            "category": pd.Categorical(["a", None, "a"]),
            "zone": pd.to_datetime(["2020", None, "2021"]).tz_localize("UTC"),
            "mixed": pd.Series([pd.NaT, pd.NA, Decimal("NaN")], dtype=object),
            "complex": [1j, complex("nan"), 2],
        }
    )

    assert nulls(frame) == {name: int(frame[name].isna().sum()) for name in frame}
    assert read(frame).counted == 3
    assert read(frame["text"]).nulls == 1
    assert read(frame["int"]).nulls == 0
    assert read(frame["category"]).nulls == 1
    assert read(np.array([1.0, np.nan])).nulls == 1
    assert nulls(pd.DataFrame({"a": []})) == {"a": 0}


def test_nulls_of_polars_and_pyarrow() -> None:
    pl = pytest.importorskip("polars", reason="polars is not installed")
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    data = {"a": [1, None, 3], "b": ["x", "y", None], "c": [True, True, True]}

    assert nulls(pl.DataFrame(data)) == {"a": 1, "b": 1, "c": 0}
    assert nulls(pa.table(data)) == {"a": 1, "b": 1, "c": 0}
    assert nulls(pa.RecordBatch.from_pydict(data)) == {"a": 1, "b": 1, "c": 0}
    assert read(pl.Series("a", data["a"])).nulls == 1
    assert read(pl.DataFrame(data)).counted == 3


def test_of_a_long_table_only_the_first_rows_are_counted() -> None:
    column = np.zeros(1_500_000)
    column[[0, 5, -1]] = np.nan
    frame = pd.DataFrame({"a": column, "b": column, "n": np.arange(len(column))})

    found = read(frame)

    assert found.counted == 500_000
    assert [c.nulls for c in found.columns] == [2, 2, 0]
    assert found.text().endswith("(2 null), n int64; nulls counted in the first 500000 rows only")


def test_all_tables_share_one_budget() -> None:
    reading = Reading(nulls=True, seconds=60)
    frame = pd.DataFrame({"a": np.zeros(900_000)})

    counted = [describe_one("x", frame, reading).counted for _ in range(4)]

    assert counted == [900_000, 900_000, 200_000, None]
    assert describe_one("x", frame, reading).text().endswith("nulls not counted")


def test_no_time_left() -> None:
    reading = Reading(nulls=True, seconds=-1)

    found = describe_one("x", pd.DataFrame({"a": [1.0, None]}), reading)

    assert found.columns == (Column("a", "float64"),)


def test_values_only_on_request() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, None, 1.0, 2.123456789, 3, 4], "b": ["HIDDEN", "x", None, "x", "y", "z"]}
    )

    assert [c.values for c in read(frame, values=True).columns] == [
        ("1", "2.12346", "3"),
        ("HIDDEN", "x", "y"),
    ]
    for value in (frame, frame["b"], ["HIDDEN"], "HIDDEN", {"HIDDEN": 1}, np.array(["HIDDEN"])):
        assert "HIDDEN" not in repr(read(value))
        assert "HIDDEN" in repr(read(value, values=True))


def test_values_of_others() -> None:
    pl = pytest.importorskip("polars", reason="polars is not installed")
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

    assert read(pl.DataFrame({"a": [1, None, 3]}), values=True).columns[0].values == ("1", "3")
    assert read(pa.table({"a": ["x", "y"]}), values=True).columns[0].values == ("x", "y")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1"),
        (True, "True"),
        (1 / 3, "0.333333"),
        ("a\nb", "a b"),
        (b"x", "b'x'"),
        (10**500, "an int of 1661 bits"),
        (Decimal("1.5"), "1.5"),
        (datetime.date(2020, 1, 2), "2020-01-02"),
        (pd.Timestamp("2020-01-02"), "2020-01-02 00:00:00"),
        (np.float32(1.5), "1.5"),
        ([1], "<list>"),
        (object(), "<object>"),
    ],
)
def test_show(value: object, shown: str) -> None:
    assert show(value) == shown


def test_huge_and_cyclic_values() -> None:
    cycle: list[Any] = [1]
    cycle.append(cycle)
    table: dict[str, Any] = {"k": 1}
    table["self"] = table

    assert read(cycle, values=True).values == ("1", "<list>")
    assert read(table, values=True).values == ("k", "self")
    huge = read("x" * 200_000_000, values=True)
    assert len(fit_variable(huge, 1000)[0].text()) < 100
    frame = pd.DataFrame({"a": ["x" * 50_000_000]})
    assert len(fit_variable(read(frame, values=True), 1000)[0].text()) < 120
    assert read([0] * 1_000_000, values=True).values == ("0",)


def test_values_are_redacted() -> None:
    key = "sk-" + "aB3dE5fG7hJ9kL1mN2pQ4r"
    names: dict[str, object] = {
        "api_key": "plainwords",
        "text": key,
        "people": pd.DataFrame(
            {"password": ["hunter2"], "path": ["/home/alice/x"], "note": [f"{'-' * 30} {key}"]}
        ),
    }

    context = build_context(Snapshot(()), "text people api_key", None, names, values=True)

    text = "\n".join(piece.text for piece in context.pieces)
    for secret in ("plainwords", key[:10], "hunter2", "alice"):
        assert secret not in text
    redacted = {piece.label: piece.redacted for piece in context.pieces}
    assert redacted["people"] == ("password", "home path", "API key")
    assert redacted["api_key"] == ("API key",)


def test_a_million_columns() -> None:
    frame = pd.DataFrame(np.zeros((2, 1_000_000)))

    found = read(frame, values=True)

    assert (found.shape, len(found.columns)) == ((2, 1_000_000), 200)
    assert "and 999800 more" in found.text()


# -- nothing of the person's runs ---------------------------------------------


def _record(name: str) -> Any:
    def method(*_: object, **__: object) -> Any:
        CALLS.append(name)
        raise RuntimeError(name)

    return method


class Foreign:
    """Every way that a value could be asked for something."""

    __class__ = property(_record("__class__"))  # type: ignore[assignment]
    __repr__ = __str__ = __format__ = __eq__ = __ne__ = __bool__ = __len__ = _record("special")  # type: ignore[assignment]
    __getattr__ = __float__ = __index__ = __iter__ = __array__ = _record("special")

    def __hash__(self) -> int:
        return 1


def test_objects_in_a_column() -> None:
    class Text(str):
        __str__ = __repr__ = __format__ = __eq__ = _record("text")  # type: ignore[assignment]
        __hash__ = str.__hash__

    class Number(Decimal):
        __ne__ = __eq__ = __str__ = __repr__ = _record("number")  # type: ignore[assignment]
        __hash__ = Decimal.__hash__

    cells = np.empty(5, dtype=object)
    for i, cell in enumerate([Foreign(), None, Text("a"), Number("NaN"), np.nan]):
        cells[i] = cell
    frame = pd.DataFrame({"a": pd.Series(cells, dtype=object)})
    CALLS.clear()

    found = read(frame, values=True)

    assert CALLS == []
    assert found.columns[0].nulls == 2
    assert [value.rpartition(".")[2] for value in found.columns[0].values] == [
        "Foreign>",
        "Text>",
        "Number>",
    ]


def test_a_column_of_a_foreign_array() -> None:
    from pandas.api.extensions import ExtensionArray, ExtensionDtype

    class Dtype(ExtensionDtype):
        name = "foreign"
        type = object
        na_value = None

        @classmethod
        def construct_array_type(cls) -> Any:
            return Array

    class Array(ExtensionArray):
        _is_loud = False

        def __init__(self) -> None:
            self.data = [1, 2]

        def _ask(self, answer: Any) -> Any:
            if Array._is_loud:
                CALLS.append("asked")
                raise RuntimeError
            return answer

        dtype = property(lambda self: self._ask(Dtype()))  # type: ignore[assignment]
        nbytes = property(lambda self: self._ask(16))  # type: ignore[assignment]

        def __len__(self) -> int:
            return int(self._ask(2))

        def __getitem__(self, item: Any) -> Any:
            return self._ask(self if isinstance(item, slice) else 1)

        def isna(self) -> Any:
            return self._ask(np.array([False, False]))

        def copy(self) -> Any:
            return self._ask(self)

    frame = pd.DataFrame({"a": [1.0, None]})
    frame["b"] = Array()
    series = frame["b"]
    CALLS.clear()
    Array._is_loud = True

    found = read(frame, values=True)
    read(series, values=True)

    assert CALLS == []
    assert [column.nulls for column in found.columns] == [1, None]
    assert found.columns[1].dtype.endswith("Array")


def test_labels_of_a_foreign_index() -> None:
    class Labels(pd.Index):
        _is_loud = False

        def __getitem__(self, item: Any) -> Any:
            if Labels._is_loud:
                CALLS.append("index")
                raise RuntimeError
            return super().__getitem__(item)

        def __iter__(self) -> Any:
            CALLS.append("index")
            raise RuntimeError

    frame = pd.DataFrame({"a": [1]})
    frame.columns = Labels._simple_new(np.array(["a"], dtype=object))
    CALLS.clear()
    Labels._is_loud = True

    found = read(frame, values=True)

    assert CALLS == []
    assert (found.kind, found.shape, found.columns) == ("table", (), ())


def test_duckdb_relations_are_not_run() -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    connection = duckdb.connect()
    # The query itself would fail.
    relation = connection.sql("select 1 as a, error('run') as b, null::date as c")

    found = read(relation, values=True)

    assert found.kind == "table"
    assert [(c.name, c.dtype) for c in found.columns] == [
        ("a", "INTEGER"),
        ("b", '"NULL"'),
        ("c", "DATE"),
    ]
    connection.close()
    assert read(relation).type.endswith("DuckDBPyRelation")


def test_dask_is_not_computed() -> None:
    dask = pytest.importorskip("dask", reason="dask is not installed")
    dd = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    da = pytest.importorskip("dask.array", reason="dask is not installed")
    source = pd.DataFrame({"a": [1, 2], "b": ["x", "HIDDEN"]})

    def explode(part: Any) -> Any:
        CALLS.append("computed")
        raise RuntimeError

    frame = dd.from_pandas(source, npartitions=2).map_partitions(explode, meta=source.iloc[:0])
    blocks = da.ones((10, 4), chunks=5).map_blocks(explode, meta=np.empty((0, 0)))
    CALLS.clear()

    with dask.config.set(scheduler=_record("scheduler")):
        found = read(frame, values=True)
        series = read(frame["a"], values=True)
        array = read(blocks, values=True)

    assert CALLS == []
    assert (found.kind, found.shape, found.counted) == ("table", (), None)
    assert [column.name for column in found.columns] == ["a", "b"]
    assert found.columns[0].dtype == "int64"
    assert (series.kind, series.dtype) == ("series", "int64")
    assert (array.kind, array.shape, array.dtype) == ("array", (10, 4), "float64")
    assert "HIDDEN" not in repr((found, series, array))


def test_polars_starts_no_threads() -> None:
    # The more of them there are, the less safely the process can be forked.
    pytest.importorskip("polars", reason="polars is not installed")
    if not sys.platform.startswith("linux"):
        pytest.skip("threads are counted in /proc")
    code = """if True:
        import os, polars as pl
        from llm_notebook.context.nulls import Reading
        from llm_notebook.context.variables import describe_one
        df = pl.DataFrame({"a": [1, None], "b": ["x", "y"]})
        def threads():
            tasks = "/proc/self/task"
            names = [open(f"{tasks}/{task}/comm").read() for task in os.listdir(tasks)]
            return sum("polars" in name for name in names)
        before = threads()
        found = describe_one("df", df, Reading(nulls=True, values=True))
        print(threads() - before, found.columns[0].nulls)
    """

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["0", "1"]


def test_rows_under_a_foreign_index() -> None:
    class Rows(pd.Index):
        __len__ = __getitem__ = __iter__ = _record("index")

    frame = pd.DataFrame({"a": [1.0, None]})
    frame._mgr.axes[1] = Rows._simple_new(np.array([1, 2], dtype=object))
    CALLS.clear()

    found = read(frame)

    assert CALLS == []
    assert (found.shape, found.columns) == ((), (Column("a", "?"),))


def _arrow_type(pa: Any) -> Any:
    class Mine(pa.ExtensionType):  # type: ignore[misc]
        is_loud = False

        def __init__(self) -> None:
            super().__init__(pa.int64(), "mine")

        def __arrow_ext_serialize__(self) -> bytes:
            return self._ask(b"")  # type: ignore[no-any-return]

        @classmethod
        def __arrow_ext_deserialize__(cls, *_: object) -> Any:
            return cls._ask(cls())

        def __arrow_ext_scalar_class__(self) -> Any:
            return self._ask(pa.ExtensionScalar)

        def __arrow_ext_class__(self) -> Any:
            return self._ask(pa.ExtensionArray)

        def __eq__(self, other: object) -> Any:
            return self._ask(pa.ExtensionType.__eq__(self, other))

        def __str__(self) -> str:
            return self._ask("mine")  # type: ignore[no-any-return]

        __repr__ = __str__

        def __hash__(self) -> int:
            return 1

        @classmethod
        def _ask(cls, answer: Any) -> Any:
            if cls.is_loud:
                CALLS.append("asked")
            return answer

    return Mine


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize(
    "make",
    ["series", "frame", "labels", "rows", "categories", "table", "batch"],
)
@pytest.mark.parametrize("nested", ["", "list", "struct"])
def test_a_foreign_type_of_arrow(make: str, nested: str, is_kept: bool) -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    mine = _arrow_type(pa)
    kind = mine()
    cells = pa.ExtensionArray.from_storage(kind, pa.array([4711, 4712]))
    if nested == "list":
        cells = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), cells)
    elif nested == "struct":
        cells = pa.StructArray.from_arrays([cells], ["f"])

    def column() -> Any:
        return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([cells])))  # type: ignore[attr-defined]

    if make == "categories" and nested:
        pytest.skip("pandas has no categories of lists")
    value: Any = {
        "series": column,
        "frame": lambda: pd.DataFrame({"a": [1.0, None], "b": column()}),
        "labels": lambda: pd.DataFrame([[1, 2]], columns=pd.Index(column())),
        "rows": lambda: pd.DataFrame({"a": [1, 2]}, index=pd.Index(column())),
        "categories": lambda: pd.Series(
            pd.Categorical.from_codes([0, 1], dtype=pd.CategoricalDtype(pd.Index(column())))
        ),
        "table": lambda: pa.table({"a": [1.0, None], "b": cells}),
        "batch": lambda: pa.RecordBatch.from_arrays([pa.array([1.0, None]), cells], ["a", "b"]),
    }[make]()
    if not is_kept:
        # Arrow then makes the object anew, by the class's own code.
        del kind, cells
        gc.collect()
    CALLS.clear()
    mine.is_loud = True

    found = read(value, values=True)

    assert CALLS == []
    assert "471" not in repr(found)
    if make in ("frame", "table", "batch"):
        assert [(c.name, c.nulls) for c in found.columns] == [("a", 1), ("b", None)]


def test_types_that_are_arrows_own_are_read() -> None:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    kind = pd.ArrowDtype(pa.list_(pa.int64()))
    frame = pd.DataFrame(
        {"a": pd.array([1, None], dtype="int64[pyarrow]"), "b": pd.Series([[1], None], dtype=kind)}
    )

    assert [(c.dtype, c.nulls) for c in read(frame).columns] == [
        ("int64[pyarrow]", 1),
        ("list<item: int64>[pyarrow]", 1),
    ]


def test_a_foreign_dtype_of_polars() -> None:
    pl = pytest.importorskip("polars", reason="polars is not installed")
    if not hasattr(pl, "BaseExtension"):
        pytest.skip("this polars has no dtypes of others")

    class Mine(pl.BaseExtension):  # type: ignore[misc]
        __eq__ = __repr__ = __str__ = _record("dtype")

        def __init__(self) -> None:
            super().__init__("mine", pl.Int64)

        def __hash__(self) -> int:
            return 1

        @classmethod
        def ext_from_params(cls, *_: object, **__: object) -> Any:
            CALLS.append("made")
            return cls()

    pl.register_extension_type("mine", Mine)
    try:
        column = pl.Series("a", [4711, None]).ext.to(Mine())
        frame = pl.DataFrame({"a": column}).select("a", pl.struct("a").alias("b"))
        CALLS.clear()

        found = read(frame, values=True)

        assert CALLS == []
        assert [(c.name, c.nulls) for c in found.columns] == [("a", 1), ("b", 0)]
        assert "4711" not in repr(found)
    finally:
        pl.unregister_extension_type("mine")
    assert read(pl.DataFrame({"a": [1]})).columns == (Column("a", "Int64", 0),)
