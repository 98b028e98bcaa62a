"""Functions of libraries that stand where others belong, and those that are only called so."""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import CellType, FunctionType, ModuleType
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from llm_notebook.context.typeinfo import derives
from llm_notebook.rules.live import look
from llm_notebook.rules.live.standing import does_more

NAMES = {"pd": pd, "np": np, "df": pd.DataFrame({"a": [1]})}


def texts(source: str) -> str:
    return " ".join(reason.text for reason in look([("c", source)], NAMES).findings)


@pytest.mark.parametrize(
    "stranger",
    [
        os.remove,
        shutil.rmtree,
        pd.read_pickle,
        pd.DataFrame.to_csv,
        np.save,
        builtins.exec,
        subprocess.Popen,
        Path("x").unlink,
        functools.partial(os.remove),
        functools.partial(functools.partial(subprocess.run), check=True),
    ],
    ids="remove rmtree read_pickle to_csv save exec Popen unlink partial nested".split(),  # noqa: SIM905
)
def test_a_function_of_a_library_in_the_place_of_another_is_found(
    monkeypatch: pytest.MonkeyPatch, stranger: Any
) -> None:
    assert texts("pd.isna(1)\nfrom pandas import isna\ndf.head()\nnp.mean([1])") == ""
    monkeypatch.setattr(pd, "isna", stranger)
    assert texts("pd.isna(1)") == "pd.isna was replaced by an earlier cell."
    monkeypatch.undo()
    monkeypatch.setattr(pd.DataFrame, "head", stranger)
    assert texts("df.head()") == "df.head was replaced by an earlier cell."
    assert texts("pd.DataFrame([1]).head()") == ""  # what a call gives is not followed
    monkeypatch.setattr(np, "mean", stranger)
    assert texts("import numpy\nnumpy.mean([1])") == "numpy.mean was replaced by an earlier cell."


@pytest.mark.parametrize(
    "source",
    [
        "from pandas import isna",
        "from pandas import isna as f\nf('x')",
        "from pandas import *\nisna('x')",
        "def f():\n    from pandas import isna\n    return isna('x')",
    ],
)
@pytest.mark.parametrize("stranger", [os.remove, lambda found: found], ids=["library", "own"])
def test_what_is_imported_out_of_a_module_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, source: str, stranger: Any
) -> None:
    assert texts(source) == ""
    monkeypatch.setattr(pd, "isna", stranger)
    assert texts(source) == "pandas.isna was replaced by an earlier cell."


def test_attributes_of_what_is_imported_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from pandas import DataFrame as D\nD.head(df)"
    assert texts(source) == ""
    monkeypatch.setattr(pd.DataFrame, "head", os.remove)
    assert texts(source) == "pandas.DataFrame.head was replaced by an earlier cell."


def test_a_module_of_nobody_s_in_the_place_of_a_library_s_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import matplotlib.pyplot

    made = ModuleType("os")
    made.plot = os.remove  # type: ignore[attr-defined]
    source = "import matplotlib\nmatplotlib.pyplot.plot('x')"
    assert texts(source) == ""
    monkeypatch.setattr(matplotlib, "pyplot", made)
    assert texts(source) == "matplotlib.pyplot was replaced by an earlier cell."
    told = texts("from matplotlib import pyplot as plt")
    assert told == "matplotlib.pyplot was replaced by an earlier cell."


def test_what_a_decorated_function_is_called_counts_for_nothing() -> None:
    """A decorator's own code says nothing, so what it has in its hands is asked."""
    wrapper: Any = pd.DataFrame.groupby
    free = wrapper.__code__.co_freevars
    if "func" not in free:
        pytest.skip("this pandas does not decorate groupby")
    for function, is_more in ((os.makedirs, True), (pd.isna, False)):
        cells = tuple(CellType(function if name == "func" else None) for name in free)
        made = FunctionType(wrapper.__code__, wrapper.__globals__, "isna", None, cells)
        made.__module__, made.__qualname__ = "pandas", "isna"
        assert does_more(pd, "isna", made) is is_more


def test_one_that_does_no_more_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "mean", np.median)
    monkeypatch.setattr(pd, "isna", functools.partial(pd.notna))
    assert texts("np.mean([1])\npd.isna(1)") == ""


OPEN = (
    *("pandas", "numpy", "numpy.random", "numpy.linalg", "matplotlib.pyplot", "seaborn"),
    *("scipy.stats", "scipy.optimize", "sklearn.linear_model", "sklearn.ensemble"),
    *("sklearn.metrics", "polars", "altair", "plotly.express", "math", "random", "statistics"),
    *("datetime", "itertools", "functools", "collections", "json", "re", "csv", "string"),
    *("decimal", "os.path"),
)


def test_a_module_that_a_library_loads_when_it_is_needed_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As `tf.keras` is: not yet the module that it stands for, and of a class of the library's."""
    from importlib.util import _LazyModule

    class Own(ModuleType):
        pass

    Own.__module__ = "__main__"
    source = "import matplotlib\nmatplotlib.later.Sequential()"
    for kind, is_found in ((_LazyModule, False), (ModuleType, True), (Own, True)):
        monkeypatch.setattr(matplotlib, "later", kind("matplotlib.later"), raising=False)
        assert bool(texts(source)) is is_found, kind


@pytest.mark.parametrize("name", OPEN)
def test_nothing_that_libraries_offer_is_taken_for_replaced(name: str) -> None:
    """Libraries have functions under several names, from C and from each other."""
    pytest.importorskip(name)
    module = sys.modules.get(name) or importlib.import_module(name)
    wrong = []
    for attribute, value in list(vars(module).items()):
        if attribute.startswith("_"):
            continue
        if does_more(module, attribute, value):
            wrong.append(attribute)
        if derives(type(value), type):
            members = [(m, v) for m, v in list(vars(value).items()) if not m.startswith("_")]
            wrong += [f"{attribute}.{m}" for m, v in members if does_more(value, m, v)]
    assert wrong == []
