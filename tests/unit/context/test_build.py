"""The context as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from llm_notebook.context import DEFAULT_BUDGET, build_context, estimate_tokens, redact
from llm_notebook.context.files import MAX_FILES
from llm_notebook.core.context import Context, ErrorInfo
from llm_notebook.core.notebook import Cell, Snapshot

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "notebooks"


def notebook(*sources: str) -> Snapshot:
    """Cells with ids a, b, c…; a source that starts with # and a space is markdown."""
    return Snapshot(
        tuple(
            Cell(chr(97 + i), "markdown" if source.startswith("# ") else "code", source)
            for i, source in enumerate(sources)
        )
    )


def labels(context: Context) -> str:
    return " ".join(cell.label for cell in context.cells)


def test_the_slice_of_a_target() -> None:
    book = notebook(
        "import pandas as pd",
        "df = pd.read_csv('a.csv')",
        "other = 1",
        "df['b'] = df.a * 2",
        "other + 1",
        "# Means",
        "means = df.mean()",
        "later = means",
    )

    context = build_context(book, "make it a median", "g", {})

    assert labels(context) == "c1 c2 c4 c6 c7"
    assert [cell.label for cell in context.cells if cell.is_target] == ["c7"]
    assert context.labels == {f"c{i}": chr(96 + i) for i in range(1, 9)}


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ("os.environ['A'] = '1'", True),
        ("pd.options.display.width = 9", True),
        ("pd.np.random.seed(1)", True),
        ("def f():\n    os.environ['A'] = '1'", True),
        ("pd.set_option('a', 1)", False),
        ("os.remove('x')", False),
    ],
)
def test_modules_are_changed_by_assignments_and_seeds(change: str, counts: bool) -> None:
    book = notebook("import os, pandas as pd", change, "os.environ, pd.x")

    assert labels(build_context(book, "", "c", {})) == ("c1 c2 c3" if counts else "c1 c3")


def test_a_helper_below_the_function_that_calls_it() -> None:
    book = notebook("def f():\n    return helper()", "x = 1", "def helper():\n    return 2", "f()")

    assert labels(build_context(book, "", "d", {})) == "c1 c3 c4"


def test_names_in_the_prompt_lead_without_a_target() -> None:
    book = notebook("import numpy as np", "x = np.ones(3)", "y = x * 2", "z = 5", "")

    assert labels(build_context(book, "plot y", None, {})) == "c1 c2 c3"
    assert labels(build_context(book, "plot y", "e", {})) == "c1 c2 c3 c5"
    assert labels(build_context(book, "plot y", "gone", {})) == "c1 c2 c3"


def test_a_name_defined_below_is_found() -> None:
    book = notebook("# Plan", "y = 1", "p = 2", "q = 3", "r = 4")

    assert labels(build_context(book, "use `y`", "a", {})) == "c1 c2"


def test_the_last_cells_where_nothing_leads_anywhere() -> None:
    book = notebook("base = 0", "a1 = 1", "b1 = base", "%%llm\nold request", "c1 = 3", "d1 = 4")

    assert labels(build_context(book, "go on", None, {})) == "c1 c3 c5 c6"


def test_prompt_cells_are_shown_only_as_the_target() -> None:
    book = notebook("df = 1", "%%llm\nplot df", "%%llm\nplot df again")

    context = build_context(book, "plot df again", "c", {})

    assert labels(context) == "c1 c3"


def test_tables_whose_columns_are_meant_come_first() -> None:
    names = {
        "orders": pd.DataFrame({"id": [1]}),
        "penguins": pd.DataFrame({"species": ["a"], "body_mass_g": [1]}),
        "prices": pd.DataFrame({"eur": [1]}),
        "n": 3,
        "pd": pd,
    }
    book = notebook("import pandas as pd", "penguins = pd.read_csv('p.csv')", "orders = 1")

    context = build_context(book, "average body mass by species", None, names)

    assert [v.name for v in context.variables] == ["penguins", "pd", "prices", "orders"]
    assert context.variables[0].columns[1].name == "body_mass_g"
    assert labels(context) == "c1 c2"


def test_the_budget_holds() -> None:
    book = notebook(
        "import pandas as pd",
        *(f"v{i} = {'x' * 400!r} + v{i - 1}" for i in range(1, 20)),
        "v19",
    )
    names: dict[str, object] = {
        f"t{i}": pd.DataFrame({f"c{j}": [] for j in range(200)}) for i in range(9)
    }

    context = build_context(book, "", "u", names, None, None, 600)

    size = sum(estimate_tokens(cell.cell.source) for cell in context.cells)
    size += sum(estimate_tokens(c.name + c.dtype) for v in context.variables for c in v.columns)
    assert size <= 600
    # The nearest definitions are the ones that stay.
    assert {"c21", "c20", "c19"} <= set(labels(context).split())
    assert "c2" not in labels(context).split()


def test_a_huge_target_is_cut_visibly() -> None:
    book = notebook("x = 1\n" * 50_000)

    context = build_context(book, "", "a", {}, None, None, 500)

    (cell,) = context.cells
    assert estimate_tokens(cell.cell.source) <= 520
    assert "characters not shown›" in cell.cell.source
    assert context.redacted_cells == ("c1",)
    assert cell.cell.id == "a"


def test_secrets_do_not_leave() -> None:
    secret = "sk-" + "aB3dE5fG7hJ9kL1mN2pQ4r"
    book = notebook("x = 1", f"client = make('{secret}', x)")
    error = ErrorInfo("AuthError", f"bad key {secret}", f"client = make('{secret}')")
    names = {"client": pd.DataFrame({secret: [1]})}

    context = build_context(book, "use client", None, names, error)

    assert secret not in repr(context)
    assert context.redacted == ("API key",)
    assert context.redacted_cells == ("c2",)


def test_names_in_the_line_of_the_error_lead() -> None:
    book = notebook("a1 = 1", "b1 = 2", "c1 = 3", "print(9)")
    error = ErrorInfo("NameError", "name 'q' is not defined", "a1 + q")

    context = build_context(book, "fix it", "d", {}, error)

    assert labels(context) == "c1 c4"
    assert context.error == error


def test_files(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", ".hidden.csv", "x.py", "bad\nname.csv", "c.csv.gz"):
        (tmp_path / name).touch()
    for folder in ("data", ".git", "node_modules", "data/deep"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "d.csv").touch()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    book = notebook("x = 1")

    assert build_context(book, "", None, {}, None, tmp_path).files == (
        "a.parquet",
        "b.csv",
        "c.csv.gz",
        "data/d.csv",
    )
    assert build_context(book, "", None, {}, None, tmp_path / "gone").files == ()
    for i in range(MAX_FILES * 2):
        (tmp_path / f"{i:03}.csv").touch()
    assert len(build_context(book, "", None, {}, None, tmp_path).files) == MAX_FILES


def test_an_empty_notebook() -> None:
    assert build_context(Snapshot(()), "plot", None, {}) == Context(budget=DEFAULT_BUDGET)


def test_many_names_and_cells() -> None:
    book = Snapshot(tuple(Cell(f"i{i}", "code", "x = x + 1") for i in range(2000)))
    names: dict[str, object] = {f"n{i}": i for i in range(10_000)}

    context = build_context(book, "x", "i1999", names)

    assert len(context.variables) <= 40
    assert len(context.labels) == 2000


def test_nothing_heavy_is_imported() -> None:
    code = """if True:
        import sys
        from llm_notebook.context import build_context
        from llm_notebook.core.notebook import Snapshot
        build_context(Snapshot(()), "", None, {"x": 1})
        heavy = ("pandas", "numpy", "IPython", "langchain_core", "asyncio")
        print([name for name in heavy if name in sys.modules])
    """

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def corpus() -> Iterator[Snapshot]:
    for path in sorted(CORPUS.rglob("*.ipynb")):
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"]
            yield Snapshot(
                tuple(
                    Cell(f"i{i}", cell["cell_type"], "".join(cell["source"]))
                    for i, cell in enumerate(cells)
                )
            )
        except (ValueError, KeyError, TypeError):
            continue  # invalid on purpose


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the notebook corpus is not beside the checkout")
def test_real_notebooks() -> None:
    shown, before, changed, cells = [], [], 0, 0
    for book in corpus():
        code = [i for i, cell in enumerate(book) if cell.type == "code" and cell.source.strip()]
        changed += sum(bool(redact(cell.source)[1]) for cell in book)
        cells += len(book)
        for i in code[:: max(1, len(code) // 8)]:
            context = build_context(book, "", book.cells[i].id, {})
            shown.append(sum(estimate_tokens(c.cell.source) for c in context.cells))
            before.append(sum(estimate_tokens(c.source) for c in book.cells[: i + 1]))
            assert any(c.is_target for c in context.cells)

    assert len(shown) > 100
    assert sorted(shown)[len(shown) // 2] * 2 < sorted(before)[len(before) // 2]
    # Redaction leaves ordinary code as it is.
    assert changed <= cells // 1000
