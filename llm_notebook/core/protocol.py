"""The messages between a front end and the session in the kernel.

This is the one definition. ``labextension/src/protocol.gen.ts`` is generated
from it, and CI fails when the two differ. Messages travel as JSON objects in
the ``data`` of a comm (target `COMM_TARGET`), tagged by ``type``.

A front end owns the document and the level. The kernel proposes and records;
nothing that it sends makes a front end apply or run anything by itself.
"""

from __future__ import annotations

from llm_notebook.core.from_frontend import (
    Ask,
    Cancel,
    Claim,
    Continue,
    Decided,
    DryRun,
    Hello,
    Look,
    Recall,
    Renamed,
    Revised,
    Standing,
    Stop,
    StopDryRun,
    Survey,
    Use,
)
from llm_notebook.core.from_kernel import (
    AskRequested,
    Changed,
    Claimed,
    Continued,
    DecideRequested,
    Failed,
    Found,
    Growth,
    Hit,
    Judged,
    Kept,
    Lowered,
    ModelChoice,
    Previewed,
    Recalled,
    Restored,
    Streamed,
    Surveyed,
    Truth,
    Used,
    Welcome,
    Windows,
)
from llm_notebook.core.levels import Level, Verdict
from llm_notebook.core.way_back import AskTruth, Keep, Restore

__all__ = [
    "COMM_TARGET",
    "PROTOCOL_VERSION",
    "STATUS_MIME",
    "Ask",
    "AskRequested",
    "AskTruth",
    "Cancel",
    "Changed",
    "Claim",
    "Claimed",
    "Continue",
    "Continued",
    "DecideRequested",
    "Decided",
    "DryRun",
    "Failed",
    "Found",
    "FrontendMessage",
    "Growth",
    "Hello",
    "Hit",
    "Judged",
    "Keep",
    "Kept",
    "KernelMessage",
    "Level",
    "Look",
    "Lowered",
    "ModelChoice",
    "Previewed",
    "Recall",
    "Recalled",
    "Renamed",
    "Restore",
    "Restored",
    "Revised",
    "Standing",
    "Stop",
    "StopDryRun",
    "Streamed",
    "Survey",
    "Surveyed",
    "Truth",
    "Use",
    "Used",
    "Verdict",
    "Welcome",
    "Windows",
]

PROTOCOL_VERSION = 4
COMM_TARGET = "llm_notebook"
STATUS_MIME = "application/vnd.llm-notebook.status+json"

FrontendMessage = (
    Hello
    | Renamed
    | Ask
    | Survey
    | Look
    | Cancel
    | Continue
    | Stop
    | Claim
    | Decided
    | Revised
    | Use
    | DryRun
    | StopDryRun
    | Recall
    | Standing
    | AskTruth
    | Keep
    | Restore
)

KernelMessage = (
    Welcome
    | Windows
    | Claimed
    | Surveyed
    | Found
    | Continued
    | Changed
    | Streamed
    | AskRequested
    | DecideRequested
    | Lowered
    | Used
    | Previewed
    | Judged
    | Recalled
    | Truth
    | Kept
    | Restored
    | Failed
)
