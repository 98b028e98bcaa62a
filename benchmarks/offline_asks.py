"""How `offline:rules` fares on published asks that it was not tuned on.

Usage: python benchmarks/offline_asks.py [--show right|asked|declined|wrong|hand] [--set NAME]

Each ask is put to the rules with the schema of its own table as the only live
variable. What they write is run on made-up rows of that schema, and what it
shows or draws is compared with what the published gold shows on the same rows.
``docs/benchmarks.md`` says how "right" is meant, and where the asks are from.
"""

from __future__ import annotations

import argparse
import ast
import csv
import keyword
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from _offline_gold import Gold, told
from pandas.plotting import PlotAccessor

from llm_notebook.context.variables import describe_one
from llm_notebook.core.context import Context
from llm_notebook.llm.offline.assistant import answer
from llm_notebook.llm.offline.outcome import Plan, Question, Result, Told
from llm_notebook.llm.offline.scene import Scene

mpl.use("Agg")
import matplotlib.pyplot as plt

DATA = Path(__file__).parent / "data"
SETS = ("nvbench", "wikisql", "nl4dv", "nvbench_2", "wikisql_2")
WRONG_AT_MOST = 0.02
VERDICTS = ("right", "asked, and a choice is right", "asked, and no choice is right", "declined",
            "wrong")  # fmt: skip


class Drawn:
    """What a cell draws with pandas: each call's kind, values and arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any, dict[str, Any]]] = []

    def __enter__(self) -> Drawn:
        self._real = PlotAccessor.__call__

        def record(accessor: PlotAccessor, *args: Any, **kwargs: Any) -> Any:
            kind = kwargs.get("kind", "line")
            self.calls.append((kind, accessor._parent, dict(kwargs)))
            return self._real(accessor, *args, **kwargs)

        PlotAccessor.__call__ = record
        return self

    def __exit__(self, *_: object) -> None:
        PlotAccessor.__call__ = self._real


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=("right", "asked", "declined", "wrong", "hand"))
    parser.add_argument("--set", choices=SETS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    total: Counter[str] = Counter()
    print("| asks from | how many |", " | ".join(VERDICTS), "|")
    print("| --- |", " ---: |" * (len(VERDICTS) + 1))
    for name in [options.set] if options.set else SETS:
        counts: Counter[str] = Counter()
        with (DATA / f"offline_asks_{name}.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                verdict, code = judged(row)
                counts[verdict] += 1
                if options.show and verdict.startswith(options.show):
                    print(f"\n{row['ask']}\n  gold: {row['gold']}\n  {code}")
        total += counts
        print(_line(name, counts))
    print(_line("all", total))
    asked = sum(total.values())
    print(f"\nwrong: {total['wrong']} of {asked} ({total['wrong'] / asked:.1%})")
    raise SystemExit(total["wrong"] > WRONG_AT_MOST * asked)


def _line(name: str, counts: Counter[str]) -> str:
    cells = [f"{counts[verdict]} ({counts[verdict] / counts.total():.0%})" for verdict in VERDICTS]
    return f"| {name} | {counts.total()} | {' | '.join(cells)} |"


def judged(row: dict[str, str]) -> tuple[str, str]:
    """The verdict on one ask, and what the rules wrote."""
    separator = "|" if "|" in row["columns"] else " "
    columns = dict(part.rsplit(":", 1) for part in row["columns"].split(separator))
    gold = Gold(row["ask"], row["gold"], columns)
    table = row["table"]
    name = table if table.isidentifier() and not keyword.iskeyword(table) else "df"
    frame = gold.table()
    context = Context(variables=(describe_one(name, frame),))
    found = answer(Scene(row["ask"], context))
    if isinstance(found, Question):
        answers = [answer(Scene(ask, context)) for _, ask in found.choices]
        fits = any(_fits(gold, choice, name, frame) for choice in answers)
        text = f"{found.text} {[label for label, _ in found.choices]}"
        return ("asked, and a choice is right" if fits else "asked, and no choice is right"), text
    if not isinstance(found, Plan | Told):
        return "declined", found.why
    if row.get("hand"):
        return str(row["hand"]).partition(":")[0], _code(found)
    return ("right" if _fits(gold, found, name, frame) else "wrong"), _code(found)


def _code(found: Result) -> str:
    return found.code.replace("\n", "\n  ") if isinstance(found, Plan) else str(found)


def _fits(gold: Gold, found: Result, name: str, frame: pd.DataFrame) -> bool:
    """Whether the code shows what the gold shows."""
    if not isinstance(found, Plan) or gold.by_hand:
        return False
    plt.close("all")
    tree = ast.parse(found.code)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("_", ast.Store())], last.value)
    names: dict[str, Any] = {name: frame.copy()}
    with Drawn() as drawn:
        exec(compile(ast.fix_missing_locations(tree), "cell", "exec"), names)
    if gold.kind:
        return _same_chart(gold, frame, drawn, names.get("_"))
    value = names.get("_")
    return not drawn.calls and _same_values(gold.values(frame), value, gold.y)


def _same_values(wanted: list[str], value: Any, column: str) -> bool:
    if isinstance(value, pd.DataFrame):
        if column not in value.columns:
            return False
        value = value[column]
    have = [told(v) for v in value] if hasattr(value, "__iter__") else [told(value)]
    return sorted(have) == sorted(wanted) or set(have) == set(wanted)


def _same_chart(gold: Gold, frame: pd.DataFrame, drawn: Drawn, value: Any) -> bool:
    kind, have = _shown(drawn, value)
    kinds = {"barh": "bar", "boxplot": "box"}
    if gold.names_chart and kinds.get(kind, kind) != gold.kind:
        return False
    if gold.kind in ("hist", "box"):
        series = drawn.calls[0][1] if drawn.calls else None
        return kind == gold.kind and getattr(series, "name", None) == gold.x
    wanted = gold.pairs(frame)
    if gold.kind == "scatter":
        # Which of the two lies along x is not held against it.
        wanted, have = ([(*sorted(p[:2]), *p[2:]) for p in pairs] for pairs in (wanted, have))
    if sorted(have) != sorted(wanted):
        return False
    if not gold.sort:
        return True
    along = [pair[0] if gold.sort == "x" else float(pair[-1]) for pair in have]
    return along == sorted(along, key=_natural, reverse=gold.direction == "desc")


def _natural(value: str | float) -> tuple[bool, float, str]:
    try:
        return (False, float(value), "")
    except ValueError:
        return (True, 0.0, str(value))


def _shown(drawn: Drawn, value: Any) -> tuple[str, list[tuple[str, ...]]]:
    """The kind of chart, or "table", and key, colour and value of everything in it."""
    if drawn.calls:
        kind, data, arguments = drawn.calls[0]
        if arguments.get("x") and isinstance(data, pd.DataFrame):
            columns = [data[arguments["x"]], data[arguments["y"]]]
            return kind, [tuple(map(told, row)) for row in zip(*columns, strict=True)]
    elif plt.get_fignums() and plt.gca().collections:
        points = [
            (told(x), told(y), str(part.get_label()))
            for part in plt.gca().collections
            for x, y in part.get_offsets()
        ]
        return "scatter", points
    else:
        kind, data = "table", value
    if isinstance(data, pd.DataFrame):
        data = data.stack()
    if not isinstance(data, pd.Series):
        return kind, []
    return kind, [
        (*map(told, key if isinstance(key, tuple) else (key,)), told(value))
        for key, value in data.dropna().items()
    ]


if __name__ == "__main__":
    main()
