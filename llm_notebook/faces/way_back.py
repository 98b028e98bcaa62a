"""The way back, as the faces offer it: kernel truth, and variables that an undo puts back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from llm_notebook.core.edits import Insert, Replace
from llm_notebook.core.errors import LLMNotebookError
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import AskTruth, Keep, Kept, Restore, Restored, Truth
from llm_notebook.core.truth import NotKept
from llm_notebook.faces.truths import Truths
from llm_notebook.keeping import Keeper, Need
from llm_notebook.truth.log import PutBack
from llm_notebook.truth.saying import listed, text_of

if TYPE_CHECKING:
    from llm_notebook.faces.attach import Attachment
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.previewing import Previewing


class WayBack:
    """Of one kernel.

    Parameters
    ----------
    live : LiveKernel
    previewing : callable
        Gives the dry runs, by which it is known what a step will change.
    """

    def __init__(self, live: LiveKernel, previewing: Callable[[], Previewing]) -> None:
        self.truths = Truths(live)
        self._live = live
        self._previewing = previewing
        self._keeper = Keeper(live.shell.user_ns)
        self._cells: dict[str, frozenset[str]] = {}

    def truth(self, message: AskTruth) -> Truth:
        """Answer whether notebook and kernel agree."""
        found = self.truths.of(message.snapshot.cells, message.because)
        return Truth(message.truth_id, found)

    def keep(self, message: Keep) -> Kept:
        """Keep what a proposal that is about to run will change.

        Raises
        ------
        UnknownProposalError
            No proposal is called so.
        """
        previewing = self._previewing()
        proposal = previewing.session.find(message.proposal_id)
        needs, doubt = self._needs(proposal)
        names, missed = self._keeper.keep(proposal.id, needs, message.most)
        self.truths.log().mark(proposal.id)
        self._cells[proposal.id] = frozenset(edit.cell_id for edit in proposal.edits)
        return Kept(proposal.id, names, missed, _kept_text(missed, doubt))

    def restore(self, message: Restore, told: Callable[[Restored], None]) -> None:
        """Put the variables of a proposal back as soon as no cell runs, and tell."""
        self._live.when_idle(lambda: told(self._restored(message.proposal_id)))

    def _restored(self, proposal_id: str) -> Restored:
        if not self._keeper.has(proposal_id):
            return Restored(proposal_id)
        log, cells = self.truths.log(), self._cells.pop(proposal_id, frozenset())
        later = log.writes_since(proposal_id, cells)
        spared = {name: f"{label or 'another cell'} changed it since" for name, label in later}
        names, missed = self._keeper.restore(proposal_id, spared)
        undone = () if missed else tuple(cells)
        log.put_back(PutBack(proposal_id, names, undone))
        return Restored(proposal_id, names, missed, _restored_text(names, missed))

    def _needs(self, proposal: Proposal) -> tuple[list[Need], bool]:
        """What its code will change, by its dry run and by its syntax; and whether that is sure."""
        sources = [
            edit.source
            for edit in proposal.edits
            if isinstance(edit, Insert | Replace) and edit.cell_type == "code"
        ]
        bound, touched, doubt = self.truths.log().would_change(sources)
        found = {name: Need(name, name in touched, is_certain=False) for name in bound | touched}
        try:
            preview = self._previewing().find(proposal.id)
        except LLMNotebookError:
            preview = None
        is_whole = preview is not None and preview.status == "previewed"
        if not is_whole:
            found = {name: Need(name, need.in_place) for name, need in found.items()}
        for change in preview.changes if preview is not None else ():
            if change.name.isidentifier():
                in_place = change.in_place or change.name in touched
                found[change.name] = Need(change.name, in_place)
        return list(found.values()), doubt and not is_whole


def truth_text(attachment: Attachment) -> str:
    """What ``%llm truth`` says."""
    truths = attachment.way_back().truths
    cells = truths.notebook(attachment.comm.snapshot()).cells
    return text_of(truths.of(cells))


def _kept_text(missed: Sequence[NotKept], doubt: bool) -> str:
    parts = []
    if missed:
        first = missed[0]
        names = listed([one.name for one in missed])
        why = f": {first.why}" if len(missed) == 1 else ""
        parts.append(f"An undo will not put back {names}{why}.")
    if doubt:
        parts.append("It runs code that cannot be followed, so an undo may miss variables.")
    return " ".join(parts)


def _restored_text(names: Sequence[str], missed: Sequence[NotKept]) -> str:
    parts = []
    if names:
        parts.append(f"Variables put back: {listed(names)}.")
    if missed:
        said = "; ".join(f"{one.name} ({one.why})" for one in missed)
        parts.append(f"Not put back: {said}.")
    return " ".join(parts)
