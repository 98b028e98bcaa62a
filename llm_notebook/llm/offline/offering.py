"""What the rules can do with the data at hand, nearest to what was asked first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import msgspec

from llm_notebook.core.context import Context
from llm_notebook.llm.offline import conditions, doubts
from llm_notebook.llm.offline.intent import intents
from llm_notebook.llm.offline.outcome import Refusal
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table
from llm_notebook.llm.offline.words import forms

_MOST = 12
_LISTS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_TAIL = re.compile(r"[\s,]*(?:\b(?:for|in|of|by|with|and|or|the|a|on|to|from)\s*)*$")
_USUAL = ("aggregate", "histogram", "describe")
NOT_A_MODEL = "These are built-in rules, not a language model."


def not_understood(
    scene: Scene, known: tuple[Table, ...], unread: list[Reading], words: frozenset[str]
) -> Refusal:
    """Which words were not understood, and what could be asked instead."""
    best = min(unread, key=lambda reading: len(reading.unknown))
    condition = conditions.selection(best, best.condition) if best.condition else None
    values = condition.values if condition is not None else ()
    parts = [doubts.said(doubt) for doubt in best.doubtful]
    tries: list[str] = []
    strange = [
        word
        for word in best.unknown
        if word not in values and not any(word in doubt.written for doubt in best.doubtful)
    ]
    if best.condition and condition is None and len(best.columns) == 1:
        # "is A and B" holds for no row.
        tries.append(_LISTS.sub(" or ", scene.prompt))
    if strange:
        parts.append("Not understood: " + ", ".join(f"“{word}”" for word in strange) + ".")
        tries += _corrected(scene.prompt, strange, best.table, words)
        tries += _without(scene.prompt, strange)
    if not parts:
        parts.append("Each word is known, but not this way of putting them together.")
    parts.append(NOT_A_MODEL)
    if known and not known[0].known:
        names = ", ".join(table.name for table in known)
        parts.append(f"The columns of {names} are not known yet: run the cells first.")
    elif not known:
        others = [v.name for v in scene.context.variables if v.kind in ("table", "series")]
        parts.append(
            f"Of {', '.join(others)} they know too little; their tables are pandas and polars "
            "DataFrames."
            if others
            else "No table is loaded yet."
        )
    return Refusal(" ".join(parts), (*tries, *offers(scene.prompt, scene.context, known)))


def _mentioned_first(table: Table, wanted: set[str]) -> Table:
    """The table with the columns first that the ask may mean."""
    columns = sorted(table.columns, key=lambda column: -len(wanted & set(forms(column.name))))
    return msgspec.structs.replace(table, columns=tuple(columns))


def offers(prompt: str, context: Context, known: tuple[Table, ...]) -> tuple[str, ...]:
    """Asks that fit the data at hand, those that share most words with the prompt first."""
    wanted = set(forms(prompt))
    found: dict[str, float] = {}
    for table in known:
        of = f" in {table.name}" if len(known) > 1 else ""
        ordered = _mentioned_first(table, wanted)
        for name, intent in intents().items():
            for text in intent.offers(ordered) if intent.offers is not None else ():
                usual = 0.5 * (name in _USUAL) - 0.1 * _USUAL.index(name) if name in _USUAL else 0
                ask = text if table.name in text.split() else f"{text}{of}"
                found.setdefault(ask, len(wanted & set(forms(text))) + usual)
    best = sorted(found, key=lambda text: -found[text])[:_MOST]
    return tuple(best) or tuple(f"load {name}" for name in context.files[:3])


def _corrected(prompt: str, strange: list[str], table: Table, words: frozenset[str]) -> list[str]:
    """The ask with a misspelt word put right."""
    names = {column.name.lower(): column.name for column in table.usable_columns()}
    parts = {part for name in names for part in re.findall(r"[^\W_]+", name)}
    spellings = sorted(words | parts | set(names))
    for word in strange:
        close = difflib.get_close_matches(word.lower(), spellings, n=1, cutoff=0.75)
        if not close:
            return []
        prompt = re.sub(rf"\b{re.escape(word)}\b", close[0].replace("\\", r"\\"), prompt)
    return [prompt]


def _without(prompt: str, strange: list[str]) -> Iterator[str]:
    """The ask without what was not understood, or up to it."""
    bare = prompt
    for word in strange:
        bare = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "", bare)
    yield _TAIL.sub("", " ".join(bare.split()))
    first = re.search(rf"(?<!\w){re.escape(strange[0])}(?!\w)", prompt)
    if first:
        yield _TAIL.sub("", prompt[: first.start()])
