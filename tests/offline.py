"""What the examples of the intents stand in: live tables, a notebook of two cells, a run."""

from __future__ import annotations

import ast
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import polars

from llm_notebook.context.variables import describe_one
from llm_notebook.core.context import Context, ContextCell, Variable
from llm_notebook.core.edits import Insert, Replace
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.llm.offline.assistant import reply
from llm_notebook.llm.offline.intent import Example
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.reply import Reply, ReplyParser
from llm_notebook.llm.wire import About

mpl.use("Agg")

TARGET = """\
ax = df.groupby("species")["body_mass_g"].mean().plot.bar(rot=0)  # by species
ax.set(xlabel="species", ylabel="mean body mass (g)");"""
"""The active cell of the examples that name none."""
LOADED = Cell("load", "code", 'df = pd.read_csv("penguins.csv")')


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


def tables(example: Example) -> dict[str, Any]:
    """The live tables of an example."""
    frame = penguins() if example.data is None else pd.DataFrame(example.data)
    others = {name: pd.DataFrame(columns) for name, columns in example.others.items()}
    if example.library == "none":
        return others
    if example.library == "polars":
        return {"df": polars.from_pandas(frame), **others}
    return {"df": frame, **others}


def scene(example: Example) -> Scene:
    target = Cell("target", "code", example.source or TARGET)
    context = Context(
        cells=(ContextCell("c1", LOADED), ContextCell("c2", target, True)),
        labels={"c1": "load", "c2": "target"},
        variables=(
            *(describe_one(name, table) for name, table in tables(example).items()),
            Variable("low_2023", "scalar", "int"),
            Variable("low_2024", "scalar", "int"),
        ),
        files=("penguins.csv", "flock.json", "nests.parquet"),
        error=example.error,
    )
    first, last = example.lines or (None, None)
    about = About(
        wants=example.wants,
        scope=("c2",) if example.lines else (),
        first=first,
        last=last,
        earlier=(example.follows,) if example.follows else (),
        touched=("c2",) if example.follows else (),
        is_about_error=example.error is not None,
    )
    return Scene(example.ask, context, "c2", about)


def parsed(asked: Scene) -> Reply:
    """The reply to an ask, the way that every model's goes."""
    snapshot = Snapshot(tuple(shown.cell for shown in asked.context.cells))
    parser = ReplyParser(
        snapshot, asked.context.labels, "target", prompt=asked.prompt, about=asked.about
    )
    parser.feed(reply(asked))
    return parser.finish("stop")


def run(code: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run a cell as IPython does: the value of a last expression is kept, as ``_``."""
    plt.close("all")
    tree = ast.parse(code)
    names = {"pd": pd, "low_2023": 3, "low_2024": 4, **names}
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(
            ast.Assign([ast.Name("_", ast.Store(), lineno=1, col_offset=0)], last.value), last
        )
    exec(compile(ast.fix_missing_locations(tree), "cell", "exec"), names)
    # What was drawn last, where there are several: the facets end with their last one.
    axes = plt.gcf().axes if plt.get_fignums() else []
    plain = [ax for ax in axes if ax.get_label() != "<colorbar>"]
    names["ax"] = plain[-1] if plain else plt.gca()
    plt.gcf().canvas.draw()
    return names


def outcome(example: Example) -> dict[str, Any]:
    """The names over which an example's check is evaluated, after its code has run."""
    found = parsed(scene(example))
    live = tables(example)
    names: dict[str, Any] = {
        "text": found.answer,
        "declined": found.answer if found.declined else "",
        "choices": [choice.label for choice in found.suggestions],
        "markdown": [
            edit.source
            for edit in found.edits
            if isinstance(edit, Insert) and edit.cell_type == "markdown"
        ],
    }
    code = [
        edit.source
        for edit in found.edits
        if isinstance(edit, Replace) or (isinstance(edit, Insert) and edit.cell_type == "code")
    ]
    if code:
        ran = run("\n".join(code), live)
        names = {**names, **ran, "source": code[0]}
    return names
