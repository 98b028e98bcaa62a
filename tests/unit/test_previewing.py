"""Dry runs of a session's proposals: what may be run, one at a time, and what is told of it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from dry_runs import NONE, ScriptedRuns
from session_world import Clock, NoKernel, Scripted

from llm_notebook.core.edits import Delete, Edit, Insert, Replace, edits_hash
from llm_notebook.core.errors import UnknownProposalError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.preview import CellRun, Output, Preview, RunError
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun, Revised
from llm_notebook.previewing import CHANGED, NEWER, Previewing
from llm_notebook.session import Session
from llm_notebook.store import Store

CELLS = (
    Cell("a", "code", "x = 1"),
    Cell("text", "markdown", "words"),
    Cell("b", "code", "y = x"),
)
SNAPSHOT = Snapshot(CELLS)
NEW = Insert("n", "text", "code", "x = 2")
DELETED = (
    "Nothing to run: cells are only deleted. What they defined stays until the kernel restarts."
)
WORDS = Insert("m", "b", "markdown", "more words")


def replaced(cell: Cell, source: str) -> Replace:
    return Replace(cell.id, cell_hash(cell.type, cell.source), cell.type, source)


class World:
    """A session with these proposals pending, and what its listeners heard."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store.sqlite")
        self.runs = ScriptedRuns()
        self.heard: list[Preview] = []

    def open(self, **proposals: tuple[Edit, ...]) -> Previewing:
        for name, edits in proposals.items():
            found = Proposal(name, Origin("do it", "m"), len(name), "pending", edits=edits)
            self.store.save("nb", found, "proposed")
        self.session = Session(Scripted(), NoKernel(), self.store, now=Clock())
        self.session.open_notebook("nb")
        self.previewing = Previewing(self.session, self.runs)
        self.previewing.listen(self.heard.append)
        return self.previewing

    def ask(self, name: str = "p", **options: Any) -> DryRun:
        found = self.session.find(name)
        options = {"level": 3, "snapshot": SNAPSHOT, "edits_hash": found.hash, **options}
        return DryRun(name, **options)

    def told(self, name: str = "p") -> list[str]:
        """The statuses of one proposal's previews, in order, each once in a row."""
        found: list[str] = []
        for preview in self.heard:
            if preview.proposal_id == name and preview.status not in found[-1:]:
                found.append(preview.status)
        return found

    def noted(self) -> list[dict[str, Any]]:
        self.session.record.close()  # what is noted is written in a moment
        return [event.body for event in self.store.events() if event.kind == "dry run"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


class TestPlan:
    def test_code_that_is_new_or_changed_runs_in_the_order_of_the_notebook(
        self, world: World
    ) -> None:
        edits = (replaced(CELLS[2], "y = x + 1"), WORDS, NEW, Delete("a", CELLS[0].hash))
        world.open(p=edits).start(world.ask("p", budget=7.0, sample=10, readable=("/data",)))
        plan = world.runs.begun[0].plan
        assert [(c.cell, c.source) for c in plan.cells] == [("n", "x = 2"), ("b", "y = x + 1")]
        assert (plan.budget, plan.sample, plan.readable) == (7.0, 10, ("/data",))
        assert (plan.proposal_id, plan.edits_hash) == ("p", edits_hash(edits))

    def test_a_cell_that_changes_its_id_runs_under_its_new_one(self, world: World) -> None:
        edit = Replace("a", CELLS[0].hash, "code", "x = 9", new_id="z")
        world.open(p=(edit,)).start(world.ask())
        assert [c.cell for c in world.runs.begun[0].plan.cells] == ["z"]

    @pytest.mark.parametrize(
        ("edit", "reason"),
        [
            (WORDS, "Nothing to run: only text changes."),
            (Insert("n", "a", "code", "%%llm\nplot it"), "Nothing to run: only text changes."),
            (Insert("n", "a", "code", "  \n"), "Nothing to run: only text changes."),
            (Delete("a", CELLS[0].hash), DELETED),
        ],
    )
    def test_where_there_is_nothing_to_run_nothing_is_started(
        self, world: World, edit: Edit, reason: str
    ) -> None:
        world.open(p=(edit,)).start(world.ask())
        assert world.runs.begun == []
        assert (world.heard[-1].status, world.heard[-1].reason) == ("previewed", reason)

    def test_one_that_does_not_fit_the_notebook_is_refused(self, world: World) -> None:
        world.open(p=(replaced(Cell("a", "code", "other"), "x"),)).start(world.ask())
        assert world.runs.begun == []
        assert world.heard[-1].status == "refused"
        assert "has changed" in world.heard[-1].reason


class TestDownstream:
    def test_what_uses_what_changes_is_named_before_and_by_what_was_seen_after(
        self, world: World
    ) -> None:
        world.open(p=(replaced(CELLS[0], "x = 2"),)).start(world.ask())
        world.runs.begun[0].print("so far")
        assert [(d.cell, d.names) for d in world.heard[-1].downstream] == [("b", ("x",))]
        world.runs.begun[0].tell(status="previewed", changes=())
        assert world.heard[-1].downstream == (), "it was seen to change nothing"

    def test_on_request_it_is_run_too_after_the_proposals_own(self, world: World) -> None:
        edits = (replaced(CELLS[0], "x = 2"), Insert("n", "b", "code", "z = 3"))
        world.open(p=edits).start(world.ask(downstream=True))
        plan = world.runs.begun[0].plan
        assert [(c.cell, c.downstream) for c in plan.cells] == [
            ("a", False),
            ("n", False),
            ("b", True),
        ]

    def test_what_uses_what_a_deleted_cell_made_is_named(self, world: World) -> None:
        world.open(p=(Delete("a", CELLS[0].hash),)).start(world.ask(downstream=True))
        assert [(d.cell, d.names) for d in world.heard[-1].downstream] == [("b", ("x",))]
        assert world.runs.begun == []


class TestWhatLooksLong:
    LONG = (Insert("n", "text", "code", "import time; time.sleep(60)"),)

    def test_it_is_not_started_unasked_and_says_how_long(self, world: World) -> None:
        world.open(p=self.LONG).start(world.ask(automatic=True))
        told = world.heard[-1]
        assert (told.status, world.runs.begun) == ("expensive", [])
        assert told.estimate is not None
        assert told.estimate.seconds == 60
        assert told.reason

    def test_who_asks_for_it_gets_it_with_the_estimate(self, world: World) -> None:
        world.open(p=self.LONG).start(world.ask(budget=20.0))
        world.runs.begun[0].print("so far")
        assert world.heard[-1].estimate is not None

    def test_how_long_a_cell_took_counts(self, world: World) -> None:
        world.open(p=(Insert("n", "text", "code", "z = slow(x)"),))
        previewing = Previewing(world.session, world.runs, lambda: [("c", "y = slow(1)", 240.0)])
        previewing.listen(world.heard.append)
        previewing.start(world.ask(automatic=True))
        assert world.heard[-1].status == "expensive"
        assert "4 min" in world.heard[-1].reason


class TestPermission:
    @pytest.mark.parametrize(
        ("level", "automatic", "is_begun"),
        [(3, True, True), (2, True, False), (2, False, True), (1, False, False), (0, True, False)],
    )
    def test_the_level_decides(
        self, world: World, level: int, automatic: bool, is_begun: bool
    ) -> None:
        preview = world.open(p=(NEW,)).start(world.ask(level=level, automatic=automatic))
        assert bool(world.runs.begun) == is_begun
        assert preview.status == ("waiting" if is_begun else "refused")

    def test_a_kernel_whose_level_was_lowered_runs_nothing_by_itself(self, world: World) -> None:
        world.open(p=(NEW,))
        world.session.lowered = 2
        assert world.previewing.start(world.ask(automatic=True)).status == "refused"
        world.session.lowered = 1
        assert world.previewing.start(world.ask()).status == "refused"
        assert world.runs.begun == []

    @pytest.mark.parametrize("automatic", [True, False])
    def test_without_isolation_nothing_is_run_and_the_reason_is_told(
        self, world: World, automatic: bool
    ) -> None:
        world.runs.tier = NONE
        preview = world.open(p=(NEW,)).start(world.ask(automatic=automatic))
        assert (preview.status, world.runs.begun) == ("refused", [])
        assert "no Landlock" in preview.reason
        assert world.previewing.level() == (2, "There is no dry run here. " + NONE.lacks[0])

    def test_an_isolation_that_cannot_be_found_out_is_none(self, world: World) -> None:
        def broken() -> Any:
            raise OSError("no /proc")

        world.open(p=(NEW,))
        world.runs.isolation = broken  # type: ignore[method-assign]
        assert world.previewing.start(world.ask()).status == "refused"
        assert world.previewing.isolation().tier == "none"

    def test_no_engine_no_dry_run(self, world: World) -> None:
        world.open(p=(NEW,))
        assert Previewing(world.session, None).start(world.ask()).status == "refused"

    def test_only_what_is_on_screen_is_run(self, world: World) -> None:
        preview = world.open(p=(NEW,)).start(world.ask(edits_hash="other"))
        assert (preview.status, preview.reason, preview.edits_hash) == ("refused", CHANGED, "other")
        assert world.previewing.known() == ()

    def test_what_was_decided_is_not_run(self, world: World) -> None:
        world.open(p=(NEW,))
        message = world.ask()
        world.session.decide("p", "accepted", message.edits_hash)
        assert world.previewing.start(message).status == "refused"
        assert world.runs.begun == []

    def test_an_unknown_proposal_is_an_error(self, world: World) -> None:
        world.open()
        with pytest.raises(UnknownProposalError):
            world.previewing.start(DryRun("zzz", "", SNAPSHOT, 3))

    def test_an_engine_that_fails_is_a_refusal_and_holds_nothing_up(self, world: World) -> None:
        world.open(p=(NEW,), q=(NEW,))
        world.runs.fault = RuntimeError("cannot fork")
        world.previewing.start(world.ask("p"))
        assert (world.heard[-1].status, "cannot fork" in world.heard[-1].reason) == (
            "refused",
            True,
        )
        world.runs.fault = None
        world.previewing.start(world.ask("q"))
        assert len(world.runs.begun) == 1


class TestOneAtATime:
    def test_a_newer_automatic_one_takes_the_older_ones_place(self, world: World) -> None:
        world.open(p=(NEW,), q=(NEW,))
        world.previewing.start(world.ask("p", automatic=True))
        first = world.runs.begun[0]
        world.previewing.start(world.ask("q", automatic=True))
        assert first.is_cancelled
        assert len(world.runs.begun) == 1, "the one before has not ended yet"
        first.tell(status="stopped", reason="cancelled")
        assert world.runs.begun[1].plan.proposal_id == "q"
        assert world.told("p") == ["waiting", "stopped"]
        assert next(p for p in world.heard if p.status == "stopped").reason == NEWER

    def test_of_automatic_ones_that_wait_only_the_newest_is_left(self, world: World) -> None:
        world.open(p=(NEW,), q=(NEW,), r=(NEW,))
        world.previewing.start(world.ask("p"))
        world.previewing.start(world.ask("q", automatic=True))
        world.previewing.start(world.ask("r", automatic=True))
        assert not world.runs.begun[0].is_cancelled, "a person asked for it"
        assert world.told("q") == ["waiting", "stopped"]
        world.runs.begun[0].tell(status="previewed")
        assert [b.plan.proposal_id for b in world.runs.begun] == ["p", "r"]

    def test_what_a_person_asks_for_comes_first_and_waits_for_what_a_person_asked_for(
        self, world: World
    ) -> None:
        world.open(p=(NEW,), q=(NEW,), r=(NEW,))
        world.previewing.start(world.ask("p"))
        world.previewing.start(world.ask("q", automatic=True))
        world.previewing.start(world.ask("r"))
        for _ in range(3):
            world.runs.begun[-1].tell(status="previewed")
        assert [b.plan.proposal_id for b in world.runs.begun] == ["p", "r", "q"]

    def test_the_same_proposal_asked_for_again_starts_anew(self, world: World) -> None:
        world.open(p=(NEW,))
        world.previewing.start(world.ask(automatic=True))
        world.previewing.start(world.ask(budget=60.0))
        first = world.runs.begun[0]
        assert first.is_cancelled
        first.tell(status="stopped")
        assert world.runs.begun[1].plan.budget == 60.0
        world.runs.begun[1].tell(status="previewed")
        assert world.told() == ["waiting", "previewed"], "of the one before nobody is told"

    def test_stop(self, world: World) -> None:
        world.open(p=(NEW,), q=(NEW,))
        world.previewing.start(world.ask("p"))
        world.previewing.start(world.ask("q"))
        world.previewing.stop("q")
        assert (world.heard[-1].proposal_id, world.heard[-1].status) == ("q", "stopped")
        world.previewing.stop("p")
        assert world.runs.begun[0].is_cancelled
        world.runs.begun[0].print("so far")
        cells = world.runs.begun[0].preview.cells
        world.runs.begun[0].tell(status="stopped", cells=cells)
        assert (world.heard[-1].status, world.heard[-1].cells) == ("stopped", cells)
        assert len(world.runs.begun) == 1

    def test_stop_while_it_is_being_planned(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from llm_notebook import foreseeing

        world.open(p=(NEW,))
        real = foreseeing.foreseen

        def stopped(*arguments: Any, **options: Any) -> Any:
            world.previewing.stop("p")
            return real(*arguments, **options)

        monkeypatch.setattr(foreseeing, "foreseen", stopped)
        world.previewing.start(world.ask())
        assert (world.heard[-1].status, world.runs.begun) == ("stopped", [])

    def test_soon_returns_before_it_is_planned(self, world: World) -> None:
        world.open(p=(NEW,))
        over = threading.Event()
        world.previewing.listen(lambda p: over.set() if p.status == "previewed" else None)
        with world.session._lock:  # whoever decides meanwhile
            assert world.previewing.start_soon(world.ask(snapshot=SNAPSHOT)).status == "waiting"
        while not world.runs.begun:
            over.wait(0.01)
        world.runs.begun[0].tell(status="previewed")
        assert over.wait(10)

    def test_ctrl_c_while_it_starts_leaves_room_for_the_next(self, world: World) -> None:
        world.open(p=(NEW,))
        world.runs.fault = KeyboardInterrupt()  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            world.previewing.start(world.ask())
        assert world.heard[-1].status == "stopped"
        world.runs.fault = None
        world.previewing.start(world.ask())
        assert len(world.runs.begun) == 1

    def test_close_ends_the_engine(self, world: World) -> None:
        world.open(p=(NEW,)).close()
        assert world.runs.is_closed


class TestAProposalThatChanges:
    def revise(self, world: World) -> None:
        old = world.session.find("p")
        edits = (Insert("n", "text", "code", "x = 3"),)
        world.session.revise(Revised("p", old.hash, edits, ("n",)))

    def test_its_dry_run_ends_and_nobody_hears_of_it(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask())
        world.runs.begun[0].print("so far")
        self.revise(world)
        assert world.runs.begun[0].is_cancelled
        count = len(world.heard)
        world.runs.begun[0].tell(status="previewed")
        assert len(world.heard) == count
        assert (world.previewing.known(), world.noted()) == ((), [])

    def test_its_preview_is_void(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask())
        world.runs.begun[0].tell(status="previewed")
        assert [p.status for p in world.previewing.known()] == ["previewed"]
        self.revise(world)
        assert world.previewing.known() == ()
        world.previewing.start(world.ask())
        assert world.runs.begun[1].plan.cells[0].source == "x = 3"

    def test_an_accept_that_is_taken_back_finds_no_preview_of_before(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask())
        world.runs.begun[0].tell(status="previewed")
        message = world.ask()
        world.session.decide("p", "accepted", message.edits_hash)
        world.session.decide("p", "reopened", message.edits_hash)
        assert world.session.find("p").hash == message.edits_hash
        assert world.previewing.known() == ()

    def test_what_waits_is_not_begun(self, world: World) -> None:
        world.open(p=(NEW,), q=(NEW,))
        world.previewing.start(world.ask("q"))
        world.previewing.start(world.ask("p"))
        world.session.decide("p", "rejected", world.session.find("p").hash)
        world.runs.begun[0].tell(status="previewed")
        assert len(world.runs.begun) == 1

    def test_a_decision_ends_it(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask())
        world.session.decide("p", "accepted", world.session.find("p").hash)
        assert world.runs.begun[0].is_cancelled
        assert world.session.find("p").status == "accepted", "a dry run is not waited for"


class TestTrace:
    def test_what_was_seen_is_written_down_without_the_data(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask(automatic=True))
        key = "sk-" + "abcd1234" * 6
        world.runs.begun[0].tell(
            status="failed",
            summary="x 1 → 2",
            cells=(
                CellRun(
                    "n",
                    "failed",
                    (Output("display", data={"image/png": "A" * 1_000_000}),),
                    RunError("ValueError", f"bad {key} " + "long " * 1000, 1),
                ),
            ),
        )
        (body,) = world.noted()
        assert (body["status"], body["summary"], body["automatic"]) == ("failed", "x 1 → 2", True)
        output = body["cells"][0]["outputs"][0]
        assert (output["types"], output["size"]) == (["image/png"], 1_000_000)
        assert body["cells"][0]["error"]["name"] == "ValueError"
        assert key not in str(body)
        assert len(str(body)) < 2000
        assert world.session.find("p").status == "pending"

    def test_a_late_note_does_not_bring_a_proposal_back(self, world: World) -> None:
        world.open(p=(NEW,)).start(world.ask())
        world.session.decide("p", "accepted", world.session.find("p").hash)
        world.runs.begun[0].tell(status="stopped")
        world.session.note("p", "dry run")
        world.session.record.close()
        found = world.store.find("p")
        assert found is not None
        assert found.status == "accepted"


def test_only_so_much_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm_notebook.gallery.MOST_KEPT", 25_000)
    world.open(p=(NEW,), q=(NEW,), r=(NEW,))
    for name in "pqr":
        world.previewing.start(world.ask(name))
        run = CellRun("n", "ran", (Output("stdout", "x" * 10_000),))
        world.runs.begun[-1].tell(status="previewed", cells=(run,))
    assert [p.proposal_id for p in world.previewing.known()] == ["q", "r"]
