"""Show a proposal as a person reads it, in a terminal or as HTML.

Cells are named by their place in the notebook, ``c1`` being the first, and new
ones ``n1``, ``n2`` in order. What is shown is never shortened where it
changes; only unchanged lines around a change are left out or cut.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Delete, Edit, Insert, Move, Proposal, Replace
from llm_notebook.diff.applying import Order
from llm_notebook.diff.hunks import line_hunks
from llm_notebook.diff.text import pieces, shown

_AROUND = 3
_CUT = 400

Sign = Literal["+", "-", " ", "@"]


@dataclass
class _Block:
    """One edit as shown: a heading, a warning, and signed lines."""

    sign: Literal["+", "-", "~", ">"]
    heading: str
    warning: str = ""
    lines: list[tuple[Sign, str]] = field(default_factory=list)


def render_text(proposal: Proposal, snapshot: Snapshot, color: bool) -> str:
    """The proposal as a diff for a terminal.

    Parameters
    ----------
    snapshot : Snapshot
        The notebook now. An edit that no longer applies to it says why.
    color : bool
        Whether to colour by ANSI escapes. Signs say the same without.

    Returns
    -------
    str
        Ends with a line feed. Characters that hide or reorder text, or that
        control a terminal, are shown as escapes.
    """
    paint = _ansi if color else _plain
    title = shown(proposal.title)
    out = [paint(title, "title")] if title else []
    for block in _blocks(proposal, snapshot):
        out.append(paint(f"{block.sign} {block.heading}", f"head{block.sign}"))
        if block.warning:
            out.append(paint(f"! {block.warning}", "warning"))
        for sign, line in block.lines:
            text = "".join(paint(t, "escape", sign) if odd else t for t, odd in pieces(line))
            out.append(paint(f"  {sign} {text}" if text else f"  {sign}".rstrip(), sign))
    return "\n".join(out) + "\n"


def render_html(proposal: Proposal, snapshot: Snapshot) -> str:
    """The proposal as one HTML element that needs no style sheet and no script.

    It takes the text colour of the page and lays translucent colours under
    it, so that it reads on light and on dark. See `render_text` for the rest.
    """
    mono = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em"
    out = [f'<div class="llm-notebook-diff" dir="ltr" style="{mono};line-height:1.45">']
    if proposal.title:
        out.append(f'<div style="font-weight:600">{html.escape(shown(proposal.title))}</div>')
    for block in _blocks(proposal, snapshot):
        out.append(
            f'<div style="margin-top:.6em;font-weight:600">'
            f"{html.escape(f'{block.sign} {block.heading}')}</div>"
        )
        if block.warning:
            out.append(
                '<div role="alert" style="background:rgba(210,153,34,.25)">'
                f"! {html.escape(block.warning)}</div>"
            )
        if block.lines:
            out.append(
                '<pre style="margin:0;padding:0;color:inherit;background:none;'
                'font:inherit;white-space:pre-wrap;overflow-wrap:anywhere">'
                + "".join(_html_line(sign, line) for sign, line in block.lines)
                + "</pre>"
            )
    return "".join([*out, "</div>"])


def _blocks(proposal: Proposal, snapshot: Snapshot) -> Iterator[_Block]:
    order = Order(snapshot, proposal.edits)
    labels = {cell_id: f"c{place}" for cell_id, place in order.places.items()}
    news = 0
    renamed = 0
    for edit in proposal.edits:
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
            block = _block(edit, old.type if old else "", old.source if old else None, labels)
            if refused:
                block.warning = f"{refused.problem.message} {refused.problem.next}"
            yield block
        if not refused:
            order.do(edit)
    if renamed:
        cells = "1 cell gets" if renamed == 1 else f"{renamed} cells get"
        yield _Block("~", f"{cells} another id; the content stays")


def _block(edit: Edit, old_type: str, old: str | None, labels: dict[str, str]) -> _Block:
    """Show one edit of a cell whose source is `old`; None where there is no such cell."""

    def label(cell_id: str) -> str:
        return labels.get(cell_id) or f"cell {shown(cell_id)}"

    def place(after: str | None) -> str:
        return "before the first cell" if after is None else f"after {label(after)}"

    if isinstance(edit, Insert):
        name, kind = labels[edit.cell_id], shown(edit.cell_type)
        block = _Block("+", f"new {kind} cell {place(edit.after)}")
        if name.startswith("n"):
            block.heading += f" ({name})"
        block.lines = _whole("+", edit.source)
    elif isinstance(edit, Delete):
        kind = f"{shown(old_type)} cell " if old is not None else ""
        block = _Block("-", f"delete {kind}{label(edit.cell_id)}")
        block.lines = _whole("-", old or "")
    elif isinstance(edit, Move):
        block = _Block(">", f"move {label(edit.cell_id)} to {place(edit.after)}")
        if edit.after is not None:
            block.heading = f"move {label(edit.cell_id)} {place(edit.after)}"
    else:
        block = _Block("~", f"change {label(edit.cell_id)}")
        if old is not None and edit.cell_type != old_type:
            block.heading += f" from {shown(old_type)} to {shown(edit.cell_type)}"
        block.lines = _whole("+", edit.source) if old is None else _changed(old, edit.source)
    return block


def _whole(sign: Sign, source: str) -> list[tuple[Sign, str]]:
    return [(sign, line) for line in source.split("\n")] if source else []


def _changed(before: str, after: str) -> list[tuple[Sign, str]]:
    """Signed lines of the hunks, each with some lines around it."""
    old = before.split("\n")
    out: list[tuple[Sign, str]] = []
    position = 0
    hunks = line_hunks(before, after)
    for index, hunk in enumerate(hunks):
        start = max(position, hunk.start - _AROUND)
        if start > position or (index == 0 and start > 0):
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


_STYLES = {
    "title": "1",
    "head+": "1;32",
    "head-": "1;31",
    "head~": "1;36",
    "head>": "1;36",
    "warning": "1;33",
    "+": "32",
    "-": "31",
    "@": "36",
    " ": "",
    "escape": "7",
}


def _plain(text: str, style: str, inside: str = "") -> str:
    return text


def _ansi(text: str, style: str, inside: str = "") -> str:
    code = _STYLES[style]
    if not code:
        return text
    # Back to the colour of the line that this stands in.
    back = f"\x1b[{_STYLES[inside]}m" if inside and _STYLES[inside] else ""
    return f"\x1b[{code}m{text}\x1b[0m{back}"


_UNDER = {"+": "rgba(46,160,67,.2)", "-": "rgba(248,81,73,.2)", "@": "rgba(88,166,255,.15)"}


def _html_line(sign: Sign, line: str) -> str:
    text = "".join(
        '<span style="background:rgba(210,153,34,.45);border-radius:2px">'
        f"{html.escape(piece)}</span>"
        if odd
        else html.escape(piece)
        for piece, odd in pieces(line)
    )
    under = f"background:{_UNDER[sign]}" if sign in _UNDER else "opacity:.8"
    return f'<span style="display:block;{under}">{sign} {text}</span>'
