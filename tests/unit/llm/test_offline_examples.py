"""Every example of every intent: its code is run, and what it did is checked."""

import ast
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest

from llm_notebook.core.context import Column, Context, ContextCell, Variable
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.proposal import Insert, Replace
from llm_notebook.llm.offline.assistant import answer, reply
from llm_notebook.llm.offline.intents import aggregate, edit, load, look, plot, select
from llm_notebook.llm.reply import ReplyParser

mpl.use("Agg")

INTENTS = (aggregate, edit, load, look, plot, select)
EXAMPLES = [(intent, example) for intent in INTENTS for example in intent.EXAMPLES]


def penguins() -> pd.DataFrame:
    islands = ["Torgersen", "Biscoe", "Torgersen", "Biscoe", "Dream", "Dream", "Dream", "Biscoe"]
    return pd.DataFrame(
        {
            "species": ["Adelie"] * 4 + ["Chinstrap"] * 2 + ["Gentoo"] * 2,
            "island": islands,
            "bill_length_mm": [38.0, 39.0, 38.0, 39.0, 46.0, 49.0, 50.0, 48.0],
            "body_mass_g": [3500, 3600, 4000, 3700, 3700, 3900, 5400, 4700],
            "sex": ["male", "female", "male", "female", "female", "male", "male", None],
            "date": pd.date_range("2024-01-01", periods=8),
        }
    )


LOADED = Cell("load", "code", 'df = pd.read_csv("penguins.csv")')
TARGET = Cell("target", "code", edit.TARGET)


def context(frame: pd.DataFrame | None = None, target: Cell = TARGET) -> Context:
    frame = penguins() if frame is None else frame
    columns = tuple(Column(str(name), str(dtype)) for name, dtype in frame.dtypes.items())
    return Context(
        cells=(ContextCell("c1", LOADED), ContextCell("c2", target, True)),
        labels={"c1": "load", "c2": "target"},
        variables=(Variable("df", "table", "pandas.DataFrame", frame.shape, columns),),
        files=("penguins.csv",),
    )


def run(code: str, frame: pd.DataFrame, path: Path) -> dict[str, object]:
    """Run a cell as IPython does: the value of a last expression is kept, as ``_``."""
    import matplotlib.pyplot as plt

    plt.close("all")
    tree = ast.parse(code)
    names: dict[str, object] = {"df": frame, "pd": pd}
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(
            ast.Assign([ast.Name("_", ast.Store(), lineno=1, col_offset=0)], last.value), last
        )
    exec(compile(ast.fix_missing_locations(tree), "cell", "exec"), names)
    names["ax"] = plt.gca()
    return names


@pytest.mark.parametrize(
    ("intent", "example"), EXAMPLES, ids=[example.ask for _, example in EXAMPLES]
)
def test_example(intent, example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    penguins().to_csv("penguins.csv", index=False)
    snapshot = Snapshot((LOADED, TARGET))
    parser = ReplyParser(snapshot, context().labels, "target")
    parser.feed(reply(example.ask, context(), "c2"))
    (proposed,) = parser.finish("stop").edits
    assert isinstance(proposed, Replace if intent is edit else Insert)
    names = run(proposed.source, penguins(), tmp_path)
    if "plot" in proposed.source:
        names["ax"].figure.canvas.draw()
    assert eval(example.check, {**names, "df": penguins()} if "df" in example.check else names)


WRONG_IF_ANSWERED = [
    "mean body mass by species except Gentoo",
    "mean body mass by species without the Adelie",
    "mean body mass by species not counting missing values",
    "plot body mass by species excluding males",
    "rows where body mass is over 4 kg",
    "rows where body mass is over 4000 g",
    "mean body mass in kg by species",
    "rows where species is Adelie and island is Dream or sex is male",
    "rows where body mass is greater than bill length",
    "rows where island is greater than 4",
    "rows where body mass is Adelie",
    "top 10% of rows by body mass",
    "mean body mass by species and then plot it",
    "plot body mass by species, log scale",
    "mean wing span by species",
    "mean bill by species or island",
    "median island by species",
    "difference between mean body mass of males and females",
    "sort by body mass and then by species descending",
    "plot mean body mass by species for females only",
    "predict body mass",
    "delete the rows where sex is missing",
    "drop rows with missing values",
    "how many males are there?",
    "mean body mass by month",
    "percentage of rows by species",
    "is the difference significant?",
    "",
    "?",
    "and",
]


@pytest.mark.parametrize("ask", WRONG_IF_ANSWERED)
def test_declines_what_it_does_not_wholly_understand(ask):
    assert answer(ask, context(), "c2").plan is None
    parser = ReplyParser(Snapshot((LOADED, TARGET)), context().labels, "target")
    parser.feed(reply(ask, context(), "c2"))
    declined = parser.finish("stop")
    assert declined.declined
    assert declined.answer
    assert len(declined.suggestions) <= 3
    for suggestion in declined.suggestions:
        assert answer(suggestion.prompt, context(), "c2").plan is not None
