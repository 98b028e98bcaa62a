"""What a reply tells the person: an answer, a reason to decline, or one question to choose from."""

from __future__ import annotations

import re
from typing import Literal

from llm_notebook.core.proposal import Suggestion
from llm_notebook.llm.fences import Block
from llm_notebook.llm.placing import Fault
from llm_notebook.llm.wire import About

Kind = Literal["answer", "decline", "question"]
FEWEST, MOST = 2, 8
"""Choices of a question."""

_OFFER = re.compile(r"\s*[-*]\s*(try|choice)\s*:\s*(.+)", re.I)
_KEY = {"decline": "try", "question": "choice"}


class Telling:
    """The text of a reply outside its edits.

    Parameters
    ----------
    prompt : str
        What was asked. A choice without a prompt of its own is put behind it.
    about : About
    """

    def __init__(self, prompt: str, about: About) -> None:
        self.kind: Kind | None = None
        self.declined = False
        self.suggestions: list[Suggestion] = []
        self._prompt = prompt.strip()
        self._about = about
        self._text = Block()

    @property
    def text(self) -> str:
        """The text so far."""
        return self._text.text

    @property
    def asks(self) -> bool:
        """Whether it is a question, beside which nothing else may stand."""
        return self.kind == "question"

    def begin(self, kind: Kind, *, has_edits: bool) -> str:
        """Start a text; return what the whole text grew by."""
        if kind == "question":
            if self._about.question:
                raise Fault("It asks a question, where the person has just answered one.")
            if self.asks:
                raise Fault("It asks more than one question.")
            if has_edits or self.kind:
                raise Fault("It asks a question and does something else at once.")
        self.kind = kind
        self.declined |= kind == "decline"
        return self._text.add("")

    def take(self, line: str) -> str:
        """Take one line outside a code block; return what the text grew by."""
        match = _OFFER.fullmatch(line)
        if match is None or self.kind is None or match[1].lower() != _KEY.get(self.kind):
            return self._text.add(line)
        self.suggestions.append(self._choice(match[2]) if self.asks else _try(match[2]))
        return ""

    def begin_line(self, start: str) -> str:
        """Take the start of a line, or more of it; return what the text grew by."""
        return self._text.begin(start)

    def add(self, line: str) -> str:
        """Take one line as it is; return what the text grew by."""
        return self._text.add(line)

    def check(self) -> None:
        """Raise `Fault` where a question cannot be answered by choosing."""
        if not self.asks:
            return
        if not self.text:
            raise Fault("It offers choices without a question.")
        count = len(self.suggestions)
        if not FEWEST <= count <= MOST:
            raise Fault(
                f"It asks a question with {count or 'no'} choice{'s' if count != 1 else ''}; "
                f"{FEWEST} to {MOST} lines like '- choice: LABEL | PROMPT' must follow."
            )
        for seen in ("label", "prompt"):
            if len({getattr(choice, seen) for choice in self.suggestions}) < count:
                raise Fault(f"Two choices of its question have the same {seen}.")

    def _choice(self, text: str) -> Suggestion:
        """``LABEL | PROMPT``; without a prompt the choice is put behind what was asked."""
        label, _, prompt = text.partition(" | ")
        label = _bare(label)
        behind = f"{self._prompt} ({label})" if self._prompt else label
        return Suggestion(label, _bare(prompt) or behind)


def _try(text: str) -> Suggestion:
    prompt = _bare(text)
    return Suggestion(prompt, prompt)


def _bare(text: str) -> str:
    text = text.strip().strip("|").strip()
    for quote in '"`':
        if len(text) > 1 and text[0] == text[-1] == quote and quote not in text[1:-1]:
            text = text[1:-1].strip()
    return text
