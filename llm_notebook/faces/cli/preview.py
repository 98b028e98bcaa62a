"""``llm-notebook preview``: what a proposal would do, shown before anything is written."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from llm_notebook.core.errors import (
    InvalidProposalError,
    LLMNotebookError,
    StoreError,
    UnknownProposalError,
)
from llm_notebook.core.notebook import Snapshot
from llm_notebook.core.preview import Preview
from llm_notebook.core.proposal import Proposal, called
from llm_notebook.diffing import placed
from llm_notebook.faces.cli.out import Exit, Out, UsageError
from llm_notebook.faces.cli.proposals import PIPED, notebook_from, proposal_from
from llm_notebook.faces.cli.workspace import check_level, kept_as
from llm_notebook.faces.hosts import Screen
from llm_notebook.faces.preview_files import Places, save_all, save_pictures
from llm_notebook.faces.preview_text import Shown, preview_text
from llm_notebook.faces.preview_verbs import kept_until_end, progress, would_be
from llm_notebook.faces.texts import safe
from llm_notebook.faces.trying import LONGEST, preview
from llm_notebook.files import NotebookFile
from llm_notebook.tracing import traced

if TYPE_CHECKING:
    from llm_notebook.session import Session

_EXITS = {"previewed": Exit.DONE, "refused": Exit.REFUSED}


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Run a proposal's cells in a sandbox, and show what came of it."""
    if options.notebook == options.proposal == PIPED:
        raise UsageError("Only one of the two can be piped in.")
    if not 0 < options.budget <= LONGEST or options.sample < 0:
        raise UsageError(
            f"--budget is seconds above 0, up to {LONGEST:,} (a day); --sample is rows, 0 or more."
        )
    file = notebook_from(options.notebook)
    check_level(file, "nothing was run")
    proposal = placed(found_proposal(options.proposal, file), file.snapshot)
    screen = Screen(sys.stderr)
    try:
        found = preview(
            file.snapshot,
            proposal,
            live=False,
            budget=options.budget,
            sample=options.sample,
            downstream=options.downstream,
            readable=options.readable or (),
            progress=progress(screen),
        )
    finally:
        screen.clear()
    after = would_be(file.snapshot, proposal)
    places: Places = {}
    if options.out is not None:
        places = save_all(
            found, lambda there: preview_text(found, Shown(after, there)), Path(options.out)
        )
    if out.as_json:
        out.result(as_record(found, places))
    else:
        out.say(preview_text(found, Shown(after, places, color=out.color)))
        if options.out is not None:
            out.say(f"{len(places) + 1} files are in {options.out}.")
    if found.status == "stopped":
        return Exit.INTERRUPTED
    return _EXITS.get(found.status, Exit.NO)


def found_proposal(name: str, file: NotebookFile) -> Proposal:
    """A proposal from a file or what is piped in, or by its id from the record.

    Raises
    ------
    InvalidProposalError
        There is no such file and no such proposal, or it is none.
    """
    if name == PIPED or os.path.exists(name):
        return proposal_from(name)
    from llm_notebook.store import Store

    store = Store()
    try:
        if store.path.exists() and name.isascii():  # as every id is
            exact = store.find(name)
            if exact is not None:
                return exact
            return called(store.open_proposals(kept_as(file.name)), name)
    except (StoreError, UnknownProposalError):
        pass  # said below, of both
    raise InvalidProposalError(
        f"There is no file and no proposal called {name}.",
        kept="Nothing was run.",
        next="llm-notebook log names the proposals of a notebook.",
    )


def previewed(proposal: Proposal, snapshot: Snapshot, session: Session, out: Out) -> str:
    """A proposal under review, run and written into the record; as text."""
    screen = Screen(out.person)
    try:
        found = preview(snapshot, proposal, live=False, progress=progress(screen))
    except LLMNotebookError as error:
        return safe(error.problem.text())
    finally:
        screen.clear()
    session.note(proposal.id, "dry run", **traced(found, is_automatic=False))
    try:
        places = save_pictures(
            found, Path(tempfile.mkdtemp(prefix="preview-", dir=kept_until_end()))
        )
    except (LLMNotebookError, OSError):
        places = {}
    return preview_text(found, Shown(would_be(snapshot, proposal), places, color=out.color))


def as_record(found: Preview, places: Places) -> dict[str, Any]:
    """The preview as JSON; an output that was written to a file names it."""
    built: dict[str, Any] = msgspec.to_builtins(found)
    for (at, place), path in places.items():
        built["cells"][at]["outputs"][place]["file"] = path
    return built
