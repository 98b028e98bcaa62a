"""The guess beforehand: what raises it, and above all what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_notebook.core.plan import PlannedCell
from llm_notebook.core.preview import Estimate
from llm_notebook.dryrun.costs import estimate, is_long
from llm_notebook.dryrun.durations import Durations
from tests.corpora import needs_corpora, readable_notebooks

SMALL = {"X": np.zeros((100, 3)), "y": np.zeros(100), "df": pd.DataFrame({"a": range(10)}), "n": 3}


class Wide:
    """A table as large as one likes, without its memory."""

    BIG = np.broadcast_to(np.zeros(1), (3_000_000, 40))


def guess(source: str, durations: Durations | None = None, **options: Any) -> Estimate | None:
    return estimate([PlannedCell("c", source)], durations, **options)


@pytest.mark.parametrize(
    ("source", "seconds"),
    [
        ("import time\ntime.sleep(60)", 60),
        ("for i in range(100):\n    time.sleep(0.1)", 10),
        ("from time import sleep\nfor i in tqdm(range(20)):\n    sleep(2)", 40),
        ("N = 6 * 10\nfor i in range(N): time.sleep(1)", 60),
        ("def slow():\n    time.sleep(30)\nslow()", 30),
        ("for _ in range(n):\n    time.sleep(10)", 30),
        ("await asyncio.sleep(9)", 9),
    ],
)
def test_sleeping_is_added_up(source: str, seconds: float) -> None:
    found = guess(source, namespace=SMALL)
    assert found == Estimate(seconds, found.why)
    assert is_long(found)


@pytest.mark.parametrize(
    "source",
    [
        "total = 0\nfor i in range(10**9):\n    total += i * 2",
        "for i in range(100_000):\n    for j in range(100_000):\n        x = i ^ j",
        "sum(i * i for i in range(500_000_000))",
        "model.fit(X_train, y_train, epochs=50)",
        "model.fit(big, y)",
        "cross_val_score(model, big, y)",
        "study.optimize(objective, n_trials=200)",
        "for i, row in big.iterrows():\n    print(row)",
    ],
)
def test_what_looks_long(source: str) -> None:
    assert is_long(guess(source, namespace={**SMALL, "big": Wide.BIG}))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "not python at all (",
        "df.describe()",
        "model.fit(X, y)",
        "model.fit(unknown, y)",
        "LogisticRegression(n_epochs=6000)",
        "for i in range(10**9):\n    if i > 3: break",
        "def slow():\n    time.sleep(30)",
        "for i in range(100_000):\n    total += i",
        "while True:\n    pass",
        "requests.get('https://example.com/large.zip')",
        "pd.read_csv('https://example.com/large.csv')",
        "pd.read_csv('not there.csv')",
        "for i in range(unknown):\n    time.sleep(1)",
        "%timeit sum(range(100))",
        "plt.plot(X)\nplt.show()",
        "for i, row in df.iterrows():\n    print(row)",
        "x = 10 ** 10 ** 10",
        "time.sleep(0.1)",
    ],
)
def test_what_does_not(source: str) -> None:
    assert not is_long(guess(source, namespace=SMALL))


def test_large_files_by_their_size(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(3_000_000_000)
    (tmp_path / "small.csv").write_text("a\n1")
    found = guess("name = 'big.csv'\ndf = pd.read_csv(name)", folder=tmp_path)
    assert is_long(found)
    assert found.why == "it reads big.csv, which is 3,000 MB"
    assert guess("pd.read_csv('big.csv', nrows=10)", folder=tmp_path) is None
    assert guess("pd.read_csv('small.csv')", folder=tmp_path) is None


def test_what_it_took_before() -> None:
    durations = Durations()
    durations.record("c", "load_all()", 240.0)
    found = guess("load_all()", durations)
    assert found == Estimate(240.0, "it took 4 min the last time")
    # Edited, and it still calls the same: so does another cell that calls it.
    assert guess("load_all()\nprint(1)", durations).seconds == 240.0
    other = estimate([PlannedCell("new", "x = load_all()")], durations)
    assert other == Estimate(240.0, "load_all() took 4 min the last time")
    assert guess("print(1)", durations) is None


def test_the_slow_one_of_two_is_not_known_until_it_was_alone() -> None:
    durations = Durations()
    durations.record("a", "quick()\nslow()", 100.0)
    assert guess("quick()", durations) is None
    durations.record("b", "quick()", 0.1)
    assert not is_long(guess("quick()", durations))


def test_a_copy_that_does_not_fit() -> None:
    space = {"big": Wide.BIG}
    found = guess("other = big * 2", namespace=space, memory=100_000_000)
    assert found.seconds is None
    assert "big (1.0 GB) does not fit" in found.why
    assert guess("plt.plot(big)", namespace=space, memory=100_000_000) is None
    assert guess("other = big * 2", namespace=space, memory=4_000_000_000) is None


def test_several_cells_take_what_they_take_together() -> None:
    cells = [PlannedCell("a", "time.sleep(3)"), PlannedCell("b", "time.sleep(4)")]
    assert estimate(cells) == Estimate(7.0, "it sleeps for 4 s")
    assert estimate([*cells, PlannedCell("d", "model.fit(x, epochs=9)")]).seconds is None


@given(st.text(max_size=80))
def test_it_never_raises(source: str) -> None:
    found = guess(source)
    assert found is None or found.seconds is None or found.seconds >= 0


@needs_corpora
def test_false_alarms_are_rare_in_real_notebooks() -> None:
    # Nothing is known of their data here. All that are left train neural networks.
    cells = [c for book in readable_notebooks() for c in book.cells if c.type == "code"]
    alarms = [c for c in cells if is_long(estimate([PlannedCell(c.id, c.source)]))]
    assert len(cells) > 5_000
    assert len(alarms) / len(cells) < 0.02
    assert all("epochs" in cell.source for cell in alarms)
