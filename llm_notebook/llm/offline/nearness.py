"""Which of many names is spelt most like a word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from llm_notebook.llm.offline.words import forms

_ALIKE = 0.72
_AS_NEAR = 0.03


def nearest(word: str, names: Iterable[str]) -> list[str]:
    """The names that are most like a word and like it enough, at most eight."""
    names = list(dict.fromkeys(name for name in names if name != word))
    same = [n for n in names if n.casefold() == word.casefold() or forms(n) == forms(word)]
    if same:
        return same[:8]
    matcher = difflib.SequenceMatcher(None, "", word.lower())
    scored = []
    for name in names:
        matcher.set_seq1(name.lower())
        if matcher.quick_ratio() >= _ALIKE and (score := matcher.ratio()) >= _ALIKE:
            scored.append((score, name))
    best = max(scored, default=(0.0, ""))[0]
    return [name for score, name in scored if score >= best - _AS_NEAR][:8]
