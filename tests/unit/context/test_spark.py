"""A real Spark, where pyspark and a Java are installed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from llm_notebook.context.nulls import Reading
from llm_notebook.context.variables import describe_one, tables_in
from llm_notebook.core.context import Column, Variable

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("java"), reason="Spark needs a Java"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    )
    yield session
    session.stop()


def read(value: object) -> Variable:
    return describe_one("df", value, Reading(nulls=True, values=True))


def test_columns_without_a_job(spark: Any) -> None:
    made = spark.createDataFrame([(1, "HIDDEN")], "a int, b string")
    # Running it would fail.
    derived = made.selectExpr("a + 1 as c", "raise_error('run') as d", "array(b) as e")
    found = read(derived)
    for _ in range(100):  # the first answer may come late
        if found.columns:
            break
        time.sleep(0.1)
        found = read(derived)

    assert read(made).columns == (Column("a", "integer"), Column("b", "string"))
    assert (found.kind, found.shape) == ("table", ())
    assert found.columns == (Column("c", "integer"), Column("d", "null"), Column("e", "array"))
    assert "HIDDEN" not in repr((found, read(made)))
    assert tables_in({"made": made}) == ["made"]
    assert spark.sparkContext.statusTracker().getJobIdsForGroup() == []


def test_after_the_session_has_ended(spark: Any) -> None:
    derived = spark.range(3).selectExpr("id + 1 as x")
    spark.stop()

    assert read(derived).kind == "table"
