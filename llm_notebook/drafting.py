"""A proposal while its reply arrives: from the ask to edits that apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

import msgspec

from llm_notebook.context import build_context, redact
from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Edit, Insert, Proposal, Replace, Status
from llm_notebook.core.protocol import Ask, Growth, Streamed
from llm_notebook.diff import apply
from llm_notebook.llm.prompt import Message, build_messages, correction
from llm_notebook.llm.reply import Reply, ReplyParser
from llm_notebook.llm.wire import KEPT, CompletionRequest, Done
from llm_notebook.ports import Workspace

QUOTED = 20_000
"""Characters of a reply that could not be used which the model is shown again."""


class Draft:
    """What is known of one ask until its reply is whole.

    Attributes
    ----------
    request : CompletionRequest
        What the worker is asked.
    notice : str
        What a person should know of the request, such as a key that was taken out.
    is_correction : bool
        Whether the model answers for the second time.
    """

    def __init__(
        self,
        request: CompletionRequest,
        new_parser: Callable[[], ReplyParser],
        snapshot: Snapshot,
        in_part: Mapping[str, str],
        notice: str,
    ) -> None:
        self.request = request
        self.notice = notice
        self.is_correction = False
        self._new_parser = new_parser
        self._parser = new_parser()
        self._snapshot = snapshot
        self._text = ""
        # Cells that the model saw with something taken out: id to label.
        self._in_part = in_part

    @classmethod
    def begin(cls, ask: Ask, workspace: Workspace) -> Self:
        """Choose the context, take secrets out, and write the request."""
        context = build_context(
            ask.snapshot,
            ask.prompt,
            ask.target,
            workspace.namespace(),
            error=workspace.last_error(),
            folder=workspace.folder(),
        )
        prompt, secrets = redact(ask.prompt)
        label = next((name for name, id in context.labels.items() if id == ask.target), None)
        request = CompletionRequest(
            id=ask.proposal_id,
            model=ask.model,
            messages=build_messages(prompt, context, label),
            prompt=prompt,
            context=context,
            target_label=label,
        )
        return cls(
            request,
            lambda: ReplyParser(ask.snapshot, context.labels, ask.target),
            ask.snapshot,
            {context.labels[name]: name for name in context.redacted_cells},
            f"Taken out of your words before they were sent: {', '.join(secrets)}."
            if secrets
            else "",
        )

    def corrected(self, fault: str) -> Draft:
        """The same ask once more, with the reply so far and what is wrong with it."""
        ask = correction(fault)
        request = msgspec.structs.replace(
            self.request,
            id=f"{self.request.id}-again",
            messages=(
                *self.request.messages,
                Message("assistant", self._text or "(nothing)"),
                Message("user", ask),
            ),
            prompt=ask,
        )
        again = Draft(
            request,
            self._new_parser,
            self._snapshot,
            self._in_part,
            f"The first reply could not be used, so the model was asked again. {fault}",
        )
        again.is_correction = True
        return again

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
        grown = msgspec.structs.replace(
            proposal,
            title=delta.title or proposal.title,
            rationale=delta.rationale or proposal.rationale,
            answer=proposal.answer + delta.answer,
            edits=_grown(proposal.edits, delta.growth),
        )
        return grown, Streamed(
            proposal.id, delta.growth, delta.title, delta.rationale, delta.answer
        )

    def finish(self, proposal: Proposal, done: Done) -> Proposal:
        """The proposal, once the reply is whole and its edits are known to apply.

        Raises
        ------
        ReplyError
            Where the reply is cut or does not follow the format, or rewrites
            a cell that the model saw only in part.
        InvalidProposalError, StaleError
            Where its edits contradict the snapshot or each other.
        """
        reply = self._parser.finish(done.finish_reason)
        if reply.edits:
            # An edit list that contradicts itself is found here, not at the person's accept.
            apply(self._snapshot, reply.edits)
            self._refuse_blind_rewrites(reply.edits)
        return msgspec.structs.replace(
            proposal,
            status=_status(reply),
            title=reply.title,
            rationale=reply.rationale,
            edits=reply.edits,
            answer=reply.answer,
            suggestions=reply.suggestions,
            usage=done.usage,
        )

    def _refuse_blind_rewrites(self, edits: tuple[Edit, ...]) -> None:
        """A model that was shown a cell in part would write back less than there is."""
        for edit in edits:
            if isinstance(edit, Replace) and edit.cell_id in self._in_part:
                raise ReplyError(
                    f"The model rewrote {self._in_part[edit.cell_id]}, of which it had been shown "
                    "only a part: a secret, or what was too long, had been taken out.",
                    code="reply-in-part",
                    kept=KEPT,
                    next="Take the secret out of that cell, or ask for a new cell instead.",
                )


def _status(reply: Reply) -> Status:
    if reply.edits:
        return "pending"
    return "declined" if reply.declined else "answered"


def _grown(before: tuple[Edit, ...], growth: tuple[Growth, ...]) -> tuple[Edit, ...]:
    edits = list(before)
    for more in growth:
        if more.edit is not None:
            edits.insert(more.index, more.edit)
        if more.text:
            edit = edits[more.index]
            assert isinstance(edit, Insert | Replace)  # nothing else has a text to grow
            edits[more.index] = msgspec.structs.replace(edit, source=edit.source + more.text)
    return tuple(edits)
