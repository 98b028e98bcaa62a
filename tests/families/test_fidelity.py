"""A sample of the long run in `benchmarks/fidelity.py`: a preview shows what the cell then does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fidelity import measured
from tests.corpora import CORPORA, needs_corpora

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.ipynb"))
SAMPLE = "notebooks/ageron+handson-ml3/tools_pandas.ipynb"


def differences(path: Path, limit: int) -> tuple[int, list[object]]:
    """How many cells were compared, and each that differed or left a trace."""
    records = list(measured(path, seed=0, budget=60, limit=limit))
    wrong = [r for r in records if r["verdict"] in ("differs", "lost") or r["touched"]]
    return sum(r["verdict"] == "equal" for r in records), wrong


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_previewed_as_they_run(path: Path) -> None:
    equal, wrong = differences(path, limit=100)
    assert wrong == []
    assert equal > 0


@needs_corpora
def test_a_notebook_of_the_corpus_is_previewed_as_it_runs() -> None:
    equal, wrong = differences(CORPORA / SAMPLE, limit=45)
    assert wrong == []
    assert equal >= 40
