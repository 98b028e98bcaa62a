"""A proposal as blocks of signed lines, one an edit, before they are painted.

Cells are named by their place in the notebook, ``c1`` being the first, and new
ones ``n1``, ``n2`` in order. What is shown is never shortened where it
changes; only unchanged lines around a change are left out or cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from llm_notebook.core.edits import Delete, Edit, Insert, Move, Replace
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.remarks import remarks
from llm_notebook.diffing.hunks import line_hunks
from llm_notebook.diffing.order import Order
from llm_notebook.diffing.text import shown

_AROUND = 3
_CUT = 400

Sign = Literal["+", "-", " ", "@"]


@dataclass
class Block:
    """One edit as shown: a heading, a warning, what to look at twice, and signed lines."""

    sign: Literal["+", "-", "~", ">"]
    heading: str
    warning: str = ""
    remarks: tuple[str, ...] = ()
    is_prose: bool = False
    lines: list[tuple[Sign, str]] = field(default_factory=list)
    number: int = 0


def blocks(
    proposal: Proposal,
    snapshot: Snapshot,
    numbers: bool = False,
    places: Mapping[str, int] | None = None,
) -> Iterator[Block]:
    """The proposal's edits as they are shown; see `llm_notebook.diffing.render_text`."""
    order = Order(snapshot, proposal.edits)
    known = order.places if places is None else places
    labels = {cell_id: f"c{place}" for cell_id, place in known.items()}
    news = 0
    renamed = 0
    for number, edit in enumerate(proposal.edits, 1):
        refused = order.refusal(edit)
        if isinstance(edit, Insert) and edit.cell_id not in labels:
            news += 1
            labels[edit.cell_id] = f"n{news}"
        if isinstance(edit, Replace) and edit.new_id:
            labels.setdefault(edit.new_id, labels.get(edit.cell_id, shown(edit.cell_id)))
        old = None if isinstance(edit, Insert) else order.cells.get(edit.cell_id)
        if (
            isinstance(edit, Replace)
            and old
            and not refused
            and (old.type, old.source) == (edit.cell_type, edit.source)
        ):
            renamed += 1
        else:
            prefix = f"{number}." if numbers else ""
            block = _block(
                edit, old.type if old else "", old.source if old else None, labels, prefix
            )
            block.number = number
            if refused and (places is None or edit.cell_id in places):
                block.warning = f"{refused.problem.message} {refused.problem.next}"
            yield block
        if not refused:
            order.do(edit)
    if renamed:
        cells = "1 cell gets" if renamed == 1 else f"{renamed} cells get"
        yield Block("~", f"{cells} another id; the content stays")


def _block(
    edit: Edit, old_type: str, old: str | None, labels: dict[str, str], prefix: str
) -> Block:
    """Show one edit of a cell whose source is `old`; None where there is no such cell."""

    def label(cell_id: str) -> str:
        return labels.get(cell_id) or f"cell {shown(cell_id)}"

    def place(after: str | None) -> str:
        return "before the first cell" if after is None else f"after {label(after)}"

    if isinstance(edit, Insert):
        name, kind = labels[edit.cell_id], shown(edit.cell_type)
        block = Block("+", f"new {kind} cell {place(edit.after)}")
        if name.startswith("n"):
            block.heading += f" ({name})"
        block.lines = _whole("+", edit.source)
    elif isinstance(edit, Delete):
        kind = f"{shown(old_type)} cell " if old is not None else ""
        block = Block("-", f"delete {kind}{label(edit.cell_id)}")
        block.lines = _whole("-", old or "")
    elif isinstance(edit, Move):
        block = Block(">", f"move {label(edit.cell_id)} to {place(edit.after)}")
        if edit.after is not None:
            block.heading = f"move {label(edit.cell_id)} {place(edit.after)}"
    else:
        block = Block("~", f"change {label(edit.cell_id)}")
        if old is not None and edit.cell_type != old_type:
            block.heading += f" from {shown(old_type)} to {shown(edit.cell_type)}"
        block.lines = (
            _whole("+", edit.source) if old is None else _changed(old, edit.source, prefix)
        )
    if isinstance(edit, Insert | Replace):
        block.is_prose = edit.cell_type == "markdown"
        known = old or "" if isinstance(edit, Replace) else ""
        block.remarks = remarks(edit.source, known, prose=block.is_prose)
    return block


def _whole(sign: Sign, source: str) -> list[tuple[Sign, str]]:
    return [(sign, line) for line in source.split("\n")] if source else []


def _changed(before: str, after: str, prefix: str) -> list[tuple[Sign, str]]:
    """Signed lines of the hunks, each with some lines around it; numbered with a prefix."""
    old = before.split("\n")
    out: list[tuple[Sign, str]] = []
    position = 0
    hunks = line_hunks(before, after)
    for index, hunk in enumerate(hunks):
        start = max(position, hunk.start - _AROUND)
        if prefix and len(hunks) > 1:
            out.append(("@", f"[{prefix}{index + 1}] line {start + 1}"))
        elif start > position or (index == 0 and start > 0):
            out.append(("@", f"line {start + 1}"))
        out += [(" ", _cut(line)) for line in old[start : hunk.start]]
        out += [("-", line) for line in hunk.removed]
        out += [("+", line) for line in hunk.added]
        position = hunk.start + len(hunk.removed)
        follows = hunks[index + 1].start if index + 1 < len(hunks) else len(old)
        end = min(position + _AROUND, follows)
        out += [(" ", _cut(line)) for line in old[position:end]]
        position = end
    return out


def _cut(line: str) -> str:
    """Shorten an unchanged line; those can be megabytes of an embedded picture."""
    if len(line) <= _CUT:
        return line
    return f"{line[:_CUT]}… ({len(line) - _CUT:,} more characters, unchanged)"
