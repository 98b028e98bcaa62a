"""Tables, databases, models."""

from tests.families.case import Case, Check, raises, says

FRAME = (
    "import pandas as pd, numpy as np\n"
    "df = pd.DataFrame({'k': list('abab'), 'v': [1., 2., None, 4.]})"
)


def changed(name: str) -> Check:
    return lambda p: any(c["name"] == name for c in p["changes"])


CASES = (
    Case(
        "pandas",
        "df.loc[0, 'v'] = 7\ndf.groupby('k').v.sum()",
        (FRAME,),
        check=lambda p: says("7.0")(p) and changed("df")(p),
    ),
    Case(
        "polars, its pool not started",
        "import polars as pl\npl.DataFrame({'a': [1, 2, 3]}).select(pl.col('a').sum())",
        needs=("polars",),
        check=says("6"),
    ),
    Case(
        "polars, its pool started",
        "out = frame.group_by('k').agg(pl.col('v').sum()).sort('k')\nout",
        (
            "import polars as pl\nframe = pl.DataFrame({'k': ['a', 'b'] * 500, 'v': range(1000)})",
            "frame.group_by('k').agg(pl.col('v').mean()).sort('k')",
        ),
        needs=("polars",),
        status=("previewed",),
        check=lambda p: says("249500")(p) and p["isolation"]["way"] == "fresh",
    ),
    Case(
        "pyarrow",
        "import pyarrow.compute as pc\nprint(pc.sum(table['a']).as_py(), table.schema)",
        ("import pyarrow as pa\ntable = pa.table({'a': [1, 2, 3]})",),
        needs=("pyarrow",),
        check=says("6 a: int64"),
    ),
    Case(
        "duckdb in memory",
        "import duckdb\nprint(duckdb.connect().sql('select 20 + 3 as n').fetchall())",
        needs=("duckdb",),
        check=says("(23,)"),
    ),
    Case(
        "duckdb, read from a file",
        (
            "con = duckdb.connect('data.duckdb', read_only=True)\n"
            "print(con.sql('select sum(a) from t').fetchall())"
        ),
        (
            "import duckdb\ncon = duckdb.connect('data.duckdb')\n"
            "con.execute('create table t as select range as a from range(5)')\ncon.close()",
        ),
        needs=("duckdb",),
        check=says("(10,)"),
    ),
    Case(
        "sqlite in memory",
        (
            "con.execute('insert into t values (5)')\n"
            "print(con.execute('select sum(a) from t').fetchone())"
        ),
        ("import sqlite3\ncon = sqlite3.connect(':memory:')\ncon.execute('create table t(a)');",),
        check=says("(5,)"),
        same=True,
    ),
    Case(
        "sqlite on a file, written to",
        "other = sqlite3.connect('data.db')\nother.execute('insert into t values (1)')\n"
        "other.commit()\nprint(other.execute('select count(*) from t').fetchone())",
        (
            "import sqlite3\ncon = sqlite3.connect('data.db')\ncon.execute('create table t(a)')\n"
            "con.commit()\ncon.close()",
        ),
        status=("previewed", "failed"),
        check=lambda p: raises("OperationalError")(p) or says("(1,)")(p),
        same=False,
    ),
    Case(
        "scikit-learn with threads",
        "model = HistGradientBoostingRegressor(max_iter=5, random_state=0).fit(X, y)\n"
        "print(round(float(model.score(X, y)), 6))",
        (
            "import numpy as np\nfrom sklearn.ensemble import HistGradientBoostingRegressor\n"
            "rng = np.random.default_rng(0)\nX = rng.normal(size=(20000, 5)); y = X @ np.arange(5)",
            "HistGradientBoostingRegressor(max_iter=3).fit(X, y)",
        ),
        needs=("sklearn",),
        check=says("0."),
    ),
    Case(
        "scikit-learn with n_jobs=-1",
        "print(cross_val_score(RandomForestClassifier(n_estimators=10, random_state=0, n_jobs=-1),"
        " X, y, n_jobs=-1).shape)",
        (
            "import numpy as np\nfrom sklearn.ensemble import RandomForestClassifier\n"
            "from sklearn.model_selection import cross_val_score\n"
            "rng = np.random.default_rng(0)\n"
            "X = rng.normal(size=(400, 4)); y = (X[:, 0] > 0).astype(int)",
        ),
        needs=("sklearn",),
        check=says("(5,)"),
    ),
    Case(
        "lightgbm, whose OpenMP pool is running",
        "print(lgb.train({'verbose': -1}, lgb.Dataset(X, y), 5).num_trees())",
        (
            "import numpy as np, lightgbm as lgb\nrng = np.random.default_rng(0)\n"
            "X = rng.normal(size=(5000, 5)); y = X[:, 0]",
            "lgb.train({'verbose': -1}, lgb.Dataset(X, y), 3);",
        ),
        needs=("lightgbm",),
        check=says("5"),
    ),
    Case(
        "torch, whose thread pool is running",
        "print((a @ a).shape, float(torch.ones(3).sum()))",
        ("import torch\na = torch.rand(600, 600)", "(a @ a).sum();"),
        needs=("torch",),
        check=says("torch.Size([600, 600]) 3.0"),
    ),
    Case(
        "a memory map of a file, written to",
        "m[0] = 99\nm.flush()\nprint(m[0])",
        (
            "import numpy as np\nm = np.memmap('m.bin', dtype='i8', mode='w+', shape=(4096,))\n"
            "m[:] = 1; m.flush()",
        ),
        status=("previewed", "failed"),
        same=False,
    ),
    Case(
        "shared memory, written to",
        "block.buf[0] = 42\nprint(block.buf[0])",
        (
            "from multiprocessing import shared_memory\n"
            "block = shared_memory.SharedMemory(create=True, size=4096)\nblock.buf[0] = 7",
        ),
        check=says("42"),
    ),
)
