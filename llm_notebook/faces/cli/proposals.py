"""Notebooks and proposals from files, or from what is piped in."""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from llm_notebook.core.edits import edits_hash
from llm_notebook.core.errors import InvalidProposalError, UnreadableNotebookError
from llm_notebook.core.patch import Patch
from llm_notebook.core.proposal import Proposal
from llm_notebook.diffing import shown
from llm_notebook.faces.cli.out import UsageError
from llm_notebook.files import NotebookFile
from llm_notebook.files.reading import LARGEST, load

PIPED = "-"
_STDIN = "what was piped in"
_ALWAYS = {"id", "origin", "created", "status", "title", "edits", "before"}


def notebook_from(name: str) -> NotebookFile:
    """A notebook by its path; ``-`` is what is piped in."""
    return NotebookFile(_piped(), _STDIN) if name == PIPED else NotebookFile.read(name)


def cells_from(name: str) -> tuple[bool, list[tuple[str, int, str]]]:
    """The code cells of a notebook (id, number, source), or a file of code as one cell.

    Returns
    -------
    is_notebook : bool
    cells : list of (str, int, str)
    """
    data = _piped() if name == PIPED else load(name)
    if name.lower().endswith(".ipynb") or (name == PIPED and data.lstrip()[:1] == b"{"):
        snapshot = NotebookFile(data, _STDIN if name == PIPED else name).snapshot
        numbered = enumerate(snapshot, 1)
        return True, [(cell.id, at, cell.source) for at, cell in numbered if cell.type == "code"]
    try:
        return False, [("", 1, data.decode("utf-8-sig"))]
    except UnicodeDecodeError:
        called = "What was piped in" if name == PIPED else name
        raise UnreadableNotebookError(
            f"{called} is neither a notebook nor text in UTF-8.", next="Save it as UTF-8."
        ) from None


def proposal_from(name: str) -> Patch:
    """A proposal from a file that ``diff --json`` or ``ask --draft`` wrote, or one like it.

    Of its fields only ``edits`` must be there.

    Raises
    ------
    InvalidProposalError
        One sentence that says what is wrong with it.
    """
    called = "What was piped in" if name == PIPED else name
    try:
        data = _piped() if name == PIPED else load(name)
        value = json.loads(data.decode("utf-8-sig"), parse_int=_int)
    except UnicodeDecodeError:
        raise _no_proposal(called, "its bytes are not UTF-8 text") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _no_proposal(called, f"its JSON breaks at {where}") from None
    except RecursionError:
        raise _no_proposal(called, "it is nested too deeply") from None
    return _converted(value, called)


def to_file(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it stands in a file, without what is empty."""
    built: dict[str, Any] = msgspec.to_builtins(proposal)
    origin = {key: value for key, value in built["origin"].items() if value not in (None, (), [])}
    return {
        key: value
        for key, value in {**built, "origin": origin}.items()
        if key in _ALWAYS or value not in (None, (), [], "", 1)
    }


def _converted(value: Any, called: str) -> Patch:
    if not isinstance(value, dict):
        raise _no_proposal(called, "its JSON is not an object")
    if "cells" in value and "nbformat" in value:
        raise _no_proposal(called, "it is a notebook")
    if "edits" not in value:
        raise _no_proposal(called, "it has no edits")
    missing = {"id": "", "origin": {"prompt": "", "model": ""}, "created": 0.0, "status": "pending"}
    try:
        found = msgspec.convert({**missing, **value}, Patch)
    except msgspec.ValidationError as error:
        raise _no_proposal(called, shown(str(error))[:300]) from None
    return found if found.id else msgspec.structs.replace(found, id=edits_hash(found.edits))


def _piped() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("Nothing was piped in.", next="Name a file instead of “-”.")
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableNotebookError(
            f"What was piped in is larger than the {LARGEST >> 20} MB that can be read here."
        )
    return data


def _int(text: str) -> int | float:
    return int(text) if len(text) < 20 else float(text)


def _no_proposal(called: str, why: str) -> InvalidProposalError:
    return InvalidProposalError(
        f"{called} is not a proposal: {why}.",
        kept="Nothing was written.",
        next="Make one with llm-notebook diff BEFORE AFTER --json.",
    )
