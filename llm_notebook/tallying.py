"""Counting how past proposals were decided, by what they would do.

The store is evidence: a person reads it to raise or lower the level with
reason. Nothing is allowed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from llm_notebook.core.edits import Insert, Replace
from llm_notebook.core.tally import Kind, Tally

if TYPE_CHECKING:
    from llm_notebook.core.proposal import Proposal
    from llm_notebook.store import Event

_Fate = Literal["accepted", "rejected", "undone", "auto"]


def tallies(past: Iterable[tuple[Proposal, Sequence[Event]]]) -> tuple[Tally, ...]:
    """Proposals with their events, oldest first each, counted by kind.

    Returns
    -------
    tuple of Tally
        In the order of `Kind`; kinds that never came are left out.
    """
    counts: dict[Kind, dict[_Fate, int]] = {}
    for proposal, events in past:
        fate = _fate(events)
        if fate is None:
            continue
        for kind in _kinds(proposal, events):
            of = counts.setdefault(kind, {})
            of[fate] = of.get(fate, 0) + 1
    order: tuple[Kind, ...] = get_args(Kind)
    return tuple(Tally(kind, **counts[kind]) for kind in order if kind in counts)


def _fate(events: Sequence[Event]) -> _Fate | None:
    """What became of it at last; None where nobody decided."""
    fate: _Fate | None = None
    for event in events:
        if event.kind == "accepted":
            fate = "auto" if event.body.get("auto") is True else "accepted"
        elif event.kind == "reopened":
            fate = "undone"
        elif event.kind == "rejected" and fate != "undone":
            # The rest of one that was taken in part is no rejection of it.
            fate = fate or "rejected"
    return fate


def _kinds(proposal: Proposal, events: Sequence[Event]) -> set[Kind]:
    found: set[Kind] = set()
    for edit in (*proposal.taken, *proposal.edits):
        if isinstance(edit, Insert):
            found.add("adds")
        elif isinstance(edit, Replace):
            found.add("changes")
        else:
            found.add("removes")
    runs = [event.body for event in events if event.kind == "dry run"]
    if runs:
        last = runs[-1]
        if last.get("files"):
            found.add("writes")
        if last.get("processes") or last.get("hosts"):
            found.add("reaches")
        if any(map(_is_plot, _outputs(last))):
            found.add("plots")
    return found


def _outputs(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [output for cell in body.get("cells", []) for output in cell.get("outputs", [])]


def _is_plot(output: dict[str, Any]) -> bool:
    charts = ("image/", "application/vnd.vega", "application/vnd.plotly")
    return any(str(kind).startswith(charts) for kind in output.get("types", []))
