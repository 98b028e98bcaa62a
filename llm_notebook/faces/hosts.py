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
from typing import TYPE_CHECKING, Any

from llm_notebook.core.proposal import Delete, Insert, Move, Proposal, Replace
from llm_notebook.core.protocol import Ask, Streamed

if TYPE_CHECKING:
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.session import Session

UPDATE_INTERVAL = 0.15
"""Seconds between two updates of an output while a reply arrives."""


class TerminalHost:
    """Plain IPython: the reply streams in place, an accept fills the next prompt."""

    def __init__(self, session: Session, live: LiveKernel, magic: str) -> None:
        self._session = session
        self._live = live
        self._magic = magic

    def ask(self, ask: Ask) -> None:
        """Ask, show the reply as it arrives, then the diff. Ctrl-C cancels."""
        events: queue.SimpleQueue[Proposal | Streamed] = queue.SimpleQueue()
        screen = _Screen()
        stop = self._session.listen(_Queued(ask.proposal_id, events))
        try:
            proposal = self._session.ask(ask)
            while proposal.status == "drafting":
                event = events.get()
                if isinstance(event, Proposal):
                    if event.notice != proposal.notice:
                        screen.write(f"[{event.notice}]\n")
                    proposal = event
                else:
                    screen.stream(event)
        except KeyboardInterrupt:
            proposal = self._session.cancel(ask.proposal_id)
        finally:
            stop()
            screen.clear()
        print(summary(proposal, self._session, self._magic, color=screen.is_terminal))

    def accept(self, proposal: Proposal) -> str:
        """Put the code on the next prompt."""
        return land(proposal, self._session, self._live, "your next prompt")


class OutputHost:
    """Another notebook front end: the reply is an output that is updated as it arrives."""

    def __init__(self, session: Session, live: LiveKernel, magic: str) -> None:
        self._session = session
        self._live = live
        self._magic = magic

    def ask(self, ask: Ask) -> None:
        """Ask and return; the output under this cell follows the reply."""
        output = _LiveOutput(ask.proposal_id, self._session, self._live, self._magic)
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
                notes.append(f"A {edit.cell_type} cell is not code; its text:\n{edit.source}")
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
    return f"In[{cell_id[3:]}]" if cell_id.startswith("in-") else f"cell {cell_id}"


def summary(proposal: Proposal, session: Session, magic: str, *, color: bool) -> str:
    """A proposal as text: its diff where it waits, else what became of it."""
    if proposal.status == "pending":
        from llm_notebook.diff import render_text

        diff = render_text(proposal, session.snapshot_of(proposal.id), color=color)
        return (
            f"{diff.rstrip()}\n\nProposal {proposal.id} by {proposal.origin.model}: "
            f"%{magic} accept takes it, %{magic} reject drops it."
        )
    if proposal.problem is not None:
        return f"Proposal {proposal.id} failed. {proposal.problem.text()}"
    if proposal.status in ("answered", "declined"):
        tries = "".join(f"\n  try: {found.prompt}" for found in proposal.suggestions)
        return f"{proposal.origin.model}: {proposal.answer.strip()}{tries}"
    return f"Proposal {proposal.id} is {proposal.status}."


def _safe(text: str) -> str:
    """Text of a reply for a terminal: nothing in it can hide or move the cursor."""
    from llm_notebook.diff.text import shown

    return "\n".join(map(shown, text.split("\n")))


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


class _Screen:
    """Text that streams onto a terminal and is taken away when the diff replaces it."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self._written = ""

    def stream(self, more: Streamed) -> None:
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
        if self.is_terminal and text:
            text = _safe(text)
            self._written += text
            print(text, end="", flush=True)

    def clear(self) -> None:
        if not self._written:
            return
        size = shutil.get_terminal_size()
        rows = [1 + max(0, len(line) - 1) // size.columns for line in self._written.split("\n")]
        if sum(rows) < size.lines:
            # Up to where the text began, and erase to the end of the screen.
            print("\r" + (f"\x1b[{sum(rows) - 1}A" if sum(rows) > 1 else "") + "\x1b[J", end="")
        else:
            print()


class _LiveOutput:
    """A listener that keeps one cell's output up to date through its display id."""

    def __init__(self, proposal_id: str, session: Session, live: LiveKernel, magic: str) -> None:
        self._id = proposal_id
        self._session = session
        self._magic = magic
        self._kernel = live.kernel
        # The output belongs to the cell that asked, whatever runs when it is updated.
        self._parent = live.parent()
        self._shown = ""
        self._last = 0.0
        self._sent = False
        self.stop: Any = lambda: None

    def changed(self, proposal: Proposal) -> None:
        if proposal.id != self._id:
            return
        if proposal.status == "drafting":
            self._publish(proposal.notice or f"Proposal {self._id}: {proposal.origin.model} …")
            return
        if proposal.status == "pending":
            from llm_notebook.diff import render_html

            html = render_html(proposal, self._session.snapshot_of(self._id))
            self._publish(summary(proposal, self._session, self._magic, color=True), html)
        else:
            self._publish(summary(proposal, self._session, self._magic, color=True))
        if proposal.status != "pending":
            self.stop()

    def streamed(self, more: Streamed) -> None:
        if more.proposal_id != self._id:
            return
        self._shown += more.answer + "".join(growth.text for growth in more.growth)
        now = time.monotonic()
        if now - self._last >= UPDATE_INTERVAL:
            self._last = now
            self._publish(_safe(self._shown))

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
