"""The parser of ``llm-notebook``, and what goes around every command."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from llm_notebook import __version__
from llm_notebook.core.errors import LLMNotebookError, Problem
from llm_notebook.faces.cli.arguments import Misused, refuse
from llm_notebook.faces.cli.out import (
    Exit,
    Out,
    exit_of,
    is_unwritten,
    silence,
    stand_in_for_closed_streams,
)
from llm_notebook.faces.cli.parser import build

DEBUG = "LLM_NOTEBOOK_DEBUG"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    stand_in_for_closed_streams()
    parser = build(__version__)
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
    out = Out()
    try:
        options = _parsed(parser, arguments)
        out = Out(as_json=getattr(options, "json", False), color=getattr(options, "color", "never"))
        code = _run(options, out)
        sys.stdout.flush()
        return code
    except Misused as error:
        return refuse(error, arguments)
    except BrokenPipeError:  # as in `llm-notebook diff a b | head`
        silence(sys.stdout)
        return Exit.PIPE_CLOSED
    except KeyboardInterrupt:
        out.failed(Problem("interrupted", "Stopped.", "Nothing more was written."))
        return Exit.INTERRUPTED
    except LLMNotebookError as error:
        out.failed(error.problem)
        return exit_of(error)
    except Exception as error:
        if is_unwritten(error):
            silence(sys.stdout)
            out.failed(
                Problem(
                    "unwritten",
                    f"What was to be printed could not be written ({error}).",
                    "A notebook is replaced whole or not at all.",
                    "Look at where stdout leads.",
                )
            )
            return Exit.FILE
        if os.environ.get(DEBUG):
            traceback.print_exc()
        out.failed(
            Problem(
                "internal",
                f"Something in llm_notebook went wrong ({type(error).__name__}: {error}).",
                "A notebook is replaced whole or not at all.",
                f"Run it again with {DEBUG}=1 for the details, and please report them.",
            )
        )
        return Exit.INTERNAL


def _parsed(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> argparse.Namespace:
    try:
        return parser.parse_args(arguments)
    except SystemExit:  # after --help and --version
        sys.stdout.flush()
        raise


def _run(options: argparse.Namespace, out: Out) -> int:
    """A command's code is imported when it is called, and no other's."""
    module, _, name = options.run.partition(":")
    return int(getattr(import_module(f"llm_notebook.faces.cli.{module}"), name)(options, out))
