"""Kernel truth in words."""

from __future__ import annotations

from collections.abc import Sequence

from llm_notebook.core.notebook import Cell
from llm_notebook.core.truth import Because, CellTruth, KernelTruth, VariableTruth
from llm_notebook.truth.log import Run

_MOST = 4
"""Names in a sentence; the details have them all."""

_HELD: dict[Because, str] = {
    "": "The kernel holds other values than the notebook gives",
    "taken_back": "The kernel still holds what was taken back",
    "deleted": "The kernel still holds what deleted cells made",
    "moved": "The kernel still holds what the order before made",
}


class Labels:
    """What a person calls a cell: by the number beside it, or where it stands."""

    def __init__(self, cells: Sequence[Cell], runs: Sequence[tuple[int, Run, object]]) -> None:
        self._of = {cell.id: f"cell {at}" for at, cell in enumerate(cells, 1)}
        self._numbers: dict[str, str] = {}
        for _, run, _ in runs:
            if run.label:
                self._numbers[run.cell] = run.label

    def of(self, cell: str) -> str:
        """Within a sentence."""
        return self._numbers.get(cell) or self._of.get(cell, "a cell")

    def start(self, cell: str) -> str:
        """At the start of one."""
        found = self.of(cell)
        return found[:1].upper() + found[1:]

    def run(self, run: Run) -> str:
        """One run, at the start of a sentence."""
        return run.label or "A cell"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence."""
    if len(names) > _MOST:
        return f"{', '.join(names[: _MOST - 1])} and {len(names) - _MOST + 1} more"
    if len(names) > 1:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return names[0] if names else "values"


def sentence(
    variables: Sequence[VariableTruth],
    cells: Sequence[CellTruth],
    doubt: str,
    because: Because,
) -> str:
    """The one line; empty where nothing is amiss."""
    held = [it.name for it in variables if it.standing == "stale"]
    lingering = [it.name for it in variables if it.standing == "lingering"]
    edited = [it.label for it in cells if it.standing == "edited"]
    others = [it.label for it in cells if it.standing in ("outdated", "unrun", "interrupted")]
    hidden = [it for it in cells if it.standing == "hidden"]
    said: list[str] = []
    if because and (held or lingering):
        said.append(f"{_HELD[because]}: {listed([*held, *lingering])}.")
    elif edited:
        verb = "was" if len(edited) == 1 else "were"
        said.append(
            f"{listed(edited)} {verb} edited since {'it' if verb == 'was' else 'they'} ran."
        )
    elif held:
        said.append(f"{_HELD['']}: {listed(held)}.")
    elif others:
        said.append(f"{listed(others)} {'is' if len(others) == 1 else 'are'} out of date.")
    elif lingering:
        said.append(f"The kernel still holds what no cell makes any more: {listed(lingering)}.")
    if hidden and not said:
        said.append(f"{hidden[0].label} uses {listed(hidden[0].names)} from no cell above it.")
    if doubt:
        said = said or ["Notebook and kernel may not agree."]
        said.append("What to run again cannot be told; restarting and running all is certain.")
    text = " ".join(said)
    return text[:1].upper() + text[1:]


def _bracketed(label: str) -> str:
    return label if label.startswith("[") else f"({label})"


def text_of(truth: KernelTruth) -> str:
    """For a terminal: the line, then what is behind it."""
    if not truth.summary:
        return "The notebook and the kernel agree."
    labels = {it.cell: it.label for it in truth.cells}
    again = " ".join(_bracketed(labels.get(cell, cell)) for cell in truth.rerun)
    lines = [f"{truth.summary} Re-run {again}." if again else truth.summary]
    if truth.doubt:
        lines.append(f"  {truth.doubt}")
    lines += [
        f"  {it.name}: {it.standing}. {it.why}" for it in truth.variables if it.standing != "fresh"
    ]
    lines += [f"  {it.label}: {it.why}" for it in truth.cells]
    if truth.seconds is not None and truth.seconds >= 1:
        lines.append(f"  They took {truth.seconds:.0f} s the last time.")
    return "\n".join(lines)
