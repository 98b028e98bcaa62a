"""A preview as a person reads it in a terminal. Nothing in it can hide or move the cursor."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.preview import (
    CellRun,
    FileEffect,
    Output,
    Preview,
    RunError,
    VariableChange,
    VariableState,
)
from llm_notebook.faces.preview_files import Places, picture_of, plain_of, written
from llm_notebook.faces.texts import safe

MOST_LINES = 40
"""Lines of one output that are shown: the first and the last of them."""

_SIGNS = {"created": "+", "changed": "~", "deleted": "-"}
_SAID = {
    "waiting": "waiting",
    "running": "running",
    "previewed": "previewed",
    "failed": "failed",
    "budget": "stopped at its budget, so this is a part",
    "stopped": "stopped, so this is a part",
    "expensive": "not started, since it looks long",
    "refused": "no dry run",
}
_COLORS = {"previewed": "32", "failed": "1;31"}


class Shown(msgspec.Struct, frozen=True):
    """How a preview is shown.

    Attributes
    ----------
    after : Snapshot
        The notebook as it would be, by which cells are named.
    pictures : dict
        Where pictures were saved, as `save_pictures` gives it.
    color : bool
    """

    after: Snapshot
    pictures: Places = {}
    color: bool = False

    def paint(self, text: str, code: str) -> str:
        """The text in a colour (an SGR code), where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color else text

    def name(self, cell: str) -> str:
        """What a cell is called."""
        if cell.startswith("in-"):
            return f"In[{cell[3:]}]"
        if any(found.id.startswith("in-") for found in self.after):
            return "the new code"  # a prompt's history has no places
        place = next((at for at, found in enumerate(self.after, 1) if found.id == cell), None)
        return "a new cell" if place is None else f"cell {place}"


def preview_text(preview: Preview, shown: Shown) -> str:
    """The whole preview: how it ended, each cell's outputs, what changes, what uses that."""
    lines = [_head(preview, shown)]
    if preview.reason:
        lines.append(f"  {safe(preview.reason)}")
    if preview.sampled:
        lines.append(f"  On a sample: {safe(preview.sampled)}. The whole data may give another.")
    for at, run in enumerate(preview.cells):
        lines += _cell(at, run, shown)
    if preview.summary:
        lines.append(f"{shown.paint('Would change:', '1')} {safe(preview.summary)}")
    lines += [f"  {_change(change)}" for change in preview.changes]
    lines += _effects(preview)
    if preview.downstream:
        uses = ", ".join(
            f"{shown.name(found.cell)} ({', '.join(map(safe, found.names))})"
            for found in preview.downstream
        )
        lines.append(f"Used further down: {uses}")
    return "\n".join(lines)


def _head(preview: Preview, shown: Shown) -> str:
    status = shown.paint(_SAID[preview.status], _COLORS.get(preview.status, "33"))
    about = [f"{preview.seconds:.1f} s"] if preview.seconds else []
    if preview.isolation is not None:
        about.append(safe(preview.isolation.name))
    if preview.estimate is not None and preview.status in ("expensive", "budget"):
        about.append(f"accepting it runs {_duration(preview.estimate.seconds)}")
        about.append(safe(preview.estimate.why))
    return f"{shown.paint('Preview', '1')}: {status}" + (f" ({'; '.join(about)})" if about else "")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "long"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


# -- cells --------------------------------------------------------------------


def _cell(at: int, run: CellRun, shown: Shown) -> Iterator[str]:
    ended = {"failed": ", failed", "partial": ", not to its end", "waiting": ", not run"}
    uses = ", which uses what changes" if run.downstream else ""
    name = f"{shown.name(run.cell)}{uses}{ended.get(run.status, '')}"
    yield shown.paint(f"── {name}", "36")
    for place, output in enumerate(run.outputs):
        yield from (f"  {line}" for line in _output(output, shown.pictures.get((at, place), "")))
    if run.error is not None:
        yield from _error(run, run.error, shown)
    elif run.status == "partial" and run.line is not None:
        yield f"  It had reached line {run.line}{_quoted(run, run.line, shown)}"


def _output(output: Output, saved: str) -> Iterator[str]:
    picture = picture_of(output)
    if picture is not None:
        kind = picture[0].removeprefix("image/").upper()
        yield f"[a picture, {kind}, {len(picture[1]) / 1024:.0f} kB{f': {saved}' if saved else ''}]"
        return
    text = plain_of(output)
    if text:
        yield from _shortened([written(line) for line in text.rstrip("\n").split("\n")])
    elif output.data:
        yield f"[{', '.join(sorted(map(safe, output.data))[:4])}: not shown in a terminal]"
    if output.cut:
        yield f"[{output.cut:,} characters more were left out]"


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    half = MOST_LINES // 2
    return [*lines[:half], f"[{len(lines) - 2 * half:,} lines more]", *lines[-half:]]


def _error(run: CellRun, error: RunError, shown: Shown) -> Iterator[str]:
    message = _shortened([written(line) for line in error.message.split("\n")])
    yield "  " + shown.paint(f"{safe(error.name)}: {message[0] if message else ''}", "31")
    yield from (f"    {line}" for line in message[1:])
    if error.line is not None:
        yield f"  at line {error.line}{_quoted(run, error.line, shown)}"


def _quoted(run: CellRun, line: int, shown: Shown) -> str:
    cell = shown.after.find(run.cell)
    lines = cell.source.splitlines() if cell else []
    return f": {safe(lines[line - 1].strip())}" if 1 <= line <= len(lines) else ""


# -- what changes ---------------------------------------------------------------


def _change(change: VariableChange) -> str:
    states = [_state(state) for state in (change.before, change.after) if state is not None]
    if len(states) == 2 and states[0] == states[1]:
        states = [f"{states[0]}, other values"]
    place = ", in place" if change.in_place else ""
    note = f" ({safe(change.note)})" if change.note else ""
    name = f"{_SIGNS[change.kind]} {safe(change.name)}"
    return f"{name}: {' → '.join(states)}{place}{note}" if states else f"{name}{note}"


def _state(state: VariableState) -> str:
    shape = " × ".join(f"{size:,}" for size in state.shape)
    words = filter(None, (state.type, shape, state.dtype, state.text))
    nulls = f", {state.nulls:,} null" if state.nulls else ""
    return safe(" ".join(words)) + nulls


def _effects(preview: Preview) -> Iterator[str]:
    effects = preview.effects
    groups = (
        ("Files", [_file(found) for found in effects.files]),
        ("Would start", [safe(p.command) + _denied(p.denied) for p in effects.processes]),
        ("Would contact", [safe(h.address) + _denied(h.denied) for h in effects.hosts]),
        ("Reads the environment", [safe(name) for name in effects.environment]),
    )
    for title, found in groups:
        if found:
            more = f", and {len(found) - 10} more" if len(found) > 10 else ""
            yield f"{title}: {', '.join(found[:10])}{more}"


def _file(found: FileEffect) -> str:
    verb = {"created": "creates", "changed": "changes", "deleted": "deletes"}[found.kind]
    size = "" if found.size is None else f" ({found.size:,} bytes)"
    return f"{verb} {safe(found.path)}{size}{_denied(found.denied)}"


def _denied(denied: bool) -> str:
    return " (not allowed)" if denied else ""
