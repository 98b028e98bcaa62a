"""Several small changes in one ask: "log scale, and drop 2020". All of them, or none."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result
from llm_notebook.llm.offline.scene import Scene

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_BETWEEN = re.compile(r"\s*[,;]\s*(?:and\s+)?(?:then\s+)?|\s+(?:and(?:\s+then)?|then)\s+")
_MOST = 6


def in_turn(scene: Scene, attempt: Callable[[Scene], Result]) -> Result | None:
    """The outcome of the parts of an ask, each a change of the cell at hand.

    None where it does not begin with such a change, or has only one part.
    """
    prompt = scene.prompt.strip().rstrip(".!")
    hidden = _QUOTED.sub(lambda match: "x" * len(match[0]), prompt)
    cuts = [match.span() for match in _BETWEEN.finditer(hidden)]
    if not cuts or len(cuts) >= _MOST:
        return None
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(prompt)]
    now, done, at = scene, list[Plan](), 0
    while at < len(starts):
        for last in range(len(ends) - 1, at - 1, -1):
            start, end = starts[at], ends[last]
            part = prompt[start:end]
            found = attempt(msgspec.structs.replace(now, prompt=part))
            if isinstance(found, Plan) and found.replaces and found.cell in ("", now.label):
                now, at = now.with_source(found.code), last + 1
                done.append(found)
                break
            if isinstance(found, Question) and done and last == at:
                choices = tuple(
                    (label, prompt[:start] + ask + prompt[end:]) for label, ask in found.choices
                )
                return Question(found.text, choices)
        else:
            if not done:
                return None
            return Refusal(
                f"Of it “{part}” was not understood as a change of this cell, so nothing was "
                "changed. These are built-in rules, not a language model."
            )
    titles = [done[0].title, *(plan.title[:1].lower() + plan.title[1:] for plan in done[1:])]
    whys = " ".join(plan.why for plan in done if plan.why)
    return Plan(", ".join(titles), now.source, whys, replaces=True)
