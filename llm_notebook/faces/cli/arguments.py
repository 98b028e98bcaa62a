"""What is typed behind a command, before the command sees it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from llm_notebook.faces.cli.out import Exit, Out, UsageError, one_line, to_stderr


class Misused(UsageError):
    """What was typed does not parse.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    message : str
        What argparse says.
    """

    def __init__(self, parser: argparse.ArgumentParser, message: str) -> None:
        said = one_line(message).rstrip(".")
        self.text = f"{parser.format_usage()}{parser.prog}: error: {said}"
        super().__init__(
            f"{said[:1].upper()}{said[1:]}.",
            kept="Nothing was done.",
            next=f"{parser.prog} --help says what it takes.",
        )


class Parser(argparse.ArgumentParser):
    """A parser that raises what is wrong, so that ``--json`` holds for this failure, too."""

    def error(self, message: str) -> NoReturn:
        """Raise `Misused`, instead of printing and leaving."""
        raise Misused(self, message)


def refuse(error: Misused, arguments: Sequence[str] | None) -> Exit:
    """Say what is wrong with the arguments, as JSON where they ask for that."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    options = words[: words.index("--")] if "--" in words else words
    # argparse takes --js for --json.
    if any(len(word) > 2 and "--json".startswith(word) for word in options):
        Out(as_json=True).failed(error.problem)
    else:
        to_stderr(error.text)
    return Exit.USAGE


def given(text: str) -> str:
    """An argument that must be something: an empty one is a variable that is not set."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty; is the variable set that stands there?")
    return text


def path(text: str) -> str:
    """A path; whether there is something is found out later."""
    if "\0" in text:
        raise argparse.ArgumentTypeError("no path can have a NUL character in it")
    return given(text)
