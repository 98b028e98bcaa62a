"""Proposals that hang together: the versions of a thread, the parts of a sequence.

A *thread* is a proposal with its later versions, all named by the first one's
id. A version is one proposal, or, where its reply was longer than the leash, a
*sequence* of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from llm_notebook.core.edits import Edit, edits_hash
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal, Status

WAITS: frozenset[Status] = frozenset({"pending", "queued"})
_MOST_PROMPTS = 20

Find = Callable[[str | None], Proposal | None]


class Before(msgspec.Struct, frozen=True):
    """What an ask follows up.

    Attributes
    ----------
    edits : tuple of Edit
        Of the version that it refines, as they wait.
    prompts : tuple of str
        Of the versions so far, oldest first.
    question : str
        The question that it answers.
    hashes : dict of str to str
        The hash of each proposal that `edits` are of, by id.
    taken : dict of str to str
        What of other versions is in the notebook: id to hash of the edits.
    """

    edits: tuple[Edit, ...] = ()
    prompts: tuple[str, ...] = ()
    question: str = ""
    hashes: dict[str, str] = {}
    taken: dict[str, str] = {}

    def forgotten(self) -> Before:
        """The same where the version before does not apply any more."""
        return Before(question=self.question, taken=self.taken)


NOTHING_BEFORE = Before()


def place_of(proposal: Proposal) -> int:
    """Its place in its sequence; 0 where it is in none."""
    return proposal.part.index if proposal.part else 0


def previous_of(origin: Origin, find: Find) -> Proposal | None:
    """The version before; of an answer to a question, the one that the question was about."""
    question = find(origin.clarifies)
    return find(origin.refines or (question.origin.refines if question else None))


def thread_of(proposal: Proposal) -> str:
    """The id of the thread's first version."""
    return proposal.root or proposal.id


def as_version(
    proposal: Proposal, previous: Proposal | None, proposals: Iterable[Proposal]
) -> Proposal:
    """A new proposal as the next version of `previous`, where there is one."""
    if previous is None:
        return proposal
    root = thread_of(previous)
    version = max(p.version for p in (previous, *proposals) if thread_of(p) == root) + 1
    return msgspec.structs.replace(proposal, root=root, version=version)


def vouched(own: tuple[str, ...], *earlier: Proposal | None) -> tuple[str, ...] | None:
    """What of others a version was drafted from, that of the versions before it included.

    None where that is not known of one of them.
    """
    found = list(own)
    for proposal in earlier:
        if proposal is not None:
            if proposal.untrusted is None:
                return None
            found += proposal.untrusted
    return tuple(dict.fromkeys(found))


def suggesting(prompt: str, proposals: Iterable[Proposal]) -> Proposal | None:
    """The one that suggested these very words: they are a model's, whoever asks them."""
    words = prompt.strip()
    return next(
        (p for p in proposals if any(s.prompt.strip() == words for s in p.suggestions)), None
    )


def followed(origin: Origin, find: Find, proposals: Iterable[Proposal]) -> Before:
    """What an ask follows up.

    Parameters
    ----------
    origin : Origin
    find : callable
        Gives the proposal of an id, or None.
    proposals : iterable of Proposal
        All that are known.
    """
    question = find(origin.clarifies)
    words = question.answer if question else ""
    previous = previous_of(origin, find)
    if previous is None:
        return Before(question=words)
    thread = [p for p in proposals if thread_of(p) == thread_of(previous)]
    # A version is all of its parts that still wait.
    waiting = sorted(
        (p for p in thread if p.version == previous.version and p.status in WAITS), key=place_of
    )
    prompts: list[str] = []
    at: Proposal | None = previous
    while at is not None and len(prompts) < _MOST_PROMPTS:
        if prompts[:1] != [at.origin.prompt]:
            prompts.insert(0, at.origin.prompt)
        at = find(at.origin.refines)
    return Before(
        edits=tuple(edit for p in waiting for edit in p.edits),
        prompts=tuple(prompts),
        question=words,
        hashes={p.id: p.hash for p in waiting},
        taken=taken_of(thread),
    )


def taken_of(proposals: Iterable[Proposal]) -> dict[str, str]:
    """What of these is in the notebook: id to hash of the edits."""
    return {p.id: edits_hash(edits) for p in proposals if (edits := accepted_edits(p))}


def accepted_edits(proposal: Proposal) -> tuple[Edit, ...]:
    """What of a proposal is in the notebook, in the order in which it was accepted."""
    whole = proposal.status == "accepted" and not proposal.taken
    return proposal.edits if whole else proposal.taken


def overtaken(
    proposal: Proposal, before: Before, proposals: Iterable[Proposal]
) -> tuple[bool, bool]:
    """Whether other versions were accepted since this was asked, and just what it builds on."""
    root = thread_of(proposal)
    taken = taken_of(p for p in proposals if thread_of(p) == root and p.id != proposal.id)
    is_late = taken != before.taken
    return is_late, is_late and taken == before.taken | before.hashes
