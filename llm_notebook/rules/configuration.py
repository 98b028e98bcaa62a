"""Rules and grants from files: ``llm_notebook_policy.toml`` in Jupyter's configuration folders.

All files that are there count, the administrator's and the person's own. Rules
only raise. Grants of a file hold where no page is: a page brings its own, since
code that a person accepted can edit a file of that person's.

A file that cannot be read in full makes everything ASK, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import msgspec

from llm_notebook.core.decision import EffectKind, Reason
from llm_notebook.core.grants import Grant
from llm_notebook.rules.evidence import Approver, Evidence

FILE = "llm_notebook_policy.toml"
_LARGEST = 100_000


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked or refused, whatever the built-in rules say.

    Attributes
    ----------
    effect : str
        A kind of effect, or ``any``.
    ruling : {"ASK", "DENY"}
    target : str
        Shell-style pattern that the path, host, command or name must match.
        What is not known from the code matches every pattern.
    text : str
        The reason as a person reads it.
    """

    effect: EffectKind | Literal["any"]
    ruling: Literal["ASK", "DENY"]
    target: str = "*"
    text: str = ""


class PolicyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file, as it is written."""

    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    ceiling: int | str | None = None
    """For the page, which has it from the server: see `llm_notebook.faces.ceilings`."""


class Configuration(msgspec.Struct, frozen=True):
    """All files together.

    Attributes
    ----------
    problems : tuple of str
        Files that could not be read, a sentence each.
    """

    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    problems: tuple[str, ...] = ()


def policy_folders() -> list[str]:
    """Jupyter's configuration folders, and those of the system whatever the environment says."""
    from jupyter_core.paths import SYSTEM_CONFIG_PATH, jupyter_config_path

    # JUPYTER_NO_CONFIG, which a user can set, leaves them out.
    return list(dict.fromkeys([*SYSTEM_CONFIG_PATH, *jupyter_config_path()]))


def read_configuration(folders: Iterable[str] | None = None) -> Configuration:
    """Read every policy file. Never raises.

    Parameters
    ----------
    folders : iterable of str, optional
        Default: `policy_folders`.
    """
    folders = policy_folders() if folders is None else folders
    rules: list[Rule] = []
    grants: list[Grant] = []
    problems: list[str] = []
    for folder in dict.fromkeys(folders):
        path = Path(folder) / FILE
        try:
            with path.open("rb") as file:
                text = file.read(_LARGEST + 1)
            if len(text) > _LARGEST:
                raise ValueError("it is too large")
            found = msgspec.toml.decode(text, type=PolicyFile)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            problems.append(f"The policy file {path} cannot be read, so all is asked: {error}.")
            continue
        rules += found.rules
        grants += found.grants
    return Configuration(tuple(rules), tuple(grants), tuple(problems))


def configured(configuration: Configuration) -> Approver:
    """The approver that applies the files' rules."""

    def approve(evidence: Evidence) -> Iterator[Reason]:
        for problem in configuration.problems:
            yield Reason("ASK", "configured", problem)
        for rule in configuration.rules:
            yield from _applied(rule, evidence)

    return approve


def _applied(rule: Rule, evidence: Evidence) -> Iterator[Reason]:
    text = rule.text or f"A policy file says {rule.ruling} to {rule.effect} {rule.target}."
    for cell, effect in evidence.predicted():
        is_meant = not effect.target or fnmatchcase(effect.target, rule.target)
        if rule.effect in (effect.kind, "any") and is_meant:
            yield Reason(rule.ruling, "configured", text, cell.id, effect.line, effect.column)
    for seen in evidence.observed():
        if rule.effect in (seen.kind, "any") and fnmatchcase(seen.target, rule.target):
            yield Reason(rule.ruling, "configured", text)
