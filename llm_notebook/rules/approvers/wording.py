"""Effects in plain words."""

from __future__ import annotations

from llm_notebook.core.decision import EffectKind, PredictedEffect, Reason, Ruling
from llm_notebook.rules.evidence import Observed, ProposedCell

_LONGEST = 120

_DOES: dict[EffectKind, str] = {
    "reads": "reads {} outside of the notebook",
    "writes": "writes {}",
    "deletes": "deletes {}",
    "starts": "starts {}",
    "contacts": "contacts {}",
    "environment": "uses {} of the process's environment",
    "installs": "installs {}",
    "displays": "shows something that can act in the page: {}",
    "authority": "touches this tool or Jupyter itself: {}",
    "unknown": "cannot be read from the code: {}",
}
_SOME: dict[EffectKind, str] = {
    "reads": "a file",
    "writes": "a file",
    "deletes": "a file",
    "starts": "a process or a thread",
    "contacts": "another machine",
    "environment": "a part",
    "installs": "packages",
}


def short(text: str) -> str:
    """A text of unreviewed code in one line, with what cannot be seen made visible."""
    text = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def by_syntax(ruling: Ruling, rule: str, cell: ProposedCell, effect: PredictedEffect) -> Reason:
    """A predicted effect as a reason."""
    named = effect.target or _SOME.get(effect.kind, "") or effect.why
    subject = "What this does" if effect.kind == "unknown" else "It"
    text = f"{subject} {_DOES[effect.kind].format(short(named))}"
    why = f" ({short(effect.why)})" if effect.why and effect.why != named else ""
    return Reason(ruling, rule, f"{text}{why}.", cell.id, effect.line, effect.column)


def by_dry_run(ruling: Ruling, rule: str, seen: Observed, more: str = "") -> Reason:
    """An observed effect as a reason."""
    text = _DOES[seen.kind].format(short(seen.target) or _SOME.get(seen.kind, "something"))
    denied = ", which the sandbox did not let happen" if seen.denied else ""
    return Reason(ruling, rule, f"In its dry run it {text}{denied}{more}.")
