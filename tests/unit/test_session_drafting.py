"""From a reply to a proposal: follow-ups, questions, scope, regeneration, the leash."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
import pytest
from session_world import Clock, NoKernel, Scripted

from llm_notebook.core.edits import Delete, Insert, Replace
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.origin import Leash, Origin, Scope
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import Ask, Revised, Survey
from llm_notebook.diffing import apply
from llm_notebook.session import Session
from llm_notebook.store import Store

A = Cell("a", "code", "x = 1\ny = 2\nz = 3")
B = Cell("b", "markdown", "# Words")
C = Cell("c", "code", "print(x)")
NB = Snapshot((A, B, C))


def insert(after: str, source: str, kind: str = "code") -> str:
    return f"@@ insert after {after} {kind}\n```\n{source}\n```\n"


def replace(label: str, source: str) -> str:
    return f"@@ replace {label}\n```\n{source}\n```\n"


END = "@@ end\n"


class World:
    def __init__(self, path: Path) -> None:
        self.models = Scripted()
        self.kernel = NoKernel()
        self.clock = Clock()
        self.store = Store(path / "store.sqlite")
        self.session = Session(self.models, self.kernel, self.store, "nb", self.clock)
        self._ids = (f"p{n}" for n in itertools.count(1))

    def ask(self, *replies: str, notebook: Snapshot = NB, **more: object) -> Proposal:
        """Ask, with what `Origin` and `Ask` may hold."""
        about = {name: more.pop(name) for name in tuple(more) if name in Origin.__struct_fields__}
        self.models.replies += replies
        id = next(self._ids)
        origin = Origin(str(about.pop("prompt", "do it")), "m", **about)  # type: ignore[arg-type]
        self.session.ask(Ask(id, origin, notebook, 2, **more))  # type: ignore[arg-type]
        return self.session.find(id)

    @property
    def sent(self) -> str:
        return self.models.requests[-1].messages[-1].content


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# -- follow-ups --------------------------------------------------------------


def test_a_follow_up_is_written_on_the_version_before(world: World) -> None:
    first = world.ask(replace("c1", "x = 10\ny = 2\nz = 3") + insert("c1", "plot(x)") + END)
    ghost = first.edits[1].cell_id
    second = world.ask(
        replace("c2", "plot(x, log=True)") + replace("c4", "print(y)") + END,
        prompt="log scale",
        refines=first.id,
    )
    assert "plot(x)" in world.sent
    assert "x = 10" in world.sent
    assert "Before, and done in what is shown: do it" in world.sent
    assert (second.root, second.version, second.status) == (first.id, 2, "pending")
    assert [(type(e), e.cell_id) for e in second.since] == [(Replace, ghost), (Replace, "c")]
    after = apply(NB, second.edits)
    assert after.content() == (
        ("code", "x = 10\ny = 2\nz = 3"),
        ("code", "plot(x, log=True)"),
        ("markdown", "# Words"),
        ("code", "print(y)"),
    )
    assert after.cells[1].id == ghost
    assert world.session.find(first.id).status == "pending"
    third = world.ask(replace("c2", "plot(y)") + END, prompt="of y", refines=second.id)
    assert "Before, and done in what is shown: log scale" in world.sent
    assert apply(NB, third.edits).cells[1] == Cell(ghost, "code", "plot(y)")
    assert (third.root, third.version) == (first.id, 3)


def test_a_follow_up_that_takes_all_back_has_nothing_to_accept(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + END)
    second = world.ask("@@ delete c2\n" + END, prompt="rather not", refines=first.id)
    assert (second.status, second.edits) == ("answered", ())
    assert "already" in second.answer


def test_what_the_person_wrote_into_a_ghost_is_followed_up(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + END)
    (edit,) = first.edits
    mine = Insert(edit.cell_id, "a", "code", "plot(mine)")
    world.session.revise(Revised(first.id, first.hash, (mine,), (edit.cell_id,)))
    second = world.ask(replace("c2", "plot(mine, log=True)") + END, refines=first.id)
    assert "plot(mine)" in world.sent
    assert [e.cell_id for e in second.edits] == [edit.cell_id]


def test_a_stale_version_is_drafted_anew(world: World) -> None:
    first = world.ask(replace("c1", "x = 10") + END)
    now = Snapshot((Cell("a", "code", "x = 5"), B, C))
    again = world.ask(replace("c1", "x = 50") + END, notebook=now, refines=first.id)
    assert "x = 10" not in world.sent
    assert "done in what is shown" not in world.sent
    assert again.edits == (Replace("a", cell_hash("code", "x = 5"), "code", "x = 50"),)
    assert (again.root, again.version, again.since) == (first.id, 2, ())


def test_a_version_that_comes_after_the_one_before_was_accepted(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + END)
    world.models.is_held = True
    asked = world.ask(replace("c2", "plot(y)") + END, refines=first.id)
    world.session.decide(first.id, "accepted", first.hash)
    world.models.release()
    second = world.session.find(asked.id)
    ghost = first.edits[0].cell_id
    assert second.status == "pending"
    assert second.edits == (Replace(ghost, cell_hash("code", "plot(x)"), "code", "plot(y)"),)


def test_a_version_that_comes_after_another_one_was_accepted_in_part(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + insert("c3", "plot(z)") + END)
    world.models.is_held = True
    asked = world.ask(replace("c2", "plot(y)") + END, refines=first.id)
    world.session.decide(
        first.id, "accepted", first.hash, edits=first.edits[:1], rest=first.edits[1:]
    )
    world.models.release()
    second = world.session.find(asked.id)
    assert second.status == "superseded"
    assert "Another version was accepted" in second.notice
    world.session.decide(first.id, "reopened", "", edits=first.edits[:1], rest=first.edits)
    assert world.session.find(asked.id).status == "pending"


def test_versions_come_back_after_a_restart(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + END)
    second = world.ask(replace("c2", "plot(y)") + END, refines=first.id)
    world.session.decide(first.id, "accepted", first.hash)
    later = Session(world.models, world.kernel, world.store, "nb")
    later.open_notebook("nb")
    assert later.open_proposals() == ()
    later.decide(first.id, "reopened", "")
    assert [p.id for p in later.open_proposals()] == [first.id, second.id]
    third = later.ask(Ask("third", Origin("z", "m", refines=second.id), NB, 2))
    assert third.version == 3


# -- what a reply may be -----------------------------------------------------


def test_an_explanation_makes_no_edits(world: World) -> None:
    world.models.replies = [insert("c1", "plot(x)") + END]
    asked = world.ask("@@ answer\nIt prints x.\n" + END, prompt="explain", wants="text")
    assert (asked.status, asked.answer, asked.edits) == ("answered", "It prints x.", ())
    assert len(world.models.requests) == 2
    assert "asked again" in asked.notice


def test_a_question_and_its_answer(world: World) -> None:
    question = "@@ question Which one?\n- choice: x | plot x\n- choice: y | plot y\n" + END
    asked = world.ask(question, prompt="plot it")
    assert (asked.status, asked.answer) == ("asking", "Which one?")
    assert [(s.label, s.prompt) for s in asked.suggestions] == [("x", "plot x"), ("y", "plot y")]
    assert [p.id for p in world.session.open_proposals()] == [asked.id]
    answer = world.ask(question, question, prompt="plot x", clarifies=asked.id)
    assert (
        "Which one?" in world.sent or "Which one?" in world.models.requests[-2].messages[1].content
    )
    assert answer.status == "failed"
    assert answer.problem is not None
    assert "just answered" in answer.problem.message
    assert world.session.find(asked.id).status == "answered"


def test_a_question_may_be_left_unanswered(world: World) -> None:
    question = "@@ question Which one?\n- choice: x | plot x\n- choice: y | plot y\n" + END
    asked = world.ask(question, prompt="plot it")
    assert world.session.cancel(asked.id).status == "cancelled"
    assert world.session.open_proposals() == ()


def test_an_answer_keeps_to_the_version_that_the_question_was_about(world: World) -> None:
    first = world.ask(insert("c1", "plot(x)") + END)
    question = "@@ question Which one?\n- choice: x | plot x\n- choice: y | plot y\n" + END
    asked = world.ask(question, prompt="another colour", refines=first.id)
    answer = world.ask(replace("c2", "plot(y)") + END, prompt="plot y", clarifies=asked.id)
    assert (answer.root, answer.version) == (first.id, 3)
    assert answer.edits == (Insert(first.edits[0].cell_id, "a", "code", "plot(y)"),)


def test_a_notice_says_a_fault_once(world: World) -> None:
    asked = world.ask(replace("c9", "x") + END, insert("c1", "x") + END)
    assert asked.status == "pending"
    assert asked.notice.count("be used") == 1
    assert "c9" in asked.notice
    assert world.sent.count("be used") == 1


SCOPED = [
    ({"cells": ("c",)}, replace("c1", "x = 5"), "c1, which was not selected"),
    ({"cells": ("c",)}, "@@ delete c2\n", "deletes c2"),
    ({"cells": ("c",)}, "@@ move c1 after c3\n", "moves c1"),
    ({"cells": ("c",)}, insert("c1", "x"), "directly before or behind"),
    ({"cells": ("a",), "first": 2, "last": 2}, replace("c1", "x = 9\ny = 2\nz = 3"), "more of c1"),
    ({"cells": ("a",), "first": 2, "last": 2}, replace("c1", "x = 1\nz = 9"), "more of c1"),
    ({"cells": ("a",), "first": 2, "last": 2}, replace("c1", "x = 1"), "more of c1"),
    ({"cells": ("a",), "first": 2, "last": 2}, insert("c1", "x"), "adds a cell"),
    ({"cells": ("a",), "first": 2, "last": 2}, "@@ delete c1\n", "more of c1"),
]


@pytest.mark.parametrize(("scope", "reply", "says"), SCOPED)
def test_what_is_out_of_scope_is_a_fault(
    world: World, scope: dict[str, object], reply: str, says: str
) -> None:
    asked = world.ask(reply + END, reply + END, scope=Scope(**scope))  # type: ignore[arg-type]
    assert asked.status == "failed"
    assert asked.problem is not None
    assert says in asked.problem.message
    assert len(world.models.requests) == 2
    assert world.session.snapshot_of(asked.id) == NB


IN_SCOPE = [
    ({"cells": ("c",)}, replace("c3", "x = 5")),
    ({"cells": ("c",)}, insert("c2", "x") + insert("c3", "y") + "@@ delete c3\n"),
    ({"cells": ("a",)}, insert(["before", "c1"][1], "x")),
    ({"cells": ("a",), "first": 2, "last": 2}, replace("c1", "x = 1\ny = 5\ny = 6\nz = 3")),
    ({"cells": ("a",), "first": 2, "last": 2}, replace("c1", "x = 1\nz = 3")),
    ({"cells": ("a",), "first": 1, "last": 3}, replace("c1", "q")),
]


@pytest.mark.parametrize(("scope", "reply"), IN_SCOPE)
def test_what_is_in_scope(world: World, scope: dict[str, object], reply: str) -> None:
    asked = world.ask(reply + END, scope=Scope(**scope))  # type: ignore[arg-type]
    assert asked.status == "pending"


# -- regeneration ------------------------------------------------------------

PROMPT = Cell("llm", "code", "%%llm\nload and plot")
MADE = (Cell("m1", "code", "df = load()\ndf.head()"), Cell("m2", "code", "df.plot()"))
AGAIN = Snapshot((PROMPT, *MADE, C))


def regenerate(world: World, reply: str, *made: str) -> Proposal:
    return world.ask(reply + END, notebook=AGAIN, target="llm", made=made or ("m1", "m2"))


def test_what_was_made_before_is_changed(world: World) -> None:
    reply = insert("c1", "df = load()\ndf.head(20)") + insert("c1", "df.plot()")
    asked = regenerate(world, reply)
    assert asked.edits == (Replace("m1", MADE[0].hash, "code", "df = load()\ndf.head(20)"),)


def test_what_was_made_before_is_shown(world: World) -> None:
    far = tuple(Cell(f"f{n}", "code", f"other_{n} = {n}") for n in range(30))
    notebook = Snapshot((PROMPT, *MADE, *far))
    world.ask(insert("c1", "1") + END, notebook=notebook, target="llm", made=("m1", "m2"))
    assert MADE[0].source in world.sent
    assert MADE[1].source in world.sent


def test_more_and_fewer_cells_than_before(world: World) -> None:
    more = insert("c1", "import os") + insert("c1", MADE[0].source) + insert("c1", "df.plot(x=1)")
    after = apply(AGAIN, regenerate(world, more).edits)
    assert [cell.id for cell in after.cells][2:] == ["m1", "m2", "c"]
    assert [cell.source for cell in after.cells][1:4] == [
        "import os",
        MADE[0].source,
        "df.plot(x=1)",
    ]
    fewer = regenerate(world, insert("c1", "df.plot(y=2)"))
    assert fewer.edits == (
        Delete("m1", MADE[0].hash),
        Replace("m2", MADE[1].hash, "code", "df.plot(y=2)"),
    )


def test_the_same_reply_changes_nothing(world: World) -> None:
    asked = regenerate(world, insert("c1", MADE[0].source) + insert("c1", MADE[1].source))
    assert (asked.status, asked.edits) == ("answered", ())


def test_another_type_is_another_cell(world: World) -> None:
    asked = regenerate(world, insert("c1", "df.plot()", "markdown"), "m2")
    assert [type(edit) for edit in asked.edits] == [Delete, Insert]


def test_edits_of_what_was_made_are_left_as_they_are(world: World) -> None:
    asked = regenerate(world, replace("c3", "df.plot(x=3)"))
    assert asked.edits == (Replace("m2", MADE[1].hash, "code", "df.plot(x=3)"),)


# -- the leash ---------------------------------------------------------------


def test_a_long_reply_comes_in_parts(world: World) -> None:
    reply = "".join(insert("c1", f"step_{n}") for n in range(5))
    first = world.ask("title: Steps\n" + reply + END, leash=Leash(cells=2, lines=50))
    parts = world.session.open_proposals()
    assert [p.status for p in parts] == ["pending", "queued", "queued"]
    assert [p.part.index for p in parts if p.part] == [1, 2, 3]
    assert {p.part.of for p in parts if p.part} == {first.id}
    assert {p.title for p in parts} == {"Steps"}
    now = NB
    for part in parts:
        now = apply(now, world.session.find(part.id).edits)
        world.session.decide(part.id, "accepted", world.session.find(part.id).hash)
    assert [c.source for c in now.cells[1:6]] == [f"step_{n}" for n in range(5)]
    assert world.session.open_proposals() == ()


def test_a_follow_up_of_a_sequence_takes_its_place(world: World) -> None:
    reply = "".join(insert("c1", f"step_{n}") for n in range(4))
    first = world.ask(reply + END, leash=Leash(cells=2, lines=50))
    second = world.ask(replace("c5", "other") + END, refines=first.id)
    assert [c.source for c in apply(NB, second.edits).cells[1:5]] == [
        "step_0",
        "step_1",
        "step_2",
        "other",
    ]
    world.session.decide(second.id, "accepted", second.hash)
    assert {p.status for p in world.session.proposals()} == {"accepted", "superseded"}
    world.session.decide(second.id, "reopened", "")
    assert [p.status for p in world.session.open_proposals()] == ["pending", "queued", "pending"]


def test_a_long_cell_says_that_it_could_not_be_cut(world: World) -> None:
    call = "f(\n" + "".join(f"    {n},\n" for n in range(20)) + ")"
    asked = world.ask(insert("c1", call) + END, leash=Leash(cells=5, lines=10))
    assert (asked.status, asked.part) == ("pending", None)
    assert "22 lines" in asked.notice
    assert "10" in asked.notice


# -- what is sent ------------------------------------------------------------


def test_the_deadline_holds_for_both_rounds(world: World) -> None:
    world.models.is_held = True
    asked = world.ask(replace("c9", "x") + END, deadline=30.0)
    assert world.models.requests[-1].deadline == 30.0
    world.clock.now += 12.0
    world.models.replies += [insert("c1", "x") + END]
    world.models.release()
    assert world.models.requests[-1].deadline == 18.0
    world.clock.now += 20.0
    world.models.release()
    assert world.session.find(asked.id).status == "pending"
    late = world.ask(deadline=30.0)
    world.clock.now += 31.0
    world.models.replies += [replace("c9", "x") + END]
    world.models.release()
    assert world.session.find(late.id).status == "failed"


def test_what_was_surveyed_is_what_is_sent(world: World) -> None:
    origin = Origin("do it", "m", target="c", without=("cell:a",))
    surveyed = world.session.survey(Survey("s", origin, NB))
    assert "cell:c" in [piece.id for piece in surveyed.pieces]
    assert "cell:a" not in [piece.id for piece in surveyed.pieces]
    assert world.models.requests == []
    given = {"target": "c", "survey": "s", "without": ("cell:a",)}
    asked = world.ask(insert("c1", "x") + END, **given)
    assert [piece.id for piece in asked.context] == [piece.id for piece in surveyed.pieces]
    assert {piece.text for piece in asked.context} == {""}
    assert "x = 1" not in world.sent
    # Another notebook, other words or other pieces: chosen anew.
    world.ask(insert("c1", "x") + END, **given | {"without": ()})
    assert "x = 1" in world.sent
    other = Snapshot((A, B, Cell("c", "code", "print(y)")))
    world.ask(insert("c1", "x") + END, notebook=other, **given)
    assert "print(y)" in world.sent


class Elsewhere(NoKernel):
    """A kernel whose working folder the person has changed."""

    def __init__(self, working: Path) -> None:
        self.working = working

    def folder(self) -> Path:  # type: ignore[override]
        return self.working


@pytest.mark.parametrize("is_known", [True, False])
def test_files_are_the_notebooks_own_wherever_the_kernel_works(
    tmp_path: Path, is_known: bool
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "data.txt").write_text("OWN")
    (tmp_path / "data.txt").write_text("OUTSIDE")
    notebook = str(own / "nb.ipynb") if is_known else "own/nb.ipynb"
    store = Store(tmp_path / "store.sqlite")
    models = Scripted(insert("c1", "x") + END)
    session = Session(models, Elsewhere(tmp_path), store, notebook, Clock())

    origin = Origin("read @data.txt and @../data.txt", "m")
    surveyed = session.survey(Survey("s", origin, NB))
    session.ask(Ask("p", origin, NB, 2))

    shown = "\n".join(piece.text for piece in surveyed.pieces)
    sent = models.requests[0].messages[-1].content
    for text in (shown, sent):
        assert ("OWN" in text, "OUTSIDE" in text) == (is_known, not is_known)


def test_a_piece_that_was_taken_out_stays_out_of_what_follows(world: World) -> None:
    first = world.ask(insert("c1", "plot(y)") + END, target="c", without=("cell:a",))
    assert "x = 1" not in world.sent
    assert first.origin.without == ("cell:a",)
    # As the front end asks on: with the origin of the proposal.
    for more in ({"refines": first.id}, {"clarifies": first.id}, {}):
        origin = msgspec.structs.replace(first.origin, prompt="in red", **more)
        world.models.replies.append(insert("c1", "plot(y, 'r')") + END)
        world.session.ask(Ask(f"n{len(world.models.requests)}", origin, NB, 2))
        assert "x = 1" not in world.sent
    assert "in red" in world.sent
