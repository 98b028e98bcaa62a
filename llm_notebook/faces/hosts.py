"""Hosts that are not our front end: what a magic can do there, and never pretending more.

A terminal has a next prompt and nothing else. Another notebook front end can be
sent outputs, and put a new cell below the one that runs. Neither lets us change
a cell that is there.
"""

from __future__ import annotations

import queue
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

from llm_notebook.core.edits import Delete, Insert, Move, Replace
from llm_notebook.core.proposal import OPEN, Proposal
from llm_notebook.core.protocol import Ask, Streamed
from llm_notebook.faces.texts import named, safe, summary

if TYPE_CHECKING:
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.faces.preview_verbs import Previews
    from llm_notebook.session import Session

UPDATE_INTERVAL = 0.15
"""Seconds between two updates of an output while a reply arrives."""


class TerminalHost:
    """Plain IPython: the reply streams in place, an accept fills the next prompt."""

    def __init__(self, session: Session, live: LiveKernel, magic: str, previews: Previews) -> None:
        self._session = session
        self._live = live
        self._magic = magic
        self._previews = previews

    def ask(self, ask: Ask) -> None:
        """Ask, show the reply as it arrives, then the diff and its preview. Ctrl-C cancels."""
        screen = Screen()
        proposal = drafted(self._session, ask, screen)
        preview, text = self._previews.by_itself(proposal, ask.snapshot, screen)
        print(summary(proposal, self._session, self._magic, color=screen.is_terminal, shown=text))
        if preview is None or preview.status != "failed" or not self._previews.repairs:
            return
        again = self._previews.repair_of(ask, proposal)
        if again is not None:
            print("\nOne repair is asked for.")
            self.ask(again)

    def accept(self, proposal: Proposal) -> str:
        """Put the code on the next prompt."""
        return land(proposal, self._session, self._live, "your next prompt")


class OutputHost:
    """Another notebook front end: the reply is an output that is updated as it arrives."""

    def __init__(self, session: Session, live: LiveKernel, magic: str, previews: Previews) -> None:
        self._session = session
        self._previews = previews
        self._live = live
        self._magic = magic

    def ask(self, ask: Ask) -> None:
        """Ask and return; the output under this cell follows the reply."""
        output = _LiveOutput(ask, self._session, self._live, self._magic, self._previews)
        output.stop = self._session.listen(output)
        self._session.ask(ask)

    def accept(self, proposal: Proposal) -> str:
        """Put the code into a new cell below."""
        return land(proposal, self._session, self._live, "a new cell below")


def land(proposal: Proposal, session: Session, live: LiveKernel, where: str) -> str:
    """Hand a proposal's code to the host's own means, and say what that was.

    Returns
    -------
    str
        What happened, and what could not.
    """
    codes, notes = [], []
    for edit in proposal.edits:
        if isinstance(edit, Insert | Replace):
            if edit.cell_type == "code":
                codes.append(edit.source)
            else:
                notes.append(f"A {edit.cell_type} cell is not code; its text:\n{safe(edit.source)}")
            if isinstance(edit, Replace):
                notes.append(
                    f"It is a new version of {_named(edit.cell_id)}, which stands as it was."
                )
        elif isinstance(edit, Delete):
            notes.append(f"Deleting {_named(edit.cell_id)} is left to you.")
        elif isinstance(edit, Move):
            notes.append(f"Moving {_named(edit.cell_id)} is left to you.")
    if codes:
        live.shell.set_next_input("\n\n".join(codes))
        count = f"{len(codes)} cells as one" if len(codes) > 1 else "The code"
        notes.insert(0, f"{count} stands on {where}. Nothing has run.")
    session.decide(proposal.id, "accepted", proposal.hash)
    return "\n".join(notes)


def _named(cell_id: str) -> str:
    return f"In[{cell_id[3:]}]" if cell_id.startswith("in-") else f"cell {safe(cell_id)}"


def drafted(session: Session, ask: Ask, screen: Screen) -> Proposal:
    """Ask, and wait for the reply while it is shown as it arrives. Ctrl-C cancels."""
    events: queue.SimpleQueue[Proposal | Streamed] = queue.SimpleQueue()
    stop = session.listen(_Queued(ask.proposal_id, events))
    try:
        proposal = session.ask(ask)
        while proposal.status == "drafting":
            event = events.get()
            if isinstance(event, Proposal):
                if _is_begun_anew(event):
                    screen.begin_anew()
                if event.notice != proposal.notice:
                    screen.write(f"[{event.notice}]\n")
                proposal = event
            else:
                screen.stream(event)
    except KeyboardInterrupt:
        proposal = session.cancel(ask.proposal_id)
    finally:
        stop()
        screen.clear()
    return proposal


def _is_begun_anew(proposal: Proposal) -> bool:
    """Whether nothing has arrived of its reply, or what had was thrown away."""
    return not (proposal.title or proposal.rationale or proposal.answer or proposal.edits)


class _Queued:
    """A listener that hands one proposal's events to the waiting main thread."""

    def __init__(self, proposal_id: str, events: queue.SimpleQueue[Proposal | Streamed]) -> None:
        self._id = proposal_id
        self._events = events

    def changed(self, proposal: Proposal) -> None:
        if proposal.id == self._id:
            self._events.put(proposal)

    def streamed(self, more: Streamed) -> None:
        if more.proposal_id == self._id:
            self._events.put(more)


class Screen:
    """Text that streams onto a terminal and is taken away when the diff replaces it."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self.is_terminal = self._out.isatty()
        self._written = ""

    def stream(self, more: Streamed) -> None:
        """Show what has arrived."""
        for text in (more.title and f"{more.title}\n", more.rationale and f"{more.rationale}\n"):
            if text:
                self.write(text)
        self.write(more.answer)
        for growth in more.growth:
            if growth.edit is not None:
                start = "" if not self._written or self._written.endswith("\n") else "\n"
                self.write(start)
            self.write(growth.text)

    def write(self, text: str) -> None:
        """Show text that is taken away with the rest; nothing where there is no terminal."""
        if self.is_terminal and text:
            text = safe(text)
            self._written += text
            print(text, end="", flush=True, file=self._out)

    def begin_anew(self) -> None:
        """What was written of a reply is void."""
        self.clear()
        self._written = ""

    def clear(self) -> None:
        """Take away what was shown, where it still fits the screen."""
        if not self._written:
            return
        size = shutil.get_terminal_size()
        rows = [1 + max(0, len(line) - 1) // size.columns for line in self._written.split("\n")]
        if sum(rows) < size.lines:
            # Up to where the text began, and erase to the end of the screen.
            up = f"\x1b[{sum(rows) - 1}A" if sum(rows) > 1 else ""
            print(f"\r{up}\x1b[J", end="", file=self._out, flush=True)
        else:
            print(file=self._out)


class _LiveOutput:
    """A listener that keeps one cell's output up to date through its display id."""

    def __init__(
        self, ask: Ask, session: Session, live: LiveKernel, magic: str, previews: Previews
    ) -> None:
        self._id = ask.proposal_id
        self._asked = ask.snapshot
        self._previews = previews
        self._session = session
        self._magic = magic
        self._kernel = live.kernel
        # The output belongs to the cell that asked, whatever runs when it is updated.
        self._parent = live.parent()
        self._shown = ""
        self._last = 0.0
        self._sent = False
        self._is_previewed = False
        self.stop: Any = lambda: None

    def changed(self, proposal: Proposal) -> None:
        if proposal.id != self._id:
            return
        if proposal.status == "drafting":
            if _is_begun_anew(proposal):
                self._shown = ""
            self._publish(
                safe(proposal.notice) or f"Proposal {self._id}: {named(proposal.origin.model)} …"
            )
            return
        if proposal.status == "pending":
            from llm_notebook.diffing import render_html

            html = render_html(proposal, self._session.snapshot_of(self._id))
            self._publish(summary(proposal, self._session, self._magic, color=True), html)
            if not self._is_previewed:
                self._is_previewed = True
                self._previews.under(proposal, self._asked, self._parent)
        else:
            self._publish(summary(proposal, self._session, self._magic, color=True))
        if proposal.status not in OPEN:
            self.stop()

    def streamed(self, more: Streamed) -> None:
        if more.proposal_id != self._id:
            return
        self._shown += more.answer + "".join(growth.text for growth in more.growth)
        now = time.monotonic()
        if now - self._last >= UPDATE_INTERVAL:
            self._last = now
            self._publish(safe(self._shown))

    def _publish(self, text: str, html: str = "") -> None:
        data = {"text/plain": text, **({"text/html": html} if html else {})}
        assert self._kernel is not None
        self._kernel.session.send(
            self._kernel.iopub_socket,
            "update_display_data" if self._sent else "display_data",
            {"data": data, "metadata": {}, "transient": {"display_id": f"llm-{self._id}"}},
            parent=self._parent,
            ident=b"display_data",
        )
        self._sent = True
