"""The notebooks that a person opens first: they are valid, clean, and their code runs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from llm_notebook.context import build_context
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.llm.offline.assistant import reply
from llm_notebook.llm.offline.scene import Scene

EXAMPLES = Path(__file__).parents[2] / "examples"
# JupyterLab leaves copies in hidden folders.
NOTEBOOKS = sorted(path for path in EXAMPLES.rglob("*.ipynb") if path.parent.name[0] != ".")


def test_there_is_one_to_start_with() -> None:
    assert EXAMPLES / "first-five-minutes.ipynb" in NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_valid_and_nobody_ran_it(path: Path) -> None:
    book = nbformat.read(path, nbformat.NO_CONVERT)

    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"
    for cell in book.cells:
        assert cell.metadata == {}
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_its_code_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    book = nbformat.read(path, nbformat.NO_CONVERT)
    # A prompt needs a session; the tests of the magics and of the browser have one.
    book.cells = [cell for cell in book.cells if not cell.source.startswith("%%llm")]
    client = NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )

    client.execute()

    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert code
    assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
    assert any(cell.outputs for cell in code)


@pytest.mark.parametrize(
    ("target", "words"),
    [("welcome", ["plot", "body_mass_g"]), ("ask-in-a-cell", ["body_mass_g", "sex"])],
)
def test_what_it_suggests_to_ask_is_answered(target: str, words: list[str]) -> None:
    book = nbformat.read(EXAMPLES / "first-five-minutes.ipynb", nbformat.NO_CONVERT)
    cells = tuple(Cell(cell.id, cell.cell_type, cell.source) for cell in book.cells)
    source = next(cell.source for cell in cells if cell.id == target)
    # The text after the magic, or the ask that the introduction names.
    prompt = source.removeprefix("%%llm\n") if "%%llm" in source else source.split("type `")[1]
    prompt = prompt.partition("`")[0]
    penguins = pd.read_csv(EXAMPLES / "data" / "penguins.csv")

    context = build_context(Snapshot(cells), prompt, target, {"penguins": penguins, "pd": pd})
    label = next(label for label, cell_id in context.labels.items() if cell_id == target)
    answer = reply(Scene(prompt, context, label))

    assert "@@ insert" in answer
    assert all(word in answer for word in words)
