"""Decisions as evidence comes in: what is told, when it is final, and what is written down."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from dry_runs import NONE, ScriptedRuns
from session_world import Clock, NoKernel, Scripted

from llm_notebook.core.decision import Decision
from llm_notebook.core.edits import Edit, Insert
from llm_notebook.core.grants import Grant
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.preview import CellRun, FileEffect, Isolation, ObservedEffects
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun, Revised
from llm_notebook.judging import Judging
from llm_notebook.previewing import Previewing
from llm_notebook.rules import configuration
from llm_notebook.session import Session
from llm_notebook.store import Store

SNAPSHOT = Snapshot((Cell("a", "code", "x = 1"),))
SEEN = ObservedEffects(files_complete=True)
STRONG = Isolation("namespaces", "namespaces")


class World:
    """A session with one proposal, its dry runs by script, and what is told of decisions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store.sqlite")
        self.runs = ScriptedRuns()
        self.heard: queue.Queue[Decision] = queue.Queue()

    def open(self, source: str, kind: str = "code", **more: Any) -> Judging:
        edits: tuple[Edit, ...] = (Insert("n", "a", kind, source),)
        more = {"untrusted": (), **more}
        name = str(self.folder / "n.ipynb")
        self.store.save(
            name, Proposal("p", Origin("do", "m"), 1.0, "pending", edits=edits, **more), "proposed"
        )
        workspace: Any = NoKernel()
        workspace.folder = lambda: self.folder
        self.session = Session(Scripted(), workspace, self.store, name, now=Clock())
        self.previewing = Previewing(self.session, self.runs)
        self.judging = Judging(self.previewing)
        self.judging.listen(self.heard.put)
        self.session.open_notebook(name)
        return self.judging

    def dry_run(self, *, grants: tuple[Grant, ...] = (), effects: ObservedEffects = SEEN) -> None:
        message = DryRun("p", self.session.find("p").hash, SNAPSHOT, level=3, grants=grants)
        self.judging.asked(message)
        self.previewing.start(message)
        self.runs.begun[-1].tell(
            status="previewed", cells=(CellRun("n", "ran"),), effects=effects, isolation=STRONG
        )

    def until(self, wanted: Callable[[Decision], bool]) -> Decision:
        while not wanted(found := self.heard.get(timeout=20)):
            pass
        return found

    def noted(self) -> list[dict[str, Any]]:
        self.session.record.close()  # what is noted is written in a moment
        return [event.body for event in self.store.events() if event.kind == "judged"]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(configuration, "FILE", "no such file.toml")
    return World(tmp_path)


def test_what_was_seen_to_do_nothing_is_allowed_told_and_written_down(world: World) -> None:
    world.open("y = x + 1")
    world.dry_run()
    decision = world.until(lambda d: d.is_final)
    assert decision.ruling == "ALLOW"
    assert world.judging.known() == (decision,)
    (note,) = world.noted()
    assert (note["ruling"], note["edits_hash"]) == ("ALLOW", decision.edits_hash)
    assert note["reasons"][0]["rule"] == "explaining"


def test_while_it_runs_nothing_is_final(world: World) -> None:
    world.open("y = x + 1")
    message = DryRun("p", world.session.find("p").hash, SNAPSHOT, level=3)
    world.previewing.start(message)
    world.runs.begun[-1].print("one")
    first = world.heard.get(timeout=20)
    assert (first.ruling, first.is_final) == ("ASK", False)
    assert world.noted() == []


def test_a_change_of_the_person_voids_it(world: World) -> None:
    world.open("y = x + 1")
    world.dry_run()
    old = world.until(lambda d: d.is_final)
    now = (Insert("n", "a", "code", "y = 2"),)
    world.session.revise(Revised("p", old.edits_hash, now))
    new = world.until(lambda d: d.edits_hash != old.edits_hash)
    assert (new.ruling, new.is_final) == ("ASK", False)
    world.session.decide("p", "rejected", new.edits_hash)
    assert world.judging.known() == ()


def test_grants_of_the_page_hold_for_its_own_dry_run(world: World) -> None:
    (world.folder / "out").mkdir()
    world.open("open('out/a.txt', 'w').write('x')")
    effects = msgspec.structs.replace(SEEN, files=(FileEffect("created", "out/a.txt"),))
    world.dry_run(effects=effects)
    assert world.until(lambda d: d.is_final).ruling == "ASK"
    world.dry_run(grants=(Grant("writes", "out"),), effects=effects)
    assert world.until(lambda d: d.is_final and d.ruling == "ALLOW")
    # Without the page's word nothing is granted any more.
    world.dry_run(effects=effects)
    assert world.until(lambda d: d.is_final).ruling == "ASK"


def test_grants_of_a_file_hold_only_where_no_page_speaks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = configuration.Configuration(grants=(Grant("writes", "out"),))
    monkeypatch.setattr(configuration, "read_configuration", lambda: granted)
    world.open("y = 1")
    proposal = world.session.find("p")
    assert world.judging.evidence(proposal, None).grants == (Grant("writes", "out"),)
    world.dry_run()
    assert world.judging.evidence(proposal, None).grants == ()


def test_without_isolation_the_word_is_final_at_once(world: World) -> None:
    world.runs.tier = NONE
    decision = world.open("y = 1").decide("p")
    assert (decision.ruling, decision.is_final) == ("ASK", True)


def test_text_is_judged_without_a_dry_run(world: World) -> None:
    assert world.open("# Words", "markdown").decide("p").ruling == "ALLOW"


def test_what_cannot_be_looked_at_is_asked(world: World) -> None:
    judging = world.open("y = 1")

    def fails() -> tuple[str, ...]:
        raise RecursionError

    judging._hooks = fails
    world.dry_run()
    decision = world.until(lambda d: d.is_final)
    assert (decision.ruling, decision.reasons[0].rule) == ("ASK", "gathering")
    assert judging.decide("p").ruling == "ASK"


def test_a_secret_in_a_reason_is_not_written_down(world: World) -> None:
    world.open("open('sk-proj-abcdefghijklmnopqrstuvwx1234567890ABCDEFGH', 'w')")
    world.dry_run()
    world.until(lambda d: d.is_final)
    assert "abcdefghijklmnop" not in str(world.noted())
