"""Whether a proposal may be dry-run: the level, what waits, and that it can be isolated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llm_notebook.core.errors import as_problem
from llm_notebook.core.levels import Level
from llm_notebook.core.preview import Isolation
from llm_notebook.core.proposal import Proposal
from llm_notebook.core.protocol import DryRun

if TYPE_CHECKING:
    from llm_notebook.ports import DryRuns

CHANGED = "The proposal has changed meanwhile, so nothing was run."
NONE_HERE = Isolation("none", "none", lacks=("There are no dry runs on this system.",))


def isolation_of(dry_runs: DryRuns | None) -> Isolation:
    """What a dry run would have; tier ``none`` says why there is none."""
    if dry_runs is None:
        return NONE_HERE
    try:
        return dry_runs.isolation()
    except Exception as error:  # what cannot be found out does not hold
        return Isolation("none", "none", lacks=(as_problem(error, kept="").message,))


def effective(
    chosen: Level, lowered: Level | None, isolation: Callable[[], Isolation]
) -> tuple[Level, str]:
    """The level in effect, and why it is below the one that was chosen.

    Parameters
    ----------
    chosen : {0, 1, 2, 3, 4}
    lowered : {0, 1, 2, 3, 4} or None
        What the kernel was lowered to.
    isolation : callable
        Asked only where it matters.
    """
    if lowered is not None and lowered < chosen:
        chosen = lowered
    if chosen >= 3 and (found := isolation()).tier == "none":
        return 2, f"There is no dry run here. {' '.join(found.lacks)}".strip()
    return chosen, ""


def refusal(
    message: DryRun,
    proposal: Proposal,
    lowered: Level | None,
    isolation: Callable[[], Isolation],
) -> str:
    """Why there is no dry run; empty where there is one."""
    level, why = effective(message.level, lowered, isolation)
    if level < (3 if message.automatic else 2):
        name = "Preview" if message.automatic else "Propose"
        return why or f"The level is below {name}, so nothing was run."
    if proposal.status != "pending":
        return f"The proposal is {proposal.status}, so nothing was run."
    if proposal.hash != message.edits_hash:
        return CHANGED
    found = isolation()
    if found.tier == "none":
        return f"Nothing was run: it could not be isolated. {' '.join(found.lacks)}".strip()
    return ""
