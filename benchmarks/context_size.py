"""How small a context is beside all preceding cells, and how often it suffices.

Reads notebooks from a folder. Every code cell with code above it is a target:
the context that would be sent for it is measured against all cells above.
Sufficiency is judged twice. Where a target runs here, and gives the same values
in two runs of the whole notebook, its values after the context's cells alone
must be the same (`_replay`). For all targets, names are followed by the bytecode
of the cells, not by the reader that chose the context. Prints Markdown.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import json
import os
import platform
import statistics
import subprocess
import sys
import types
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from llm_notebook.context import DEFAULT_BUDGET, build_context, estimate_tokens  # noqa: E402
from llm_notebook.core.errors import UnreadableNotebookError  # noqa: E402
from llm_notebook.core.notebook import Snapshot  # noqa: E402
from llm_notebook.files import read  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpora" / "notebooks"
MOST_RUN = 10  # targets of one notebook that are run
Row = dict[str, Any]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip())
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--half", choices=["first", "second", "both"], default="second")
    parser.add_argument("--no-run", action="store_true", help="judge by names only")
    parser.add_argument("--misses", action="store_true", help="name what did not suffice")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"Skipped: no notebooks at {options.corpus}. Name a folder with --corpus.")
        return 0
    rows: list[Row] = []
    run: list[Row] = []
    books = list(notebooks(options.corpus, options.half))
    for number, (path, book) in enumerate(books, 1):
        print(f"{number} of {len(books)}: {path.name}", file=sys.stderr, flush=True)
        found = list(static_rows(path, book))
        rows += found
        if found and not options.no_run:
            run += replayed(path, found)
            good = sum(row["same"] for row in run)
            print(f"{good} of {len(run)} that ran are the same", file=sys.stderr, flush=True)
    print(report(rows, run, len(books), options.half))
    if options.misses:
        for row in [*rows, *run]:
            if row.get("missing") or row.get("same") is False:
                print(row, file=sys.stderr)
    return 0


def notebooks(corpus: Path, half: str) -> Iterator[tuple[Path, Snapshot]]:
    """Readable notebooks of one half, divided by a digest of their place."""
    for path in sorted(corpus.rglob("*.ipynb")):
        digest = sha256(path.relative_to(corpus).as_posix().encode()).digest()
        if half in ("both", ("first", "second")[digest[0] % 2]):
            try:
                yield path, read(path)
            except UnreadableNotebookError:
                continue


def static_rows(path: Path, book: Snapshot) -> Iterator[Row]:
    """For each target what its context and all cells above cost, and the names it misses."""
    flows = [flow(cell.source) if cell.type == "code" else None for cell in book.cells]
    above = 0
    is_first = True
    for index, cell in enumerate(book.cells):
        if flows[index] is not None and cell.source.strip():
            if not is_first:
                context = build_context(book, "", cell.id, {})
                shown = {int(piece.label[1:]) - 1 for piece in context.cells}
                yield {
                    "path": str(path),
                    "target": index,
                    "tokens": sum(piece.tokens for piece in context.pieces),
                    "above": above,
                    "missing": sorted(missing(index, shown, flows)),
                }
            is_first = False
        above += estimate_tokens(cell.source)


# -- names, by bytecode ----------------------------------------------------------

Flow = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""What a cell stores, what it needs, and whose value it changes in place by an assignment."""


@lru_cache(maxsize=4096)
def flow(source: str) -> Flow | None:
    """The flow of one cell; None where Python cannot compile it."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        source = TransformerManager().transform_cell(source)
        tree = ast.parse(source)
        code = compile(source, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError):
        return None
    stored: set[str] = set()
    needed: set[str] = set()
    read_code(code, stored, needed, is_top=True)
    changed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            root: ast.AST = node
            while isinstance(root, ast.Subscript | ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name):
                changed.add(root.id)
    known = set(dir(builtins)) | {"get_ipython", "display", "__name__", "__file__"}
    return frozenset(stored), frozenset(needed - known), frozenset(changed)


def read_code(code: types.CodeType, stored: set[str], needed: set[str], *, is_top: bool) -> None:
    """What runs at the top needs a name unless it was stored before; a function's body, later."""
    import dis

    for step in dis.get_instructions(code):
        name = step.argval if isinstance(step.argval, str) else ""
        if step.opname in ("LOAD_NAME", "LOAD_GLOBAL") and name not in stored:
            needed.add(name)
        elif step.opname == "STORE_GLOBAL" or (is_top and step.opname == "STORE_NAME"):
            stored.add(name)
    inner: set[str] = set()
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            read_code(constant, stored if is_top else set(), inner, is_top=False)
    needed |= inner - stored


def missing(target: int, shown: set[int], flows: list[Flow | None]) -> set[str]:
    """Names that something above the target makes or changes, in a cell that is not shown."""
    found: set[str] = set()
    open_cells, done = [target], set()
    while open_cells:
        at = open_cells.pop()
        own = flows[at]
        if at in done or own is None:
            continue
        done.add(at)
        for name in own[1]:
            for index in range(at - 1, -1, -1):
                above = flows[index]
                if above is None or name not in above[0] | above[2]:
                    continue
                if index in shown:
                    open_cells.append(index)
                else:
                    found.add(name)
                if name in above[0]:
                    break
    return found


# -- values, by running ----------------------------------------------------------


def replayed(path: Path, rows: list[Row]) -> list[Row]:
    """Up to 10 targets of a notebook, run whole and from their contexts."""
    step = max(1, len(rows) // MOST_RUN)
    targets = [row["target"] for row in rows[step // 2 :: step]][:MOST_RUN]
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    foreign = {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    script = str(Path(__file__).with_name("_replay.py"))
    done = subprocess.run(
        [sys.executable, script, str(path), json.dumps(targets), str(DEFAULT_BUDGET)],
        capture_output=True,
        text=True,
        check=False,
        env=foreign | dict.fromkeys(threads, "1"),
    )
    above = {row["target"]: row["above"] for row in rows}
    lines = [line.removeprefix("TARGET ") for line in done.stdout.splitlines()]
    found = []
    for line in lines:
        if line.startswith("{"):
            row = json.loads(line)
            found.append({**row, "path": str(path), "above": above[row["target"]]})
    return found


def report(rows: list[Row], run: list[Row], books: int, half: str) -> str:
    """The table and what it was measured with."""
    lines = [
        "| targets | how many | context | all cells above | ratio | sufficient |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    kinds = [("all, no live variables; judged by names", rows, lambda row: not row["missing"])]
    kinds += [("run here, with live variables; judged by values", run, lambda row: row["same"])]
    for name, found, suffices in kinds:
        if not found:
            continue
        ours = statistics.median(row["tokens"] for row in found)
        above = statistics.median(row["above"] for row in found)
        good = sum(map(suffices, found))
        lines.append(
            f"| {name} | {len(found):,} | {ours:,.0f} | {above:,.0f} | {ours / above:.3f} "
            f"| {good:,} ({good / len(found):.1%}) |"
        )
    if run:
        failed = sum(bool(row["error"]) for row in run)
        lines += ["", f"Of the targets that ran, {failed} raised with the context's cells alone."]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    which = "all" if half == "both" else f"the {half} half of"
    lines += [
        "",
        f"Medians of estimated tokens over {which} the notebooks ({books}); "
        f"Python {platform.python_version()}; {machine}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
