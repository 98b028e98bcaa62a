"""What a person's decision makes of a proposal, and of those that hang together with it.

Pure functions over records: the session holds the state and writes the trace.

Accepting any part of one version of a thread sets the others aside. The parts
of a sequence wait for each other, and each always stands on what those before
it would leave as they are now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from llm_notebook.core.edits import Edit
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import OPEN, Proposal, Status
from llm_notebook.core.protocol import Revised, Verdict
from llm_notebook.diffing import follow
from llm_notebook.versions import WAITS, accepted_edits, place_of, thread_of

_CLOSED: frozenset[Status] = frozenset({"accepted", "rejected", "superseded"})


def decided(
    proposal: Proposal,
    verdict: Verdict,
    edits_hash: str,
    edits: tuple[Edit, ...] | None = None,
    rest: tuple[Edit, ...] = (),
) -> Proposal | None:
    """The proposal after a decision, or None where the decision comes too late.

    One that leaves something to wait must name the edits as they stand; one
    that closes the proposal is the first one or none, whatever it names.

    Parameters
    ----------
    edits, rest : as in `llm_notebook.core.protocol.Decided`
    """
    if verdict == "reopened":
        return _reopened(proposal, edits, rest)
    if proposal.status != "pending" or (rest and edits_hash != proposal.hash):
        return None
    done = proposal.edits if edits is None else edits
    taken = proposal.taken
    if verdict == "accepted" and (taken or rest):
        taken += done
    if rest:
        return _with(proposal, edits=rest, taken=taken)
    if verdict == "accepted":
        return _with(proposal, status="accepted", edits=done, taken=taken)
    return _dropped(proposal)


def _reopened(
    proposal: Proposal, edits: tuple[Edit, ...] | None, rest: tuple[Edit, ...]
) -> Proposal | None:
    status = proposal.status
    is_waiting = status in ("pending", "superseded")
    if not (status == "accepted" or (is_waiting and proposal.taken)):
        return None
    back = accepted_edits(proposal) if edits is None else edits
    # Of one that was accepted whole, too, a part may be taken back.
    taken = list(reversed(accepted_edits(proposal)))
    for edit in back:
        if edit in taken:
            taken.remove(edit)
        elif proposal.taken:
            return None
    waiting = rest or (*back, *(proposal.edits if is_waiting else ()))
    # One that another version has set aside stays so, whole again.
    status = status if is_waiting else "pending"
    return _with(proposal, status=status, edits=waiting, taken=tuple(reversed(taken)))


def in_turn(proposal: Proposal, proposals: Iterable[Proposal]) -> Proposal:
    """A reopened part waits again until those before it are decided."""
    mine = proposal.part
    if mine is None or proposal.status != "pending" or proposal.taken:
        return proposal
    held_back = any(
        p.part is not None
        and p.part.of == mine.of
        and p.part.index < mine.index
        and p.status in OPEN
        for p in proposals
    )
    return _with(proposal, status="queued") if held_back else proposal


def revised(proposal: Proposal, message: Revised) -> Proposal | None:
    """The proposal with the person's own words in it, or None where it is too late for them."""
    if (
        proposal.status != "pending"
        or message.edits_hash != proposal.hash
        or not message.edits
        or (message.edits, message.edited) == (proposal.edits, proposal.edited)
    ):
        return None
    return _with(proposal, edits=message.edits, edited=message.edited)


def consequences(
    proposals: Iterable[Proposal], before: Proposal, after: Proposal, base: Snapshot
) -> Iterator[Proposal]:
    """Other proposals that stand differently once `before` has become `after`.

    Parameters
    ----------
    proposals : iterable of Proposal
        All that are known.
    before, after : Proposal
    base : Snapshot
        What the sequence was drafted against; empty where that is not known.
    """
    thread = [p for p in proposals if thread_of(p) == thread_of(after) and p.id != after.id]
    later = _later_parts(thread, after)
    others = [p for p in thread if p.version != after.version]
    gained = len(accepted_edits(after)) - len(accepted_edits(before))
    if after.status == "rejected" and not any(p.status in OPEN for p in later):
        yield from (_dropped(p) for p in others if p.status in WAITS)
    elif gained > 0:
        yield from (_with(p, status="superseded") for p in others if p.status in WAITS)
    elif gained < 0:
        yield from _restored(others, (after, *thread))
    yield from _moved_up(later, before, after, base)


def _dropped(proposal: Proposal) -> Proposal:
    """What waits of it is rejected; what was taken is what it came to."""
    if proposal.taken:
        return _with(proposal, status="accepted", edits=proposal.taken)
    return _with(proposal, status="rejected")


def _restored(others: Iterable[Proposal], thread: Sequence[Proposal]) -> Iterator[Proposal]:
    """Those that no accepted version sets aside any more wait again; of a sequence its first."""
    in_notebook = {p.version for p in thread if accepted_edits(p)}
    waiting: set[int] = set()
    for proposal in sorted(others, key=place_of):
        if proposal.status == "superseded" and proposal.edits:
            if in_notebook <= {proposal.version}:
                status: Status = "queued" if proposal.version in waiting else "pending"
                yield _with(proposal, status=status)
            waiting.add(proposal.version)


def _moved_up(
    later: Sequence[Proposal], before: Proposal, after: Proposal, base: Snapshot
) -> Iterator[Proposal]:
    """The sequence's later parts, on what those before them leave now."""
    old, new = _leaves(before), _leaves(after)
    # The first part that nothing before it holds back any more may be decided.
    is_free = after.status in _CLOSED
    for part in later:
        now = part
        if part.status == "queued":
            now = _with(now, edits=follow(part.edits, old, new, base))
            if is_free:
                now = _with(now, status="pending" if now.edits else "rejected")
        elif part.status == "pending" and not is_free and not part.taken:
            now = _with(now, status="queued")
        old, new = old + _leaves(part), new + _leaves(now)
        is_free = is_free and now.status in _CLOSED
        if now != part:
            yield now


def _later_parts(thread: Iterable[Proposal], proposal: Proposal) -> list[Proposal]:
    mine = proposal.part
    if mine is None:
        return []
    return sorted(
        (p for p in thread if p.part and p.part.of == mine.of and p.part.index > mine.index),
        key=place_of,
    )


def _leaves(proposal: Proposal) -> tuple[Edit, ...]:
    """The edits that a proposal comes to: what was taken, and what still waits."""
    if proposal.status in WAITS:
        return proposal.taken + proposal.edits
    return accepted_edits(proposal)


def _with(proposal: Proposal, **changes: object) -> Proposal:
    return msgspec.structs.replace(proposal, **changes)
