"""What is sent is what a person was shown, piece by piece."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from llm_notebook.context import build_context, estimate_tokens, survey
from llm_notebook.context.pieces import clean
from llm_notebook.core.context import Context, ErrorInfo
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Scope
from llm_notebook.llm.prompt import build_messages

SECRET = "sk-" + "aB3dE5fG7hJ9kL1mN2pQ4r"
BOOK = Snapshot(
    (
        Cell("a", "code", "import pandas as pd  # marker_imports"),
        Cell("b", "code", f"orders = pd.read_csv('o.csv')  # marker_orders {SECRET}"),
        Cell("m", "markdown", "# marker_heading"),
        Cell("z", "code", "zebra = 'marker_zebra'"),
        Cell("e", "code", "broken()  # marker_broken"),
        Cell("t", "code", "orders.total.mean()  # marker_target"),
    )
)
ERROR = ErrorInfo("KeyError", "marker_message", "orders['x']", "clean, line 3 marker_frame", "e")
PROMPT = "use @notes.txt and @c4 in @stuff/, see @gone.csv"
# One marker for each piece, that stands in no other.
MARKERS = {
    "cell:t": "marker_target",
    "cell:b": "marker_orders",
    "cell:a": "marker_imports",
    "cell:m": "marker_heading",
    "cell:z": "marker_zebra",
    "cell:e": "marker_broken",
    "variable:orders": "marker_column",
    "variable:other": "marker_other",
    "file:notes.txt": "marker_notes",
    "folder:stuff": "marker_inner",
    "files": "marker_data",
    "error": "marker_message",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes.txt").write_text("marker_notes")
    (tmp_path / "marker_data.csv").touch()
    (tmp_path / "stuff").mkdir()
    (tmp_path / "stuff" / "marker_inner").touch()
    return tmp_path


def build(folder: Path, *without: str, budget: int = 3000) -> Context:
    names: dict[str, object] = {
        "orders": pd.DataFrame({"marker_column": [1]}),
        "other": pd.DataFrame({"marker_other": [1]}),
    }
    return build_context(BOOK, PROMPT, "t", names, ERROR, folder, budget, without=without)


def sent(context: Context) -> str:
    return build_messages("do it", context, "c6")[1].content


def test_every_piece_is_sent_as_it_is_shown(folder: Path) -> None:
    context = build(folder)

    assert {piece.id for piece in context.pieces} == set(MARKERS)
    for piece in context.pieces:
        assert piece.text in sent(context)
        assert MARKERS[piece.id] in piece.text
        assert piece.tokens == estimate_tokens(piece.text)
        assert piece.why


@pytest.mark.parametrize("key", [key for key in MARKERS if key != "cell:t"])
def test_nothing_of_a_removed_piece_is_sent(folder: Path, key: str) -> None:
    context = build(folder, key)

    assert MARKERS[key] not in sent(context)
    assert MARKERS[key] not in repr(context)
    assert next((piece.id, piece.why) for piece in context.left_out) == (key, "taken out")
    # All others stay.
    for other, marker in MARKERS.items():
        assert (marker in sent(context)) == (other != key)


def test_the_target_cannot_be_removed(folder: Path) -> None:
    context = build(folder, "cell:t")

    assert [piece.id for piece in context.pieces if not piece.is_removable] == ["cell:t"]
    assert "marker_target" in sent(context)


def test_what_was_redacted_stands_at_its_piece(folder: Path) -> None:
    context = build(folder)

    assert [piece.id for piece in context.pieces if piece.redacted] == ["cell:b"]
    assert context.redacted == ("API key",)
    assert SECRET not in sent(context)
    # With the piece goes the remark.
    assert build(folder, "cell:b").redacted == ()


def test_the_pieces_are_ranked(folder: Path) -> None:
    first = [piece.id for piece in build(folder).pieces][:6]

    assert first == [
        *["cell:t", "file:notes.txt", "cell:z"],
        *["folder:stuff", "error", "variable:orders"],
    ]


def test_what_did_not_fit_is_named_without_its_text(folder: Path) -> None:
    context = build(folder, budget=60)

    assert sum(piece.tokens for piece in context.pieces) <= 60
    assert "did not fit" in {piece.why for piece in context.left_out}
    assert all(piece.text == "" for piece in context.left_out)
    assert {piece.id for piece in context.pieces}.isdisjoint(p.id for p in context.left_out)


def test_a_mention_of_nothing_is_named(folder: Path) -> None:
    (gone,) = [piece for piece in build(folder).left_out if "gone" in piece.label]

    assert (gone.label, gone.why) == ("@gone.csv", "nothing here is called that")


def test_a_survey_adds_up(folder: Path) -> None:
    context = build(folder, "files")

    shown = survey("s1", context)

    assert shown.survey_id == "s1"
    assert shown.tokens == sum(piece.tokens for piece in shown.pieces) <= shown.budget == 3000
    assert shown.left_out[0].id == "files"


def test_selected_cells_and_those_of_the_version_before_come_first() -> None:
    scope = Scope(("z",))

    context = build_context(BOOK, "", "t", {}, scope=scope, extra={"e": "version 1 changed it"})

    assert [(p.id, p.why) for p in context.pieces[1:3]] == [
        ("cell:z", "selected"),
        ("cell:e", "version 1 changed it"),
    ]


def test_a_secret_at_the_cut_does_not_leave_in_half() -> None:
    for size in (2000, 100_000):
        for shift in range(0, 40, 3):
            text = "x" * (2667 - shift) + f" {SECRET} " + "y" * size

            shown, _ = clean(text, 1000)

            assert SECRET[:12] not in shown
            assert estimate_tokens(shown) < 1030


def test_the_end_of_a_long_shell_cell_is_still_a_shells() -> None:
    cell = "%%bash\n" + "ls\n" * 10_000 + "password=correcthorse\n"

    text, kinds = clean(cell, 500)

    assert "correcthorse" not in text
    assert kinds == ("password",)
