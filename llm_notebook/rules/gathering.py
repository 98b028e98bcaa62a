"""Put the evidence together: what a proposal's edits bring in, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from llm_notebook.core.decision import PredictedEffect, Reason
from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.errors import InvalidProposalError, StaleError
from llm_notebook.core.grants import Grant
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.preview import Isolation, Preview
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import apply
from llm_notebook.rules.carrying import Carried
from llm_notebook.rules.evidence import NOWHERE, Evidence, Places, ProposedCell
from llm_notebook.rules.live import Looked, look


def gather(
    proposal: Proposal,
    snapshot: Snapshot,
    namespace: Mapping[str, object],
    *,
    preview: Preview | None = None,
    isolation: Isolation | None = None,
    places: Places = NOWHERE,
    grants: Sequence[Grant] = (),
    hooks: Sequence[str] = (),
    is_live: bool = True,
) -> Evidence:
    """What is known of a proposal, for `llm_notebook.rules.judge`. Runs nothing of it.

    Parameters
    ----------
    snapshot : Snapshot
        The notebook, by which the proposed cells are put in order.
    namespace : mapping of str to object
        The live variables.
    hooks : sequence of str
        What of the notebook's own runs together with every cell.
    preview, isolation, places, grants, is_live
        As in `Evidence`.
    """
    brought = sorted(_brought(proposal.edits), key=_order(snapshot, proposal.edits))
    code = [(cell.id, cell.source) for cell in brought if cell.is_code]
    looked = look(code, namespace)
    return Evidence(
        proposal=proposal,
        cells=tuple(_with_effects(brought, looked)),
        preview=preview,
        isolation=isolation,
        places=places,
        grants=tuple(grants),
        findings=(*looked.findings, *_of_hooks(hooks if code else ())),
        is_live=is_live,
    )


def _of_hooks(hooks: Sequence[str]) -> Iterator[Reason]:
    for hook in hooks:
        yield Reason("ASK", "live", f"An earlier cell set up {hook}, which runs with every cell.")


def _brought(edits: Sequence[Edit]) -> Iterator[ProposedCell]:
    for edit in edits:
        if isinstance(edit, Insert):
            yield ProposedCell(edit.cell_id, edit.cell_type, edit.source)
        elif isinstance(edit, Replace):
            yield ProposedCell(edit.new_id or edit.cell_id, edit.cell_type, edit.source)


def _order(snapshot: Snapshot, edits: Sequence[Edit]) -> Callable[[ProposedCell], int]:
    """The place of a cell in the notebook as it would be; as proposed where that is stale."""
    try:
        places = {cell.id: at for at, cell in enumerate(apply(snapshot, edits))}
    except (StaleError, InvalidProposalError):
        places = {}
    return lambda cell: places.get(cell.id, 0)


def _with_effects(cells: Sequence[ProposedCell], looked: Looked) -> Iterator[ProposedCell]:
    carried = Carried(looked.known, looked.sources)
    for number, cell in enumerate(cells, 1):
        effects: tuple[PredictedEffect, ...] = ()
        if cell.is_code:
            effects = carried.predict(cell.source, is_last=number == len(cells))
        yield ProposedCell(cell.id, cell.type, cell.source, effects)
