"""What session, store and page should hold, worked out a second time and in the plainest way."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from llm_notebook.core.edits import Edit
from llm_notebook.core.proposal import OPEN, Proposal
from llm_notebook.core.protocol import Decided, Revised

WAITS = ("pending", "queued")


class Expected:
    """Every proposal as it should stand."""

    def __init__(self) -> None:
        self.all: dict[str, Proposal] = {}
        self.is_kernel_there = True

    def open(self) -> dict[str, Proposal]:
        return {id: p for id, p in self.all.items() if p.status in OPEN}

    def pending(self) -> list[Proposal]:
        return [p for p in self.all.values() if p.status == "pending"]

    def set(self, proposal: Proposal, **changes: object) -> Proposal:
        self.all[proposal.id] = msgspec.structs.replace(proposal, **changes)
        return self.all[proposal.id]

    def thread(self, proposal: Proposal) -> list[Proposal]:
        root = proposal.root or proposal.id
        return [p for p in self.all.values() if root in (p.id, p.root) and p.id != proposal.id]

    def others(self, proposal: Proposal) -> list[Proposal]:
        return [p for p in self.thread(proposal) if p.version != proposal.version]

    def sequence(self, proposal: Proposal) -> list[Proposal]:
        """All parts of the version, in order."""
        mine = [p for p in self.thread(proposal) if p.version == proposal.version]
        return sorted([self.all[proposal.id], *mine], key=place)

    # -- what the page tells ---------------------------------------------------

    def is_late(self, said: Decided | Revised) -> bool:
        """Whether another decision came before this one."""
        p = self.all[said.proposal_id]
        if isinstance(said, Revised):
            return p.status != "pending" or said.edits_hash != p.hash
        if said.verdict == "reopened":
            taken_back = said.edits or ()
            if p.status == "accepted":
                return bool(p.taken) and any(e not in p.taken for e in taken_back)
            waits = p.status in ("pending", "superseded") and p.taken
            return not waits or any(e not in p.taken for e in taken_back)
        return p.status != "pending" or (bool(said.rest) and said.edits_hash != p.hash)

    def take(self, said: Decided | Revised) -> None:
        """What is told, and in time."""
        p = self.all[said.proposal_id]
        if isinstance(said, Revised):
            self.set(p, edits=said.edits, edited=said.edited)
        elif said.verdict == "reopened":
            self._reopen(p, said)
        else:
            self._decide(p, said)

    def _decide(self, p: Proposal, said: Decided) -> None:
        done = p.edits if said.edits is None else said.edits
        accepts = said.verdict == "accepted"
        taken = p.taken
        if accepts and (taken or said.rest):
            taken += done
        if said.rest:
            p = self.set(p, edits=said.rest, taken=taken)
        elif accepts:
            p = self.set(p, status="accepted", edits=done, taken=taken)
        elif taken:
            p = self.set(p, status="accepted", edits=taken, taken=taken)
        else:
            p = self.set(p, status="rejected")
        if accepts:
            for other in self.others(p):
                if other.status in WAITS:
                    self.set(other, status="superseded")
        if p.status == "rejected" and not [q for q in self.later(p) if q.status in WAITS]:
            for other in self.others(p):
                if other.status in WAITS and other.taken:
                    self.set(other, status="accepted", edits=other.taken)
                elif other.status in WAITS:
                    self.set(other, status="rejected")
        if p.status != "pending":
            self._next(p)

    def start(self) -> None:
        """A kernel is there again, which gives out the next parts."""
        self.is_kernel_there = True
        for p in tuple(self.all.values()):
            if p.part and p.part.index == 1:
                for part in self.sequence(p):
                    if part.status in WAITS:
                        break
                    self._next(part)

    def _next(self, p: Proposal) -> None:
        if not self.is_kernel_there:
            return
        for part in self.later(p):
            if part.status == "queued":
                self.set(part, status="pending")
                return
            if part.status == "pending":
                return

    def _reopen(self, p: Proposal, said: Decided) -> None:
        taken = list(p.taken)
        for edit in said.edits or ():
            if edit in taken:
                taken.reverse()
                taken.remove(edit)
                taken.reverse()
        before = [q for q in self.sequence(p) if place(q) < place(p) and q.status in OPEN]
        status = "queued" if before and not taken else "pending"
        if p.status == "superseded":
            status = "superseded"
        p = self.set(p, status=status, edits=said.rest, taken=tuple(taken))
        in_it = {q.version for q in [*self.thread(p), p] if in_notebook(q)}
        versions: set[int] = set()
        for other in sorted(self.others(p), key=place):
            if other.status == "superseded" and other.edits and in_it <= {other.version}:
                is_first = other.version not in versions
                self.set(other, status="pending" if is_first else "queued")
                versions.add(other.version)
        for part in self.later(p):
            if part.status == "pending" and not part.taken:
                self.set(part, status="queued")

    def later(self, p: Proposal) -> list[Proposal]:
        return [q for q in self.sequence(p) if place(q) > place(p)]

    # -- what the session alone decides -----------------------------------------

    def adopt(self, found: Iterable[Proposal]) -> None:
        """Queued parts are put on what was accepted: the edits are held against a law instead."""
        for proposal in found:
            mine = self.all[proposal.id]
            if proposal.part is not None and mine.edits != proposal.edits and not mine.taken:
                self.set(mine, edits=proposal.edits)


def in_notebook(p: Proposal) -> tuple[Edit, ...]:
    if p.status == "accepted":
        return p.taken or p.edits
    return p.taken


def place(p: Proposal) -> int:
    return p.part.index if p.part else 0
