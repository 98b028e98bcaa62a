"""A proposal while its reply arrives: from the ask to edits that apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import msgspec

from llm_notebook.context import redact
from llm_notebook.core.edits import Edit, Replace
from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import role_of
from llm_notebook.core.proposal import Part, Proposal, Status, Usage, new_proposal_id
from llm_notebook.core.protocol import Ask, Streamed
from llm_notebook.diffing import Cut, apply, cut, edits_between, in_place_of, out_of_scope
from llm_notebook.llm.growing import emptied, grown, together
from llm_notebook.llm.names import first_of, rest_of
from llm_notebook.llm.prompt import Message, build_messages, correction
from llm_notebook.llm.reply import Reply, ReplyParser
from llm_notebook.llm.wire import KEPT, CompletionRequest, Done
from llm_notebook.showing import Shown

QUOTED = 20_000
"""Characters of a reply that could not be used which the model is shown again."""

UNUSABLE = "The model's reply cannot be used. "
"""How the reply parser begins to say what is wrong."""


class Draft:
    """What is known of one ask until its reply is whole.

    Attributes
    ----------
    request : CompletionRequest
        What the worker is asked.
    shown : Shown
        What the model was shown.
    notice : str
        What a person should know of the request, such as a key that was taken out.
    is_correction : bool
        Whether the model answers for the second time.
    until : float
        When the reply must be whole, by the session's clock.
    model : str
        Which one of a chain is answering.
    """

    def __init__(
        self,
        ask: Ask,
        shown: Shown,
        request: CompletionRequest,
        new_parser: Callable[[], ReplyParser],
        notice: str,
        until: float,
    ) -> None:
        self.request = request
        self.shown = shown
        self.until = until
        self.notice = notice
        self.is_correction = False
        self.model = first_of(request.model)
        self._spent: tuple[Usage | None, ...] = ()
        self._ask = ask
        self._new_parser = new_parser
        self._parser = new_parser()
        self._text = ""

    @classmethod
    def begin(cls, ask: Ask, shown: Shown, now: float, record: str = "") -> Self:
        """Take secrets out of the words, and write the request."""
        context, origin = shown.context, ask.origin
        prompt, secrets = redact(origin.prompt)
        label = next((name for name, id in context.labels.items() if id == origin.target), None)
        request = CompletionRequest(
            id=ask.proposal_id,
            model=origin.model,
            messages=build_messages(prompt, context, label, shown.about),
            prompt=prompt,
            context=context,
            target_label=label,
            about=shown.about,
            deadline=ask.deadline,
            role=role_of(origin),
            record=record,
            prices=ask.prices,
        )
        return cls(
            ask,
            shown,
            request,
            lambda: ReplyParser(
                shown.snapshot,
                context.labels,
                origin.target,
                prompt=origin.prompt,
                about=shown.about,
            ),
            f"Taken out of your words before they were sent: {', '.join(secrets)}."
            if secrets
            else "",
            now + ask.deadline,
        )

    def corrected(self, fault: str, seconds: float) -> Draft:
        """The same ask once more, with the reply so far and what is wrong with it.

        Parameters
        ----------
        fault : str
        seconds : float
            What is left of the deadline.
        """
        ask = correction(fault.removeprefix(UNUSABLE))
        request = msgspec.structs.replace(
            self.request,
            id=f"{self.request.id}-again",
            model=rest_of(self.request.model, self.model),
            messages=(
                *self.request.messages,
                Message("assistant", self._text or "(nothing)"),
                Message("user", ask),
            ),
            prompt=ask,
            deadline=seconds,
        )
        again = Draft(
            self._ask,
            self.shown,
            request,
            self._new_parser,
            f"{UNUSABLE}{fault.removeprefix(UNUSABLE)} So it was asked again.",
            self.until,
        )
        again.is_correction = True
        again._spent = self._spent or (None,)
        return again

    def switched(self, proposal: Proposal, model: str) -> Proposal:
        """Another model answers from the start; what has arrived is void."""
        self.model = model
        self._parser, self._text = self._new_parser(), ""
        return self.emptied(proposal)

    def emptied(self, proposal: Proposal) -> Proposal:
        """The proposal without what has arrived so far."""
        return emptied(proposal, self.model)

    @property
    def is_hopeless(self) -> bool:
        """Whether the reply is known to be wrong, so that its rest need not be waited for."""
        return self._parser.fault is not None

    def grow(self, proposal: Proposal, text: str) -> tuple[Proposal, Streamed | None]:
        """Take more of the reply; the proposal so far, and what came to it."""
        self._text = (self._text + text)[:QUOTED]
        delta = self._parser.feed(text)
        if not (delta.growth or delta.title or delta.rationale or delta.answer):
            return proposal, None
        more = msgspec.structs.replace(
            proposal,
            title=delta.title or proposal.title,
            rationale=delta.rationale or proposal.rationale,
            answer=proposal.answer + delta.answer,
            edits=grown(proposal.edits, delta.growth),
        )
        return more, Streamed(proposal.id, delta.growth, delta.title, delta.rationale, delta.answer)

    def finish(
        self, proposal: Proposal, done: Done, *, is_accepted: bool = False
    ) -> tuple[Proposal, ...]:
        """The proposal, once the reply is whole and its edits are known to apply.

        More than one where the reply is longer than the leash: the first is
        pending, the others are queued.

        Parameters
        ----------
        is_accepted : bool
            The version before was accepted meanwhile, so that the notebook is
            what the model was shown.

        Raises
        ------
        ReplyError
            Where the reply is cut or does not follow the format, rewrites a
            cell that the model saw only in part, or leaves the ask's scope.
        InvalidProposalError, StaleError
            Where its edits contradict the snapshot or each other.
        """
        self._spent += (done.usage,)
        reply = self._parser.finish(done.finish_reason)
        base = self.base(is_accepted=is_accepted)
        edits = self._edits(reply.edits, base)
        whole = msgspec.structs.replace(
            proposal,
            status=_status(reply, edits),
            title=reply.title,
            rationale=reply.rationale,
            answer=reply.question or reply.answer,
            suggestions=reply.suggestions,
            usage=together(self._spent),
            model=self.model,
        )
        if not edits:
            idle = "The notebook is already as this reply would have it." if reply.edits else ""
            return (msgspec.structs.replace(whole, edits=(), answer=whole.answer or idle),)
        parts = cut(base, edits, self._ask.leash)
        is_refined = bool(self.shown.before.edits) and not is_accepted
        since = reply.edits if is_refined and len(parts) == 1 else ()
        return tuple(
            msgspec.structs.replace(
                _part(whole, number, parts, self._ask), edits=part.edits, since=since
            )
            for number, part in enumerate(parts, 1)
        )

    def base(self, *, is_accepted: bool) -> Snapshot:
        """What the proposal's edits apply to."""
        return self.shown.snapshot if is_accepted else self.shown.asked

    def _edits(self, edits: tuple[Edit, ...], base: Snapshot) -> tuple[Edit, ...]:
        """The reply's edits, written for a model's view, as edits of `base`."""
        if not edits:
            return ()
        origin, shown = self._ask.origin, self.shown
        # An edit list that contradicts itself is found here, not at the person's accept.
        after = apply(shown.snapshot, edits)
        self._refuse_blind_rewrites(edits)
        if shown.snapshot.cells != base.cells:
            edits = edits_between(base, after)
        elif origin.made:
            edits = in_place_of(base, edits, origin.made)
            self._refuse_blind_rewrites(edits)
        fault = out_of_scope(base, edits, origin.scope) if origin.scope else None
        if fault is not None:
            raise ReplyError(f"{UNUSABLE}{fault}", kept=KEPT, next="Ask again, or select more.")
        return edits

    def _refuse_blind_rewrites(self, edits: tuple[Edit, ...]) -> None:
        """A model that was shown a cell in part would write back less than there is."""
        context = self.shown.context
        in_part = {context.labels[label]: label for label in context.redacted_cells}
        for edit in edits:
            if isinstance(edit, Replace) and edit.cell_id in in_part:
                raise ReplyError(
                    f"The model rewrote {in_part[edit.cell_id]}, of which it had been shown "
                    "only a part: a secret, or what was too long, had been taken out.",
                    code="reply-in-part",
                    kept=KEPT,
                    next="Take the secret out of that cell, or ask for a new cell instead.",
                )


def _part(whole: Proposal, number: int, parts: tuple[Cut, ...], ask: Ask) -> Proposal:
    """The whole as one of its parts, where there is more than one."""
    over = parts[number - 1].over
    if over:
        notice = (
            f"It changes {over} lines of one cell, more than the {ask.leash.lines} that a proposal "
            "may have by your settings, and could not be cut."
        )
        whole = msgspec.structs.replace(whole, notice=f"{whole.notice} {notice}".strip())
    if len(parts) == 1:
        return whole
    part = Part(whole.id, number, len(parts))
    if number == 1:
        return msgspec.structs.replace(whole, part=part)
    return msgspec.structs.replace(
        whole,
        id=new_proposal_id(),
        # In the order of the parts wherever proposals are listed by age.
        created=whole.created + number * 1e-6,
        status="queued",
        root=whole.root or whole.id,
        answer="",
        usage=None,
        part=part,
    )


def _status(reply: Reply, edits: tuple[Edit, ...]) -> Status:
    if edits:
        return "pending"
    if reply.question:
        return "asking"
    return "declined" if reply.declined else "answered"
