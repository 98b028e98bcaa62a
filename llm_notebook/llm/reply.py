"""A model's reply, as it streams, into edits.

The format is plain text (see `llm_notebook.llm.prompt.SYSTEM`): it can be shown
while it arrives, and it needs no quoting of code. The parser works on whole
lines, so the way in which the text was cut into chunks cannot matter.

Small models rarely keep to a format. So talk around the edits is passed over,
a reply of code blocks alone becomes inserts, and a reply of prose alone becomes
an answer. What is not forgiven is anything that could turn a reply into
another one: an unknown cell, a code block that is still open, a cut stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, cast

from llm_notebook.core.edits import Insert
from llm_notebook.core.errors import ReplyError
from llm_notebook.core.notebook import Snapshot
from llm_notebook.llm.arriving import ArrivingLine
from llm_notebook.llm.draft import Draft, Reply, ReplyDelta
from llm_notebook.llm.fences import Block, Fence
from llm_notebook.llm.placing import Fault, new_cell_id
from llm_notebook.llm.telling import Kind, Telling
from llm_notebook.llm.wire import CUT, KEPT, STOPPED, About

__all__ = ["MAX_CHARACTERS", "Reply", "ReplyDelta", "ReplyParser", "new_cell_id"]

MAX_CHARACTERS = 2_000_000
_NEXT = "Ask again, or choose another model."
_DIRECTIVE = re.compile(
    r"\s{0,3}@@\s*(insert|replace|delete|move|answer|decline|question|end)\b(.*)", re.I
)
_HEADING = re.compile(r"[\s*#>]{0,4}(title|why)[*\s]*:[*\s]*(.*?)[*\s]*", re.I)
_ANYTHING = About()

_State = Literal["start", "fence expected", "source", "between", "text", "end"]


class ReplyParser:
    """Reads one reply.

    Parameters
    ----------
    snapshot : Snapshot
        The notebook that the ask was about; gives the preconditions.
    labels : mapping of str to str
        Label to cell id. Case does not count.
    target : str or None
        Id of the cell behind which an insert without a place goes.
    new_id : callable, optional
        Makes ids for new cells.
    prompt : str, optional
        What was asked; a choice without a prompt of its own is put behind it.
    about : About, optional
        Says whether edits and questions are allowed.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        labels: Mapping[str, str],
        target: str | None,
        new_id: Callable[[], str] = new_cell_id,
        *,
        prompt: str = "",
        about: About = _ANYTHING,
    ) -> None:
        self._draft = Draft(snapshot, labels, target, new_id, Telling(prompt, about))
        self._about = about
        self._state: _State = "start"
        self._fault: str | None = None
        self._characters = 0
        self._line_number = 0
        self._arriving = ArrivingLine()
        self._thinking = False
        self._fence: Fence | None = None
        self._fence_line = 0
        self._directive = ""
        self._begin: Callable[[str], int] | None = None
        self._index = 0
        # What came before the first directive; it counts only if none comes.
        self._early: list[str] = []
        self._prose: list[str] = []
        self._blocks: list[tuple[str, Block]] = []

    @property
    def fault(self) -> str | None:
        """What is wrong with the reply, once known; the rest is then not worth waiting for."""
        return self._fault

    def feed(self, text: str) -> ReplyDelta:
        """Take more text; return what it brought. Never raises: a fault waits for `finish`."""
        self._characters += len(text)
        for number, piece in enumerate(text.split("\n")):
            if number:
                self._take(self._arriving.end())
            self._arriving.add(piece)
        if self._characters > MAX_CHARACTERS and self._fault is None and self._state != "end":
            self._fault = f"It is longer than {MAX_CHARACTERS:,} characters."
        elif self._fault is None and self._state != "end" and not self._thinking:
            self._show_arriving()
        return self._draft.news()

    def _show_arriving(self) -> None:
        """Show what has come of a line that has not ended; a paragraph may be one line."""
        if self._state == "source" and self._fence is not None:
            if text := self._arriving.of_source(self._fence):
                self._draft.grow(self._index, text, is_whole=False)
        elif self._state == "text":
            if text := self._arriving.of_text(in_fence=self._fence is not None):
                self._draft.say(text, is_whole=False)
        elif self._fence is None and (match := _HEADING.fullmatch(self._arriving.head)):
            self._draft.preview(match[1].lower(), match[2])

    def finish(self, finish_reason: str | None) -> Reply:
        """End the reply.

        Parameters
        ----------
        finish_reason : str or None
            As the model gave it. Without ``@@ end`` the reply counts as whole
            only when this says that the model stopped by itself.

        Raises
        ------
        ReplyError
            With code ``reply-cut`` where the reply is not whole, ``reply``
            where it is wrong.
        """
        self._take(self._arriving.end())
        try:
            if self._fault is None:
                self._check_whole(finish_reason)
                if not self._draft.has_content():
                    self._read_without_directives()
                return self._draft.reply()
        except Fault as fault:
            self._fault = str(fault)
        raise ReplyError(f"The model's reply cannot be used. {self._fault}", kept=KEPT, next=_NEXT)

    def _check_whole(self, finish_reason: str | None) -> None:
        if self._state == "end":
            return
        if (reason := (finish_reason or "").lower()) in STOPPED:
            if self._state == "fence expected":
                why = f"it ends after {self._directive!r} without a code block"
            elif self._thinking:
                why = "it ends inside its <think> block"
            elif self._fence is not None:
                why = f"the code block that begins on line {self._fence_line} is never closed"
            else:
                return
        else:
            why = CUT.get(reason, f"the model stopped with {reason!r}")
        raise ReplyError(
            f"The model's reply is not whole: {why}.", code="reply-cut", kept=KEPT, next=_NEXT
        )

    def _take(self, line: str) -> None:
        self._line_number += 1
        if self._fault is not None or self._state == "end":
            return
        try:
            self._line(line.removesuffix("\r"))
        except Fault as fault:
            self._fault = str(fault)

    def _line(self, line: str) -> None:
        if self._thinking:
            _, closed, rest = line.partition("</think>")
            self._thinking = not closed
            if rest.strip():
                self._line(rest.lstrip())
        elif self._state == "source":
            self._source_line(line)
        elif self._fence is None and line.lstrip().startswith("<think>"):
            self._thinking = True
            self._line(line.lstrip().removeprefix("<think>"))
        elif self._state == "text":
            self._text_line(line)
        elif match := _DIRECTIVE.fullmatch(line):
            self._direct(match[1].lower(), match[2].strip())
        elif self._state == "start":
            self._early_line(line)
        else:
            self._other_line(line)

    def _direct(self, verb: str, rest: str) -> None:
        if self._state == "fence expected":
            raise Fault(f"{self._directive!r} is not followed by a code block.")
        self._directive = f"@@ {verb} {rest}".strip()
        self._fence = None
        if verb == "end":
            self._state = "end"
            return
        self._draft.refuse_beside_question(verb)
        if verb in ("answer", "decline", "question"):
            self._state = "text"
            self._draft.begin_text(cast("Kind", verb))
            if rest:
                self._text_line(rest)
        elif self._about.wants == "text":
            raise Fault(f"It holds {self._directive!r}, where only an answer in words was wanted.")
        else:
            self._edit(verb, rest)

    def _edit(self, verb: str, rest: str) -> None:
        edit = self._draft.placing.read(verb, rest)
        if isinstance(edit, int):
            self._draft.start(edit)
            self._state = "between"
        elif edit is not None:
            self._begin, self._state = edit, "fence expected"
        else:
            raise Fault(f"The line {self._directive!r} cannot be read.")

    def _source_line(self, line: str) -> None:
        assert self._fence is not None
        if not self._fence.closed_by(line):
            self._draft.grow(self._index, self._fence.content(line))
            return
        self._fence, self._state = None, "between"
        edit = self._draft.placing.edits[self._index]
        if isinstance(edit, Insert) and self._draft.is_empty(self._index):
            raise Fault(f"{self._directive!r} is followed by an empty code block.")

    def _text_line(self, line: str) -> None:
        if self._fence is not None:
            if self._fence.closed_by(line):
                self._fence = None
            self._draft.say(line)
        elif match := _DIRECTIVE.fullmatch(line):
            self._direct(match[1].lower(), match[2].strip())
        elif self._open(line):
            self._draft.say(line)
        else:
            self._draft.tell(line)

    def _open(self, line: str) -> Fence | None:
        self._fence_line, self._fence = self._line_number, Fence.opened_by(line)
        return self._fence

    def _early_line(self, line: str) -> None:
        """Before the first directive: a title, a reason, talk, or a reply without directives."""
        if self._fence is None and self._heading(line):
            return
        self._early.append(line)
        if self._fence is not None:
            if self._fence.closed_by(line):
                self._fence = None
            elif not self._blocks[-1][1] and self._heading(line):
                # The whole reply stands in a fence; that fence says nothing.
                self._fence = None
                self._blocks.pop()
                self._early = self._early[:-2]
            else:
                self._blocks[-1][1].add(self._fence.content(line))
        elif "</think>" in line:
            # Some servers drop the opening tag: all that came so far was thought.
            self._early, self._prose, self._blocks = [], [], []
            self._draft.title = self._draft.why = ""
            self._line(line.partition("</think>")[2].lstrip())
        elif (fence := self._open(line)) is not None:
            self._blocks.append((fence.info, Block()))
        else:
            self._refuse_directive(line)
            if not self._blocks:
                self._prose.append(line)

    def _other_line(self, line: str) -> None:
        """Between two edits, or between a directive and its code block."""
        fence = self._open(line)
        if fence is None:
            self._refuse_directive(line)
            self._heading(line)
        elif self._state == "between" or self._begin is None:
            raise Fault(f"The code block on line {self._line_number} belongs to no @@ line.")
        else:
            self._index = self._begin(fence.info)
            self._draft.start(self._index)
            self._state = "source"

    def _refuse_directive(self, line: str) -> None:
        if line.startswith("@@"):
            raise Fault(f"The line {line.strip()!r} is not one of the format.")

    def _heading(self, line: str) -> bool:
        if (match := _HEADING.fullmatch(line)) and match[2]:
            self._draft.head(match[1].lower(), match[2])
            return True
        return False

    def _read_without_directives(self) -> None:
        if self._about.wants == "edits" and self._draft.add_blocks(self._blocks, self._prose):
            return
        for line in self._early:
            self._draft.say(line)
