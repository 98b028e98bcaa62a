"""Where a fork is unsafe: a fresh process with the variables that can travel, or a refusal."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.kernel.dry_runs import DryRunKernel, stdout
from tests.kernel.front_end import FrontEnd

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dry runs need Linux")
clouds = pytest.mark.skipif(find_spec("cloudpickle") is None, reason="needs cloudpickle")


@pytest.fixture
def dry(kernel: FrontEnd, home: Path) -> DryRunKernel:
    return DryRunKernel(kernel, home)


@clouds
def test_after_polars_has_made_its_threads(dry: DryRunKernel) -> None:
    dry.front_end.run(
        "import polars as pl, os.path as where, datetime\n"
        "df = pl.DataFrame({'a': [1, 2, 3] * 1000}); df.group_by('a').len()\n"
        "k = 3\nunused = open('/dev/null')\n"
        "def times(x):\n    return x * k\n"
        "class Thing:\n    def __init__(self, n): self.n = n\n"
        "    def by(self): return times(self.n)\n"
        "thing = Thing(7)"
    )
    dry.preview("df")  # what packing imports stays: cloudpickle, and what polars itself asks for
    before = dry.state()
    shown = dry.preview(
        "k = 5\nprint(times(2), thing.by(), where.join('a', 'b'))\n"
        "df.group_by('a').len().sort('a')['len'].to_list()",
        "df = df.head(3)",
    )
    assert shown.status == "previewed", shown
    assert shown.isolation is not None
    assert shown.isolation.way == "fresh"
    assert "polars" in shown.isolation.lacks[-1]
    assert stdout(shown) == "10 35 a/b\n"
    assert shown.cells[0].outputs[-1].data == {"text/plain": "[1000, 1000, 1000]"}
    assert shown.summary.startswith("k 3 → 5 · df 3,000 → 3 rows")
    refused = dry.preview("unused.read()")
    assert refused.status == "refused"
    assert "unused cannot travel" in refused.reason
    plot = dry.preview("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert plot.status == "previewed"
    assert dry.state() == before


def test_a_held_lock(dry: DryRunKernel) -> None:
    dry.front_end.run(
        "import threading, time\nlock = threading.Lock()\nholds = threading.Event()\n"
        "def hold():\n    with lock:\n        holds.set(); time.sleep(1000)\n"
        "thread = threading.Thread(target=hold, daemon=True); thread.start(); holds.wait()\n"
        "gate = [lock, open('/dev/null')]"
    )
    # A fork would wait for ever; where nobody holds it, it can be taken.
    shown = dry.preview("with lock:\n    print('taken')")
    assert (shown.status, stdout(shown)) == ("previewed", "taken\n"), shown
    assert shown.isolation is not None
    assert shown.isolation.way == "fresh"
    refused = dry.preview("print('first')\nwith gate[0]:\n    print('taken')")
    assert refused.status == "refused"
    assert "lock" in refused.reason
    assert "gate cannot travel" in refused.reason
    assert (stdout(refused), refused.cells[0].line) == ("first\n", 2)


def test_a_live_connection_is_refused_by_name(dry: DryRunKernel) -> None:
    dry.front_end.run(
        "import sys, types, sqlite3\nmodule = types.ModuleType('psycopg')\n"
        "class Connection: pass\n"
        "Connection.__module__ = 'psycopg'\nconn = Connection()\n"
        "local = sqlite3.connect(':memory:'); _ = local.execute('create table t as select 1 a')"
    )
    refused = dry.preview("conn.execute('select 1')")
    assert refused.status == "refused"
    assert "conn is a live connection to a database (psycopg)" in refused.reason
    assert dry.preview("1 + 1").status == "previewed"
    shown = dry.preview(
        "local.execute('insert into t values (2)'); print(*local.execute('select * from t'))"
    )
    assert stdout(shown) == "(1,) (2,)\n"
