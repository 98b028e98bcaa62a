"""Names that an earlier cell imported, and what it made, are known as what they are."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from llm_notebook.policy import predict
from llm_notebook.rules.carrying import Carried
from llm_notebook.rules.live.meaning import meaning
from llm_notebook.rules.live.offered import place_of
from tests.unit.rules.test_live import Cell, cell, looked, namespace

__all__ = ["cell", "namespace"]

SETUP = """\
import numpy as np, pandas as pd, polars as pl, pyarrow as pa, plotly.express as px
import plotly.graph_objects as go, altair as alt, seaborn as sns, matplotlib.pyplot as plt
import lightgbm as lgb
from numpy.random import default_rng, randn
from numpy import array, zeros, linspace
from operator import itemgetter
from collections import Counter, defaultdict
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import make_pipeline, Pipeline
from sklearn.model_selection import train_test_split, cross_val_score, GridSearchCV
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import accuracy_score
from scipy import stats
from scipy.optimize import curve_fit, minimize
from scipy.stats import norm, ttest_ind
from datetime import datetime, timedelta
from IPython.display import display, Markdown
from tqdm import tqdm
from tqdm.auto import tqdm as t2
import math, random, re, json, itertools, functools
from functools import reduce, partial
rng = default_rng(1)
rs = np.random.RandomState(1)
df = pd.DataFrame({'x': [1,2,3], 'y': [1.,2,3], 'g': list('aab')})
s = df.x; gb = df.groupby('g'); idx = df.index
pf = pl.DataFrame({'x': [1,2]}); lf = pf.lazy(); tb = pa.table({'x': [1]})
X, y = load_iris(return_X_y=True); iris = load_iris()
model = LinearRegression().fit(df[['x']], df.y); clf = RandomForestClassifier(5).fit(X, y)
pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y)
grid = GridSearchCV(LogisticRegression(max_iter=500), {'C': [1, 2]}, cv=2).fit(X, y)
lgbm = lgb.LGBMRegressor(n_estimators=2, verbose=-1).fit(X, y)
fig, ax = plt.subplots(); lines = ax.plot([1,2]); g = sns.FacetGrid(df, col='g')
pfig = px.scatter(df, x='x', y='y'); gfig = go.Figure()
chart = alt.Chart(df).mark_bar().encode(x='x:Q')
pat = re.compile('a'); cnt = Counter('aab'); now = datetime.now(); dd = defaultdict(list)
d = norm(0,1); f = partial(math.pow, 2); poly = np.poly1d([1,2])
ma = np.ma.array([1,2], mask=[0,1])
ds = np.arange(6).reshape(2,3); it = itertools.cycle([1,2]);
@functools.lru_cache
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
from dataclasses import dataclass
@dataclass
class P:
    a: int = 1
    def twice(self): return self.a * 2
p = P()
"""
USES = """\
rng.normal(size=3)
rs.rand(3)
randn(3); zeros(3); linspace(0,1); array([1])
default_rng(3).random()
itemgetter(1)([1,2])
df.describe()
df.groupby('g').y.mean().plot()
gb.agg(['mean'])
s.value_counts().plot.bar()
pf.select(pl.col('x').sum())
lf.collect()
tb.to_pandas()
model.predict(df[['x']]); model.coef_
clf.score(X, y); clf.feature_importances_
pipe.predict(X)
grid.best_params_; grid.cv_results_
lgbm.predict(X)
fig; ax.set_title('a'); ax.legend()
lines[0].set_color('r')
g.map(plt.hist, 'x')
pfig.update_layout(title='a')
gfig.add_trace(go.Scatter(x=[1], y=[2]))
chart.mark_line()
pat.findall('aa')
cnt.most_common(1)
now + timedelta(days=1); now.strftime('%Y')
d.pdf(0.5); stats.norm.pdf(1); ttest_ind([1,2],[2,3])
curve_fit(lambda x, a: a*x, [1,2,3], [1,2,3]); minimize(lambda x: x[0]**2, [1])
f(3); reduce(lambda a, b: a+b, [1,2])
poly(3); ma.mean()
next(it)
fib(10)
p.twice(); P(3)
display(df)
for i in tqdm(range(3)): pass
for i in t2(range(3)): pass
X_train, X_test, y_train, y_test = train_test_split(X, y)
cross_val_score(clf, X, y, cv=2); accuracy_score(y, y)
iris.data.shape; iris.target_names
sns.lineplot(data=df, x='x', y='y')
px.line(df, x='x', y='y')
random.random(); random.choice([1,2]); math.sqrt(2)
json.dumps({'a': 1})
StandardScaler().fit_transform(X)
df.to_dict(); df.to_numpy(); df.to_string()
plt.figure(); plt.plot([1,2]); plt.show()
df['z'] = df.x * 2
df.loc[df.x > 1, 'y'] = 0
np.linalg.inv(np.eye(2)); np.random.seed(1); np.random.rand(3)
idx.tolist(); ds.sum(axis=0); ds.T @ ds
make_blobs(10)
pd.concat([df, df]); pd.merge(df, df, on='x'); pd.cut(df.x, 2)
pd.pivot_table(df, index='g', values='y')
pd.to_datetime(['2020-01-01']); pd.date_range('2020', periods=3)
""".splitlines()

# In these every name that the gate lets pass must be let pass as a value too.
MODULES = (
    *("pandas", "numpy", "numpy.random", "numpy.linalg", "matplotlib.pyplot", "seaborn"),
    *("scipy.stats", "scipy.signal", "scipy.ndimage", "scipy.special", "scipy.interpolate"),
    *("sklearn.linear_model", "sklearn.ensemble", "sklearn.metrics", "sklearn.model_selection"),
    *("sklearn.preprocessing", "sklearn.cluster", "sklearn.datasets", "sklearn.tree", "altair"),
    *("plotly.express", "plotly.graph_objects", "pyarrow.compute", "math", "random", "operator"),
    *("statistics", "datetime", "itertools", "collections", "json", "re", "IPython.display"),
)
INNER = frozenset(
    ("BackendFilter", "draw_all", "relative_import", "orig_getattr", "mul")  # not for people
)


def kinds(known: str) -> set[str]:
    return {effect.kind for effect in predict("f(x)", {"f": known})}


@pytest.mark.parametrize("name", MODULES)
def test_a_name_means_the_same_imported_earlier(name: str) -> None:
    """What is defined in a private or compiled module is known by where people import it."""
    pytest.importorskip(name)
    module = importlib.import_module(name)
    held = []
    for attribute, value in list(vars(module).items()):
        is_offered = not attribute.startswith("_") and attribute not in INNER and callable(value)
        if isinstance(value, ModuleType) or not is_offered or kinds(f"function:{name}.{attribute}"):
            continue
        found = meaning(attribute, value)
        if found.problem or (found.known and kinds(found.known)):
            held.append((attribute, found.known, found.problem))
    assert held == []


def test_cells_over_what_was_imported_and_made_are_harmless(
    namespace: dict[str, Any], cell: Cell
) -> None:
    for package in ("polars", "pyarrow", "plotly", "altair", "seaborn", "lightgbm", "scipy"):
        pytest.importorskip(package)
    cell("import matplotlib\nmatplotlib.use('agg')")
    cell(SETUP)
    held = {}
    for source in USES:
        found = looked(namespace, source)
        effects = Carried(found.known, found.sources).predict(source, is_last=True)
        if found.findings or effects:
            held[source] = [*(reason.text for reason in found.findings), *effects]
    assert held == {}


def test_a_name_that_is_merely_carried_counts_for_nothing() -> None:
    import os

    def evil(x: object) -> None:
        os.remove(str(x))

    evil.__module__, evil.__qualname__, evil.__name__ = np.__name__, "mean", "mean"
    assert meaning("f", evil).problem

    class Evil:
        def __init__(self) -> None:
            os.remove("x")

    for module, name in ((np.__name__, "ndarray"), (np.__name__, "other"), ("builtins", "list")):
        Evil.__module__, Evil.__qualname__ = module, name
        assert meaning("A", Evil).problem
        assert meaning("a", object.__new__(Evil)).problem


def test_a_function_that_was_given_the_name_of_another_is_known_as_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    import pandas as pd

    monkeypatch.setattr(os.makedirs, "__module__", "pandas")
    monkeypatch.setattr(os.makedirs, "__qualname__", "isna")
    monkeypatch.setattr(pd, "isna", os.makedirs)
    assert meaning("f", os.makedirs).known == "function:os.makedirs"


def test_a_class_of_nothing_but_what_it_was_handed_is_no_library_s() -> None:
    import os

    class Evil:
        __call__ = os.remove  # type: ignore[assignment]

    Evil.__module__, Evil.__qualname__ = np.__name__, "other"
    assert meaning("A", Evil).problem


def test_where_a_builtin_belongs_counts_and_not_what_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    import pandas as pd

    monkeypatch.setattr(pd, "remove", os.remove, raising=False)
    try:
        monkeypatch.setattr(os.remove, "__module__", "pandas")
    except (AttributeError, TypeError):
        pytest.skip("this Python does not let it be written over")
    assert meaning("f", os.remove).known == "function:os.remove"


def test_a_module_that_is_no_library_s_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Evil:
        pass

    fake = ModuleType("numpy.fake")
    fake.Evil = Evil  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "numpy.fake", fake)
    Evil.__module__, Evil.__qualname__ = "numpy.fake", "Evil"
    assert place_of(np.ndarray) == "numpy.ndarray"
    assert place_of(Evil) == ""


@pytest.mark.parametrize("wrap", ["lru_cache", "cache"])
def test_what_a_cache_calls_is_followed(namespace: dict[str, Any], cell: Cell, wrap: str) -> None:
    cell(f"import functools, os\n@functools.{wrap}\ndef f(n): return os.remove(n)\n")
    cell("f.__wrapped__ = len")
    found = looked(namespace, "f('x')")
    assert "os.remove" in found.sources["f"]
    cell(f"g = functools.{wrap}(os.remove)")
    assert looked(namespace, "g('x')").known["g"] == "function:os.remove"
