"""The commands, their options and their examples."""

from __future__ import annotations

import argparse
from typing import Any

from llm_notebook.faces.cli.arguments import Parser, given, path

_COMPLETION = """\
examples:
  bash   eval "$(llm-notebook completion bash)"      in ~/.bashrc
  zsh    eval "$(llm-notebook completion zsh)"       in ~/.zshrc, after compinit
  fish   llm-notebook completion fish > ~/.config/fish/completions/llm-notebook.fish"""

_DIFF = """\
examples:
  llm-notebook diff before.ipynb after.ipynb
  llm-notebook diff before.ipynb after.ipynb --json > proposal.json
  git show HEAD:a.ipynb | llm-notebook diff - a.ipynb
  git difftool --no-prompt --extcmd "llm-notebook diff" -- a.ipynb

Cells are compared by type and source. Edits are numbered [1], [2], the hunks
of one [2.1], [2.2]; `apply --only` takes these numbers."""

_APPLY = """\
examples:
  llm-notebook apply a.ipynb proposal.json
  llm-notebook apply a.ipynb proposal.json --only 1,2.1 -o b.ipynb
  llm-notebook apply a.ipynb proposal.json --dry-run
  llm-notebook apply b.ipynb proposal.json --reverse
  llm-notebook diff a.ipynb b.ipynb --json | llm-notebook apply c.ipynb -

What the proposal does not touch keeps its bytes. The file is replaced whole,
or not at all where one edit does not fit or the file changed meanwhile."""

_PREVIEW = """\
examples:
  llm-notebook preview a.ipynb proposal.json
  llm-notebook preview a.ipynb 3f2a91cc --out shown --downstream
  llm-notebook diff a.ipynb b.ipynb --json | llm-notebook preview a.ipynb -
  llm-notebook preview a.ipynb proposal.json --json | jq .summary

The notebook's earlier cells run first, in the sandbox too. No file is changed,
nobody is contacted, and the notebook is not written."""

_ASSESS = """\
examples:
  llm-notebook assess cell.py
  llm-notebook assess analysis.ipynb --json | jq '.cells[] | select(.decision != "ALLOW")'
  echo 'df.to_csv("out.csv")' | llm-notebook assess -

Read from the syntax; nothing is run. A file that is no notebook is one cell, in which
IPython's magics may stand. Ends with 1 where something would be asked about."""

_ASK = """\
examples:
  llm-notebook ask a.ipynb "plot sales by month"
  llm-notebook ask a.ipynb "fix the error in c3" --cell 3 --model openai:gpt-5-mini
  llm-notebook ask a.ipynb "what does c2 do?" --explain
  llm-notebook ask a.ipynb "tidy the imports" --draft proposal.json

The proposal is reviewed hunk by hunk; nothing is written before you say yes.
With --draft it is kept for `apply`, which needs no terminal."""

_LOG = """\
examples:
  llm-notebook log                    what was asked, proposed and decided, newest last
  llm-notebook log a.ipynb --limit 20
  llm-notebook log --json | jq -r '.[].prompt'"""

_DOCTOR = """\
examples:
  llm-notebook doctor
  llm-notebook doctor --json | jq '.checks[] | select(.state != "works")'

Shows no key, and connects to no other machine."""


def build(version: str) -> argparse.ArgumentParser:
    """The parser; each command names the function that runs it, as ``module:name``."""
    parser = Parser(
        prog="llm-notebook",
        description="Propose, compare and apply changes of notebooks.",
        epilog="`llm-notebook COMMAND --help` has examples. Exit codes: docs/command-line.md.",
    )
    parser.add_argument("--version", action="version", version=f"llm-notebook {version}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _diff(commands)
    _apply(commands)
    _preview(commands)
    _assess(commands)
    _ask(commands)
    _log(commands)
    _doctor(commands)
    found = _command(commands, "completion", "print the shell's completion script", _COMPLETION)
    found.add_argument("shell", choices=["bash", "zsh", "fish"])
    found.set_defaults(run="completion:run")
    return parser


def _diff(commands: Any) -> None:
    found = _command(commands, "diff", "what differs between two notebooks", _DIFF)
    _notebook(found, "before", "a notebook, or - for what is piped in")
    _notebook(found, "after", "the other one")
    _json(found, "write the proposal that `apply` takes")
    found.add_argument(
        "--exit-code", action="store_true", help="end with 1 where the cells differ, as git does"
    )
    _color(found)
    found.set_defaults(run="files:run_diff")


def _apply(commands: Any) -> None:
    found = _command(commands, "apply", "apply a proposal to a notebook", _APPLY)
    _notebook(found, "notebook", "the notebook, or - for what is piped in")
    _files(
        found.add_argument(
            "proposal", type=path, metavar="PROPOSAL", help="what `diff --json` wrote, or -"
        ),
        ("json",),
    )
    _output(found)
    found.add_argument(
        "--only", action="append", metavar="N,N.M", help="only these edits and hunks, by number"
    )
    found.add_argument(
        "--reverse", action="store_true", help="take the proposal back, where it was applied"
    )
    found.add_argument(
        "-n", "--dry-run", action="store_true", help="show what it would do here; write nothing"
    )
    _json(found, "say as JSON what was written")
    _color(found)
    found.set_defaults(run="files:run_apply")


def _preview(commands: Any) -> None:
    found = _command(
        commands, "preview", "run a proposal in a sandbox, show what it would do", _PREVIEW
    )
    _notebook(found, "notebook", "the notebook, or - for what is piped in")
    _files(
        found.add_argument(
            "proposal",
            type=path,
            metavar="PROPOSAL",
            help="what `diff --json` wrote, an id from `log`, or -",
        ),
        ("json",),
    )
    found.add_argument("--out", type=path, metavar="DIR", help="write texts and pictures there")
    found.add_argument(
        "--budget", type=float, default=60.0, metavar="S", help="seconds that it may take (60)"
    )
    found.add_argument(
        "--sample", type=int, default=0, metavar="ROWS", help="cut frames to that many rows first"
    )
    found.add_argument(
        "--downstream", action="store_true", help="run later cells that use what it changes, too"
    )
    found.add_argument(
        "--readable",
        action="append",
        type=path,
        metavar="PATH",
        help="what may be read beside the folder",
    )
    _json(found, "the preview as JSON")
    _color(found)
    found.set_defaults(run="preview:run")


def _assess(commands: Any) -> None:
    found = _command(
        commands, "assess", "what code would do outside the notebook, by its syntax", _ASSESS
    )
    _files(
        found.add_argument("file", type=path, metavar="FILE", help="a .py file, a notebook, or -"),
        ("py", "ipynb"),
    )
    _json(found, "the assessment as JSON")
    _color(found)
    found.set_defaults(run="assess:run")


def _ask(commands: Any) -> None:
    found = _command(commands, "ask", "ask a model for a change, review it, write it", _ASK)
    _notebook(found, "notebook", "the notebook")
    found.add_argument("words", metavar="WORDS", help="what you want")
    model = found.add_argument(
        "--model", type=given, metavar="PROVIDER:MODEL", help="which model to ask"
    )
    model.completer = _models  # type: ignore[attr-defined]
    found.add_argument(
        "--cell", type=int, metavar="N", help="the cell that it is about; the first is 1"
    )
    found.add_argument("--explain", action="store_true", help="ask for words, not for changes")
    draft = found.add_argument(
        "--draft",
        type=path,
        metavar="FILE",
        help="write the proposal there (- is stdout); review nothing",
    )
    _files(draft, ("json",))
    _output(found)
    _json(found, "say as JSON what came of it; the review is on stderr then")
    _color(found)
    found.set_defaults(run="ask:run")


def _log(commands: Any) -> None:
    found = _command(commands, "log", "what was asked, proposed and decided", _LOG)
    _files(found.add_argument("notebook", type=path, metavar="NOTEBOOK", nargs="?"), ("ipynb",))
    found.add_argument("--limit", type=int, metavar="N", help="only the newest N lines")
    _json(found, "all of it as JSON")
    _color(found)
    found.set_defaults(run="log:run")


def _doctor(commands: Any) -> None:
    found = _command(commands, "doctor", "what works here, what does not, and the remedy", _DOCTOR)
    _json(found, "the checks as JSON")
    _color(found)
    found.set_defaults(run="doctor:run")


def _command(commands: Any, name: str, help: str, examples: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return found


def _notebook(parser: argparse.ArgumentParser, name: str, help: str) -> None:
    _files(parser.add_argument(name, type=path, metavar=name.upper(), help=help), ("ipynb",))


def _output(parser: argparse.ArgumentParser) -> None:
    option = parser.add_argument(
        "-o",
        "--output",
        type=path,
        metavar="OUT",
        help="write there, and leave the notebook as it is",
    )
    _files(option, ("ipynb",))


def _json(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--json", action="store_true", help=help)


def _color(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--color",
        choices=["auto", "always", "never"],
        default="auto",
        help="colour; auto: on a terminal, unless NO_COLOR is set",
    )


def _files(action: argparse.Action, endings: tuple[str, ...]) -> None:
    """Complete this argument by files that end so."""

    def completer(**arguments: Any) -> Any:
        from argcomplete.completers import FilesCompleter

        return FilesCompleter(allowednames=endings)(**arguments)

    action.completer = completer  # type: ignore[attr-defined]


def _models(**_: Any) -> list[str]:
    from llm_notebook.llm.providers import choices

    return [choice.id for choice in choices()]
