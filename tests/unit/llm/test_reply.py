"""The reply parser: its scenarios, and what must hold for any text however it is cut."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm_notebook.core.edits import Insert, Replace
from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.diffing import apply
from llm_notebook.llm.reply import MAX_CHARACTERS, Reply, ReplyDelta, ReplyParser, new_cell_id
from tests.unit.llm.scenario import Scenario, described, outcome, parse, scenarios

SCENARIOS = scenarios()
CELLS = Snapshot(
    (Cell("a", "code", "x = 1"), Cell("b", "markdown", "# Hi"), Cell("c", "code", "y = 2"))
)
LABELS = {"c1": "a", "c2": "b", "c3": "c"}


def parser() -> ReplyParser:
    numbers = itertools.count(1)
    return ReplyParser(CELLS, LABELS, "b", lambda: f"new-{next(numbers)}")


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted({place % (len(text) + 1) for place in places}), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]


def grown(deltas: list[ReplyDelta]) -> dict[str, object]:
    """What a front end makes of the stream."""
    sources: dict[int, str] = {}
    edits = []
    title = rationale = answer = ""
    for delta in deltas:
        title, rationale = delta.title or title, delta.rationale or rationale
        answer += delta.answer
        for growth in delta.growth:
            if growth.edit is not None:
                assert growth.index == len(edits)
                edits.append(growth.edit)
            sources[growth.index] = sources.get(growth.index, "") + growth.text
    return {
        "title": title,
        "rationale": rationale,
        "answer": answer,
        "edits": [(type(edit), edit.cell_id, sources[n]) for n, edit in enumerate(edits)],
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
def test_scenario(scenario: Scenario) -> None:
    assert outcome(scenario) == scenario.expected
    assert outcome(scenario, scenario.reply) == scenario.expected, "one character at a time"


def test_the_scenarios_are_there() -> None:
    assert len(SCENARIOS) > 40


LINES = st.sampled_from(
    [
        "title: Some title",
        "why: because",
        "@@ insert",
        "@@ insert after c1 code",
        "@@ insert before c3 markdown",
        "@@ insert before first",
        "@@ insert after last",
        "@@ insert after c9",
        "@@ replace c1",
        "@@ replace c3 markdown",
        "@@ delete c2",
        "@@ delete c1",
        "@@ move c1 after c3",
        "@@ move c3 before c1",
        "@@ move c2 before first",
        "@@ answer",
        "@@ decline",
        "@@ question",
        "@@ question Which?",
        "- choice: a | plot a",
        "- choice: b",
        "@@ end",
        "@@ what",
        "- try: something else",
        "```python",
        "```",
        "````markdown",
        "````",
        "~~~",
        "<think>",
        "</think>",
        "print(1)",
        "    indented",
        "Some prose.",
        "- a point",
        "  * one: two",
        "a\rb\r",
        "x" * 250,
        "@" * 250,
        "title: " + "t" * 250,
        "",
        "\r",
    ]
)
BLOCKS = st.sampled_from(
    [
        "@@ insert\n```python\nx\n```",
        "@@ insert after c1\n```\ny\n\nz\n```",
        "@@ insert before c1\n```\nw\n```",
        "@@ insert after c3\n~~~\n```\n~~~",
        "@@ replace c1\n```\nq\n```",
        "@@ replace c3\n```\nr\n```",
        "@@ delete c2",
        "@@ move c1 after c3",
        "@@ move c3 before first",
        "@@ answer\nhello\n\nagain",
        "@@ question Which?\n- choice: a | plot a\n- choice: b",
    ]
)
REPLIES = st.one_of(
    st.lists(st.one_of(LINES, BLOCKS), max_size=12).map("\n".join),
    st.lists(BLOCKS, max_size=6, unique=True).map(lambda parts: "\n".join([*parts, "@@ end"])),
    st.text(max_size=200),
)
REASONS = st.sampled_from(["stop", "STOP", "end_turn", "length", None, "cancelled"])


@pytest.mark.parametrize("info", ["\x0b", "\u2028", " \x1c "])
def test_a_fence_whose_language_is_a_strange_space(info: str) -> None:
    result, _ = parse(parser(), [f"@@ insert\n```{info}\nx = 1\n```\n@@ end\n"], "stop")
    assert isinstance(result, Reply)
    assert [edit.source for edit in result.edits if isinstance(edit, Insert)] == ["x = 1"]


@pytest.mark.parametrize("label", ["c2", "```c2", "(C2)", "cell c2"])
def test_a_move_next_to_itself_is_a_fault_however_it_is_written(label: str) -> None:
    result, _ = parse(parser(), [f"@@ move c2 after {label}\n@@ end\n"], "stop")
    assert isinstance(result, ReplyError)
    assert "next to itself" in str(result)


@pytest.mark.parametrize("where", ["after c2", "before c2"])
def test_a_cell_moves_to_the_place_of_one_deleted_behind_it(where: str) -> None:
    text = f"@@ delete c2\n@@ move c1 {where}\n@@ insert after c2\n```\nnew\n```\n@@ end\n"
    result, _ = parse(parser(), [text], "stop")
    assert isinstance(result, Reply)
    kept = [cell.source for cell in CELLS if cell.id != CELLS.cells[1].id]
    assert [cell.source for cell in apply(CELLS, result.edits)] == [kept[0], "new", *kept[1:]]


def test_what_is_put_before_and_behind_a_deleted_cell_keeps_its_order() -> None:
    blocks = [f"@@ insert {side} c2\n```\n{side}\n```\n" for side in ("before", "after")]
    result, _ = parse(parser(), ["@@ delete c2\n", *blocks, "@@ end\n"], "stop")
    assert isinstance(result, Reply)
    sources = [cell.source for cell in apply(CELLS, result.edits)]
    assert sources[1:3] == ["before", "after"]


@given(REPLIES, st.lists(st.integers(0, 10_000), max_size=8), REASONS)
@example("title: x\r\n@@ insert\r\n```\r\na\r\n```", [10, 11], "stop")
def test_chunks_do_not_matter(text: str, places: list[int], reason: str | None) -> None:
    whole, deltas = parse(parser(), [text], reason)
    pieces, cut_deltas = parse(parser(), cut(text, places), reason)
    assert described(whole) == described(pieces)
    assert grown(deltas) == grown(cut_deltas)


@given(REPLIES, REASONS)
def test_a_reply_applies_or_is_refused(text: str, reason: str | None) -> None:
    result, deltas = parse(parser(), [text], reason)
    if isinstance(result, ReplyError):
        assert result.code in ("reply", "reply-cut")
        return
    assert isinstance(result, Reply)
    assert result.title
    assert result.edits or result.answer or result.suggestions
    assert not (result.declined and result.edits)
    if result.question:
        assert not result.edits
        assert not result.declined
        assert result.answer == result.question
        assert 2 <= len({choice.prompt for choice in result.suggestions}) <= 8
    if result.edits:
        apply(CELLS, result.edits)
    streamed = grown(deltas)
    if result.edits and streamed["edits"]:
        told = [
            (type(edit), edit.cell_id, getattr(edit, "source", ""))
            for edit in result.edits
            if isinstance(edit, Insert | Replace)
        ]
        assert [edit for edit in told if edit not in streamed["edits"]] == []
    # A last line without an end is read by `finish` only.
    assert result.answer.startswith(str(streamed["answer"]))


@given(st.lists(BLOCKS, min_size=1, max_size=5, unique=True), st.integers(1, 400))
def test_a_cut_reply_is_never_offered(blocks: list[str], size: int) -> None:
    text = "\n".join([*blocks, "@@ end", ""])
    part = text[: min(size, len(text) - len("@@ end\n"))]
    for reason in (None, "length", "cancelled"):
        result, _ = parse(parser(), [part], reason)
        assert isinstance(result, ReplyError)


@pytest.mark.parametrize("fence", ["```", "````", "~~~~~"])
@given(source=st.text(st.characters(exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
def test_a_source_comes_through_unchanged(fence: str, source: str) -> None:
    source = source.strip() or "x"
    if source.startswith(fence):
        source = "x" + source
    p = parser()
    p.feed(f"@@ insert\n{fence}python\n{source}\n{fence}\n@@ end\n")
    (edit,) = p.finish(None).edits
    assert isinstance(edit, Insert)
    assert edit.source == source


def test_a_fault_is_known_before_the_end() -> None:
    p = parser()
    p.feed("@@ replace c7\n```\n")
    assert p.fault is not None
    assert "c7" in p.fault
    assert p.feed("x\n```\n@@ end\n").growth == ()


def test_too_long_a_reply_is_refused() -> None:
    p = parser()
    for _ in range(3):
        p.feed("@@ answer\n" + "word " * (MAX_CHARACTERS // 10))
    assert p.fault is not None
    with pytest.raises(ReplyError, match="2,000,000"):
        p.finish("stop")


def test_too_many_edits_are_refused() -> None:
    p = parser()
    p.feed("@@ insert\n```\nx\n```\n" * 201 + "@@ end\n")
    with pytest.raises(ReplyError, match="200 edits"):
        p.finish("stop")


def test_two_hundred_edits_are_fine() -> None:
    p = parser()
    p.feed("@@ insert\n```\nx\n```\n" * 200 + "@@ end\n")
    edits = p.finish("stop").edits
    assert len(apply(CELLS, edits).cells) == 203


def test_a_line_of_two_million_characters_in_small_pieces() -> None:
    p = parser()
    p.feed("@@ answer\n")
    for _ in range(19_000):
        p.feed("x" * 100)
    assert len(p.finish("stop").answer) == 1_900_000


def test_new_ids_are_in_nbformats_pattern() -> None:
    ids = {new_cell_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell_id) for cell_id in ids)


def test_an_id_that_is_taken_is_not_used() -> None:
    p = ReplyParser(CELLS, LABELS, None, lambda: "a")
    p.feed("@@ insert\n```\nx\n```\n@@ insert\n```\ny\n```\n@@ end\n")
    ids = [edit.cell_id for edit in p.finish("stop").edits]
    assert len({*ids, "a", "b", "c"}) == 5


@pytest.mark.parametrize(
    ("before", "line", "shown"),
    [
        ("", "title: Mean pri", {"title": "Mean pri"}),
        ("", "why: beca", {"rationale": "beca"}),
        ("@@ insert\n```python\n", "    print(1", {"source": "    print(1"}),
        ("@@ insert\n  ```python\n", "    print(1", {"source": "  print(1"}),
        ("@@ insert\n```python\nx\n\n", "y = ", {"source": "x\n\ny = "}),
        ("@@ answer\n", "One long para", {"answer": "One long para"}),
        ("@@ answer Now ", "and the", {"answer": ""}),
        ("@@ answer\n", "- a bullet", {"answer": "- a bullet"}),
        ("@@ answer\n```\n", "@@ del", {"answer": "```\n@@ del"}),
        # What may turn out to be no text is held back.
        ("@@ insert\n```python\nx\n", "``", {"source": "x"}),
        ("@@ insert\n```python\nx\n", "   ", {"source": "x"}),
        ("@@ answer\nx\n", "@", {"answer": "x"}),
        ("@@ answer\nx\n", "``", {"answer": "x"}),
        ("@@ answer\nx\n", "<think>no", {"answer": "x"}),
        ("@@ decline\nx\n", "- try: some", {"answer": "x"}),
        ("@@ question x\n", "- choice: some", {"answer": "x"}),
        ("<think>", "title: no", {"title": ""}),
    ],
)
def test_a_line_is_shown_before_its_end(before: str, line: str, shown: dict[str, str]) -> None:
    p = parser()
    seen = grown([p.feed(before), *(p.feed(character) for character in line)])
    edits: list[tuple[object, str, str]] = seen.pop("edits")  # type: ignore[assignment]
    seen["source"] = edits[-1][2] if edits else ""
    assert {name: seen[name] for name in shown} == shown
