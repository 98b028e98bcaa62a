"""A guess, before it runs, of how long a cell will take.

It says something only on evidence: this cell or what it calls took long before,
it sleeps, it counts to a number that is large, it trains a model on much data or
for many rounds, it reads large files, it asks a database over a live
connection, or it copies more than memory can take. Downloads are no reason:
without a network they end at once. What nothing is known of is taken to be
cheap, since there is a budget, and a false alarm costs the person a click.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llm_notebook.context.source import parsed, read_source
from llm_notebook.context.typeinfo import type_root
from llm_notebook.context.variables import describe_one
from llm_notebook.core.plan import PlannedCell
from llm_notebook.core.preview import Estimate
from llm_notebook.dryrun.durations import Durations, dotted, duration
from llm_notebook.dryrun.reckoning import NUMBER, number, rounds

ALARMING = 5.0
"""Seconds: the budget of an automatic dry run."""

_TRAINED_CELLS = 20_000_000
_PER_NODE = 12e-9
_LOOPS = 5_000_000
# Bytes in a second, on an ordinary machine and disk.
_READERS = {
    "csv": 60e6, "table": 60e6, "json": 25e6, "excel": 0.4e6, "parquet": 150e6, "feather": 400e6,
    "pickle": 300e6, "stata": 60e6, "sas": 20e6, "hdf": 200e6, "fwf": 15e6, "xml": 5e6, "html": 3e6,
    "load": 400e6, "loadtxt": 8e6, "genfromtxt": 3e6,
}  # fmt: skip
_FITS = frozenset("fit fit_transform fit_predict cross_val_score cross_validate train".split())  # noqa: SIM905
_ROUNDS = {"epochs": 5, "n_epochs": 5, "num_train_epochs": 1, "n_trials": 20, "draws": 200}
_ROUNDS |= {"total_timesteps": 10_000, "max_evals": 20, "n_calls": 20}
_ROW_BY_ROW = {"iterrows": 30e-6, "itertuples": 1e-6, "apply": 8e-6, "progress_apply": 8e-6}
_ALWAYS_LONG = {"pm.sample": "it samples a posterior", "trainer.train": "it trains a model"}
_CONNECTED = frozenset(
    "sqlalchemy psycopg psycopg2 asyncpg pymysql MySQLdb mysql cx_Oracle oracledb pyodbc snowflake "  # noqa: SIM905
    "pymongo redis cassandra clickhouse_driver clickhouse_connect trino prestodb impala".split()
)
_ASKS = frozenset("execute connect query fetchall scalars find read_sql".split())  # noqa: SIM905


def estimate(
    cells: Sequence[PlannedCell],
    durations: Durations | None = None,
    namespace: Mapping[str, Any] | None = None,
    folder: Path | None = None,
    memory: int = 0,
) -> Estimate | None:
    """How long these cells will likely take together; None where nothing is known.

    Parameters
    ----------
    cells : sequence of PlannedCell
        What is to be run.
    durations : Durations, optional
    namespace : mapping of str to object, optional
        The live variables. Only types, shapes and plain numbers and texts are read.
    folder : Path or None
        The working folder, to find the files that are read.
    memory : int
        Bytes that the run may take beyond what there is; 0 where not known.

    Returns
    -------
    Estimate or None
        Its seconds are None where it looks long, and nobody can say how long.
    """
    found = [
        guess
        for cell in cells
        if (guess := _of_cell(cell, durations or Durations(), namespace or {}, folder, memory))
    ]
    if not found:
        return None
    worst = max(found, key=_weight)
    known = [guess.seconds for guess in found if guess.seconds is not None]
    return Estimate(sum(known) if worst.seconds is not None else None, worst.why)


def is_long(guess: Estimate | None, budget: float = ALARMING) -> bool:
    """Whether a run with this estimate is not to be started unasked."""
    return guess is not None and (guess.seconds is None or guess.seconds > budget)


def _weight(guess: Estimate) -> float:
    return float("inf") if guess.seconds is None else guess.seconds


def _of_cell(
    cell: PlannedCell,
    durations: Durations,
    namespace: Mapping[str, Any],
    folder: Path | None,
    memory: int,
) -> Estimate | None:
    before = durations.of_source(cell.source)
    if before is not None:
        return Estimate(before, f"it took {duration(before)} the last time")
    before = durations.of_cell(cell.cell, cell.source)
    if before is not None and before > ALARMING:
        return Estimate(before, f"this cell took {duration(before)} before the edit")
    tree = parsed(cell.source)
    try:
        guesses = list(_Guesses(durations, namespace, folder).of(tree)) if tree else []
    except RecursionError:
        guesses = []
    guesses += _of_memory(cell.source, namespace, memory)
    return max(guesses, key=_weight, default=None)


class _Guesses:
    """What the syntax of one cell says, with the values of names that are known."""

    def __init__(
        self, durations: Durations, namespace: Mapping[str, Any], folder: Path | None
    ) -> None:
        self.durations = durations
        self.namespace = namespace
        self.folder = folder
        self.functions: dict[str, ast.AST] = {}
        self.values: dict[str, Any] = {}
        self.inside: list[str] = []

    def of(self, tree: ast.Module) -> Iterator[Estimate]:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    self.values[target.id] = self.value(node.value)
        yield from self.walk(tree.body, 1.0)

    def value(self, node: ast.expr) -> Any:
        """A plain number or text that an expression surely has, or None."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            value = self.values.get(node.id, self.namespace.get(node.id))
            return value if type(value) in (int, float, str) else None
        if isinstance(node, ast.Call) and dotted(node.func).endswith("Path") and node.args:
            return self.value(node.args[0])
        return number(node, self.value)

    def walk(self, nodes: Iterable[ast.AST], times: float) -> Iterator[Estimate]:
        """Guesses of these, which run so many times."""
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                continue  # it costs where it is called
            repeated = rounds(node, self.value)
            if repeated is not None:
                inner = times * repeated
                if inner >= _LOOPS:
                    size = sum(1 for part in ast.walk(node) if isinstance(part, NUMBER))
                    seconds = inner * size * _PER_NODE
                    yield Estimate(seconds, f"it goes {inner:,.0f} times through a loop")
                yield from self.walk(ast.iter_child_nodes(node), inner)
                continue
            if isinstance(node, ast.Call):
                yield from self.call(node, times)
            yield from self.walk(ast.iter_child_nodes(node), times)

    def call(self, node: ast.Call, times: float) -> Iterator[Estimate]:
        name = dotted(node.func)
        last = name.rpartition(".")[2]
        if name in ("time.sleep", "sleep", "asyncio.sleep") and node.args:
            seconds = self.value(node.args[0])
            if type(seconds) in (int, float) and seconds * times > 0.5:
                yield Estimate(seconds * times, f"it sleeps for {duration(seconds * times)}")
        before = self.durations.of_call(name) if name else None
        if before is not None and before > 1.0:
            yield Estimate(before * times, f"{name}() took {duration(before)} the last time")
        elif name in self.functions and name not in self.inside:
            self.inside.append(name)
            body: Any = self.functions[name]
            yield from self.walk(body.body, times)
            self.inside.pop()
        if name in _ALWAYS_LONG:
            yield Estimate(None, _ALWAYS_LONG[name])
        yield from self.training(node, last)
        yield from self.reading(node, last, times)
        yield from self.asking(node, last)
        yield from self.row_by_row(node, last, times)

    def row_by_row(self, node: ast.Call, last: str, times: float) -> Iterator[Estimate]:
        by_row = last != "apply" or any(word.arg == "axis" for word in node.keywords)
        if last not in _ROW_BY_ROW or not by_row or not isinstance(node.func, ast.Attribute):
            return
        table = node.func.value
        shape = self.shape(table) if isinstance(table, ast.Name) else ()
        seconds = shape[0] * _ROW_BY_ROW[last] * times if len(shape) == 2 else 0.0
        if seconds > 1:
            yield Estimate(seconds, f"{last}() goes through {shape[0]:,} rows one by one")

    def shape(self, node: ast.Name) -> tuple[int, ...]:
        value = self.namespace.get(node.id)
        return () if value is None else describe_one(node.id, value).shape

    def training(self, node: ast.Call, last: str) -> Iterator[Estimate]:
        # A class that is only told how often it will go round does not start yet.
        for word in node.keywords if last[:1].islower() else ():
            count = self.value(word.value) if word.arg in _ROUNDS else None
            if type(count) is int and count >= _ROUNDS[word.arg or ""]:
                yield Estimate(None, f"{last}() goes through {count:,} {word.arg}")
        if last not in _FITS:
            return
        for part in [*node.args, *(word.value for word in node.keywords)]:
            root = part
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                shape = self.shape(root)
                cells = 1
                for size in shape:
                    cells *= size
                if len(shape) > 1 and cells >= _TRAINED_CELLS:
                    text = " × ".join(f"{size:,}" for size in shape)
                    yield Estimate(None, f"{last}() trains on {root.id}, which is {text}")
                    return

    def reading(self, node: ast.Call, last: str, times: float) -> Iterator[Estimate]:
        speed = _READERS.get(last.removeprefix("read_") if last.startswith("read_") else last)
        if speed is None or not node.args:
            return
        path = self.value(node.args[0])
        rows = any(word.arg in ("nrows", "n_rows") for word in node.keywords)
        if type(path) is not str or rows or re.match(r"\w+://", path):
            return
        try:
            size = ((self.folder or Path()) / path).stat().st_size
        except (OSError, ValueError):
            return
        seconds = size / speed * times
        if seconds > 1:
            yield Estimate(seconds, f"it reads {path}, which is {size / 1e6:,.0f} MB")

    def asking(self, node: ast.Call, last: str) -> Iterator[Estimate]:
        if last not in _ASKS and not last.startswith("read_sql"):
            return
        names = [*node.args, *(word.value for word in node.keywords)]
        names += [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for part in names:
            value = self.namespace.get(part.id) if isinstance(part, ast.Name) else None
            if value is not None and type_root(type(value)) in _CONNECTED:
                name = part.id if isinstance(part, ast.Name) else ""
                yield Estimate(None, f"it asks a database over the live connection {name}")
                return


def _of_memory(source: str, namespace: Mapping[str, Any], memory: int) -> list[Estimate]:
    """Whether copies of what the cell changes would fit."""
    if memory <= 0:
        return []
    facts = read_source(source)
    bytes_of = {name: _bytes(namespace[name]) for name in facts.uses if name in namespace}
    makes = facts.defines | facts.touches
    # A plot does not copy its table; what makes a table of a table mostly does.
    used = {
        name: size for name, size in bytes_of.items() if size > memory and makes - facts.imports
    }
    if not used:
        return []
    name = max(used, key=lambda n: used[n])
    return [
        Estimate(
            None,
            f"a copy of {name} ({bytes_of[name] / 1e9:.1f} GB) does not fit in the "
            f"{memory / 1e9:.1f} GB that a preview may take",
        )
    ]


def _bytes(value: object) -> int:
    """About how much memory a table or an array takes."""
    found = describe_one("", value)
    if found.kind not in ("table", "series", "array") or not found.shape:
        return 0
    cells = 1
    for size in found.shape:
        cells *= size
    width = re.search(r"(8|16|32|64|128)\b", found.dtype)
    return cells * (int(width[1]) // 8 if width else 8)
