"""Characters that make a reader see something else than what is there."""

from __future__ import annotations

from collections.abc import Iterator

from llm_notebook.core.deceptive import Kind, spans
from llm_notebook.core.decision import Reason
from llm_notebook.rules.evidence import Evidence

_SAYS: dict[Kind, str] = {
    "hidden": "It holds a character that cannot be seen ({points}).",
    "space": "It holds a blank that is none of Python's ({points}).",
    "mark": "A character in it is drawn over by others ({points}).",
    "alike": "A word in it is not what it looks like: {text} ({text!a}).",
    "gap": "A part of a line stands far to the right, behind blanks.",
}


def characters(evidence: Evidence) -> Iterator[Reason]:
    """ASK for what `llm_notebook.core.deceptive` finds, once a line."""
    for cell in evidence.cells:
        last = 0
        for span in spans(cell.source, prose=not cell.is_code):
            number = cell.source.count("\n", 0, span.start) + 1
            if number == last:
                continue
            last = number
            text = cell.source[span.start : span.end][:40]
            points = " ".join(f"U+{ord(letter):04X}" for letter in text[:3])
            said = _SAYS[span.kind].format(points=points, text=text)
            yield Reason("ASK", "characters", said, cell.id, number)
