"""``llm-notebook log``."""

from __future__ import annotations

import argparse

from llm_notebook.faces.cli.out import Exit, Out, UsageError
from llm_notebook.faces.cli.workspace import kept_as
from llm_notebook.faces.trace import rows, table
from llm_notebook.store import Store


def run(options: argparse.Namespace, out: Out) -> Exit:
    """Show what was asked, proposed and decided, of one notebook or of all."""
    if options.limit is not None and options.limit < 1:
        raise UsageError("--limit is a number of lines, from 1.")
    store = Store()
    name = None if options.notebook is None else kept_as(options.notebook)
    # A log that is not there yet is empty; looking makes no file.
    found = rows(store, name, options.limit) if store.path.exists() else []
    if out.as_json:
        out.result(found)
    else:
        out.say(table(found))
    return Exit.DONE
