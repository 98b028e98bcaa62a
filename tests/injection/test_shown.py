"""Text of a model, a kernel or a file, shown in a terminal or as HTML: it acts on nobody."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.errors import Problem
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.preview import Preview
from llm_notebook.core.proposal import Proposal, Status, Suggestion
from llm_notebook.diffing import render, render_html, units
from llm_notebook.faces.cli.main import main
from llm_notebook.faces.preview_text import Shown, preview_text
from llm_notebook.faces.texts import summary
from llm_notebook.faces.trace import Row, frame, table
from tests.injection.channels import Setting
from tests.injection.hostile import HOSTILE, SEQUENCES, filled, harm
from tests.injection.obedient import HARMLESS
from tests.injection.replies import EFFECTS, cell, reply
from tests.injection.world import World

OLD = Cell(HOSTILE, HOSTILE, HOSTILE)
NB = Snapshot((OLD, Cell("b", "code", "x = 1")))
EDITS: tuple[Edit, ...] = (
    Replace(HOSTILE, OLD.hash, "code", f"{HOSTILE}\nmore"),
    Insert(f"{HOSTILE} 2", HOSTILE, HOSTILE, HOSTILE),
    Insert("m", "b", "markdown", HOSTILE),
    Delete("b", cell_hash("code", "y = 2")),
    Move(f"{HOSTILE} 3", "0" * 16, f"{HOSTILE} 4"),
)


def proposal(status: Status, **more: object) -> Proposal:
    made = Proposal("p", Origin(HOSTILE, "m:x"), 0.0, status, title=HOSTILE, notice=HOSTILE)
    return msgspec.structs.replace(made, rationale=HOSTILE, answer=HOSTILE, edits=EDITS, **more)


def test_a_diff() -> None:
    shown = proposal("pending")
    for color in (False, True):
        assert harm(render(shown, NB, color=color)) == []
        assert [harm(unit.text) for unit in units(shown, NB, color=color)] == [[]] * 5


def test_a_diff_as_html() -> None:
    page = render_html(proposal("pending"), NB)
    assert harm(html.unescape(page)) == []
    seen = Seen()
    seen.feed(page)
    assert seen.tags <= {"div", "pre", "span"}
    assert seen.attributes <= {"class", "dir", "style", "role"}


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        assert not any("url" in (value or "") for _, value in attrs)


@pytest.mark.parametrize("status", ["failed", "asking", "answered", "declined", "pending"])
def test_a_summary(status: Status, tmp_path: Path) -> None:
    world = World(tmp_path, Setting(cells=NB.cells), HARMLESS)
    made = msgspec.structs.replace(
        world.ask(),
        **{
            field: getattr(proposal(status), field)
            for field in ("status", "title", "answer", "notice", "edits")
        },
    )
    more = {
        "problem": Problem("x", HOSTILE, HOSTILE, HOSTILE) if status == "failed" else None,
        "suggestions": (Suggestion(HOSTILE, HOSTILE), Suggestion("Mean", HOSTILE)),
    }
    made = msgspec.structs.replace(made, **more)
    shown = summary(made, world.session, "llm", color=True)
    assert harm(shown) == []
    if status in ("asking", "declined"):
        # Whoever picks a choice sees what it asks, and not its label alone.
        assert shown.count("start ") >= 3


def test_a_preview() -> None:
    made = filled(Preview, status="failed", isolation=None)
    shown = preview_text(made, Shown(NB, color=True))
    assert harm(shown) == []


def test_the_log() -> None:
    rows = [filled(Row, time=datetime(2026, 1, 1, tzinfo=UTC), details={"why": HOSTILE})]
    assert harm(table(rows, width=4000)) == []
    with pd.option_context("display.max_colwidth", None, "display.width", None):
        assert harm(frame(rows).to_string()) == []


@pytest.mark.parametrize("options", [[], ["--color", "always"], ["--json"]], ids=str)
def test_the_command_line(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "a.ipynb", tmp_path / "b.ipynb"]
    for path, source in zip(paths, ("x = 1", f"x = 1\n{HOSTILE}"), strict=True):
        cells = [
            {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": []}
            | {"execution_count": None}
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(book))
    main(["diff", *map(str, paths), *options])
    out = capsys.readouterr()
    found = harm(out.out + out.err)
    if options == ["--json"]:
        # A program reads it: letters stay letters, and read back it is what it was.
        assert set(found) <= {repr("\u0435"), repr("\u00a0")}
        assert any(HOSTILE in edit["source"] for edit in json.loads(out.out)["edits"])
    else:
        assert found == []
        assert "look-alike letter" in out.out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("names that only look alike", "look-alike letters, in lines 1, 2: U+0435"),
        ("behind many blanks", "Text far to the right, behind 60 blanks or more, in line 1."),
        ("behind empty lines", "Line 61 stands behind 59 empty lines."),
        ("behind a carriage return", "hidden or odd character"),
        ("turned around", "hidden or odd characters, in line 1."),
    ],
)
def test_a_reviewer_is_told_where_to_look(name: str, said: str, tmp_path: Path) -> None:
    world = World(tmp_path, Setting(), reply(cell(EFFECTS[name])))
    world.model.has_obeyed = True
    made = world.ask()
    for shown in (
        render(made, world.setting.snapshot),
        html.unescape(re.sub("<[^>]+>", "\n", render_html(made, world.setting.snapshot))),
    ):
        assert said in shown
        assert harm(shown) == []


def test_all_of_it_is_shown_hidden_or_not() -> None:
    """What is marked is never left out: each sequence can be read in the diff."""
    shown = render(proposal("pending"), NB)
    for text in SEQUENCES.values():
        letters = re.findall("[a-zA-Z0-9]{2,}", text)
        assert all(word in shown for word in letters)
