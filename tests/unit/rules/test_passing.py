"""Methods whose origin cannot be told, and values that hold themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.test_live import Cell, cell, looked, namespace, texts

__all__ = ["cell", "namespace"]

FROZEN = "from scipy import stats\nd = stats.norm(0, 1)\nu = {'alpha': stats.loguniform(1, 10)}"
FIGURE = "import types\nfrom matplotlib.figure import Figure\nfig = Figure()\nmade = {}\n"


@pytest.mark.parametrize("source", ["d.pdf(1.0)", "d.rvs(5).mean()", "u['alpha'].rvs()", "[d, u]"])
def test_distributions_of_scipy_are_harmless(
    namespace: dict[str, Any], cell: Cell, source: str
) -> None:
    """They have methods that scipy writes by `exec`, so without a file."""
    cell(FROZEN)
    assert looked(namespace, source).findings == []


def test_a_search_over_distributions_is_harmless(namespace: dict[str, Any], cell: Cell) -> None:
    cell(
        "import numpy as np\nfrom scipy.stats import loguniform\n"
        "from sklearn.linear_model import Ridge\n"
        "from sklearn.model_selection import RandomizedSearchCV\n"
        "rng = np.random.default_rng(1)\n"
        "found = RandomizedSearchCV(Ridge(), {'alpha': loguniform(1, 10)}, n_iter=2, cv=2)\n"
        "found.fit(rng.random((20, 2)), rng.random(20))"
    )
    assert looked(namespace, "found.best_score_\nfound.best_estimator_").findings == []


@pytest.mark.parametrize(
    "written",
    [
        "def f(self): return open('x', 'w')",
        "def f(self): import os; os.remove('x')",
        "def f(self): return self.savefig('x')",
        "def f(self): return (lambda: __import__('os'))()",
        "def f(self): return self.__class__.__base__",
        "def f(self):\n    self.number = 1",
        "def f(self):\n    del self.number",
        "def f(self):\n    class A: pass",
        "import os\ndef f(self, act=os.remove): act('x')",
        "import os\ndef f(self, *, act=os.remove): act('x')",
        "def outer(g):\n    def f(self): g('x')\n    return f\nimport os\nf = outer(os.remove)",
    ],
)
def test_a_method_that_does_more_than_its_library_s_is_found(
    namespace: dict[str, Any], cell: Cell, written: str
) -> None:
    cell(FIGURE + "fig.extra = 1")
    assert looked(namespace, "fig.get_axes()").findings == []
    cell(f"exec({written!r}, made)\nfig.extra = types.MethodType(made['f'], fig)")
    assert "code cannot be found" in texts(looked(namespace, "fig.get_axes()"))
    assert "fig.extra was replaced" in texts(looked(namespace, "fig.extra()"))


def test_one_that_hands_on_is_let_be(namespace: dict[str, Any], cell: Cell) -> None:
    written = "def f(self, number=2): return self.get_axes(), number"
    cell(f"{FIGURE}exec({written!r}, made)\nfig.extra = types.MethodType(made['f'], fig)")
    assert looked(namespace, "fig.get_axes()").findings == []


@pytest.mark.parametrize(
    ("setup", "source"),
    [
        ("def f(x=[]): return x\nf.__defaults__[0].append(f)", "f()"),
        ("def f(x): return x\nf.kept = {'f': f}", "f(1)"),
        ("def made():\n    def g(): return held\n    held = [g]\n    return g\nf = made()", "f()"),
        (
            "import types\nfrom matplotlib.figure import Figure\nfig = Figure()\n"
            "def f(self): return self.extra\nfig.extra = types.MethodType(f, fig)",
            "fig.get_axes()",
        ),
    ],
)
def test_what_holds_itself_is_not_followed_for_ever(
    namespace: dict[str, Any], cell: Cell, setup: str, source: str
) -> None:
    cell(setup)
    assert isinstance(looked(namespace, source).findings, list)
