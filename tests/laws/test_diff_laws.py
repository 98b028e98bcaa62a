"""The laws of the diff engine, on generated notebooks."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from strategies import edit_lists, pairs, snapshots, sources

from llm_notebook.core.edits import Edit, Insert, Move, Replace
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import (
    apply,
    apply_hunks,
    check,
    choose,
    diff,
    invert,
    line_hunks,
    render_html,
    render_text,
)

MANY = settings(max_examples=400)


def bundle(edits: tuple[Edit, ...]) -> Proposal:
    return Proposal(id="p", origin=Origin("", ""), created=0.0, edits=edits)


def assert_valid(snapshot: Snapshot) -> None:
    ids = [cell.id for cell in snapshot.cells]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@MANY
@given(pairs())
def test_apply_undoes_diff(pair: tuple[Snapshot, Snapshot]) -> None:
    before, after = pair
    proposal = diff(before, after)
    result = apply(before, proposal)
    assert result.content() == after.content()
    assert_valid(result)
    if before.has_ids and after.has_ids:
        assert result.cells == after.cells
    assert check(before, proposal.edits) == (None,) * len(proposal.edits)


@MANY
@given(pairs())
def test_invert_takes_a_diff_back(pair: tuple[Snapshot, Snapshot]) -> None:
    before, after = pair
    proposal = diff(before, after)
    back = invert(proposal, before)
    assert apply(apply(before, proposal), back) == before
    # and is itself a proposal like any other
    assert apply(before, invert(back, apply(before, proposal))).content() == after.content()


@MANY
@given(st.data())
def test_any_edits_apply_and_come_back_or_raise_cleanly(data: st.DataObject) -> None:
    snapshot = data.draw(snapshots(max_size=5))
    edits = data.draw(edit_lists(snapshot))
    reasons = check(snapshot, edits)
    if any(reasons):
        with pytest.raises((StaleError, InvalidProposalError)) as caught:
            apply(snapshot, edits)
        assert caught.value.problem.message == next(filter(None, reasons))
        assert caught.value.problem.kept
        with pytest.raises(caught.type):
            invert(bundle(edits), snapshot)
    else:
        result = apply(snapshot, edits)
        assert_valid(result)
        assert apply(result, invert(bundle(edits), snapshot)) == snapshot
    render_text(bundle(edits), snapshot, color=True).encode()
    render_html(bundle(edits), snapshot).encode()


@MANY
@given(pairs(), st.data())
def test_any_choice_of_edits_and_hunks_gives_a_valid_notebook(
    pair: tuple[Snapshot, Snapshot], data: st.DataObject
) -> None:
    before, after = pair
    proposal = diff(before, after)
    count = len(proposal.edits)
    names = data.draw(st.lists(st.integers(1, count), unique=True) if count else st.just([]))
    only: list[int | str] = []
    was = {cell.id: cell.source for cell in before.cells}
    for number in names:
        edit = proposal.edits[number - 1]
        hunks = 0
        if isinstance(edit, Replace):
            hunks = len(line_hunks(was[edit.cell_id], edit.source))
        some = data.draw(st.sets(st.integers(1, hunks))) if hunks else set()
        only += [f"{number}.{hunk}" for hunk in sorted(some)] or [number]
    result = apply(before, proposal, only)
    assert_valid(result)
    assert apply(before, choose(before, proposal, only)) == result
    assert apply(before, proposal, range(1, count + 1)).content() == after.content()
    assert apply(before, proposal, []) == before


@MANY
@given(pairs(), st.data())
def test_a_stale_edit_never_applies(pair: tuple[Snapshot, Snapshot], data: st.DataObject) -> None:
    before, after = pair
    proposal = diff(before, after)
    known = {cell.id for cell in before.cells}
    touched = {e.cell_id for e in proposal.edits if not isinstance(e, Insert)}
    anchors = {e.after for e in proposal.edits if isinstance(e, Insert | Move)} & known
    assume(touched or anchors)
    victim = data.draw(st.sampled_from(sorted(touched | anchors)))
    change = data.draw(st.sampled_from(["edit", "retype", "remove"]))
    if victim not in touched:
        change = "remove"  # an anchor's content is free to change
    cells = []
    for cell in before.cells:
        if cell.id != victim:
            cells.append(cell)
        elif change == "edit":
            cells.append(Cell(cell.id, cell.type, cell.source + "!"))
        elif change == "retype":
            cells.append(Cell(cell.id, cell.type + "2", cell.source))
    now = Snapshot(tuple(cells), has_ids=before.has_ids)
    with pytest.raises(StaleError) as caught:
        apply(now, proposal)
    assert caught.value.problem.kept == "Nothing was applied."
    assert caught.value.problem.next
    assert any(check(now, proposal.edits))


@given(pairs(), sources)
def test_changes_elsewhere_are_kept(pair: tuple[Snapshot, Snapshot], source: str) -> None:
    """A cell that a person adds meanwhile stays, and the rest lands around it."""
    before, after = pair
    proposal = diff(before, after)
    mine = Cell("mine", "code", source)
    now = Snapshot((*before.cells, mine), has_ids=before.has_ids)
    result = apply(now, proposal)
    assert mine in result.cells
    assert tuple((c.type, c.source) for c in result.cells if c != mine) == after.content()


@given(snapshots())
def test_equal_notebooks_have_no_edits(snapshot: Snapshot) -> None:
    assert diff(snapshot, snapshot).edits == ()


@MANY
@given(sources, sources, st.data())
@example("a\nb", "a\nb\n", None)
def test_hunks(before: str, after: str, data: st.DataObject | None) -> None:
    hunks = line_hunks(before, after)
    everything = range(len(hunks))
    assert apply_hunks(before, after, everything) == after
    assert apply_hunks(before, after, []) == before
    old, new = before.split("\n"), after.split("\n")
    for hunk in hunks:
        assert tuple(old[hunk.start : hunk.start + len(hunk.removed)]) == hunk.removed
        assert tuple(new[hunk.added_start : hunk.added_start + len(hunk.added)]) == hunk.added
        assert hunk.removed != hunk.added
    if data is None:
        return
    chosen = data.draw(st.sets(st.sampled_from(everything)) if hunks else st.just(set()))
    some = apply_hunks(before, after, chosen)
    # What is left to do are the other hunks, no more and no less: lines outside
    # the hunks stay, and each hunk shows its old or its new lines.
    expected: list[str] = []
    at = 0
    for index, hunk in enumerate(hunks):
        expected += old[at : hunk.start]
        expected += hunk.added if index in chosen else hunk.removed
        at = hunk.start + len(hunk.removed)
    assert some == "\n".join(expected + old[at:])
    assert apply_hunks(some, after, range(len(line_hunks(some, after)))) == after
