"""Which cells to run again, and why, for what people do in notebooks."""

from __future__ import annotations

import pytest

from llm_notebook.core.notebook import Cell
from llm_notebook.core.truth import KernelTruth
from llm_notebook.truth import RunLog, kernel_truth, text_of
from llm_notebook.truth.log import PutBack, Run

Cells = list[tuple[str, str]]
LOAD = ("load", "import pandas as pd\ndf = pd.read_csv('x.csv')")
CLEAN = ("clean", "df = df.dropna()")
TOTAL = ("total", "total = df['x'].sum()")
APART = ("apart", "print('apart')")
SHOW = ("show", "print(total)")
BASE = [LOAD, CLEAN, TOTAL, APART, SHOW]


def log_of(runs: Cells, outcome: str = "ran", line: int | None = None) -> RunLog:
    log = RunLog()
    for at, (cell, source) in enumerate(runs, 1):
        last = at == len(runs)
        log.ran(
            Run(
                cell,
                source,
                outcome if last else "ran",  # type: ignore[arg-type]
                f"[{at}]",
                line=line if last else None,
                frames=frozenset({"df"}),
            )
        )
    return log


def truth(cells: Cells, runs: Cells, **options: object) -> KernelTruth:
    made = [Cell(cell, "code", source) for cell, source in cells]
    return kernel_truth(made, log_of(runs), **options)  # type: ignore[arg-type]


def changed(cells: Cells, cell: str, source: str) -> Cells:
    return [(name, source if name == cell else text) for name, text in cells]


def test_a_notebook_that_ran_from_its_top_agrees() -> None:
    found = truth(BASE, BASE)
    assert found.summary == ""
    assert found.rerun == ()
    assert {v.standing for v in found.variables} == {"fresh"}
    assert text_of(found) == "The notebook and the kernel agree."


def test_a_take_back() -> None:
    found = truth(BASE, changed(BASE, "clean", "df = df.fillna(0)"), because="taken_back")
    assert found.summary == "The kernel still holds what was taken back: df and total."
    # The import and the reading are one cell; what is apart does not run again.
    assert found.rerun == ("load", "clean", "total", "show")
    assert text_of(found).startswith(f"{found.summary} Re-run [1] [2] [3] [5].\n")
    assert {c.cell: c.standing for c in found.cells} == {
        "load": "again",
        "clean": "edited",
        "total": "outdated",
        "show": "outdated",
    }


@pytest.mark.parametrize(
    ("cells", "runs", "rerun"),
    [
        pytest.param(changed(BASE, "total", "total = 1"), BASE, ("total", "show"), id="edited"),
        pytest.param(changed(BASE, "total", TOTAL[1] + "  # so"), BASE, (), id="a comment"),
        pytest.param(
            [c for c in BASE if c[0] != "clean"], BASE, ("load", "total", "show"), id="deleted"
        ),
        pytest.param(BASE, [LOAD, TOTAL, CLEAN], ("total",), id="run out of order"),
        pytest.param(BASE, [*BASE, CLEAN], ("load", "clean"), id="run twice"),
        pytest.param(BASE, [*BASE, LOAD], ("clean",), id="run again from the middle"),
        pytest.param(BASE[:2], BASE[:1], (), id="what nobody ran"),
        pytest.param([("a", "x = 1"), ("b", "y = 2")], [("b", "y = 2")], (), id="and needs"),
        pytest.param([("a", "x = 1"), ("b", "x")], [("b", "x")], ("a", "b"), id="but this one"),
        pytest.param(
            [("a", "x = [1]"), ("b", "y = x"), ("c", "y.append(2)")],
            [("a", "x = [1]"), ("b", "y = x"), ("c", "y.append(3)")],
            ("a", "b", "c"),
            id="through another name",
        ),
        pytest.param(
            [("a", "n = 2"), ("b", "def f(): return n"), ("c", "y = f()")],
            [("a", "n = 1"), ("b", "def f(): return n"), ("c", "y = f()")],
            ("a", "c"),
            id="a function's own names",
        ),
        pytest.param(
            [("a", "x = []"), ("b", "def f(p): p.append(1)"), ("c", "f(x)")],
            [("a", "x = []"), ("b", "def f(p): p.append(2)"), ("c", "f(x)")],
            ("a", "b", "c"),
            id="a function that changes what it is given",
        ),
        pytest.param(
            [("a", "import os\nimport sys"), ("b", "p = os.getcwd()")],
            [("a", "import os"), ("b", "p = os.getcwd()")],
            ("a",),
            id="one more import",
        ),
        pytest.param(
            [("a", "from random import random\nx = random()"), ("b", "y = x")],
            [("a", "from random import random\nx = random()"), ("b", "y = x")] * 2
            + [("a", "from random import random\nx = random()")],
            ("b",),
            id="drawn anew",
        ),
        pytest.param(
            [("a", "for i in range(3): pass"), ("b", "for i in range(4): pass")],
            [("b", "for i in range(4): pass"), ("a", "for i in range(3): pass")],
            ("b",),
            id="loops that share a name",
        ),
        pytest.param([("a", "%%bash\nls"), ("b", "x = 1")], [("b", "x = 1")], (), id="a shell"),
        pytest.param([("a", "%%llm\nx"), ("b", "x = 1")], [("b", "x = 1")], (), id="a prompt"),
    ],
)
def test_the_fewest_cells(cells: Cells, runs: Cells, rerun: tuple[str, ...]) -> None:
    found = truth(cells, runs)
    assert found.is_certain
    assert found.rerun == rerun


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("exec('x = 1')", "runs code that only exists when it runs"),
        ("%run other.py", "is run by %run"),
        ("%%cython\nx", "is run by %%cython"),
        ("globals()['x'] = 1", "runs code that only exists when it runs"),
    ],
)
def test_what_cannot_be_followed_is_said(source: str, why: str) -> None:
    odd = ("odd", source)
    assert truth([LOAD, odd, SHOW], [LOAD, odd, SHOW]).is_certain
    found = truth([("load", "df = 1"), odd, SHOW], [LOAD, odd, SHOW])
    assert not found.is_certain
    assert found.rerun == ()
    assert why in found.doubt or "cannot be followed" in found.doubt
    assert "restarting and running all is certain" in found.summary


def test_a_deleted_cell_leaves_its_variables() -> None:
    found = truth([LOAD, CLEAN], BASE[:3], because="deleted")
    assert found.summary == "The kernel still holds what deleted cells made: total."
    assert found.rerun == ()
    lingering = [v for v in found.variables if v.standing == "lingering"]
    assert [v.why for v in lingering] == ["[3] made it, and is not in the notebook any more."]


def test_a_cell_that_uses_what_no_cell_above_makes() -> None:
    cells = [("use", "y = f()"), ("make", "def f(): return 1")]
    found = truth(cells, list(reversed(cells)))
    assert [c.standing for c in found.cells] == ["hidden"]
    assert found.summary == "[2] uses f from no cell above it."


def test_how_far_a_failed_cell_came_is_known_by_its_line() -> None:
    cells = [("a", "x = 1"), ("b", "x = 2\nraise ValueError\nx = 3")]
    made = [Cell(cell, "code", source) for cell, source in cells]
    found = kernel_truth(made, log_of(cells, "failed", 2))
    assert found.summary == ""
    # Where it was stopped by hand it may not stop the next time.
    stopped = kernel_truth(made, log_of(cells, "interrupted", 2))
    assert stopped.rerun == ("b",)
    assert stopped.cells[0].standing == "interrupted"


def test_what_is_not_alive_is_not_told() -> None:
    cells = [("a", "if n:\n    x = 1")]
    found = truth(cells, cells, alive={})
    assert found.variables == ()


def test_names_that_stand_for_one_object() -> None:
    cells = [("a", "x = make()"), ("b", "y = x")]
    runs = [*cells, cells[0]]
    # The first ran anew, so y is the list of before; of a number that would be the same.
    assert truth(cells, runs).rerun == ("b",)
    assert truth(cells, runs, alive={"x": False, "y": False}).rerun == ()


def test_what_is_put_back_counts_as_not_changed() -> None:
    log = log_of(BASE)
    log.mark("p")
    log.ran(Run("new", "df['z'] = 1\nextra = 2", label="[6]"))
    cells = [Cell(cell, "code", source) for cell, source in BASE]
    assert kernel_truth(cells, log).summary != ""
    assert log.writes_since("p", {"new"}) == []
    log.put_back(PutBack("p", ("df", "extra"), ("new",)))
    assert kernel_truth(cells, log).summary == ""
