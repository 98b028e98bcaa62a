"""What magics and shell lines do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from llm_notebook.core.decision import EffectKind, PredictedEffect
from llm_notebook.policy import shell
from llm_notebook.policy.cells import Command, flags_end
from llm_notebook.policy.knowledge import words
from llm_notebook.policy.tables.magics import (
    BACKENDS,
    MAGICS,
    OPTIONS_ALLOWED,
    PACKAGERS,
    RUNS_ITS_BODY,
    RUNS_ITS_LINE,
    SHELLS,
)
from llm_notebook.policy.targets import is_own

_KINDS = words(MAGICS)
_DEEPEST = 5


def effects(
    command: Command, known: Mapping[str, str], sources: Mapping[str, str], depth: int
) -> list[PredictedEffect]:
    """What one magic or shell line does, its body included."""
    name = command.name
    if name == "!" or name in SHELLS:
        return _shell(command)
    if name in RUNS_ITS_BODY and command.body is not None:
        return _python(command, known, sources, depth)
    if name in RUNS_ITS_LINE:
        return []  # its statement is part of the tree
    kind = _KINDS.get(name, "unknown")
    if name.startswith("llm"):
        kind = "authority"
    elif name == "matplotlib":
        kind = "pure" if set(command.text.split()) <= BACKENDS else "displays"
    elif name == "config":
        is_harmless = not command.text or command.text.startswith(OPTIONS_ALLOWED)
        kind = "pure" if is_harmless else "authority"
    elif command.body is not None and kind == "pure" and name != "latex":
        kind = "unknown"
    if kind == "pure":
        return _expanded(command)
    target = _target(command)
    if name in ("cd", "load_ext", "reload_ext") and is_own(target):
        kind = "authority"
    why = f"%%{name}" if command.body is not None else f"%{name}"
    if name not in _KINDS:
        why = f"{why}, a magic that is not known"
    return [PredictedEffect(cast(EffectKind, kind), target, why, command.line, command.column)]


def _expanded(command: Command) -> list[PredictedEffect]:
    """IPython evaluates ``{…}`` and ``$…`` in a magic's line."""
    if "{" not in command.text and "$" not in command.text:
        return []
    why = f"%{command.name} with an expression in its line"
    return [PredictedEffect("unknown", "", why, command.line, command.column)]


def _target(command: Command) -> str:
    parts = [word for word in command.text.split() if not word.startswith("-")]
    if command.name in PACKAGERS:
        return " ".join(parts[1:])[:200]
    return parts[0][:200] if parts else ""


def _shell(command: Command) -> list[PredictedEffect]:
    if command.body is None:
        return shell.effects(command.text, command.text_line, command.text_column)
    if command.name == "script" and command.text.split()[:1] not in (["bash"], ["sh"], ["zsh"]):
        why = "%%script, which starts a program"
        return [PredictedEffect("starts", command.text, why, command.line, command.column)]
    return shell.effects(command.body, command.text_line, 1)


def _python(
    command: Command, known: Mapping[str, str], sources: Mapping[str, str], depth: int
) -> list[PredictedEffect]:
    """``%%time`` and its like: the body is a cell of its own; a line may be code, too."""
    from llm_notebook.policy.predicting import predict_within

    if depth >= _DEEPEST:
        return [PredictedEffect("unknown", "", "magics within magics", command.line, 1)]
    found: list[PredictedEffect] = []
    if command.text_line == command.line:  # `%time for …`
        return _moved(command.body or "", command, command.text_column, known, sources, depth)
    if command.name not in RUNS_ITS_LINE:
        found += _expanded(command)
    else:
        found += _setup(command, known, sources, depth)
    for effect in predict_within(command.body or "", known, sources, depth + 1):
        line = (effect.line or 1) + command.text_line - 1
        found.append(msgspec.structs.replace(effect, line=line))
    return found


def _setup(
    command: Command, known: Mapping[str, str], sources: Mapping[str, str], depth: int
) -> list[PredictedEffect]:
    """The statement behind ``%%timeit -n 10``, which runs before the body."""
    text = command.text
    if command.name == "prun" and any(word[:2] in ("-T", "-D") for word in text.split()):
        return [PredictedEffect("writes", "", "%%prun to a file", command.line, command.column)]
    start = flags_end(text)
    column = command.column + len(command.name) + 3 + start
    return _moved(text[start:], command, column, known, sources, depth)


def _moved(
    code: str,
    command: Command,
    column: int,
    known: Mapping[str, str],
    sources: Mapping[str, str],
    depth: int,
) -> list[PredictedEffect]:
    """What code does that stands in a magic's line."""
    from llm_notebook.policy.predicting import predict_within

    return [
        msgspec.structs.replace(one, line=command.line, column=(one.column or 1) + column - 1)
        for one in predict_within(code, known, sources, depth + 1)
    ]
