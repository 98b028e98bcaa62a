"""Show a proposal as a person reads it, in a terminal or as HTML.

Cells are named by their place in the notebook, ``c1`` being the first, and new
ones ``n1``, ``n2`` in order. What is shown is never shortened where it
changes; only unchanged lines around a change are left out or cut.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from itertools import pairwise

import msgspec

from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing.blocks import Block, Sign, blocks
from llm_notebook.diffing.patches import known_before
from llm_notebook.diffing.text import pieces, shown

Paint = Callable[..., str]


class Unit(msgspec.Struct, frozen=True):
    """What a person decides on at once: an edit, or a hunk of one.

    Attributes
    ----------
    name : str
        As `apply` takes it: ``"2"`` or ``"2.1"``.
    text : str
        As shown, ending with a line feed.
    """

    name: str
    text: str


def render(proposal: Proposal, snapshot: Snapshot | None = None, *, color: bool = False) -> str:
    """The proposal as a person reads it, its edits and hunks numbered as `apply` takes them.

    Parameters
    ----------
    proposal : Proposal
    snapshot : Snapshot, optional
        The notebook now: an edit that no longer applies to it says why. Without
        it the proposal is shown by what it carries itself, which one made by
        `diff` or `invert` does.
    color : bool
        Whether to colour by ANSI escapes. Signs say the same without.

    Returns
    -------
    str
        As `render_text`.
    """
    places = None
    if snapshot is None:
        snapshot, places = known_before(proposal)
    return render_text(proposal, snapshot, color, numbers=True, places=places)


def render_text(
    proposal: Proposal,
    snapshot: Snapshot,
    color: bool,
    *,
    numbers: bool = False,
    places: Mapping[str, int] | None = None,
) -> str:
    """The proposal as a diff for a terminal.

    Parameters
    ----------
    snapshot : Snapshot
        The notebook now. An edit that no longer applies to it says why.
    color : bool
        Whether to colour by ANSI escapes. Signs say the same without.
    numbers : bool
        Whether edits and hunks are numbered.
    places : mapping, optional
        Where the cells stand in the notebook, where `snapshot` is a part of it.

    Returns
    -------
    str
        Ends with a line feed. Characters that hide or reorder text, or that
        control a terminal, are shown as escapes.
    """
    paint = _ansi if color else _plain
    title = shown(proposal.title)
    out = [paint(title, "title")] if title else []
    for block in blocks(proposal, snapshot, numbers, places):
        out += [*_heading(block, paint, numbers), *_painted(block, block.lines, paint)]
    return "\n".join(out) + "\n"


def units(proposal: Proposal, snapshot: Snapshot, *, color: bool) -> tuple[Unit, ...]:
    """The proposal in the pieces that a person decides on, in order; as `render` shows them.

    Edits that only give a cell another id are no pieces.
    """
    paint = _ansi if color else _plain
    found: list[Unit] = []
    for block in blocks(proposal, snapshot, numbers=True):
        if not block.number:
            continue
        heading = _heading(block, paint, numbers=True)
        marks = [n for n, (sign, line) in enumerate(block.lines) if sign == "@" and line[0] == "["]
        for start, end in pairwise([*marks, len(block.lines)]):
            name = block.lines[start][1][1:].partition("]")[0]
            lines = _painted(block, block.lines[start:end], paint)
            found.append(Unit(name, "\n".join([*heading, *lines]) + "\n"))
        if not marks:
            text = "\n".join([*heading, *_painted(block, block.lines, paint)]) + "\n"
            found.append(Unit(str(block.number), text))
    return tuple(found)


def _heading(block: Block, paint: Paint, numbers: bool) -> list[str]:
    number = f"[{block.number}] " if numbers and block.number else ""
    out = [paint(f"{number}{block.sign} {block.heading}", f"head{block.sign}")]
    if block.warning:
        out.append(paint(f"! {block.warning}", "warning"))
    return out + [paint(f"! {remark}", "warning") for remark in block.remarks]


def _painted(block: Block, lines: list[tuple[Sign, str]], paint: Paint) -> list[str]:
    out = []
    for sign, line in lines:
        found = pieces(line, prose=block.is_prose)
        text = "".join(paint(t, "escape", sign) if odd else t for t, odd in found)
        out.append(paint(f"  {sign} {text}" if text else f"  {sign}".rstrip(), sign))
    return out


def render_html(proposal: Proposal, snapshot: Snapshot) -> str:
    """The proposal as one HTML element that needs no style sheet and no script.

    It takes the text colour of the page and lays translucent colours under
    it, so that it reads on light and on dark. See `render_text` for the rest.
    """
    mono = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em"
    out = [f'<div class="llm-notebook-diff" dir="ltr" style="{mono};line-height:1.45">']
    if proposal.title:
        out.append(f'<div style="font-weight:600">{html.escape(shown(proposal.title))}</div>')
    for block in blocks(proposal, snapshot):
        out.append(
            f'<div style="margin-top:.6em;font-weight:600">'
            f"{html.escape(f'{block.sign} {block.heading}')}</div>"
        )
        out += [
            f'<div role="alert" style="background:rgba(210,153,34,.25)">! {html.escape(said)}</div>'
            for said in (block.warning, *block.remarks)
            if said
        ]
        if block.lines:
            out.append(
                '<pre style="margin:0;padding:0;color:inherit;background:none;'
                'font:inherit;white-space:pre-wrap;overflow-wrap:anywhere">'
                + "".join(_html_line(block, sign, line) for sign, line in block.lines)
                + "</pre>"
            )
    return "".join([*out, "</div>"])


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


def _html_line(block: Block, sign: Sign, line: str) -> str:
    text = "".join(
        '<span style="background:rgba(210,153,34,.45);border-radius:2px">'
        f"{html.escape(piece)}</span>"
        if odd
        else html.escape(piece)
        for piece, odd in pieces(line, prose=block.is_prose)
    )
    under = f"background:{_UNDER[sign]}" if sign in _UNDER else "opacity:.8"
    return f'<span style="display:block;{under}">{sign} {text}</span>'
