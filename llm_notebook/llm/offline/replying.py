"""An outcome in the edit format, the way that every model answers."""

from __future__ import annotations

import re

from llm_notebook.llm.fences import fenced
from llm_notebook.llm.offline.outcome import Change, Plan, Question, Refusal, Result, Told
from llm_notebook.llm.offline.scene import Scene

_MARK = re.compile(r"(?m)^(\s*)@@")
_ESCAPED = r"\1\\@@"


def replied(found: Result, scene: Scene) -> str:
    """The reply."""
    match found:
        case Plan():
            first = Change(
                found.code,
                (found.cell or scene.label) if found.replaces else "",
                found.place or scene.place,
                found.kind,
            )
            why = f"why: {_line(found.why)}\n" if found.why else ""
            title, said = found.title, why + "".join(map(_edit, (first, *found.also)))
        case Told():
            title, said = found.title, f"@@ answer\n{_MARK.sub(_ESCAPED, found.text)}\n"
        case Question():
            choices = "".join(
                f"- choice: {_line(label)} | {_line(ask)}\n" for label, ask in found.choices
            )
            title, said = "Which one?", f"@@ question {_line(found.text)}\n{choices}"
        case Refusal():
            tries = "".join(f"- try: {_line(text)}\n" for text in found.tries)
            title, said = "Not understood", f"@@ decline\n{_line(found.why)}\n{tries}"
    return f"title: {_line(title)}\n{said}@@ end\n"


def _edit(change: Change) -> str:
    if change.cell:
        return f"@@ replace {change.cell}\n{fenced(change.code, 'python')}\n"
    info = "python" if change.kind == "code" else "markdown"
    return f"@@ insert {change.place} {change.kind}\n{fenced(change.code, info)}\n"


def _line(text: str) -> str:
    """One line that is no directive: names of columns may hold line ends, and what they like."""
    return _MARK.sub(_ESCAPED, " ".join(text.split()))
