"""Scenarios of the reply parser: folders of a notebook, a reply, and what must come of it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.llm.reply import Reply, ReplyDelta, ReplyParser
from llm_notebook.llm.wire import About

FOLDER = Path(__file__).parents[2] / "scenarios"


class Scenario(msgspec.Struct):
    name: str
    snapshot: Snapshot
    target: str | None
    finish_reason: str | None
    reply: str
    expected: dict[str, Any]
    prompt: str
    about: About

    def parser(self) -> ReplyParser:
        numbers = itertools.count(1)
        labels = {f"c{n}": cell.id for n, cell in enumerate(self.snapshot, 1)}
        return ReplyParser(
            self.snapshot,
            labels,
            self.target,
            lambda: f"new-{next(numbers)}",
            prompt=self.prompt,
            about=self.about,
        )


def read(folder: Path) -> Scenario:
    given = json.loads((folder / "input.json").read_text())
    cells = tuple(Cell(*cell) for cell in given["cells"])
    return Scenario(
        folder.name,
        Snapshot(cells),
        given["target"],
        given["finish_reason"],
        (folder / "reply.txt").read_bytes().decode(),
        json.loads((folder / "expected.json").read_text()),
        given.get("prompt", ""),
        msgspec.convert(given.get("about", {}), About),
    )


def scenarios() -> list[Scenario]:
    return [read(folder) for folder in sorted(FOLDER.iterdir())]


def parse(
    parser: ReplyParser, pieces: Iterable[str], finish_reason: str | None
) -> tuple[Reply | ReplyError, list[ReplyDelta]]:
    deltas = [parser.feed(piece) for piece in pieces]
    try:
        return parser.finish(finish_reason), deltas
    except ReplyError as error:
        return error, deltas


def outcome(scenario: Scenario, pieces: Iterable[str] | None = None) -> dict[str, Any]:
    """The reply as plain data without what is empty, or the error."""
    result, _ = parse(scenario.parser(), pieces or [scenario.reply], scenario.finish_reason)
    return described(result)


def described(result: Reply | ReplyError) -> dict[str, Any]:
    if isinstance(result, ReplyError):
        return {"error": result.code, "message": result.problem.message}
    plain = json.loads(msgspec.json.encode(result))
    return {name: value for name, value in plain.items() if value}
