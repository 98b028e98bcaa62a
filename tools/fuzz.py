"""Odd notebooks by chance: whatever comes, it is read exactly or refused in one sentence.

``python tools/fuzz.py FOLDER --minutes 60`` changes the notebooks below a folder at random, in
their bytes and in their JSON, and holds each against what the reader, the diff, the writer and
the proposal reader promise. What breaks a promise is saved with its seed, to become a test.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import (
    InvalidProposalError,
    LLMNotebookError,
    StaleError,
    UnreadableNotebookError,
)
from llm_notebook.diffing import apply, choose, diff, invert, placed, render, taken_back
from llm_notebook.faces.cli.proposals import proposal_from, to_file
from llm_notebook.files import NotebookFile

SLOW = 10.0
"""Seconds of the processor that one notebook may take: far above what any of them needs."""

LARGEST = 400_000
TOKENS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"null", b"NaN", b"-0.0",
    b"1e999", b"9" * 5000, b"\x00", b"\xff", b"\xef\xbb\xbf", b"\n", b"\r", b'"cells"', b'"id"',
    b'"source"', b'"nbformat": 3', b'"cell_type": "heading"', "\u202e".encode(), b"[" * 3000,
]  # fmt: skip
VALUES: list[Any] = [
    None, True, 0, -1, 1e308, "", "x", "\ud800", "\u2028", "a\r\nb\x0cc", [], {}, ["x\n", "y"],
    ["", 1], {"cell_type": "code", "source": "z"}, "code", "markdown", "heading", "cell-1", 3, 4, 5,
]  # fmt: skip


def main() -> int:
    """Run for the minutes that are given; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "fuzz")
    options = parser.parse_args()
    found = [path.read_bytes() for path in sorted(options.folder.rglob("*.ipynb"))]
    files = [data for data in found if len(data) <= LARGEST]
    if not files:
        sys.exit(f"There are no notebooks below {options.folder}.")
    import_module("nbformat")  # takes seconds, which are no notebook's
    end = time.monotonic() + 60 * options.minutes
    counts: Counter[str] = Counter()
    seed = options.seed
    while time.monotonic() < end:
        data = mutated(files, random.Random(seed))
        start = time.process_time()
        try:
            counts[tried(data, random.Random(seed))] += 1
            if time.process_time() - start > SLOW:
                raise TimeoutError(f"{time.process_time() - start:.1f} s")
        except Exception:
            counts["broken"] += 1
            options.findings.mkdir(parents=True, exist_ok=True)
            (options.findings / f"{seed}.ipynb").write_bytes(data)
            print(f"seed {seed}:\n{traceback.format_exc()}", flush=True)
        seed += 1
    print(f"{seed - options.seed:,} notebooks from seed {options.seed}: {dict(counts)}")
    return 1 if counts["broken"] else 0


def mutated(files: list[bytes], rng: random.Random) -> bytes:
    """A notebook of the folder with some changes."""
    data = rng.choice(files)
    if rng.random() < 0.5:
        try:
            value = json.loads(data)
            for _ in range(rng.randint(1, 6)):
                value = changed(value, rng)
            indent = rng.choice([None, 0, 1, 4, "\t"])
            return json.dumps(value, indent=indent, ensure_ascii=rng.random() < 0.7).encode(
                "utf-8", "surrogatepass"
            )
        except (ValueError, RecursionError):
            pass
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        to = min(len(data), at + rng.choice([0, 1, 1, 5, 50, 5000]))
        other = rng.choice(files)
        start = rng.randrange(len(other) + 1)
        new = rng.choice([b"", rng.choice(TOKENS), data[at:to] * 2, other[start : start + 200]])
        data = data[:at] + new + data[to:]
    return data


def changed(value: Any, rng: random.Random) -> Any:
    """A JSON value with one place in it changed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        chance = rng.random()
        if chance < 0.1:
            return {k: v for k, v in value.items() if k != key}
        if chance < 0.15:
            return {**value, rng.choice(["id", "source", "cells", "x", ""]): rng.choice(VALUES)}
        return {**value, key: changed(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        chance = rng.random()
        if chance < 0.1:
            return value[:at] + value[at + 1 :]
        if chance < 0.2:
            return [*value[:at], value[at], *value[at:]]
        if chance < 0.3:
            return rng.sample(value, len(value))
        return [*value[:at], changed(value[at], rng), *value[at + 1 :]]
    return rng.choice(VALUES)


def tried(data: bytes, rng: random.Random) -> str:
    """Hold one notebook against the promises; what became of it."""
    try:
        file = NotebookFile(data, "a.ipynb")
    except UnreadableNotebookError as error:
        text = str(error)
        assert "\n" not in text, text
        assert text.endswith("."), text
        assert len(text) < 250, text
        return "refused"
    before = file.snapshot
    assert len({cell.id for cell in before}) == len(before)
    if file.version[0] == 3:
        try:
            new = NotebookFile(file.edited((), upgrade=True), "a.ipynb")
        except LLMNotebookError:
            return "not upgraded"
        assert new.snapshot.content() == before.content()
        return "upgraded"
    assert file.edited(()) == data
    edits = some_edits(file, rng)
    after = apply(before, edits)
    try:
        there = NotebookFile(file.edited(edits), "a.ipynb")
    except InvalidProposalError:
        return "not written"
    assert there.snapshot.content() == after.content()
    proposal = diff(before, there.snapshot)
    assert apply(before, proposal).content() == after.content()
    assert apply(apply(before, proposal), invert(proposal, before)) == before
    render(proposal).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        path.write_text(json.dumps(to_file(proposal)))
        read = proposal_from(str(path))
        assert read.edits == proposal.edits
        broken = bytearray(path.read_bytes())
        for _ in range(3):
            broken[rng.randrange(len(broken))] = rng.choice(b'{}[],:"0a\\')
        path.write_bytes(broken)
        try:
            odd = proposal_from(str(path))
            render(odd).encode()
            taken_back(odd)
        except (StaleError, InvalidProposalError):
            pass
    try:
        again = NotebookFile(file.edited(proposal), "a.ipynb")
        back = again.edited(placed(taken_back(proposal), again.snapshot))
    except InvalidProposalError:  # an id or a type that this file has and none may be given
        return "not written"
    except StaleError:  # two cells had one id, and the other one has it now
        assert not before.has_ids
        return "not taken back"
    assert NotebookFile(back, "a.ipynb").snapshot.content() == before.content()
    names = [str(n) for n in range(1, len(proposal.edits) + 1) if rng.random() < 0.5]
    assert apply(before, proposal, names) == apply(before, choose(before, proposal, names))
    return "kept"


def some_edits(file: NotebookFile, rng: random.Random) -> tuple[Edit, ...]:
    """Edits that apply, one for each of some cells."""
    cells = file.snapshot.cells
    edits: list[Edit] = [Insert(f"new-{rng.randrange(10**9)}", None, "code", "é\u2028\n")]
    for cell in rng.sample(cells, min(len(cells), 4)):
        chance = rng.random()
        if chance < 0.3:
            edits.append(Delete(cell.id, cell.hash))
        elif chance < 0.5:
            edits.append(Move(cell.id, cell.hash, None))
        else:
            lines = cell.source.split("\n")
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(["x = 1", "", "\ud800", "é"]))
            kind = cell.type if rng.random() < 0.8 else rng.choice(["code", "markdown", "raw"])
            edits.append(Replace(cell.id, cell.hash, kind, "\n".join(lines)))
    return tuple(edits)


if __name__ == "__main__":
    sys.exit(main())
