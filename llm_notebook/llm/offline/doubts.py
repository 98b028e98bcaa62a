"""An ask that means several things alike becomes one question; its choices leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from llm_notebook.llm.offline.outcome import Plan, Question, Refusal, Result, Told
from llm_notebook.llm.offline.reading import Doubt, Reading
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.words import forms
from llm_notebook.llm.telling import MOST

_DEEPEST = 3


def said(doubt: Doubt) -> str:
    """The doubt as a sentence."""
    return f"“{doubt.written}” could be {_either(doubt.names)}."


def which_table(prompt: str, done: list[tuple[Reading, Plan | Told]]) -> Result:
    """The one outcome, unless the ask fits several tables and names none."""
    named = [(reading, result) for reading, result in done if reading.names_table] or done
    first = named[0][1]
    outcomes = {r.code if isinstance(r, Plan) else r.text for _, r in named}
    if len(outcomes) == 1:
        return first
    names = tuple(reading.table.name for reading, _ in named)
    choices = tuple((name, f"{_bare(prompt)} in {name}") for name in names)
    return Question(f"It could be about {_either(names)}. Which table do you mean?", choices)


def whole(question: Question, reading: Reading, *, several: bool) -> Question:
    """A rule's question, with the reading's table and condition in its choices."""
    of = f" in {reading.table.name}" if several else ""
    if reading.condition:
        of += f" where {_spoken(reading.condition, reading)}"
    choices = tuple((label, prompt + of) for label, prompt in question.choices)
    return msgspec.structs.replace(question, choices=choices)


def which_column(prompt: str, unread: list[Reading]) -> Question | None:
    """The question behind the first word that could be more than one column."""
    for reading in unread:
        for doubt in reading.doubtful:
            written = r"[\W_]*".join(map(re.escape, doubt.written.split()))
            pattern = re.compile(rf"(?<![^\W_]){written}(?![^\W_])")
            found = pattern.search(prompt)
            if found is None:
                continue
            choices = []
            for name in doubt.names:
                begin, end = found.span()
                choices.append((name, prompt[:begin] + _named(name, reading) + prompt[end:]))
            return Question(f"{said(doubt)} Which column do you mean?", tuple(choices))
    return None


def settled(
    question: Question, scene: Scene, attempt: Callable[[Scene], Result]
) -> Question | None:
    """The question with choices that are all answered without another question.

    None where fewer than two are, where there are more than a person would
    look through, or where a question has been answered already.
    """
    choices: dict[str, str] = {}
    outcomes: set[str] = set()

    def follow(labels: tuple[str, ...], prompt: str) -> None:
        found = attempt(msgspec.structs.replace(scene, prompt=prompt))
        if isinstance(found, Question) and len(labels) < _DEEPEST:
            for label, ask in found.choices:
                follow((*labels, label), ask)
        elif isinstance(found, Plan | Told):
            outcome = found.code if isinstance(found, Plan) else found.text
            if outcome not in outcomes:
                outcomes.add(outcome)
                choices.setdefault(", ".join(labels), prompt)

    for label, prompt in question.choices:
        follow((label,), prompt)
    if not 2 <= len(choices) <= MOST or scene.about.question:
        return None
    return Question(question.text, tuple(choices.items()))


def refusal(question: Question) -> Refusal:
    """The same where nothing may be asked."""
    said, _, asked = question.text.rpartition(". ")
    return Refusal(f"{said}." if said else asked, tuple(ask for _, ask in question.choices))


def _named(name: str, reading: Reading) -> str:
    """A column in an ask: in quotes where the bare name would be read as something else."""
    names = [forms(column.name) for column in reading.table.usable_columns()]
    plain = re.fullmatch(r"[A-Za-z]\w*", name) and names.count(forms(name)) == 1
    return name if plain else f'"{name}"'


def _spoken(line: str, reading: Reading) -> str:
    """A line of words and slots as a person would write it."""

    def word(match: re.Match[str]) -> str:
        slot = match[0]
        if slot in reading.columns:
            return _named(reading.columns[slot], reading)
        text = reading.texts[slot]
        return f'"{text}"' if slot[0] == "S" else text

    return re.sub(r"\b[CNSOFW]\d+\b", word, line)


def _bare(prompt: str) -> str:
    return prompt.strip().rstrip(".?!")


def _either(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"
