"""What a reply says, gathered piece by piece, and what each piece brought."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from llm_notebook.core.edits import Edit, Insert, Replace
from llm_notebook.core.notebook import Snapshot, cell_hash
from llm_notebook.core.proposal import Suggestion
from llm_notebook.core.protocol import Growth
from llm_notebook.llm.fences import Block
from llm_notebook.llm.placing import Fault, Placing, cell_type_of
from llm_notebook.llm.telling import Kind, Telling

_TITLE_LENGTH = 80
_CODE = frozenset({"python", "python3", "py", "ipython", "ipython3"})


class ReplyDelta(msgspec.Struct, frozen=True):
    """What one piece of text brought: the fields of `Streamed`."""

    growth: tuple[Growth, ...] = ()
    title: str = ""
    rationale: str = ""
    answer: str = ""


class Reply(msgspec.Struct, frozen=True):
    """A whole reply. It has edits, or an answer, or both; a declined one has no edits.

    Attributes
    ----------
    answer : str
        Text for the person, the question included.
    suggestions : tuple of Suggestion
        What to ask instead, or the choices of the question.
    question : str
        The one question. Where there is one, there is nothing else.
    """

    title: str
    rationale: str = ""
    edits: tuple[Edit, ...] = ()
    answer: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    declined: bool = False
    question: str = ""


class Draft:
    """A reply in the making."""

    def __init__(
        self,
        snapshot: Snapshot,
        labels: Mapping[str, str],
        target: str | None,
        new_id: Callable[[], str],
        telling: Telling,
    ) -> None:
        self.placing = Placing(snapshot, labels, target, new_id)
        self.title = ""
        self.why = ""
        self._telling = telling
        self._snapshot = snapshot
        self._sources: dict[int, Block] = {}
        self._growth: list[Growth] = []
        self._news = {"title": "", "rationale": "", "answer": ""}

    def head(self, field: str, text: str) -> None:
        """Take a title or a reason. The first one counts."""
        if field == "title":
            self.title = self._news["title"] = self.title or text
        else:
            self.why = self._news["rationale"] = self.why or text

    def preview(self, field: str, text: str) -> None:
        """Show the start of a title or a reason, of which more comes."""
        if text and not (self.title if field == "title" else self.why):
            self._news["title" if field == "title" else "rationale"] = text

    def start(self, index: int) -> None:
        """Announce the edit that `placing` has just made."""
        edit = self.placing.edits[index]
        self._growth.append(Growth(index, edit=edit))
        if isinstance(edit, Insert | Replace):
            self._sources[index] = Block()

    def grow(self, index: int, line: str, *, is_whole: bool = True) -> None:
        """Take one more line of an edit's source, or a piece of it from its start on."""
        source = self._sources[index]
        text = source.add(line) if is_whole else source.begin(line)
        if text and self._growth and self._growth[-1].index == index:
            last = self._growth.pop()
            self._growth.append(Growth(index, last.text + text, last.edit))
        elif text:
            self._growth.append(Growth(index, text))

    def is_empty(self, index: int) -> bool:
        """Whether the edit has no source so far."""
        return not self._sources[index]

    def begin_text(self, kind: Kind) -> None:
        """Begin an answer, a reason to decline or a question."""
        has_edits = bool(self.placing.edits)
        self._news["answer"] += self._telling.begin(kind, has_edits=has_edits)

    def tell(self, line: str) -> None:
        """Take one more line of the text for the person, or one of its offers."""
        self._news["answer"] += self._telling.take(line)

    def say(self, line: str, *, is_whole: bool = True) -> None:
        """Take one more line, or a piece of it from its start on, whatever it looks like."""
        take = self._telling.add if is_whole else self._telling.begin_line
        self._news["answer"] += take(line)

    def refuse_beside_question(self, verb: str) -> None:
        """Raise `Fault` where `verb` would stand beside a question."""
        if self._telling.asks and verb != "question":
            raise Fault("It asks a question and does something else at once.")

    def news(self) -> ReplyDelta:
        """What has come since the last call."""
        delta = ReplyDelta(growth=tuple(self._growth), **self._news)
        self._growth = []
        self._news = dict.fromkeys(self._news, "")
        return delta

    def has_content(self) -> bool:
        """Whether there is an edit, an answer or a suggestion."""
        told = self._telling
        kinds = told.declined or told.asks
        return bool(self.placing.edits or told.text or told.suggestions or kinds)

    def add_blocks(self, blocks: list[tuple[str, Block]], lines: list[str]) -> bool:
        """Make cells of a reply's (info, text) blocks without directives; False where none is one.

        The lines before them are the reason. Blocks in another language are no
        cells; untagged ones are output where others are tagged as code.
        """
        tagged = any(info in _CODE for info, block in blocks if block)
        cells = [
            (cell_type_of(info), block)
            for info, block in blocks
            if block
            if info in _CODE or cell_type_of(info) == "markdown" or not (info or tagged)
        ]
        for cell_type, block in cells:
            self._sources[self.placing.insert([], cell_type)] = block
        if cells:
            prose = "\n".join(lines).strip()
            self.why = self.why or prose
            self.title = self.title or _first_sentence(prose)
        return bool(cells)

    def reply(self) -> Reply:
        """The whole. Raises `Fault` where there is nothing usable."""
        edits = self._edits()
        kept = tuple(edit for edit in edits if not self._is_idle(edit))
        told = self._telling
        told.check()
        if told.declined and kept:
            raise Fault("It declines and makes edits at once.")
        if edits and not kept and not told.text:
            raise Fault("It changes nothing.")
        if not kept and not told.text and not told.suggestions:
            raise Fault("It holds neither an edit nor an answer.")
        return Reply(
            title=self.title or _summary(kept, told),
            rationale=self.why,
            edits=kept,
            answer=told.text,
            suggestions=tuple(told.suggestions),
            declined=told.declined,
            question=told.text if told.asks else "",
        )

    def _edits(self) -> list[Edit]:
        """The edits with their sources. A move behind a replace expects the new content."""
        edits: list[Edit] = []
        content: dict[str, str] = {}
        for index, edit in enumerate(self.placing.edits):
            if isinstance(edit, Insert | Replace):
                edit = msgspec.structs.replace(edit, source=self._sources[index].text)
                content[edit.cell_id] = cell_hash(edit.cell_type, edit.source)
            elif edit.cell_id in content:
                edit = msgspec.structs.replace(edit, expects=content[edit.cell_id])
            edits.append(edit)
        return edits

    def _is_idle(self, edit: Edit) -> bool:
        if not isinstance(edit, Replace):
            return False
        old = self._snapshot.find(edit.cell_id)
        return old is not None and (old.type, old.source) == (edit.cell_type, edit.source)


def _first_sentence(prose: str) -> str:
    """The first sentence that says something ("Sure!" does not), cut to a title's length."""
    sentences = re.split(r"(?<=[.!?:])\s+|\n+", prose)
    plain = (sentence.strip(" #*").rstrip(".:") for sentence in sentences)
    title = next((sentence for sentence in plain if len(sentence.split()) > 2), "")
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip() + "…"


def _summary(edits: tuple[Edit, ...], told: Telling) -> str:
    if not edits:
        return "Declined" if told.declined else "Question" if told.asks else "Answer"
    verbs = {str(edit.__struct_config__.tag) for edit in edits}
    names = {"insert": "Add", "replace": "Change", "delete": "Delete", "move": "Move"}
    name = names[verbs.pop()] if len(verbs) == 1 else "Edit"
    return f"{name} {len(edits)} cell{'s' if len(edits) > 1 else ''}"
