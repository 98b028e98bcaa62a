"""Changes in place: every one is seen, in memory of any kind, and reading is none.

The promise is about gigabytes; a test of that size runs where there is room for
it, one of 64 MB always.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import threading
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from llm_notebook.dryrun.observing import Watch, pages, past
from tests.unit.dryrun.watching import watched

WRITES = 200


def available() -> int:
    with open("/proc/meminfo") as file:
        lines = dict(line.split(":") for line in file)
    return int(lines["MemAvailable"].split()[0]) * 1024


def as_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        # As after an exec: a process that changed its user may not even look at itself.
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)


def frame_of(size: int) -> pd.DataFrame:
    random = np.random.default_rng(4)
    rows = size // 8 // 16
    data: dict[str, Any] = {f"f{i}": random.random(rows) for i in range(12)}
    data |= {f"i{i}": random.integers(0, 50, rows) for i in range(4)}
    return pd.DataFrame(data)


def untold(frames: dict[str, pd.DataFrame], prepare: Any) -> list[str]:
    """Write 200 values, one into each frame of a fork; which writes were not told."""
    random = np.random.default_rng(20261123)
    found = []
    for _ in range(WRITES // len(frames)):
        lines = []
        for name, frame in frames.items():
            row, column = int(random.integers(len(frame))), int(random.integers(frame.shape[1]))
            lines.append(f"{name}.iat[{row}, {column}] += 1")
        told = watched(dict(frames), "\n".join(lines), prepare=prepare).told
        found += [line for line in lines if told.get(line.partition(".")[0]) != "changed in place"]
    return found


READS = (
    "a = df.describe()",
    "b = df.groupby('i0').mean()",
    "c = df.isna().sum()",
    "df.describe(); df.groupby('i1').size(); df.isna(); df.nunique()",
)


@pytest.mark.parametrize("prepare", [lambda: None, as_nobody], ids=["as it is", "ordinary user"])
def test_every_single_write_is_seen_and_no_read(prepare: Any) -> None:
    frames = {f"df{i}": frame_of(64 << 20) for i in range(10)}
    assert untold(frames, prepare) == []
    for read in READS:
        told = watched({"df": frames["df3"]}, read, prepare=prepare).told
        assert "df" not in told


@pytest.mark.slow
@pytest.mark.skipif(available() < 4 << 30, reason="less than 4 GB of memory are free")
def test_every_single_write_into_a_gigabyte_is_seen_and_no_read() -> None:
    frame = frame_of(1 << 30)
    assert untold({"df": frame}, lambda: None) == []
    for read in READS:
        assert "df" not in watched({"df": frame}, read).told


def test_small_pages_too() -> None:
    # Memory that is not in huge pages: below numpy's threshold for asking for them.
    arrays = {f"a{i}": np.arange(100_000.0) for i in range(50)}
    assert watched(dict(arrays), "a7[50_000] = 1\na8.sum()").told == {"a7": "changed in place"}


SOURCES = {
    "numpy": ("np.arange(1e6)", "v[123_456] = -1"),
    "view": ("np.arange(1e6).reshape(1000, 1000)[:, 7]", "v[500] = -1"),
    "transposed": ("np.arange(1e6).reshape(1000, 1000).T", "v[500, 2] = -1"),
    "objects": ("np.array([str(i) for i in range(100_000)], dtype=object)", "v[77_777] = 'x'"),
    "records": ("np.zeros(100_000, dtype=[('a', 'i4'), ('b', 'f8')])", "v['b'][5] = 1"),
    "series": ("pd.Series(np.arange(1e6))", "v.iloc[999_999] = -1"),
    "strings": ("pd.Series(['a' * 30] * 50_000)", "v.iloc[9] = 'b'"),
    "integers with nulls": ("pd.array([1, None] * 50_000, dtype='Int64')", "v[5] = 3"),
    "categories": ("pd.Series(['a', 'b'] * 50_000, dtype='category')", "v.iloc[5] = 'a'"),
    "dates": (
        "pd.Series(pd.date_range('2020', periods=50_000, tz='UTC'))",
        "v.iloc[3] = v.iloc[4]",
    ),
    "index": ("pd.DataFrame({'a': range(9)})", "v.index = list('abcdefghi')"),
    "long list": ("list(range(1_000_000))", "v[654_321] = 'x'"),
    "list of lists": ("[[i] for i in range(1000)]", "v[999].append(1)"),
    "large dict": ("{i: str(i) for i in range(300_000)}", "v[123_456] = 'x'"),
    "set": ("set(range(100))", "v.add(-1)"),
    "nested": ("{'a': [{'b': {1, 2}}]}", "v['a'][0]['b'].add(3)"),
    "bytes": ("bytearray(1_000_000)", "v[5] = 1"),
    "model": ("Model()", "v.weights['w'][3] = 1"),
    "slots": ("Slots()", "v.inner.append(1)"),
    "deque": ("__import__('collections').deque([1, 2])", "v.append(3)"),
    "array": ("__import__('array').array('d', range(9999))", "v[7] = -1"),
    "polars": ("pl.DataFrame({'a': range(50_000)})", "v[5, 'a'] = -1"),
    "polars, a column less": ("pl.DataFrame({'a': [1], 'b': ['x']})", "v.drop_in_place('b')"),
    "arrow": ("pa.table({'a': range(50_000)})", "v['a'].chunks[0].buffers()[1]; touch(v)"),
    "generator": ("np.random.default_rng(1)", "v.random()"),
}
CLASSES = """
def touch(table):
    # Nothing of pyarrow's writes in place; a view of its memory can.
    data = table['a'].chunks[0].buffers()[1]
    np.ctypeslib.as_array((ctypes.c_int64 * 50_000).from_address(data.address))[77] = -1
class Model:
    def __init__(self):
        self.weights = {'w': np.zeros(100_000)}
    def __getattr__(self, name):
        raise RuntimeError('code of the person was called')
    def __eq__(self, other):
        raise RuntimeError('code of the person was called')
    __hash__ = __repr__ = __len__ = __eq__
class Slots:
    __slots__ = ('inner', 'empty')
    def __init__(self):
        self.inner = []
"""


@pytest.mark.parametrize("kind", SOURCES)
def test_in_memory_of_any_kind(kind: str) -> None:
    make, change = SOURCES[kind]
    space: dict[str, Any] = {"np": np, "pd": pd, "pl": pl, "pa": pa}
    space |= {"ctypes": ctypes, "__name__": "__main__"}
    exec(f"{CLASSES}\nv = {make}\nother = {make}", space)
    assert watched(dict(space), change).told == {"v": "changed in place"}
    assert watched(dict(space), "w = v; del w; [x for x in range(9999)]").told == {}


def test_through_another_name_and_through_a_view() -> None:
    array = np.arange(1e6)
    space = {"df": pd.DataFrame({"a": array}, copy=False), "array": array, "part": array[5:10]}
    told = watched(space, "array[7] = -1").told
    assert told == dict.fromkeys(("df", "array", "part"), "changed in place")
    same = {"a": array, "b": array}
    seen = watched(same, "a[7] = -1")
    assert seen["b"].note == "the same object as a"


def test_blocks_that_are_put_together_anew_are_no_change() -> None:
    frame = pd.DataFrame({"a": np.arange(1e5)})
    for name in "bcdefgh":
        frame[name] = np.arange(1e5)  # a block of its own each
    assert watched({"df": frame}, "df._consolidate_inplace()").told == {}
    told = watched({"df": frame}, "df._consolidate_inplace(); df.iat[5, 5] = 1").told
    assert told == {"df": "changed in place"}


def test_memory_that_was_written_with_what_it_held_is_no_change() -> None:
    array = np.arange(1e6)
    assert watched({"a": array}, "a *= 1").told == {}


def test_memory_that_was_given_back_and_taken_again() -> None:
    # The same address and the same object's place, read but never written.
    space = {"np": np, "a": np.ones(10_000_000)}
    told = watched(space, "del a\na = np.zeros(10_000_000)\na.sum()").told
    assert list(told) == ["a"]


def test_what_was_never_touched_is_not_read() -> None:
    space = {"a": np.zeros(1 << 30), "x": 1}  # 8 GB that take no room yet
    assert watched(space, "x = 2").told == {"x": "changed"}
    assert watched(space, "a[1 << 29] = 1").told == {"a": "changed in place"}


def test_a_process_that_the_code_leaves_behind_hides_nothing() -> None:
    source = (
        "import os, time\na[123_456] = -1\nb.sum()\nchild = os.fork()\n"
        "if not child:\n    os.closerange(3, 999)\n    time.sleep(20)\n    os._exit(0)"
    )
    space = {"a": np.arange(1e6), "b": np.arange(1e6)}
    seen = watched(space, source + "\n", prepare=os.setsid)
    assert seen.told["a"] == "changed in place"
    assert "b" not in seen.told
    os.kill(int(seen["child"].after.text), signal.SIGKILL)


def in_parent_meanwhile(array: np.ndarray[Any, Any]) -> dict[str, str]:
    """What a child tells that only reads, while the live process writes into the same array."""
    reader, writer = os.pipe()
    go, gone = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(60)
        watch = Watch({"a": array}, sources=["a.sum()"])
        os.write(gone, b"x")
        os.read(reader, 1)  # until it was written
        changes, _ = watch.finish()
        os.write(gone, json.dumps([c.name for c in changes]).encode())
        os._exit(0)
    os.read(go, 1)
    array[::1000] += 1
    os.write(writer, b"x")
    told = json.loads(os.read(go, 1000))
    os.waitpid(child, 0)
    return told


def test_what_the_live_kernel_writes_meanwhile_is_not_the_childs() -> None:
    assert in_parent_meanwhile(np.arange(2e6)) == []


def test_without_a_page_map_contents_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.Pagemap, "is_exact", lambda self: False)
    frame = frame_of(16 << 20)
    assert watched({"df": frame}, "df.iat[5, 5] += 1").told == {"df": "changed in place"}
    assert watched({"df": frame}, "df.describe()").told == {}


def test_without_a_witness_what_was_remembered_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError("no further process")

    monkeypatch.setattr(past, "Witness", none)
    frame = frame_of(16 << 20)
    space = {"df": frame, "x": [1], "gone": 2}
    assert watched(dict(space), "df.iat[5, 5] += 1").told == {"df": "changed in place"}
    seen = watched(dict(space), "df.describe()\nx.append(2)\ndel gone")
    assert seen.told == {"x": "changed in place", "gone": "deleted"}
    assert seen["x"].before.text == "[1]"


def test_what_is_too_large_to_know_is_said_only_of_what_the_code_touches() -> None:
    space = {"d": {i: [i] for i in range(300_000)}, "e": {i: [i] for i in range(300_000)}}
    seen = watched(space, "d[299_990].append(1)\nlen(e)\nd.update({})")
    assert seen.told == {"d": "changed in place"}
    assert "may have changed" in seen["d"].note


def test_other_threads_of_the_live_process_do_not_matter() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert watched({"a": np.arange(1e5)}, "a[5] = 0").told == {"a": "changed in place"}
    finally:
        stop.set()
        thread.join()
