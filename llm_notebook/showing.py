"""What a model is shown for an ask: the notebook, the context of it, and what the ask is about."""

from __future__ import annotations

import msgspec

from llm_notebook.context import build_context, redact, untrusted_in
from llm_notebook.core.context import Context, ErrorInfo, Piece
from llm_notebook.core.edits import Delete
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.origin import Origin
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import Ask, Survey
from llm_notebook.diffing import apply
from llm_notebook.llm.prompt import about
from llm_notebook.llm.wire import About
from llm_notebook.ports import Workspace, folder_of
from llm_notebook.versions import NOTHING_BEFORE, Before, vouched


class Shown(msgspec.Struct, frozen=True):
    """What a model is shown.

    Attributes
    ----------
    origin : Origin
    asked : Snapshot
        The notebook as it is.
    snapshot : Snapshot
        As the model sees it: where a version is refined, as that would leave it.
    before : Before
        Without edits where they do not apply any more.
    context : Context
    about : About
    values, error
        What the context was made with.
    """

    origin: Origin
    asked: Snapshot
    snapshot: Snapshot
    before: Before
    context: Context
    about: About
    values: bool
    error: ErrorInfo | None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The context's pieces as a proposal records them: without the texts."""
        return tuple(msgspec.structs.replace(piece, text="") for piece in self.context.pieces)

    def put_into(self, proposal: Proposal, model: str, *earlier: Proposal | None) -> Proposal:
        """The proposal with what the model is shown for it, and what of that others wrote.

        Parameters
        ----------
        model : str
            That is asked.
        earlier : Proposal or None
            What it follows up.
        """
        return msgspec.structs.replace(
            proposal,
            context=self.pieces,
            model=model,
            untrusted=vouched(untrusted_in(self.context), *earlier),
        )

    def answers(self, ask: Ask, before: Before) -> bool:
        """Whether this is what `ask` would show."""
        return (self.origin, self.asked, self.values, self.error) == (
            ask.origin,
            ask.snapshot,
            ask.values,
            ask.error,
        ) and self.before in (before, before.forgotten())


def show(
    ask: Ask | Survey, workspace: Workspace, notebook: str, before: Before = NOTHING_BEFORE
) -> Shown:
    """Choose what the model is shown. Nothing is sent."""
    origin: Origin = ask.origin
    snapshot, before = _followed(ask.snapshot, before)
    touched = [edit.cell_id for edit in before.edits if not isinstance(edit, Delete)]
    context = build_context(
        snapshot,
        origin.prompt,
        origin.target,
        workspace.namespace(),
        error=ask.error or workspace.last_error(),
        folder=folder_of(notebook, workspace),
        scope=origin.scope,
        without=origin.without,
        values=ask.values,
        extra=dict.fromkeys(origin.made, "made by this prompt before")
        | dict.fromkeys(touched, "changed by the version before"),
    )
    return Shown(
        origin=origin,
        asked=ask.snapshot,
        snapshot=snapshot,
        before=before,
        context=context,
        about=about(
            origin,
            context.labels,
            earlier=tuple(redact(prompt)[0] for prompt in before.prompts),
            touched=tuple(dict.fromkeys(touched)),
            question=before.question,
            is_about_error=ask.error is not None,
        ),
        values=ask.values,
        error=ask.error,
    )


def _followed(snapshot: Snapshot, before: Before) -> tuple[Snapshot, Before]:
    """The notebook with the version before in it; without, where that is stale."""
    if not before.edits:
        return snapshot, before.forgotten()
    try:
        return apply(snapshot, before.edits), before
    except (StaleError, InvalidProposalError):
        return snapshot, before.forgotten()
