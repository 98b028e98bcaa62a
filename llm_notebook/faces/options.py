"""What stands on the line of ``%%llm`` and ``%llm``."""

from __future__ import annotations

import re
import shlex
from typing import cast, get_args

import msgspec
from IPython.core.error import UsageError

from llm_notebook.core.errors import ModelError
from llm_notebook.core.origin import Role, Wants
from llm_notebook.core.proposal import Proposal
from llm_notebook.llm.names import chain_of, is_model

HELP = """\
%%llm [--model provider:model]   ask for a proposal; your words stand below this line
%%llm --explain                  ask for an explanation; nothing is proposed
%%llm --refine [id]              ask for a next version of a proposal
%llm refine WORDS                the same for the newest, on one line
%llm choose N [id]               answer a question with its choice N
%llm model [provider:model]      choose the model, or list the models; several with commas: the
                                 next takes over where one is down
%llm model --role R MODEL        another one to complete, plan or describe; "same" ends that
%llm record [FILE | off]         add each ask and its reply to a file; %llm model replay:FILE
%llm level [off | complete | propose | preview]
                                 how far the leash goes; it can only be lowered here, and Auto-run
                                 is armed at JupyterLab's slider alone
%llm diff [id]                   show a proposal
%llm preview [id] [--budget S] [--sample ROWS] [--downstream]
                                 run it in a sandbox and show what it would do; Ctrl-C stops it
%llm repair [id]                 ask for a next version that mends what failed there
%llm why [id]                    may it run unasked? Every reason, by rule and line
%llm accept [id]                 take it: the newest, or the one whose id starts so
%llm reject [id]                 drop it
%llm truth                       does the kernel hold what the notebook says, and what to run again
%llm log [all]                   what was asked and decided here (all: in every notebook)
%llm help                        this text"""


class Options(msgspec.Struct, frozen=True):
    """How the words below are meant.

    Attributes
    ----------
    model : str or None
        Another one than is chosen, for this ask.
    wants : {"edits", "text"}
    refines : str or None
        The start of the id of the proposal that they follow up; empty for the
        one that waits.
    """

    model: str | None = None
    wants: Wants = "edits"
    refines: str | None = None


def read_options(line: str) -> Options:
    """The options on the line; a slip is a `UsageError`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"The line of %%llm cannot be read: {error}.") from None
    options = Options()
    while words:
        word = words.pop(0)
        if word in ("--model", "-m") and words and is_model(words[0]):
            options = msgspec.structs.replace(options, model=words.pop(0))
        elif word == "--explain":
            options = msgspec.structs.replace(options, wants="text")
        elif word == "--refine":
            named = bool(words) and not words[0].startswith("-")
            options = msgspec.structs.replace(options, refines=words.pop(0) if named else "")
        else:
            raise UsageError(
                "Only --model provider:model, --explain and --refine [id] may stand on the line "
                "of %%llm; your words go below it."
            )
    if options.wants == "text" and options.refines is not None:
        raise UsageError(
            "--explain and --refine do not go together: a next version is made of edits."
        )
    return options


class PreviewOptions(msgspec.Struct, frozen=True):
    """What is said of a dry run.

    Attributes
    ----------
    proposal : str
        The start of an id; empty for the one that waits.
    budget : float or None
        Seconds; None: as usual.
    sample : int
        Rows; 0: all.
    downstream : bool
    """

    proposal: str = ""
    budget: float | None = None
    sample: int = 0
    downstream: bool = False


def read_preview(line: str) -> PreviewOptions:
    """The options on the line of ``%llm preview``; a slip is a `UsageError`."""
    options, words = PreviewOptions(), line.split()
    while words:
        word, _, value = words.pop(0).partition("=")
        if word in ("--budget", "--sample"):
            value = value or (words.pop(0) if words else "")
            number = positive(value, whole=word == "--sample")
            if number is None:
                raise UsageError(f"{word} takes a number above 0, not {value!r}.")
            options = msgspec.structs.replace(options, **{word[2:]: number})
        elif word == "--downstream" and not value:
            options = msgspec.structs.replace(options, downstream=True)
        elif word.startswith("-") or options.proposal:
            raise UsageError(
                "Behind %llm preview may stand an id, --budget SECONDS, --sample ROWS and "
                "--downstream."
            )
        else:
            options = msgspec.structs.replace(options, proposal=word)
    return options


def positive(text: str, *, whole: bool) -> float | int | None:
    """A number above 0; None where it is none."""
    try:
        number: float | int = int(text) if whole else float(text)
    except ValueError:
        return None
    return number if 0 < number < 1e9 else None


def read_choice(line: str) -> tuple[Role, str]:
    """The role and the model on the line of ``%llm model``; a slip is a `UsageError`."""
    role, rest = "propose", line.strip()
    found = re.match(r"--role[ =](\S+)\s*", rest)
    if found:
        role, rest = found[1], rest[found.end() :]
    if role not in get_args(Role):
        raise UsageError(f"There is no role {role!r}. There are: {', '.join(get_args(Role))}.")
    model = rest.strip("\"'")
    if model and not (model == "same" and role != "propose"):
        try:
            chain_of(model)
        except ModelError as error:
            problem = error.problem
            raise UsageError(f"{problem.message} {problem.next}") from None
    return cast(Role, role), model


def refined(refines: Proposal | None, clarifies: Proposal | None) -> str | None:
    """What an ask builds on; the answer to a question builds on what the question did."""
    if refines is not None:
        return refines.id
    return None if clarifies is None else clarifies.origin.refines
