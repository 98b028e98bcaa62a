"""Decisions on parts, versions and sequences, and what the trace says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from session_world import Clock, NoKernel, Scripted

from llm_notebook.core.edits import Delete, Edit, Insert, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Part, Proposal
from llm_notebook.core.protocol import Ask, Revised
from llm_notebook.session import Session
from llm_notebook.store import Store

A = Cell("a", "code", "one\ntwo\nthree\nfour\nfive")
FULL = "ONE\ntwo\nTHREE\nfour\nFIVE"
NEW = Insert("n", "a", "code", "n = 1")
NEXT = Insert("m", "n", "code", "m = n")


def replace(before: str, after: str) -> Replace:
    return Replace("a", cell_hash("code", before), "code", after)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite")


Opens = Callable[..., Session]


@pytest.fixture
def opened(store: Store, clock: Clock) -> Opens:
    """A session that finds these proposals in the store, as after a restart."""

    def open_(*proposals: Proposal) -> Session:
        for proposal in proposals:
            store.save("nb", proposal, "proposed")
        models = Scripted()
        models.is_held = True
        session = Session(models, NoKernel(), store, now=clock)
        session.open_notebook("nb")
        return session

    return open_


def proposal(*edits: Edit, id: str = "p", **more: object) -> Proposal:
    made = Proposal(id=id, origin=Origin("do it", "m"), created=len(id), status="pending")
    return msgspec.structs.replace(made, edits=edits, **more)


def kinds(store: Store, id: str = "p") -> list[str]:
    return [event.kind for event in store.events("nb") if event.proposal == id]


def test_a_part_leaves_the_rest_waiting(opened: Opens, store: Store) -> None:
    session = opened(first := proposal(NEW, NEXT))
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    assert (part.status, part.taken, part.edits) == ("pending", (NEW,), (NEXT,))
    whole = session.decide("p", "accepted", part.hash)
    assert (whole.status, whole.taken, whole.edits) == ("accepted", (NEW, NEXT), (NEXT,))
    assert store.find("p") == whole
    bodies = [event.body for event in store.events("nb") if event.kind == "accepted"]
    assert [[edit["cell_id"] for edit in body["edits"]] for body in bodies] == [["n"], ["m"]]


def test_the_same_part_is_not_taken_twice(opened: Opens, store: Store) -> None:
    session = opened(first := proposal(NEW, NEXT))
    once = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    again = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    assert again == once
    assert again.taken == (NEW,)
    assert kinds(store) == ["proposed", "accepted", "late"]


def test_dropping_the_rest_of_what_was_taken_in_part_is_an_accept(opened: Opens) -> None:
    session = opened(first := proposal(NEW, NEXT))
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    done = session.decide("p", "rejected", part.hash)
    assert (done.status, done.edits, done.taken) == ("accepted", (NEW,), (NEW,))


def test_dropping_every_part_is_a_reject(opened: Opens) -> None:
    session = opened(first := proposal(NEW, NEXT))
    part = session.decide("p", "rejected", first.hash, edits=(NEXT,), rest=(NEW,))
    assert (part.status, part.taken) == ("pending", ())
    assert session.decide("p", "rejected", part.hash).status == "rejected"


def test_undo_of_a_part_and_of_all(opened: Opens) -> None:
    session = opened(first := proposal(NEW, NEXT))
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    session.decide("p", "accepted", part.hash, edits=(NEXT,))
    back = session.decide("p", "reopened", "", edits=(NEXT,), rest=(NEXT,))
    assert (back.status, back.taken, back.edits) == ("pending", (NEW,), (NEXT,))
    # said twice, done once
    assert session.decide("p", "reopened", "", edits=(NEXT,), rest=(NEXT,)) == back
    back = session.decide("p", "reopened", "", edits=(NEW,), rest=(NEW, NEXT))
    assert (back.status, back.taken, back.edits) == ("pending", (), (NEW, NEXT))
    assert session.decide("p", "reopened", "", edits=(NEW,), rest=(NEW,)) == back


def test_undo_of_a_part_of_what_was_accepted_whole(opened: Opens) -> None:
    session = opened(first := proposal(NEW, NEXT))
    session.decide("p", "accepted", first.hash)
    back = session.decide("p", "reopened", first.hash, edits=(NEXT,), rest=(NEXT,))
    assert (back.status, back.taken, back.edits) == ("pending", (NEW,), (NEXT,))


def test_undo_without_a_rest_brings_back_what_was_taken(opened: Opens) -> None:
    session = opened(first := proposal(NEW, NEXT))
    session.decide("p", "accepted", first.hash)
    assert session.decide("p", "reopened", "").edits == (NEW, NEXT)
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    assert session.decide("p", "reopened", part.hash, edits=(NEW,)).edits == (NEW, NEXT)


def test_a_ghost_that_the_person_wrote_in(opened: Opens, store: Store) -> None:
    session = opened(first := proposal(NEW))
    mine = msgspec.structs.replace(NEW, source="n = 2")
    now = session.revise(Revised("p", first.hash, (mine,), ("n",)))
    assert (now.edits, now.edited, now.status) == ((mine,), ("n",), "pending")
    assert session.revise(Revised("p", first.hash, (NEW,))) == now
    assert session.revise(Revised("p", now.hash, ())) == now
    session.decide("p", "accepted", now.hash)
    assert session.revise(Revised("p", now.hash, (NEW,))).edits == (mine,)
    assert kinds(store) == ["proposed", "revised", "late", "late", "accepted", "late"]


def versions() -> tuple[Proposal, Proposal, Proposal]:
    return (
        proposal(NEW, NEXT),
        proposal(NEW, id="p2", root="p", version=2),
        proposal(NEXT, id="p3", root="p", version=3),
    )


def statuses(session: Session) -> dict[str, str]:
    return {p.id: p.status for p in session.proposals()}


@pytest.mark.parametrize("restart", [False, True])
def test_one_version_taken_sets_the_others_aside(opened: Opens, restart: bool) -> None:
    first, second, third = versions()
    session = opened(first, second, third)
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,))
    assert statuses(session) == {"p": "pending", "p2": "superseded", "p3": "superseded"}
    session.decide("p", "accepted", part.hash)
    back = session.decide("p", "reopened", "", edits=(NEXT,), rest=(NEXT,))
    assert statuses(session) == {"p": "pending", "p2": "superseded", "p3": "superseded"}
    session.decide("p", "reopened", back.hash, edits=(NEW,), rest=(NEW, NEXT))
    assert statuses(session) == {"p": "pending", "p2": "pending", "p3": "pending"}
    session.decide("p3", "accepted", third.hash)
    assert statuses(session) == {"p": "superseded", "p2": "superseded", "p3": "accepted"}


def test_a_reject_ends_the_thread_and_a_dropped_part_does_not(opened: Opens) -> None:
    first, second, third = versions()
    session = opened(first, second, third)
    part = session.decide("p", "rejected", first.hash, edits=(NEXT,), rest=(NEW,))
    assert set(statuses(session).values()) == {"pending"}
    session.decide("p", "rejected", part.hash)
    assert set(statuses(session).values()) == {"rejected"}


def test_a_follow_up_is_the_next_version_of_its_thread(opened: Opens) -> None:
    session = opened(*versions())
    for given, version in (("p", 4), ("p3", 5)):
        origin = Origin("log scale", "m", refines=given)
        asked = session.ask(Ask(f"q{version}", origin, Snapshot((A,)), 2))
        assert (asked.root, asked.version) == ("p", version)


def test_an_answer_to_a_question_closes_it(opened: Opens) -> None:
    asked = proposal(answer="Which column?", status="asking")
    session = opened(msgspec.structs.replace(asked, edits=()))
    assert [p.id for p in session.open_proposals()] == ["p"]
    session.ask(Ask("q", Origin("the price", "m", clarifies="p"), Snapshot((A,)), 2))
    assert statuses(session) == {"p": "answered", "q": "drafting"}


def test_one_window_may_decide_at_a_time(opened: Opens, clock: Clock) -> None:
    session = opened(first := proposal(NEW, NEXT))
    assert session.claim("p", "one")
    assert session.claim("p", "one")
    assert not session.claim("p", "two")
    clock.now += 9.9
    assert not session.claim("p", "two")
    clock.now += 0.2
    assert session.claim("p", "two")
    assert not session.claim("p", "one")
    part = session.decide("p", "accepted", first.hash, edits=(NEW,), rest=(NEXT,), client="two")
    assert session.claim("p", "one")
    session.decide("p", "accepted", part.hash, client="one")
    assert not session.claim("p", "one")


def test_while_one_window_may_decide_no_other_does(opened: Opens, store: Store) -> None:
    session = opened(p := proposal(NEW, NEXT))
    assert session.claim("p", "one")
    assert session.decide("p", "rejected", p.hash, client="two") == p
    own = msgspec.structs.replace(NEW, source="own words")
    said = Revised("p", p.hash, (own, NEXT), (own.cell_id,))
    assert session.revise(said, "two") == p
    # What came too late is in the trace, with its words.
    assert session.decide("p", "accepted", p.hash, client="one").status == "accepted"
    late = [event.body for event in store.events("nb") if event.kind == "late"]
    assert [body["came"] for body in late] == ["rejected", "revised"]
    assert "own words" in str(late[1])


# -- sequences ---------------------------------------------------------------


def sequence(*parts: tuple[Edit, ...]) -> list[Proposal]:
    ids = ["p", *(f"p{n}" for n in range(2, len(parts) + 1))]
    return [
        proposal(
            *edits,
            id=id,
            status="pending" if n == 0 else "queued",
            root="p" if n else "",
            part=Part("p", n + 1, len(parts)),
            created=n,
        )
        for n, (id, edits) in enumerate(zip(ids, parts, strict=True))
    ]


def test_parts_come_one_by_one_and_go_back(opened: Opens) -> None:
    first, second, third = sequence((NEW,), (NEXT,), (Delete("a", A.hash),))
    session = opened(first, second, third)
    assert [p.id for p in session.open_proposals()] == ["p", "p2", "p3"]
    assert session.decide("p2", "accepted", second.hash).status == "queued"
    session.decide("p", "accepted", first.hash)
    assert statuses(session) == {"p": "accepted", "p2": "pending", "p3": "queued"}
    session.decide("p", "reopened", first.hash)
    assert statuses(session) == {"p": "pending", "p2": "queued", "p3": "queued"}
    session.decide("p", "accepted", first.hash)
    session.decide("p2", "rejected", second.hash)
    assert statuses(session) == {"p": "accepted", "p2": "rejected", "p3": "pending"}


def test_a_queued_part_stands_on_what_was_really_accepted(opened: Opens) -> None:
    session = opened(*sequence((NEW,), (NEXT,)))
    session.decide("p", "rejected", session.find("p").hash)
    assert session.find("p2").edits == (msgspec.structs.replace(NEXT, after="a"),)


def test_a_queued_part_of_one_cell_follows_its_hunks(opened: Opens) -> None:
    one = replace(A.source, "ONE\ntwo\nTHREE\nfour\nfive")
    two = replace(one.source, FULL)
    session = opened(*sequence((one,), (two,)))
    # the hunk of the third line is dropped, that of the first is taken
    kept = replace(A.source, "ONE\ntwo\nthree\nfour\nfive")
    part = session.decide("p", "rejected", one_hash(session), edits=(one,), rest=(kept,))
    session.decide("p", "accepted", part.hash)
    (waiting,) = session.find("p2").edits
    assert waiting == replace(kept.source, "ONE\ntwo\nthree\nfour\nFIVE")
    assert session.find("p2").status == "pending"


def test_a_queued_part_follows_the_persons_own_words(opened: Opens) -> None:
    one = replace(A.source, "ONE\ntwo\nthree\nfour\nfive")
    two = replace(one.source, "ONE\ntwo\nthree\nfour\nFIVE")
    session = opened(*sequence((one,), (two,)))
    mine = replace(A.source, "Eins\ntwo\nthree\nfour\nfive")
    session.revise(Revised("p", one_hash(session), (mine,), ("a",)))
    assert session.find("p2").edits == (replace(mine.source, "Eins\ntwo\nthree\nfour\nFIVE"),)


def test_what_cannot_be_merged_stays_and_is_stale(opened: Opens) -> None:
    one = replace(A.source, "ONE\ntwo\nthree\nfour\nfive")
    two = replace(one.source, "ONE!\ntwo\nthree\nfour\nfive")
    session = opened(*sequence((one,), (two,)))
    mine = replace(A.source, "Eins\ntwo\nthree\nfour\nfive")
    session.revise(Revised("p", one_hash(session), (mine,), ("a",)))
    assert session.find("p2").edits == (two,)


def one_hash(session: Session) -> str:
    return session.find("p").hash
