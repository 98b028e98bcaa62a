"""``llm-notebook diff`` and ``llm-notebook apply``."""

from __future__ import annotations

import argparse
import sys

from llm_notebook.diffing import check, choose, diff, placed, render, taken_back
from llm_notebook.faces.cli.out import Exit, Out, UsageError
from llm_notebook.faces.cli.proposals import PIPED, notebook_from, proposal_from, to_file
from llm_notebook.files import NotebookFile


def run_diff(options: argparse.Namespace, out: Out) -> Exit:
    """Show what differs between two notebooks, or write it as a proposal."""
    if options.before == options.after == PIPED:
        raise UsageError("Only one of the two can be piped in.")
    before, after = notebook_from(options.before), notebook_from(options.after)
    proposal = diff(before.snapshot, after.snapshot)
    if out.as_json:
        out.result(to_file(proposal))
    elif proposal.edits:
        sys.stdout.write(render(proposal, before.snapshot, color=out.color))
    elif before.data == after.data:
        out.say("The files are the same.")
    else:
        out.say("The cells are the same; the files differ in outputs, metadata or layout.")
    return Exit.NO if proposal.edits and options.exit_code else Exit.DONE


def run_apply(options: argparse.Namespace, out: Out) -> Exit:
    """Apply a proposal, or some of it, to a notebook file."""
    if options.notebook == options.proposal == PIPED:
        raise UsageError("Only one of the two can be piped in.")
    file = notebook_from(options.notebook)
    proposal = proposal_from(options.proposal)
    if options.reverse:
        proposal = taken_back(proposal)
    there = placed(proposal, file.snapshot)
    only = [name for names in options.only or () for name in names.replace(",", " ").split()]
    if options.only is not None and not only:
        raise UsageError("--only names no edit.", next="Name some, such as --only 1,2.1")
    if options.dry_run:
        reasons = check(file.snapshot, there.edits)
        if out.as_json:
            out.result({"fits": not any(reasons), "reasons": list(reasons), **to_file(there)})
        else:
            sys.stdout.write(render(there, file.snapshot, color=out.color))
        return Exit.MISFIT if any(reasons) else Exit.DONE
    edits = choose(file.snapshot, there, only) if only else there.edits
    target = options.output
    if target is None and options.notebook == PIPED:
        target = PIPED
    data = file.edited(edits, upgrade=target is not None)
    if target == PIPED:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return Exit.DONE
    file.save(data, target)
    _tell(file, data, file.name if target is None else target, len(edits), out)
    return Exit.DONE


def _tell(file: NotebookFile, data: bytes, name: str, edits: int, out: Out) -> None:
    if out.as_json:
        cells = len(NotebookFile(data, name).snapshot)
        out.result({"written": name, "changed": data != file.data, "edits": edits, "cells": cells})
    elif data == file.data:
        out.say(f"{name}: nothing to change.")
    else:
        out.say(f"{name}: {edits} edit{'s' if edits != 1 else ''} applied.")
