"""Previews where there is no page: with a proposal by itself, and on ``%llm preview``."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.errors import InvalidProposalError, LLMNotebookError, RepairError, StaleError
from llm_notebook.core.levels import DEFAULT_LEVEL
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.preview import Preview
from llm_notebook.core.proposal import Proposal, new_proposal_id
from llm_notebook.core.protocol import Ask, DryRun
from llm_notebook.diffing import apply
from llm_notebook.faces.awaiting import awaited
from llm_notebook.faces.options import PreviewOptions
from llm_notebook.faces.preview_files import Places, picture_of, save_pictures
from llm_notebook.faces.preview_text import Shown, preview_text

if TYPE_CHECKING:
    from llm_notebook.faces.hosts import Screen
    from llm_notebook.faces.kernel import LiveKernel
    from llm_notebook.previewing import Previewing

BY_ITSELF = 5.0
"""Seconds that a dry run has that nobody asked for."""

ASKED = 60.0
"""Seconds that a person's own has, who can stop it and can name another number."""


def message_for(
    proposal: Proposal, snapshot: Snapshot, options: PreviewOptions | None = None
) -> DryRun:
    """What is asked of the session; without options, what is run by itself."""
    found = options or PreviewOptions(budget=BY_ITSELF)
    return DryRun(
        proposal.id,
        proposal.hash,
        snapshot,
        level=DEFAULT_LEVEL,
        automatic=options is None,
        budget=found.budget or ASKED,
        sample=found.sample,
        downstream=found.downstream,
    )


class Previews:
    """Dry runs as a terminal, or another notebook front end, shows them.

    Parameters
    ----------
    previewing : Previewing
    live : LiveKernel

    Attributes
    ----------
    repairs : bool
        Whether one that failed is repaired once without being asked for.
    """

    def __init__(self, previewing: Previewing, live: LiveKernel) -> None:
        self.previewing = previewing
        self.repairs = False
        self._live = live
        self._has_said_why = False

    def by_itself(
        self, proposal: Proposal, snapshot: Snapshot, screen: Screen
    ) -> tuple[Preview | None, str]:
        """A proposal that has just come: its preview, and as text; none below level Preview."""
        level, why = self.previewing.level()
        if level < DEFAULT_LEVEL or proposal.status != "pending":
            is_news = bool(why) and not self._has_said_why
            self._has_said_why = self._has_said_why or is_news
            return None, why if is_news else ""
        preview = self._run(message_for(proposal, snapshot), screen)
        return preview, self._text(preview, proposal, snapshot, color=screen.is_terminal)

    def asked(
        self, proposal: Proposal, snapshot: Snapshot, options: PreviewOptions, screen: Screen
    ) -> str:
        """What ``%llm preview`` shows."""
        preview = self._run(message_for(proposal, snapshot, options), screen)
        if self._live.kernel is not None:
            self._display(preview)
        return self._text(preview, proposal, snapshot, color=True)

    def under(self, proposal: Proposal, snapshot: Snapshot, parent: dict[str, Any]) -> None:
        """A proposal that has just come, in a front end that is not ours; returns at once."""
        from llm_notebook.faces.preview_output import PreviewOutput

        if self.previewing.level()[0] >= DEFAULT_LEVEL:
            after = would_be(snapshot, proposal)
            PreviewOutput(proposal.id, after, self.previewing, self._live, parent)
            self.previewing.start_soon(message_for(proposal, snapshot))

    def repair_of(self, ask: Ask, failed: Proposal) -> Ask | None:
        """The one repair that is made by itself; None where it was made already."""
        from llm_notebook.repairing import prepared

        origin = msgspec.structs.replace(
            ask.origin, prompt="", refines=failed.id, clarifies=None, repairs="automatic"
        )
        again = msgspec.structs.replace(
            ask, proposal_id=new_proposal_id(), origin=origin, error=None
        )
        try:
            return prepared(again, self.previewing)
        except RepairError:
            return None

    def _run(self, message: DryRun, screen: Screen) -> Preview:
        try:
            return awaited(self.previewing, message, progress(screen))
        finally:
            screen.clear()

    def _text(
        self, preview: Preview, proposal: Proposal, snapshot: Snapshot, *, color: bool
    ) -> str:
        places: Places = {}
        note = ""
        if self._live.kernel is None and any(map(_has_picture, preview.cells)):
            try:
                places = save_pictures(preview, Path(tempfile.mkdtemp(dir=kept_until_end())))
            except (LLMNotebookError, OSError) as error:
                note = f"\n{error}"
        shown = Shown(would_be(snapshot, proposal), places, color=color)
        return preview_text(preview, shown) + note

    def _display(self, preview: Preview) -> None:
        """Pictures into the cell's own output; texts go there as text."""
        from IPython.display import display

        for run in preview.cells:
            for output in run.outputs:
                if _picture(output):
                    data = {kind: output.data[kind] for kind in _picture(output)}
                    display(data, raw=True)  # type: ignore[no-untyped-call]


def would_be(snapshot: Snapshot, proposal: Proposal) -> Snapshot:
    """The notebook with a proposal, by which its cells are named; as it is where it is stale."""
    try:
        return apply(snapshot, proposal)
    except (StaleError, InvalidProposalError):
        return snapshot


def progress(screen: Screen) -> Callable[[Preview], None]:
    """A line that says how it goes, taken away at the end; nothing where there is no terminal."""
    begun, last, status = time.monotonic(), 0.0, ""

    def show(preview: Preview) -> None:
        nonlocal last, status
        now = time.monotonic()
        if now - last < 0.2 and preview.status == status:
            return
        last, status = now, preview.status
        screen.begin_anew()
        reason = f": {preview.reason}" if preview.reason else ""
        done = sum(run.status in ("ran", "failed") for run in preview.cells)
        of = f", {done} of {len(preview.cells)} cells" if len(preview.cells) > 1 else ""
        screen.write(f"[preview {status}, {now - begun:.0f} s{of}{reason}; Ctrl-C stops]")

    return show


def _has_picture(run: Any) -> bool:
    return any(map(_picture, run.outputs))


def _picture(output: Any) -> tuple[str, ...]:
    found = picture_of(output)
    return (found[0],) if found else ()


@cache
def kept_until_end() -> str:
    """Where this process keeps pictures until it ends; only its owner can look into it."""
    found = tempfile.mkdtemp(prefix="llm-notebook-previews-")
    atexit.register(shutil.rmtree, found, ignore_errors=True)
    return found
