"""From the effects of code to a risk, a decision and its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from llm_notebook.core.decision import Assessment, EffectKind, PredictedEffect, Reason
from llm_notebook.policy.predicting import predict
from llm_notebook.policy.targets import is_code, is_in_sight

RULE = "predicted"
"""The rule that reasons of `assess` name."""

# Gravest first, with what a person reads of each.
_WORDS: dict[EffectKind, str] = {
    "authority": "Touches this tool's or Jupyter's own parts",
    "unknown": "What it does cannot be read from the code",
    "starts": "Starts a process or a thread",
    "installs": "Installs packages",
    "deletes": "Deletes files or data",
    "contacts": "Contacts another machine",
    "writes": "Writes files or data",
    "displays": "Shows something that can act in the page",
    "environment": "Reads or changes the process's environment",
    "reads": "Reads files or data",
}
_GRAVITY = {kind: place for place, kind in enumerate(_WORDS)}


def assess(code: str) -> Assessment:
    """Judge code by its syntax alone, before it has run. Nothing is executed.

    Parameters
    ----------
    code : str
        One cell as it stands in a notebook: Python with IPython's magics and shell
        lines, or a cell in another language behind ``%%``.

    Returns
    -------
    Assessment
        ALLOW where nothing outside the namespace is touched, as far as the whole of
        the code can be read; ASK in every other case. Never raises.
    """
    effects = predict(code)
    if not effects:
        return Assessment((), "none", "ALLOW")
    return Assessment(effects, risk_of(effects), "ASK", reasons_of(effects))


def risk_of(effects: Sequence[PredictedEffect]) -> Literal["none", "low", "high"]:
    """``low`` for reading, and for writing in the notebook's folder; ``high`` for the rest."""
    if not effects:
        return "none"
    return "low" if all(map(_is_low, effects)) else "high"


def _is_low(effect: PredictedEffect) -> bool:
    if effect.kind == "reads":
        return not effect.target or is_in_sight(effect.target)
    return effect.kind == "writes" and is_in_sight(effect.target) and not is_code(effect.target)


def reasons_of(effects: Sequence[PredictedEffect], cell: str = "") -> tuple[Reason, ...]:
    """A reason to ask for each effect, the gravest first."""
    found = sorted(effects, key=lambda one: (_GRAVITY[one.kind], one.line or 0, one.column or 0))
    return tuple(Reason("ASK", RULE, sentence(one), cell, one.line, one.column) for one in found)


def sentence(effect: PredictedEffect) -> str:
    """An effect in a sentence."""
    about = [effect.why] if effect.why else []
    if effect.target and effect.target not in effect.why:
        about.append(_short(effect.target))
    return f"{_WORDS[effect.kind]}: {', '.join(about)}." if about else f"{_WORDS[effect.kind]}."


def _short(target: str) -> str:
    line = " ".join(target.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
