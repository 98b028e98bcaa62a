"""Wait for a dry run in a terminal's main thread, which alone can fork safely there."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

import msgspec

from llm_notebook.core.preview import OVER, Preview
from llm_notebook.core.protocol import DryRun
from llm_notebook.permitting import CHANGED
from llm_notebook.previewing import STOPPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from llm_notebook.previewing import Previewing

PATIENCE = 10.0
"""Seconds to wait for one that was stopped."""


def awaited(
    previewing: Previewing, message: DryRun, progress: Callable[[Preview], None]
) -> Preview:
    """Start a dry run and wait until it is over. Ctrl-C ends it.

    Parameters
    ----------
    progress : callable
        Gets the preview as it grows, several times a second, in this thread.
    """
    events: queue.SimpleQueue[Preview] = queue.SimpleQueue()
    stop = previewing.listen(events.put)
    until = float("inf")
    try:
        preview = _started(previewing, message)
        while preview.status not in OVER and time.monotonic() < until:
            try:
                found = events.get(timeout=0.25)
                if found.proposal_id == preview.proposal_id:
                    preview = found
                progress(preview)
            except queue.Empty:
                progress(preview)
                if not previewing.is_going(preview.proposal_id):  # the proposal has changed
                    return msgspec.structs.replace(preview, status="stopped", reason=CHANGED)
            except KeyboardInterrupt:
                previewing.stop(preview.proposal_id)
                until = time.monotonic() + PATIENCE
        return preview
    finally:
        stop()


def _started(previewing: Previewing, message: DryRun) -> Preview:
    try:
        return previewing.start(message)
    except KeyboardInterrupt:
        previewing.stop(message.proposal_id)
        return Preview(message.proposal_id, message.edits_hash, "stopped", reason=STOPPED)
