"""``llm-notebook ask``: the same session as everywhere, over a notebook file."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from llm_notebook.core.errors import ModelError
from llm_notebook.core.levels import DEFAULT_LEVEL
from llm_notebook.core.origin import Leash, Origin, Wants
from llm_notebook.core.proposal import Proposal, Usage, new_proposal_id
from llm_notebook.core.protocol import Ask, Revised
from llm_notebook.diffing import choose
from llm_notebook.diffing.patches import patch
from llm_notebook.faces.cli import terminal
from llm_notebook.faces.cli.out import Exit, Out, UsageError, as_json
from llm_notebook.faces.cli.preview import previewed
from llm_notebook.faces.cli.proposals import PIPED, to_file
from llm_notebook.faces.cli.review import Review, Verdict
from llm_notebook.faces.cli.workspace import FileHost, check_level, kept_as
from llm_notebook.faces.hosts import Screen, drafted
from llm_notebook.faces.texts import named, next_part, offered, safe, told
from llm_notebook.files import NotebookFile
from llm_notebook.files.saving import save
from llm_notebook.session import Session

UNCUT = 10**9
"""More cells and lines than any proposal has: a file is not reviewed part by part."""


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Ask a model for a change of a notebook file, have it reviewed, write it."""
    is_seen = sys.stdin is not None and sys.stdin.isatty() and out.person.isatty()
    if options.draft is None and not is_seen:
        raise UsageError(
            "ask reviews what is proposed in a terminal, and there is none here.",
            kept="Nothing was asked and nothing was written.",
            next="With --draft FILE the proposal is kept for llm-notebook apply instead.",
        )
    if options.output == PIPED:
        raise UsageError("-o of ask is a file, not stdout.", next="Name one, such as -o new.ipynb")
    if not options.words.strip():
        raise UsageError("There are no words. Say what you want.")
    file = NotebookFile.read(options.notebook)
    check_level(file)
    host = FileHost(file, options.output)
    target = _target(options.cell, host)

    from llm_notebook.llm.client import ModelWorker
    from llm_notebook.store import Store

    name = kept_as(file.name)
    session = Session(ModelWorker(), host, Store(), name)
    try:
        has_ids = file.snapshot.has_ids
        session.open_notebook(name, [c.id for c in file.snapshot] if has_ids else [])
        wants: Wants = "text" if options.explain else "edits"
        conversation = _Conversation(session, host, out, options.model, target, wants)
        if options.draft is not None:
            return conversation.draft(options.words, options.draft)
        return conversation.hold(options.words)
    finally:
        session.close()


def _target(number: int | None, host: FileHost) -> str | None:
    if number is None:
        return None
    if not 1 <= number <= len(host.snapshot):
        raise UsageError(f"There is no cell {number}: the notebook has {len(host.snapshot)}.")
    return host.snapshot.cells[number - 1].id


class _Conversation:
    """Words, a proposal, a review, and again where the person wants it otherwise."""

    def __init__(
        self,
        session: Session,
        host: FileHost,
        out: Out,
        model: str | None,
        target: str | None,
        wants: Wants,
    ) -> None:
        self._session = session
        self._host = host
        self._out = out
        self._model = model or session.model
        self._target = target
        self._wants = wants
        self._wrote = 0
        self._usage: Usage | None = None

    def draft(self, words: str, path: str) -> Exit:
        """Ask once, and keep the proposal in a file."""
        proposal = self._asked(words, leash=Leash(UNCUT, UNCUT))
        if proposal.status == "pending":
            text = as_json(to_file(patch(proposal, self._host.snapshot)))
            by = f"Proposal {proposal.id}, by {_by(proposal)}"
            if path == PIPED:
                print(text)
                print(f"{told(proposal)}{by}.", file=sys.stderr)
            else:
                save(path, f"{text}\n".encode())
                self._out.say(f"{told(proposal)}{by}, is in {path}; nothing else was written.")
                self._result(proposal, edits=len(proposal.edits), draft=path)
            return Exit.DONE
        return self._told(proposal)

    def hold(self, words: str) -> Exit:
        """Ask, review and write until there is nothing left to decide."""
        proposal = self._asked(words)
        while True:
            if proposal.status == "pending":
                again = self._reviewed(proposal)
                if again is None:
                    break
                proposal = again
            elif proposal.status in ("asking", "declined") and proposal.suggestions:
                chosen = self._choice(proposal)
                if chosen is None:
                    return self._told(proposal, shown=True)
                clarifies = proposal if proposal.status == "asking" else None
                proposal = self._asked(chosen, clarifies=clarifies)
            else:
                return self._told(proposal)
        self._result(self._session.find(proposal.id), edits=self._wrote)
        return Exit.DONE if self._wrote else Exit.NO

    def _asked(
        self,
        words: str,
        *,
        refines: Proposal | None = None,
        clarifies: Proposal | None = None,
        leash: Leash | None = None,
    ) -> Proposal:
        origin = Origin(
            words,
            self._model,
            face="terminal",
            target=self._target,
            wants=clarifies.origin.wants if clarifies else self._wants,
            refines=refines.id if refines else clarifies.origin.refines if clarifies else None,
            clarifies=clarifies.id if clarifies else None,
        )
        ask = Ask(
            proposal_id=new_proposal_id(),
            origin=origin,
            snapshot=self._host.snapshot,
            level=DEFAULT_LEVEL,
            leash=leash or Leash(),
        )
        proposal = drafted(self._session, ask, Screen(self._out.person))
        if proposal.usage is not None:
            self._usage = proposal.usage + self._usage if self._usage else proposal.usage
        return proposal

    def _reviewed(self, proposal: Proposal) -> Proposal | None:
        """Have a proposal decided; what is to be reviewed next."""
        part = proposal.part
        words = f", part {part.index} of {part.count}" if part and part.count > 1 else ""
        words += f", version {proposal.version}" if proposal.version > 1 else ""
        self._out.say(
            self._out.paint(safe(proposal.title or "Proposal"), "1") + f"  ({_by(proposal)}{words})"
        )
        if proposal.rationale.strip():
            self._out.say(safe(proposal.rationale.strip()))
        self._out.say(told(proposal))
        verdict = Review(
            proposal,
            self._host.snapshot,
            self._out,
            self._host.name,
            preview=lambda now: previewed(now, self._host.snapshot, self._session, self._out),
        ).run()
        proposal = self._revised(proposal, verdict)
        if verdict.kind == "refine":
            words = terminal.line("What should be different? ")
            return self._asked(words, refines=proposal) if words else proposal
        if verdict.kind == "stopped":
            self._out.say(
                f"Nothing {'more ' if self._wrote else ''}was written. Proposal {proposal.id} "
                "waits; JupyterLab's panel shows it with this notebook."
            )
            return None
        if verdict.kind == "left":
            self._session.decide(proposal.id, "rejected", proposal.hash)
            self._out.say("Nothing was taken, so nothing was written.")
        else:
            edits = choose(self._host.snapshot, proposal, verdict.only)
            self._host.write(proposal, edits)
            whole = None if edits == proposal.edits else edits
            self._session.decide(proposal.id, "accepted", proposal.hash, edits=whole)
            self._wrote += len(edits)
            self._out.say(f"{self._host.name} is written. Its cells have not run.")
        return next_part(proposal, self._session)

    def _revised(self, proposal: Proposal, verdict: Verdict) -> Proposal:
        """The person's own words, in the session's record too."""
        if verdict.edits == proposal.edits:
            return proposal
        return self._session.revise(
            Revised(proposal.id, proposal.hash, verdict.edits, verdict.edited)
        )

    def _choice(self, proposal: Proposal) -> str | None:
        """What the person picks of the answers or suggestions."""
        self._out.say(f"{told(proposal)}{_by(proposal)}: {safe(proposal.answer.strip())}")
        for number, found in enumerate(proposal.suggestions, 1):
            self._out.say(f"  {number}. {offered(found)}")
        while True:
            words = terminal.line(f"Which? [1-{len(proposal.suggestions)}, Enter for none] ")
            if not words:
                return None
            if words.isdecimal() and 1 <= int(words) <= len(proposal.suggestions):
                return proposal.suggestions[int(words) - 1].prompt

    def _told(self, proposal: Proposal, *, shown: bool = False) -> Exit:
        """What became of an ask that ended without a proposal."""
        if proposal.problem is not None:
            if not self._out.as_json:  # there the failure stands on stderr, alone
                print(told(proposal), end="", file=sys.stderr)
            raise _Failed(proposal)
        if proposal.answer.strip() and not shown:
            self._out.say(f"{told(proposal)}{_by(proposal)}: {safe(proposal.answer.strip())}")
            for found in proposal.suggestions:
                self._out.say(f"  try: {safe(found.prompt)}")
        elif not shown:
            self._out.say(
                f"{told(proposal)}The proposal is {proposal.status}; nothing was written."
            )
        self._result(
            proposal,
            answer=proposal.answer,
            suggestions=[found.prompt for found in proposal.suggestions],
        )
        if proposal.status == "cancelled":
            return Exit.INTERRUPTED
        return Exit.DONE if proposal.status == "answered" else Exit.NO

    def _result(self, proposal: Proposal, **more: Any) -> None:
        """What came of it as JSON: who answered, why not the first, and what all of it took."""
        self._out.result(
            {
                "proposal": proposal.id,
                "status": proposal.status,
                "model": proposal.model or proposal.origin.model,
                "notice": proposal.notice,
                "usage": self._usage,
                "written": self._host.name if self._wrote else None,
                **more,
            }
        )


def _by(proposal: Proposal) -> str:
    return named(proposal.model or proposal.origin.model)


class _Failed(ModelError):
    """The ask failed, for the reason that the proposal carries."""

    def __init__(self, proposal: Proposal) -> None:
        assert proposal.problem is not None
        found = proposal.problem
        super().__init__(found.message, code=found.code, kept=found.kept, next=found.next)
