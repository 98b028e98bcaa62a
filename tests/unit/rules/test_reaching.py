"""Live values that reach out of the kernel's memory, act later, or are read by a thread."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from llm_notebook.core.edits import Insert
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.rules import judge
from llm_notebook.rules.gathering import gather
from tests.unit.rules.making import STRONG, seen
from tests.unit.rules.test_live import Cell, cell, looked, namespace, texts

__all__ = ["cell", "namespace"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system lists no mappings")
MAP = "import numpy as np\nm = np.memmap('m.dat', dtype='u1', mode='w+', shape=(10,))\n"
ROWS = "import numpy as np\nm = np.memmap('m.dat', dtype=[('x', 'i4')], mode='w+', shape=(9,))\n"
RAW = (
    "import mmap\nf = open('m.dat', 'w+b')\nf.write(b'0' * 9)\nf.flush()\n"
    "m = mmap.mmap(f.fileno(), 9)\n"
)
PATHS = "import os\nfrom pathlib import Path\nps = [Path('a')]\n"
PLOT = (
    "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
    "fig, axes = plt.subplots(2, 2)\nax = axes[1][1]\n"
)
HELD, LOST = "holds os.remove", "cannot be followed"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(namespace: dict[str, Any], *cells: str) -> str:
    """What is found that could be asked, with what the sources of functions say."""
    return texts(looked(namespace, *cells))


@pytest.mark.parametrize(
    ("setup", "source"),
    [
        (MAP, "m[:] = 1; m.flush()"),
        (MAP + "arr = np.asarray(m)[2:]", "arr += 1"),
        (MAP + "arr = m[::-1].view(np.ndarray)", "arr += 1"),
        (MAP + "f = m.flat", "f[:] = 1"),
        (MAP + "v = memoryview(m)[2:]", "v[0] = 1"),
        (MAP + "flush = m.flush", "flush()"),
        (MAP + "def act():\n    m[:] = 1", "act()"),
        (MAP + "def made(a):\n    return lambda: a.fill(1)\nact = made(m)", "act()"),
        (MAP + "class A: pass\na = A()\na.m = m", "a.m[:] = 1"),
        (MAP + "class A:\n    __slots__ = ('m',)\na = A()\na.m = m", "a.m[:] = 1"),
        (MAP + "class A:\n    def go(self): pass\nA.m = m\na = A()", "a.m[:] = 1"),
        (MAP + "class A: pass\nA.m = m", "A.m[:] = 1"),
        (MAP + "ms = [*(np.ones(1) for _ in range(99)), m]", "ms[-1][:] = 1"),
        (MAP + "def f(): pass\nf.m = m", "f.m[:] = 1"),
        (MAP + "class M(np.memmap): pass\na = m.view(M)", "a[:] = 1"),
        (MAP + "import types\na = types.SimpleNamespace(m=[m])", "a.m[0][:] = 1"),
        (MAP + "import pandas as pd\ndf = pd.DataFrame(m, copy=False)", "df.values"),
        (MAP + "import pandas as pd\nds = {'a': [pd.Series(m, copy=False)]}", "ds"),
        (ROWS + "row = m[0]", "row['x'] = 1"),
        (RAW + "del f", "m[:3] = b'abc'"),
        (RAW + "import numpy as np\na = np.frombuffer(m, 'u1')\ndel m", "a[:3] = 1"),
    ],
)  # fmt: skip
@LINUX
def test_memory_of_a_file_is_asked(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str
) -> None:
    cell(setup)
    assert "kept in the file" in asked(namespace, source)
    assert "m.dat" in asked(namespace, source)


@LINUX
def test_memory_of_a_file_in_a_library_s_module_is_asked(
    namespace: dict[str, Any], cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell(MAP + "import colorsys")
    monkeypatch.setattr(sys.modules["colorsys"], "kept", namespace["m"], raising=False)
    assert "colorsys.kept was replaced" in asked(namespace, "colorsys.kept[:] = 1")
    assert asked(namespace, "colorsys.ONE_THIRD") == ""


@LINUX
def test_memory_that_is_not_written_back_is_not_asked(
    namespace: dict[str, Any], cell: Cell
) -> None:
    cell(
        "import mmap, numpy as np\nnp.save('a.npy', np.ones(9))\n"
        "r = np.load('a.npy', mmap_mode='r')\nc = np.load('a.npy', mmap_mode='c')\n"
        "b = np.frombuffer(bytearray(9), 'u1')\nv = memoryview(bytearray(9))"
    )
    assert asked(namespace, "r.sum() + c.sum() + b.sum() + v[0]") == ""
    cell("import mmap\ns = mmap.mmap(-1, 99)")
    assert "other processes share" in asked(namespace, "s[:2] = b'ab'")


@pytest.mark.parametrize(
    ("setup", "source"),
    [
        ("import csv\nw = csv.writer(open('a.csv', 'a'))", "w.writerow([1])"),
        ("import csv\nadd = csv.writer(open('a.csv', 'a')).writerow", "add([1])"),
        ("import csv\nw = csv.DictWriter(open('a.csv', 'a'), ['a'])", "w.writerow({'a': 1})"),
        ("f = open('a.csv', 'a')", "print(1, file=f)"),
        ("open('a.csv', 'w').close()\nf = open('a.csv', 'r+b')", "f.truncate(0)"),
        ("import functools\nsay = functools.partial(print, file=open('a', 'w'))", "say(1)"),
        ("import io\nf = io.TextIOWrapper(io.BufferedWriter(io.FileIO('a', 'w')))", "f.write('a')"),
        ("import zipfile\nz = zipfile.ZipFile('a.zip', 'w')", "z.writestr('a', 'b')"),
        ("import tarfile\nz = tarfile.open('a.tar', 'w')", "z.addfile(1)"),
        ("import gzip\nz = gzip.open('a.gz', 'wt')", "z.write('a')"),
        ("import tempfile\nf = tempfile.NamedTemporaryFile()", "f.write(b'a')"),
        ("import logging\nlog = logging.getLogger('kept.by.test')\n"
         "log.propagate = False\nlog.addHandler(logging.FileHandler('a.log', delay=True))",
         "log.info('a')"),
        ("import logging, logging.handlers as h\nlog = logging.getLogger('sent.by.test')\n"
         "log.propagate = False\nlog.addHandler(h.SocketHandler('localhost', 9))", "log.info('a')"),
        ("import sqlite3\nc = sqlite3.connect('a.db')", "c"),
        ("import os, shelve\nd = shelve.open(os.path.abspath('a'))", "d['a'] = 1"),
        ("import types\na = types.SimpleNamespace(f=open('a', 'w'))", "a.f"),
    ],
)  # fmt: skip
def test_what_writes_into_an_open_file_is_asked(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str
) -> None:
    cell(setup)
    found = asked(namespace, source)
    assert any(text in found for text in ("writes into", "leads to", "sends what")), found


@pytest.mark.parametrize(
    ("setup", "source", "text"),
    [
        ("def g():\n    yield 1\ni = g()", "next(i)", LOST),
        ("i = (x for x in [1])", "next(i)", LOST),
        ("i = enumerate((x for x in [1]))", "next(i)", LOST),
        ("async def g(): pass\ni = g()", "await i", LOST),
        ("import operator as o\ni = o.methodcaller('rename')", "i(1)", LOST),
        ("import os\ni = map(os.remove, ['a'])", "list(i)", HELD),
        (PATHS + "from collections import deque\nd = deque([os.remove])", "d", HELD),
        ("import os, numpy as np\nu = np.frompyfunc(os.remove, 1, 1)", "u('a')", HELD),
        (PATHS + "import pandas as pd\ndf = pd.DataFrame({'a': [os.remove]})", "df", HELD),
        ("import os, types\na = types.SimpleNamespace(f=os.remove)", "a.f('a')", HELD),
        ("import os\nd = dict(enumerate([*range(90), os.remove]))", "d[90]('a')", HELD),
        (PATHS, "for p in ps: p.rename('b')", ".rename"),
        (PATHS, "ps[0].rename('b')", ".rename"),
        (PATHS, "q = ps\n[p.replace('b') for p in q]", ".replace"),
        (PATHS + "ps = {Path('a'): 1}", "for p in ps: p.rename('b')", ".rename"),
        (PATHS + "ps = Path('.').glob('*')", "next(ps).rename('b')", ".rename"),
        (PATHS + "class A: pass\na = A()\na.p = Path('a')", "a.p.rename('b')", ".rename"),
        (PATHS + "def act():\n    for p in ps: p.rename('b')",
         "act()", ".rename"),
        (PATHS + "def act(ps):\n    for p in ps: p.rename('b')",
         "act(ps)", ".rename"),
        ("import pandas as pd\nfrom pathlib import Path\ndf = pd.DataFrame({'a': [Path('a')]})",
         "for p in df.a: p.rename('b')", ".rename"),
    ],
)  # fmt: skip
def test_what_acts_later_is_asked(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str, text: str
) -> None:
    cell(setup)
    assert text in asked(namespace, source)


@pytest.mark.parametrize(
    ("setup", "source"),
    [
        ("from collections import defaultdict\nd = defaultdict(act)", "d[1]"),
        ("from collections import deque\nd = deque([act])", "d[0]()"),
        ("i = map(act, [1])", "next(i)"),
        ("import numpy as np\nu = np.frompyfunc(act, 1, 1)", "u(1)"),
        ("import pandas as pd\ndf = pd.DataFrame({'a': [1, act]})", "df.a[1](1)"),
        (PLOT + "ax.callbacks.connect('xlim_changed', act)", "ax.set_xlim(1, 2)"),
        (PLOT + "fig.canvas.mpl_connect('draw_event', act)", "fig.canvas.draw()"),
        (PLOT + "fig.canvas.mpl_connect('draw_event', act)", "ax.set_title('a')"),
        (PLOT + "ax.callbacks.connect('ylim_changed', act)", "axes[0]"),
        (PLOT + "class A:\n    def go(self, e): act()\n"
         "a = A()\nfig.canvas.mpl_connect('draw_event', a.go)", "ax.set_title('a')"),
    ],
)  # fmt: skip
def test_a_function_that_is_called_later_is_read(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str
) -> None:
    cell("import os\ndef act(x=None): os.remove('a')")
    cell(setup)
    assert any("os.remove" in text for text in looked(namespace, source).sources.values())


@pytest.mark.parametrize(
    ("setup", "source"),
    [
        ("ev = threading.Event()", "ev.set()"),
        ("q = queue.Queue()", "q.put('a')"),
        ("q = queue.SimpleQueue()", "put = q.put\nput('a')"),
        ("c = {'go': False}", "c['go'] = True"),
        ("flag = False", "flag = True"),
        ("def step(): pass", "def step(): import os"),
    ],
)
def test_what_a_thread_of_the_notebook_reads_is_asked(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str
) -> None:
    cell(
        f"import queue, threading\n{setup}\nover, is_up = threading.Event(), threading.Event()\n"
        "def worker():\n    is_up.set()\n    over.wait()\n    if not over: c, q, ev, flag, step\n"
    )
    assert asked(namespace, source) == ""
    thread = threading.Thread(target=namespace["worker"])
    thread.start()
    try:
        namespace["is_up"].wait()
        assert "left running" in asked(namespace, source)
        assert asked(namespace, "other = [1]\nother.append(2)") == ""
    finally:
        namespace["over"].set()
        thread.join()
    assert asked(namespace, source) == ""


HARMLESS = {
    "a frame": "df['c'] = df.a + 1\ndf.rename(columns={'c': 'd'}).head()",
    "a column": "s.rename('x').str.replace('a', 'b').value_counts()",
    "a list of frames": "pd.concat([f.rename(columns={'a': 'x'}) for f in frames])",
    "a dict of frames": "for name, f in by_name.items():\n    print(name, f.shape)",
    "texts in an object column": "mixed.o.map(str).str.len()",
    "functions of numpy": "{k: f(df.a) for k, f in stats.items()}",
    "a function of the notebook": "clean(df)",
    "several of them": "[f(df) for f in steps]",
    "a model": "model.predict(df[['a']])\nmodel.coef_",
    "a pipeline": "pipe.fit(df[['a']], df.b).score(df[['a']], df.b)",
    "a grid": "grid.best_params_, grid.cv_results_['mean_test_score']",
    "axes": "ax.plot([1, 2])\nax.set_title('x')\nfig.tight_layout()",
    "an array of axes": "for x in axes.flat:\n    x.set_xlabel('a')",
    "paths": "[p.stem.replace('a', str(p).replace('b', 'c')) for p in paths if p.suffix]",
    "a frame beside paths": "df.rename(columns={'a': 'x'})\nlen(paths)",
    "a counter": "counts.most_common(3)",
    "a default": "groups['a'].append(1)\nsorted(groups)",
    "a queue of numbers": "last.append(3)\nlast[0]",
    "an iterator": "next(rows)\nlist(pairs)",
    "a generator of a library": "next(walk)",
    "random numbers": "rng.normal(size=3)",
    "text in memory": "buffer.getvalue()",
    "a logger": "log.info('x')",
    "an object of the notebook": "point.x + point.y",
    "a vectorised function": "vector(df.a)",
    "categories and dates": "mixed.c.cat.categories, mixed.t.dt.year",
}

SETUP = """
import collections, csv, io, itertools, logging, re
from dataclasses import dataclass
from pathlib import Path
import matplotlib; matplotlib.use('agg')
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
df = pd.DataFrame({'a': [1.0, 2.0, 3.0, 4.0] * 5, 'b': [2.0, 1.0, 0.0, 5.0] * 5})
s = pd.Series(['a', 'b'])
frames = [df, df.copy(), df[['a']]]
by_name = {'a': df, 'b': df.describe()}
mixed = pd.DataFrame({'o': ['a', 1], 'c': pd.Categorical(['a', 'b'])})
mixed['t'] = pd.to_datetime(['2020', '2021'])
stats = {'mean': np.mean, 'median': np.median, 'max': np.max}
def clean(frame, low=0): return frame[frame.a > low]
steps = [clean, lambda f: f.head()]
model = LinearRegression().fit(df[['a']], df.b)
pipe = make_pipeline(StandardScaler(), FunctionTransformer(np.log1p), LinearRegression())
grid = GridSearchCV(RandomForestRegressor(n_estimators=3), {'max_depth': [1, 2]}, cv=2)
grid.fit(df[['a']], df.b)
fig, ax = plt.subplots()
df.plot(ax=ax)
fig2, axes = plt.subplots(2, 2)
paths = [Path('a.txt'), Path('b.txt')]
counts = collections.Counter('abca')
groups = collections.defaultdict(list)
last = collections.deque(maxlen=3)
rows = iter([1, 2])
pairs = zip([1], [2])
walk = df.iterrows()
rng = np.random.default_rng(1)
buffer = io.StringIO()
writer = csv.writer(buffer)
Path('read.txt').write_text('a')
lines = open('read.txt')
log = logging.getLogger('harmless.of.test')
@dataclass
class Point:
    x: int = 1
    y: int = 2
point = Point()
vector = np.vectorize(lambda x: x + 1)
"""


def test_everyday_cells_stay_allowed(namespace: dict[str, Any], cell: Cell) -> None:
    cell(SETUP)
    held = {}
    for name, source in HARMLESS.items():
        edits = (Insert("c", None, "code", source),)
        proposal = Proposal("p", Origin("do it", "m"), 1.0, "pending", edits=edits, untrusted=())
        preview = seen(edits_hash=proposal.hash)
        found = judge(gather(proposal, Snapshot(()), namespace, preview=preview, isolation=STRONG))
        if found.ruling != "ALLOW":
            held[name] = [reason.text for reason in found.reasons]
    assert held == {}
