"""Random sequences of what a person does, on session, store and page.

After each step the three agree, with each other and with a second opinion of
what should be (`expecting`); nothing is applied twice; and every word that the
person typed can be found: in the notebook, its undo history, a message that
waits for a kernel, or the store.
"""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from expecting import Expected, in_notebook
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from page import (
    Document,
    Split,
    Step,
    by_hand,
    drop_edit,
    drop_hunk,
    hunks_of,
    rejoined,
    take_edit,
    take_hunk,
)
from session_world import Clock, NoKernel, Scripted

from llm_notebook import deciding
from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Leash, Origin
from llm_notebook.core.proposal import OPEN, Proposal
from llm_notebook.core.protocol import Ask, Decided, Revised
from llm_notebook.diffing import check, invert
from llm_notebook.session import Session
from llm_notebook.store import Store

SEQUENCES = 1000
STEPS = 14
MEMORY = Path("/dev/shm")
FOLDER = str(MEMORY) if MEMORY.is_dir() else None
"""A store writes through to the disk; a folder in memory makes that quick."""

LEASHES = [Leash(), Leash(), Leash(1, 4), Leash(2, 6)]
picks = st.integers(0, 10_000)


class Machine(RuleBasedStateMachine):
    ran = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=FOLDER)
        self.path = Path(self.folder.name) / "store.sqlite"
        self.clock = Clock()
        self.numbers = itertools.count(1)
        start = ["one\ntwo\nthree\nfour\nfive", "six\nseven\neight", "nine"]
        self.page = Document([Cell(f"c{n}", "code", text) for n, text in enumerate(start)])
        self.page.forget = self._forget
        self.expected = Expected()
        self.typed: set[str] = set()
        self.undelivered: list[Decided | Revised] = []
        self.said: list[Decided | Revised] = []
        self.held: dict[str, tuple[Ask, Snapshot, list[Cell]]] = {}
        # Sequences on whose cells something else has worked, and those from before a restart.
        self.disturbed: set[str] = set()
        self.restarted: set[str] = set()
        self.claims: dict[str, tuple[str, float]] = {}
        self.session: Session | None = None
        self._start()
        type(self).ran += 1

    def teardown(self) -> None:
        if self.session is None:
            self._start()
        store = Store(self.path)
        for id, proposal in self.expected.all.items():
            self._same(store.find(id), proposal)
        assert self.session is not None
        self.session.close()
        self.folder.cleanup()

    # -- the kernel ------------------------------------------------------------

    def _start(self) -> None:
        self.models = Scripted()
        self.session = Session(self.models, NoKernel(), Store(self.path), now=self.clock)
        self.session.open_notebook("nb")
        self.claims = {}
        for id in self.held:
            self.expected.set(self.expected.all[id], status="failed", edits=())
        self.held = {}
        undelivered, self.undelivered = self.undelivered, []
        for said in undelivered:
            self._deliver(said)
            # Before the next one closes what this one has moved.
            self.expected.adopt(self.session.open_proposals())
        self.expected.start()
        self.expected.adopt(self.session.open_proposals())
        self._set_aside_empty()

    @rule()
    def kill(self) -> None:
        self.session = None
        self.expected.is_kernel_there = False

    @precondition(lambda self: self.session is None)
    @rule()
    def start(self) -> None:
        self.restarted = set(self.expected.all)
        self._start()

    @precondition(lambda self: self.session is not None)
    @rule()
    def restart(self) -> None:
        self.kill()
        self.start()

    # -- what is told to the session ---------------------------------------------

    def _tell(self, said: Decided | Revised) -> None:
        """The page has acted; the kernel hears of it now or later, and once."""
        assert not self.expected.is_late(said), (said, self.expected.all[said.proposal_id])
        self._watch_drops(said)
        self.expected.take(said)
        self.said.append(said)
        if self.session is None:
            self.undelivered.append(said)
        else:
            self._deliver(said)

    def _deliver(self, said: Decided | Revised) -> None:
        assert self.session is not None
        client = self.claims.get(said.proposal_id, ("one", 0.0))[0]
        if isinstance(said, Revised):
            self.session.revise(said, client)
        else:
            self.session.decide(
                said.proposal_id,
                said.verdict,
                said.edits_hash,
                edits=said.edits,
                rest=said.rest,
                client=client,
            )
            self.claims.pop(said.proposal_id, None)
        if self.expected.is_kernel_there:
            self.expected.adopt(self.session.open_proposals())
            self._set_aside_empty()

    def _set_aside_empty(self) -> None:
        """A part of which nothing is left, because the person wrote it already, is passed over."""
        for p in self.expected.pending():
            if p.part and not p.edits:
                self.expected.set(p, status="superseded")
                self.expected._next(p)

    def _watch_drops(self, said: Decided | Revised) -> None:
        """A kernel that never saw the notebook cannot know what a dropped change leaves."""
        p = self.expected.all[said.proposal_id]
        if isinstance(said, Revised):
            self._disturb(p)
        elif said.verdict == "rejected" and (p.id in self.restarted or self.session is None):
            kept = {e.cell_id for e in said.rest}
            if any(isinstance(e, Replace) and e.cell_id not in kept for e in p.edits):
                self._disturb(p)

    def _disturb(self, p: Proposal) -> None:
        self.disturbed |= {part.id for part in self.expected.sequence(p)}

    def _disturb_others(self, than: Proposal | None = None) -> None:
        mine = {part.id for part in self.expected.sequence(than)} if than else set()
        self.disturbed |= {p.id for p in self.expected.all.values()} - mine

    @precondition(lambda self: self.session is not None and self.said)
    @rule(pick=picks)
    def say_again(self, pick: int) -> None:
        """Another window, or a message that came twice: too late, and nothing happens."""
        said = self.said[pick % len(self.said)]
        if self.expected.is_late(said):
            self._deliver(said)

    @precondition(lambda self: self.session is not None and self.expected.pending())
    @rule(pick=picks, client=st.sampled_from(["one", "two"]), seconds=st.sampled_from([0, 4, 11]))
    def claim(self, pick: int, client: str, seconds: int) -> None:
        assert self.session is not None
        self.clock.now += seconds
        p = self._pending(pick)
        holder, until = self.claims.get(p.id, (client, 0.0))
        granted = holder == client or self.clock.now >= until
        assert self.session.claim(p.id, client, p.hash) == granted
        assert not self.session.claim(p.id, client, "something else")
        if granted:
            self.claims[p.id] = (client, self.clock.now + 10)
            # What another window decides meanwhile comes too late.
            self.session.decide(p.id, "rejected", p.hash, client="a third")
            assert self.session.find(p.id).status == "pending"

    # -- asking ----------------------------------------------------------------

    def _ask(self, data: st.DataObject, *, refines: Proposal | None = None, again: bool = False,
             hold: bool = False) -> None:  # fmt: skip
        assert self.session is not None
        number = next(self.numbers)
        prompt = refines.origin.prompt if refines and again else f"prompt{number}."
        self.typed.add(prompt)
        shown = self.page.now
        if refines is not None:
            waiting = [
                e
                for p in self.expected.sequence(refines)
                if p.status in ("pending", "queued")
                for e in p.edits
            ]
            if not any(check(shown, waiting)):
                shown = Snapshot(tuple(self.page.apply(waiting).cells), "nb")
        reply, wanted = self._reply(data, shown, number)
        leash = data.draw(st.sampled_from(LEASHES))
        origin = Origin(prompt, "m", refines=refines.id if refines else None)
        ask = Ask(f"p{number}.", origin, self.page.now, 2, leash)
        self.models.by_id[ask.proposal_id] = reply
        self.models.is_held = hold
        self.session.ask(ask)
        # A repeated message asks once.
        self.session.ask(ask)
        first = self.session.find(ask.proposal_id)
        assert first.status in (["drafting"] if hold else ["pending", "answered"]), first.problem
        self.expected.all[first.id] = first
        if refines is not None:
            thread = self.expected.thread(first)
            assert first.root == (refines.root or refines.id)
            assert first.version == max(p.version for p in thread if p.id != first.id) + 1 or (
                first.part is not None
            )
        self.held[first.id] = (ask, shown, wanted)
        if not hold:
            self._arrived(first.id, self.page.now)

    def _reply(self, data: st.DataObject, shown: Snapshot, number: int) -> tuple[str, list[Cell]]:
        """A reply of a few edits of different cells, and what should come of it."""
        cells = list(shown.cells)
        labels = {cell.id: f"c{n}" for n, cell in enumerate(cells, 1)}
        order = data.draw(st.permutations(range(len(cells))))
        wanted = list(cells)
        lines: list[str] = []
        free = [cells[n] for n in order]
        for step in range(data.draw(st.integers(1, 4))):
            kinds = ["insert", "insert", "replace", "replace", "replace", "delete", "move"]
            kind = data.draw(st.sampled_from(kinds if free else ["first"]))
            source = [f"r{number}_{step}_{k}" for k in range(data.draw(st.integers(1, 6)))]
            if kind == "first":
                lines += ["@@ insert after last code", "```", *source, "```"]
                wanted.append(Cell("?", "code", "\n".join(source)))
                break
            cell = free.pop()
            at = wanted.index(cell)
            if kind == "replace":
                old = cell.source.split("\n")
                for k in range(0, len(old), data.draw(st.sampled_from([2, 3, 2, 1]))):
                    old[k] = f"r{number}_{step}_{k}"
                if data.draw(st.booleans()):
                    old += source
                lines += [f"@@ replace {labels[cell.id]}", "```", *old, "```"]
                wanted[at] = Cell(cell.id, cell.type, "\n".join(old))
            elif kind == "delete":
                lines.append(f"@@ delete {labels[cell.id]}")
                del wanted[at]
            elif kind == "move" and free:
                behind = free.pop()
                lines.append(f"@@ move {labels[cell.id]} after {labels[behind.id]}")
                wanted.insert(wanted.index(behind) + (behind != cell), wanted.pop(at))
                wanted.remove(cell)
                wanted.insert(wanted.index(behind) + 1, cell)
            else:
                lines += [f"@@ insert after {labels[cell.id]} code", "```", *source, "```"]
                wanted.insert(at + 1, Cell("?", "code", "\n".join(source)))
        return "\n".join([*lines, "@@ end", ""]), wanted

    def _arrived(self, id: str, base: Snapshot) -> None:
        """A reply is whole: its parts do together what the model wrote."""
        assert self.session is not None
        _, shown, wanted = self.held.pop(id)
        first = self.session.find(id)
        self.expected.all[id] = first
        parts = [first]
        if first.part is not None:
            parts = [p for p in self.session.proposals() if p.part and p.part.of == id]
            assert [p.part.index for p in parts if p.part] == [*range(1, len(parts) + 1)]
        for p in parts:
            self.expected.all[p.id] = p
            assert p.version == first.version
        edits = [e for p in parts for e in p.edits]
        if edits:
            after = by_hand(base.cells, edits)
            assert "\n".join(c.source for c in after) == "\n".join(c.source for c in wanted)
            # A ghost that was cut is cut anew in each version, and only then has such an id.
            known = {cell.id for cell in shown.cells if "-" not in cell.id}
            assert [c.id for c in after if c.id in known] == [c.id for c in wanted if c.id in known]
        else:
            assert first.status == "answered"
            assert "\n".join(c.source for c in base) == "\n".join(c.source for c in wanted)

    @initialize(data=st.data())
    def first_ask(self, data: st.DataObject) -> None:
        self._ask(data)

    @precondition(lambda self: self.session is not None)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        self._ask(data)

    @precondition(lambda self: self.session is not None and self.expected.pending())
    @rule(
        data=st.data(), pick=picks, again=st.booleans(), hold=st.sampled_from([False] * 3 + [True])
    )
    def refine(self, data: st.DataObject, pick: int, again: bool, hold: bool) -> None:
        """A follow-up, or the same words again where it is stale."""
        self._ask(data, refines=self._pending(pick), again=again, hold=hold)

    @precondition(lambda self: self.session is not None and self.held)
    @rule(cancel=st.sampled_from([False, False, True]))
    def reply_arrives(self, cancel: bool) -> None:
        assert self.session is not None
        id, (ask, shown, _) = next(iter(self.held.items()))
        if cancel:
            self.session.cancel(id)
            self.expected.set(self.expected.all[id], status="cancelled")
            del self.held[id]
            return
        held = self.models
        others = held._held[1:]
        held._held = held._held[:1]
        held.release()
        held._held = others
        found = self.session.find(id)
        taken = {p.id: in_notebook(p) for p in self.expected.others(found) if in_notebook(p)}
        base = ask.snapshot
        if (
            taken
            and found.status == "pending"
            and check(base, found.edits) != (None,) * len(found.edits)
        ):
            base = shown  # what it builds on was accepted meanwhile, and nothing else
        self._arrived(id, base)

    # -- deciding ---------------------------------------------------------------

    def _pending(self, pick: int) -> Proposal:
        pending = self.expected.pending()
        return pending[pick % len(pending)]

    def _accept(self, p: Proposal, done: tuple[Edit, ...], rest: tuple[Edit, ...]) -> bool:
        before = self.page.now
        try:
            after = self.page.apply(done)
        except (StaleError, InvalidProposalError):
            assert self.page.now == before
            return False
        for edit in done:
            if isinstance(edit, Insert):
                assert before.find(edit.cell_id) is None, "applied twice"
        self.page.do(Step("accept", before, after, p.id, done, p.edits, rest))
        self._disturb_others(p)
        self._say("accepted", p, done, rest)
        return True

    def _say(
        self, verdict: str, p: Proposal, edits: tuple[Edit, ...] | None, rest: tuple[Edit, ...]
    ) -> None:
        told = Decided(p.id, verdict, p.hash, edits=edits, rest=rest)  # type: ignore[arg-type]
        self._tell(told)

    @precondition(lambda self: self.expected.pending())
    @rule(pick=picks)
    def accept(self, pick: int) -> None:
        p = self._pending(pick)
        fits = not any(check(self.page.now, p.edits))
        assert self._accept(p, p.edits, ()) == fits

    @precondition(lambda self: self.expected.pending())
    @rule(pick=picks, at=picks, accepts=st.booleans())
    def one_edit(self, pick: int, at: int, accepts: bool) -> None:
        p = self._pending(pick)
        index = at % len(p.edits)
        if accepts:
            self._accept(p, *take_edit(p.edits, index, self.page.now))
        else:
            self._say("rejected", p, *drop_edit(p.edits, index))

    @precondition(lambda self: any(self._hunks()))
    @rule(pick=picks, accepts=st.booleans())
    def one_hunk(self, pick: int, accepts: bool) -> None:
        self._one_hunk(pick, accepts)

    def _one_hunk(self, pick: int, accepts: bool) -> None:
        hunks = list(self._hunks())
        p, index, hunk = hunks[pick % len(hunks)]
        split: Callable[..., Split] = take_hunk if accepts else drop_hunk
        done, rest = split(p.edits, index, hunk, self.page.now)
        if accepts:
            assert self._accept(p, done, rest)
        else:
            self._say("rejected", p, done, rest)

    @precondition(lambda self: any(self._hunks()))
    @rule(pick=picks, accepts=st.sampled_from([True, True, False]))
    def another_hunk(self, pick: int, accepts: bool) -> None:
        self._one_hunk(pick, accepts)

    def _hunks(self) -> list[tuple[Proposal, int, int]]:
        return [
            (p, index, hunk)
            for p in self.expected.pending()
            for index, edit in enumerate(p.edits)
            for hunk in range(hunks_of(edit, self.page.now))
        ]

    @precondition(lambda self: self.expected.pending())
    @rule(pick=picks)
    def reject(self, pick: int) -> None:
        p = self._pending(pick)
        self._say("rejected", p, None, ())

    # -- the person's own words ----------------------------------------------------

    @rule(kind=st.sampled_from(["edit", "edit", "insert", "delete"]), pick=picks)
    def person_edits(self, kind: str, pick: int) -> None:
        cells = list(self.page.now.cells)
        word = f"typed{next(self.numbers)}."
        at = pick % (len(cells) or 1)
        if kind == "insert" or not cells:
            cells.insert(at, Cell(f"mine{word[5:-1]}", "code", word))
            self.typed.add(word)
        elif kind == "delete":
            del cells[at]
        else:
            lines = cells[at].source.split("\n")
            lines[pick % len(lines)] = word
            cells[at] = msgspec.structs.replace(cells[at], source="\n".join(lines))
            self.typed.add(word)
        after = msgspec.structs.replace(self.page.now, cells=tuple(cells))
        self.page.do(Step("person", self.page.now, after))
        self._disturb_others()

    @precondition(lambda self: self.expected.pending())
    @rule(pick=picks, at=picks)
    def write_in_a_ghost(self, pick: int, at: int) -> None:
        p = self._pending(pick)
        index = at % len(p.edits)
        edit = p.edits[index]
        if not isinstance(edit, Insert | Replace):
            return
        word = f"ghost{next(self.numbers)}."
        self.typed.add(word)
        edit = msgspec.structs.replace(edit, source=f"{edit.source}\n{word}")
        edits = (*p.edits[:index], edit, *p.edits[index + 1 :])
        edited = tuple(dict.fromkeys((*p.edited, edit.cell_id)))
        self._tell(Revised(p.id, p.hash, edits, edited))

    @precondition(lambda self: self.expected.pending())
    @rule(pick=picks)
    def put_a_stale_edit_on_what_is_there(self, pick: int) -> None:
        p = self._pending(pick)
        edits = []
        for edit in p.edits:
            cell = self.page.now.find(edit.cell_id)
            if isinstance(edit, Replace) and cell is not None and cell.hash != edit.expects:
                edit = msgspec.structs.replace(edit, expects=cell.hash)
            edits.append(edit)
        if tuple(edits) != p.edits:
            self._tell(Revised(p.id, p.hash, tuple(edits), p.edited))

    # -- history -----------------------------------------------------------------

    def _forget(self, gone: Snapshot) -> None:
        """What was undone and then typed over is gone by the person's own will."""
        text = " ".join(cell.source for cell in gone.cells)
        self.typed = {w for w in self.typed if not (w.startswith("typed") and w in text)}

    def _is_as_left(self, step: Step) -> bool:
        """Whether the proposal still waits as it did before the accept."""
        p = self.expected.all[step.proposal]
        return p.status == "pending" and p.edits == step.edits_before

    def _is_redone(self, step: Step) -> bool:
        """Whether the step is an accept that would be done again."""
        return step.kind == "accept" or (step.of is not None and step.of.is_in is False)

    def _take_out(self, step: Step) -> None:
        p = self.expected.all[step.proposal]
        waiting = p.edits if p.status in ("pending", "superseded") else ()
        closed = p.status == "accepted" and not step.rest and not p.taken
        last = p.status == "accepted" and step.rest == () and p.edits == step.done
        if closed or last or (waiting and waiting == step.rest):
            rest = step.edits_before
        else:
            rest = rejoined(waiting, step.done)
        step.is_in = False
        self._say("reopened", p, step.done, rest)

    def _put_in(self, step: Step) -> None:
        p = self.expected.all[step.proposal]
        step.is_in = True
        self._say("accepted", p, step.done, step.rest)

    def _can(self, step: Step, *, back: bool) -> bool:
        """Whether undo (or redo) of this step leaves page and session in one mind."""
        if step.kind == "person":
            return True
        accept = step if step.of is None else step.of
        puts_in = (step.kind == "take back") == back
        return self._is_as_left(accept) if puts_in else accept.is_in

    @precondition(lambda self: self.page.steps and self._can(self.page.steps[-1], back=True))
    @rule()
    def undo(self) -> None:
        step = self.page.undo()
        self._moved(step, back=True)

    @precondition(lambda self: self.page.steps and self._can(self.page.steps[-1], back=True))
    @rule()
    def undo_again(self) -> None:
        self.undo()

    @precondition(lambda self: self.page.undone and self._can(self.page.undone[-1], back=False))
    @rule()
    def redo(self) -> None:
        step = self.page.redo()
        self._moved(step, back=False)

    def _moved(self, step: Step, *, back: bool) -> None:
        accept = step if step.of is None else step.of
        if step.kind == "person":
            self._disturb_others()
            return
        self._disturb_others(self.expected.all[accept.proposal] if step.kind == "accept" else None)
        if (step.kind == "take back") == back:
            self._put_in(accept)
        else:
            self._take_out(accept)

    @precondition(lambda self: any(s.kind == "accept" and s.is_in for s in self.page.steps[:-1]))
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        """Undo of an accept below other steps, where they do not overlap."""
        steps = [s for s in self.page.steps[:-1] if s.kind == "accept" and s.is_in]
        step = steps[pick % len(steps)]
        p = self.expected.all[step.proposal]
        done = msgspec.structs.replace(p, edits=step.done)
        inverse = invert(done, step.before).edits
        if any(check(self.page.now, inverse)):
            return
        after = self.page.apply(inverse)
        self.page.do(Step("take back", self.page.now, after, p.id, of=step))
        self._disturb_others()
        self._take_out(step)

    # -- what holds after each step -----------------------------------------------

    def _same(self, found: Proposal | None, expected: Proposal) -> None:
        assert found is not None
        names = ("id", "status", "edits", "taken", "edited", "root", "version", "part")
        for name in names:
            assert getattr(found, name) == getattr(expected, name), (name, found.id)

    @invariant()
    def session_store_and_page_agree(self) -> None:
        if self.session is None:
            return
        found = {p.id: p for p in self.session.open_proposals()}
        expected = self.expected.open()
        assert found.keys() == expected.keys()
        for id, p in found.items():
            self._same(p, expected[id])
        stored = Store(self.path).open_proposals("nb")
        names = ("id", "status", "edits", "taken", "edited")
        assert [[getattr(p, n) for n in names] for p in stored if p.status != "drafting"] == [
            [getattr(p, n) for n in names] for p in found.values() if p.status != "drafting"
        ]
        for p in self.session.proposals():
            self._same(p, self.expected.all[p.id])

    @invariant()
    def one_part_of_a_sequence_waits_at_a_time(self) -> None:
        for p in self.expected.pending():
            parts = [q for q in self.expected.sequence(p) if q.status == "pending" and q.part]
            assert len([q for q in parts if not q.taken]) <= 1

    @invariant()
    def queued_parts_stand_on_what_was_accepted(self) -> None:
        if self.session is None:
            return
        for p in self.expected.pending():
            if p.part is None or p.id in self.disturbed:
                continue
            waiting = [q for q in self.expected.sequence(p) if q.status in OPEN]
            edits = [e for q in waiting for e in q.edits]
            assert not any(check(self.page.now, edits)), check(self.page.now, edits)

    @invariant()
    def what_was_accepted_is_in_the_notebook_once(self) -> None:
        for step in self.page.steps:
            if step.kind == "accept":
                p = self.expected.all[step.proposal]
                if step.is_in:
                    assert p.status == "accepted" or set(step.done) <= set(p.taken)
        ids = [cell.id for cell in self.page.now]
        assert len(ids) == len(set(ids))

    @invariant()
    def no_word_is_lost(self) -> None:
        kept = " ".join(cell.source for state in self.page.history() for cell in state)
        missing = {word for word in self.typed if word not in kept}
        if missing and self.undelivered:
            kept = repr(self.undelivered)
            missing = {word for word in missing if word not in kept}
        if missing:
            with sqlite3.connect(self.path) as db:
                rows = db.execute("SELECT body FROM proposals UNION ALL SELECT body FROM events")
                kept = " ".join(body for (body,) in rows)
            db.close()
            missing = {word for word in missing if word not in kept}
        assert not missing


def run(sequences: int) -> int:
    """Run the machine; how many sequences ran. A failure is shown as it came.

    To see the shortest sequence that fails, which can take minutes, add `Phase.shrink`.
    """
    Machine.ran = 0
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=sequences, stateful_step_count=STEPS, phases=[Phase.generate]
        ),
    )
    return Machine.ran


@pytest.mark.timeout(900)  # half a minute on an idle machine
def test_a_thousand_sequences() -> None:
    ran = run(SEQUENCES)
    print(f"{ran} sequences")
    assert ran >= SEQUENCES


# -- and it notices -------------------------------------------------------------


def _forgets_the_rest(real: Callable[..., object]) -> Callable[..., object]:
    def decided(
        p: Proposal, verdict: str, hash: str, edits: object = None, rest: object = ()
    ) -> object:
        return real(p, verdict, hash, edits, () if verdict == "reopened" else rest)

    return decided


def _takes_a_second_decision(real: Callable[..., object]) -> Callable[..., object]:
    def decided(
        p: Proposal, verdict: str, hash: str, edits: object = None, rest: object = ()
    ) -> object:
        return real(p, verdict, p.hash, edits, rest)

    return decided


def _stays_where_it_was(_: Callable[..., object]) -> Callable[..., object]:
    return lambda edits, old, new, base=None: tuple(edits)


def _drops_queued(real: Callable[..., object]) -> Callable[..., object]:
    def open(self: Store, *args: object) -> object:
        found = real(self, *args)
        kept = tuple(p for p in found.proposals if p.status != "queued")  # type: ignore[attr-defined]
        return msgspec.structs.replace(found, proposals=kept)  # type: ignore[type-var]

    return open


FAULTS = [
    (deciding, "decided", _forgets_the_rest),
    (deciding, "decided", _takes_a_second_decision),
    (deciding, "follow", _stays_where_it_was),
    (Store, "open", _drops_queued),
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("where", "name", "fault"), FAULTS)
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    fault: Callable[[Callable[..., object]], Callable[..., object]],
) -> None:
    monkeypatch.setattr(where, name, fault(getattr(where, name)))
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is that it finds first
        run(5 * SEQUENCES)  # it ends with the first that is found
