"""Some of a proposal's edits and hunks, as edits that stand on their own.

What a person leaves out leaves a hole: an insert behind a cell that is not brought in, a
change of what was not written. `choose` closes the holes, so that any subset applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from llm_notebook.core.edits import Edit, Insert, Move, Replace
from llm_notebook.core.errors import InvalidProposalError
from llm_notebook.core.notebook import Cell, Snapshot, cell_hash
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing.hunks import apply_hunks, line_hunks
from llm_notebook.diffing.order import Order

Chosen = Iterable[int | str]
"""Edits and hunks by the numbers that `render` prints: ``2`` or ``"2"`` is the second edit,
``"2.1"`` the first hunk of it, ``"2-4"`` three edits."""

_NAME = re.compile(r"([1-9]\d{0,8})(?:\.([1-9]\d{0,8})|-([1-9]\d{0,8}))?")


def choose(
    snapshot: Snapshot, proposal: Proposal | Sequence[Edit], only: Chosen
) -> tuple[Edit, ...]:
    """The chosen edits of a proposal, put on what is there without the others.

    Parameters
    ----------
    snapshot : Snapshot
        The notebook that they are to be applied to.
    proposal : Proposal or sequence of Edit
    only : iterable of int or str
        What to take; see `Chosen`. The order does not matter.

    Returns
    -------
    tuple of Edit
        To be applied in this order.

    Raises
    ------
    InvalidProposalError
        A number names nothing, or hunks are chosen of an edit that has none.
    """
    edits = proposal.edits if isinstance(proposal, Proposal) else tuple(proposal)
    wanted = _wanted(edits, only)
    order = Order(snapshot, edits)
    unwritten = _Unwritten()
    result: list[Edit] = []
    for number, edit in enumerate(edits, 1):
        if number not in wanted:
            if isinstance(edit, Insert):
                after = unwritten.ids.get(edit.after or "", edit.after)
                order.leave_out(msgspec.structs.replace(edit, after=after))
            elif isinstance(edit, Replace):
                unwritten.leave_out(edit)
            continue
        edit = _on(order, unwritten.closed(edit))
        hunks = wanted[number]
        if hunks is not None and isinstance(edit, Replace):
            part = _part(order.cells.get(edit.cell_id), number, edit, hunks)
            unwritten.wrote(edit, part)
            edit = part
        result.append(edit)
        if not order.refusal(edit):  # what is refused says so when it is applied
            order.do(edit)
    return tuple(result)


def named(only: Chosen, count: int) -> dict[int, set[int] | None]:
    """Numbers of edits, from 1, each with numbers of its hunks; None: the whole edit.

    Parameters
    ----------
    only : iterable of int or str
    count : int
        How many edits there are.

    Raises
    ------
    InvalidProposalError
        A name is not one, or names an edit that does not exist.
    """
    wanted: dict[int, set[int] | None] = {}
    for name in [only] if isinstance(only, int | str) else only:
        match = _NAME.fullmatch(str(name).strip())
        if match is None or isinstance(name, bool):
            raise _wrong(f"“{str(name)[:40]}” is no number of an edit.")
        first, hunk, last = (int(group) if group else None for group in match.groups())
        assert first is not None
        if max(first, last or first) > count:
            raise _wrong(f"There is no edit {max(first, last or first)}: there are {count}.")
        if last is not None and last < first:
            raise _wrong(f"“{first}-{last}” runs backwards and names nothing: {last}-{first}?")
        for number in range(first, (last or first) + 1):
            if hunk is None:
                wanted[number] = None
            elif (hunks := wanted.setdefault(number, set())) is not None:
                hunks.add(hunk)
    return wanted


def _wanted(edits: Sequence[Edit], only: Chosen) -> dict[int, set[int] | None]:
    wanted = named(only, len(edits))
    for number, hunks in wanted.items():
        if hunks is not None and not isinstance(edits[number - 1], Replace):
            raise _wrong(f"Edit {number} has no hunks: it changes no lines of a cell.")
    return wanted


def _part(cell: Cell | None, number: int, edit: Replace, hunks: set[int]) -> Replace:
    """The edit with only these of its hunks."""
    if cell is None or cell.hash != edit.expects:
        return edit  # it is stale as a whole, and says so when it is applied
    count = len(line_hunks(cell.source, edit.source))
    if max(hunks) > count:
        raise _wrong(f"Edit {number} has no hunk {max(hunks)}: it has {count}.")
    source = apply_hunks(cell.source, edit.source, [hunk - 1 for hunk in hunks])
    return msgspec.structs.replace(edit, source=source)


def _on(order: Order, edit: Edit) -> Edit:
    """The edit behind a cell that is there, where it was to stand behind one that is not."""
    if isinstance(edit, Insert | Move):
        after = order.standing(edit.after)
        if after not in (edit.after, edit.cell_id):
            return msgspec.structs.replace(edit, after=after)
    return edit


class _Unwritten:
    """What changes that are left out would have written, and what is there instead."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}
        self._contents: dict[tuple[str, str], str] = {}

    def leave_out(self, edit: Replace) -> None:
        """Remember a change that is not made."""
        new_id = edit.new_id or edit.cell_id
        if new_id != edit.cell_id:
            self.ids[new_id] = edit.cell_id
        self._contents[edit.cell_id, cell_hash(edit.cell_type, edit.source)] = edit.expects

    def wrote(self, edit: Replace, part: Replace) -> None:
        """Remember that a cell holds `part`, where later edits expect `edit`."""
        cell_id, whole = edit.new_id or edit.cell_id, cell_hash(edit.cell_type, edit.source)
        if part != edit:
            self._contents[cell_id, whole] = cell_hash(part.cell_type, part.source)

    def closed(self, edit: Edit) -> Edit:
        """The edit as it names and expects what is there."""
        changes: dict[str, str | None] = {}
        cell_id = self.ids.get(edit.cell_id, edit.cell_id)
        if not isinstance(edit, Insert):
            expects, known = edit.expects, set[str]()
            while (cell_id, expects) in self._contents and expects not in known:
                known.add(expects)
                expects = self._contents[cell_id, expects]
            changes = {"cell_id": cell_id, "expects": expects}
        if isinstance(edit, Insert | Move):
            changes["after"] = self.ids.get(edit.after or "", edit.after)
        return msgspec.structs.replace(edit, **changes)


def _wrong(message: str) -> InvalidProposalError:
    return InvalidProposalError(
        message, kept="Nothing was applied.", next="Look at the numbers in the diff."
    )
