"""Little notebooks that are edited and run in any order, for the laws of kernel truth."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from llm_notebook.core.notebook import Cell
from llm_notebook.truth.log import Run, RunLog
from llm_notebook.truth.trace import Outcome

NAMES = "abcd"
names = st.sampled_from(NAMES)
TEMPLATES = [
    "{x} = 1",
    "{x} = 2",
    "{x} = {y} + 1",
    "{x} = {y}",
    "{x} += {y}",
    "{x} = [{y}]",
    "{x} = [1, 2]",
    "{x} = [[1], [2]]",
    "{x} = {{'k': [{y}]}}",
    "{x} = {y}['k']",
    "{x} = {y}[0]",
    "{x}[0] = {y}",
    "{x}.append({y})",
    "{x}.append(5)",
    "{x}.sort()",
    "{x} = sorted({y})",
    "{x} = list({y})",
    "{x} = len({y})",
    "{x}, {y} = {y}, {x}",
    "del {x}",
    "print({x})",
    "print({x}, {y})",
    "for i in range(2): {x} = {y}",
    "for i in {y}: {x} = i",
    "if {y}: {x} = 3",
    "while {y} and False: {x} = 3",
    "try:\n    {x} = {y} + 'a'\nexcept TypeError as {z}:\n    {x} = 9",
    "import contextlib\nwith contextlib.suppress(Exception):\n    {x} = {y}[7]",
    "{x} = [v for v in {y}]",
    "[v.append(7) for v in {y}]",
    "{x} = {y} if {z} else 4",
    "({x} := {y})",
    "{x} = lambda: {y}",
    "{x} = {y}()",
    "{x}()",
    "def {x}(): return {y}",
    "def {x}(p): p.append({y})",
    "def {x}(p): return p",
    "def {x}(p):\n    q = p\n    q.append(1)\n    return q",
    "def {x}():\n    global {y}\n    {y} = 6",
    "def {x}(): {y}.append(8)",
    "def {x}(p, q): p(q)",
    "{x}({y})",
    "{x}({y}, {z})",
    "{x} = {y}({z})",
    "class {x}:\n    v = {y}\n    def put(self, p): self.v = p\n    def see(self): return {z}",
    "{x} = {y}()\nprint({x}.v)",
    "{x}.put({y})",
    "print({x}.v, {x}.see())",
    "{x}.v.append({y})",
    "{x} = iter({y})",
    "{x} = next({y})",
    "print(list({x}))",
    "import math\n{x} = math.floor(2.5)",
    "match {y}:\n    case [{x}, *_]:\n        pass\n    case _:\n        {x} = 0",
    "{x} = {y}.copy()",
    "assert {x}",
]


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The text of a cell."""
    lines = draw(st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=2))
    return "\n".join(line.format(x=draw(names), y=draw(names), z=draw(names)) for line in lines)


@st.composite
def tagged(draw: st.DrawFn) -> str:
    """A cell whose value says all that led to it."""
    lines = []
    for name in draw(st.lists(names, min_size=1, max_size=2, unique=True)):
        used = "".join(f", {one}" for one in draw(st.lists(names, max_size=2, unique=True)))
        lines.append(f"{name} = ('{name}', TAG{used})")
    # What it made is seen, also where a later cell makes it anew.
    return "\n".join([*lines, f"print({', '.join(line[0] for line in lines)})"])


START = "a, b, c, d = 1, [1, 2], [[1], [2]], {'k': [1]}"
TAGGED = "a, b, c, d = (('a', 0), ('b', 0), ('c', 0), ('d', 0))"


@dataclass
class Notebook:
    """A notebook and its kernel: what happened to both."""

    cells: list[Cell] = field(default_factory=list)
    log: RunLog = field(default_factory=RunLog)
    ran: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def add(self, at: int, source: str) -> None:
        self.count += 1
        at %= len(self.cells) + 1
        self.cells.insert(at, Cell(f"c{self.count}", "code", self._tagged(source)))

    def edit(self, at: int, source: str) -> None:
        at %= len(self.cells)
        self.count += 1
        self.cells[at] = Cell(self.cells[at].id, "code", self._tagged(source))

    def _tagged(self, source: str) -> str:
        return source.replace("TAG", str(self.count))

    def delete(self, at: int) -> None:
        if len(self.cells) > 1:
            del self.cells[at % len(self.cells)]

    def move(self, at: int, to: int) -> None:
        cell = self.cells.pop(at % len(self.cells))
        self.cells.insert(to % (len(self.cells) + 1), cell)

    def kernel(self) -> Kernel:
        """A kernel that ran all that was run."""
        kernel = Kernel()
        for cell, source in self.ran:
            kernel.run(cell, source)
        return kernel


@dataclass
class Kernel:
    names: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    line: int | None = None
    failed: set[str] = field(default_factory=set)

    def run(self, cell: str, source: str) -> Outcome:
        """Run a cell; returns how it ended. `line` is where it failed."""
        said = io.StringIO()
        outcome: Outcome = "ran"
        self.line = None
        with contextlib.redirect_stdout(said):
            try:
                exec(compile(source, cell, "exec"), self.names)
            except Exception as error:
                said.write(type(error).__name__)
                outcome = "failed"
                self.failed.add(cell)
                frames = traceback.extract_tb(error.__traceback__)
                self.line = next(frame.lineno for frame in frames if frame.filename == cell)
        self.outputs[cell] = re.sub(r"0x[0-9a-f]+", "0x", said.getvalue())
        return outcome

    def variables(self) -> dict[str, object]:
        """Values in a form that can be compared."""
        return {
            name: shape(value) for name, value in self.names.items() if not name.startswith("__")
        }

    def partners(self) -> set[frozenset[str]]:
        """Names that stand for the same changeable object."""
        held = {
            name: value
            for name, value in self.names.items()
            if isinstance(value, list | dict) and not name.startswith("__")
        }
        return {
            frozenset({one, other})
            for one in held
            for other in held
            if one < other and held[one] is held[other]
        }


def shape(value: object, depth: int = 0) -> object:
    """What a value is, without its identity."""
    if depth > 6:
        return "..."
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(shape(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return tuple((key, shape(item, depth + 1)) for key, item in value.items())
    if isinstance(value, type):
        parts = {k: v for k, v in vars(value).items() if not k.startswith("__")}
        return "class", shape(parts, depth + 1)
    code = getattr(value, "__code__", None)
    if code is not None:
        return "function", code.co_code, shape(code.co_consts, depth + 1), code.co_names
    if hasattr(value, "__length_hint__"):
        return "iterator", value.__length_hint__()
    if inspect.ismodule(value):
        return "module", value.__name__
    if type(value).__module__ not in ("builtins",) or hasattr(value, "__dict__"):
        parts = getattr(value, "__dict__", {})
        return type(value).__name__, shape(parts, depth + 1) if parts and type(
            parts
        ) is dict else ""
    return value if isinstance(value, int | str | float | None) else repr(type(value))


def run(notebook: Notebook, kernel: Kernel, at: int) -> None:
    """Run a cell of the notebook as a person would."""
    cell = notebook.cells[at % len(notebook.cells)]
    try:
        compile(cell.source, cell.id, "exec")
    except SyntaxError:
        return
    outcome = kernel.run(cell.id, cell.source)
    notebook.ran.append((cell.id, cell.source))
    notebook.log.ran(Run(cell.id, cell.source, outcome, line=kernel.line))


ACTIONS = ["run", "run", "run", "all", "edit", "delete", "move", "add"]


@st.composite
def histories(draw: st.DrawFn, cell: st.SearchStrategy[str], first: str = "") -> Notebook:
    """A notebook that was worked on; its first cell is run at once where one is given."""
    notebook, kernel = Notebook(), Kernel()
    if first:
        notebook.add(0, first)
        run(notebook, kernel, 0)
    for source in draw(st.lists(cell, min_size=2, max_size=5)):
        notebook.add(len(notebook.cells), source)
    if draw(st.booleans()):
        for at in range(len(notebook.cells)):
            run(notebook, kernel, at)
    for action in draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=7)):
        at = draw(st.integers(0, 9))
        if action == "run":
            run(notebook, kernel, at)
        elif action == "all":
            for place in range(len(notebook.cells)):
                run(notebook, kernel, place)
        elif action == "edit":
            notebook.edit(at, draw(cell))
        elif action == "add":
            notebook.add(at, draw(cell))
        elif action == "delete":
            notebook.delete(at)
        else:
            notebook.move(at, draw(st.integers(0, 9)))
    return notebook


def fresh(notebook: Notebook, skipped: Sequence[str]) -> Kernel:
    """A new kernel that ran the notebook from its top."""
    kernel = Kernel()
    for cell in notebook.cells:
        if cell.id not in skipped:
            kernel.run(cell.id, cell.source)
    return kernel


def equal(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, tuple[Any, Any]]:
    """Where they differ."""
    return {k: (v, other.get(k)) for k, v in one.items() if other.get(k, "absent") != v}
