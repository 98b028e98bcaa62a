"""From an ask and its context to a reply in the edit format."""

from __future__ import annotations

import difflib
import re
from itertools import chain

import msgspec

from llm_notebook.core.context import Context
from llm_notebook.llm.offline import conditions
from llm_notebook.llm.offline.grammar import IMPORTS, Ask, Plan, Refusal, Rule
from llm_notebook.llm.offline.intents import aggregate, edit, load, look, plot, select
from llm_notebook.llm.offline.reading import Reading, readings
from llm_notebook.llm.offline.schema import Table, has_name, tables
from llm_notebook.llm.offline.words import tokenize
from llm_notebook.llm.prompt import fence_for

RULES: tuple[Rule, ...] = tuple(
    chain(edit.RULES, load.RULES, plot.RULES, aggregate.RULES, select.RULES, look.RULES)
)
VOCABULARY = (
    frozenset(word for rule in RULES for word in rule.words if word.islower()) | conditions.WORDS
)
_NO_TABLE = Table("", known=False)
_TRIES = 3
_LONGEST_ASK = 500


class Answer(msgspec.Struct, frozen=True):
    """What became of an ask: a plan, or why there is none and what to ask instead."""

    plan: Plan | None = None
    why: str = ""
    tries: tuple[str, ...] = ()


def reply(prompt: str, context: Context, target_label: str | None) -> str:
    """The reply to an ask, in the edit format.

    Parameters
    ----------
    prompt : str
    context : Context
    target_label : str or None
        Label of the active cell, behind which a new cell goes.
    """
    found = answer(prompt, context, target_label)
    if found.plan is None:
        tries = "".join(f"- try: {text}\n" for text in found.tries)
        return f"title: Not understood\n@@ decline\n{found.why}\n{tries}@@ end\n"
    plan = found.plan
    if plan.replaces:
        place = f"@@ replace {target_label}"
    else:
        place = f"@@ insert after {target_label or 'last'} code"
    why = f"why: {plan.why}\n" if plan.why else ""
    fence = fence_for(plan.code)
    return f"title: {plan.title}\n{why}{place}\n{fence}python\n{plan.code}\n{fence}\n@@ end\n"


def answer(prompt: str, context: Context, target_label: str | None) -> Answer:
    """The plan for an ask, or why there is none."""
    found = _attempt(prompt, context, target_label)
    if found.plan is not None or not found.tries:
        return found
    # Only what would be answered is offered.
    sure = [text for text in found.tries if _attempt(text, context, target_label).plan]
    return msgspec.structs.replace(found, tries=tuple(dict.fromkeys(sure))[:_TRIES])


def _attempt(prompt: str, context: Context, target_label: str | None) -> Answer:
    if len(prompt) > _LONGEST_ASK:
        return Answer(why="The built-in rules read one short sentence at a time.")
    tokens = tokenize(prompt)
    target = next((c.cell.source for c in context.cells if c.label == target_label), "")
    known = tables(context)
    plans: list[tuple[Reading, Plan]] = []
    refusals: list[Refusal] = []
    unread: list[Reading] = []
    for table in known or (_NO_TABLE,):
        for reading in readings(tokens, table, context.files, VOCABULARY, target):
            unread.append(reading)
            result = _read(reading, context)
            if isinstance(result, Plan):
                plans.append((reading, result))
                break
            if result is not None:
                refusals.append(result)
                break
    if plans:
        return _choose(prompt, plans)
    if refusals:
        return Answer(why=refusals[0].why, tries=refusals[0].tries + _offers(context, known))
    return _not_understood(prompt, context, known, unread)


def _read(reading: Reading, context: Context) -> Plan | Refusal | None:
    """The first rule that understands the whole of a reading."""
    prefix = ""
    if reading.condition:
        rows = conditions.selection(reading)
        if rows is None:
            return None
        reading.frame = _fresh("selected", context)
        prefix = f"{reading.frame} = {rows}\n"
    for rule in RULES:
        if rule.needs_table and not reading.table.name:
            continue
        ask = rule.match(reading)
        result = rule.build(ask) if ask is not None else None
        if isinstance(result, Plan):
            return _dress(result, prefix, reading, context, ask)
        if result is not None:
            return result
    return None


def _dress(plan: Plan, prefix: str, reading: Reading, context: Context, ask: Ask | None) -> Plan:
    imports = [IMPORTS[name] for name in plan.uses if not has_name(context, name, IMPORTS[name])]
    head = "\n".join(imports) + "\n\n" if imports else ""
    why = " ".join([plan.why, *dict.fromkeys(reading.remarks)]).strip()
    return msgspec.structs.replace(plan, code=head + prefix + plan.code, why=why)


def _choose(prompt: str, plans: list[tuple[Reading, Plan]]) -> Answer:
    """The one plan, unless the ask fits several tables and names none."""
    named = [(reading, plan) for reading, plan in plans if reading.names_table] or plans
    if len({plan.code for _, plan in named}) == 1:
        return Answer(named[0][1])
    names = [reading.table.name for reading, _ in named]
    ask = prompt.strip().rstrip(".?!")
    return Answer(
        why=f"It could be about {', '.join(names[:-1])} or {names[-1]}.",
        tries=tuple(f"{ask} in {name}" for name in names),
    )


def _not_understood(
    prompt: str, context: Context, known: tuple[Table, ...], unread: list[Reading]
) -> Answer:
    best = min(unread, key=lambda reading: len(reading.unknown))
    parts = []
    tries: list[str] = []
    if best.doubtful:
        parts += best.doubtful
    words = [word for word in best.unknown if not any(word in text for text in best.doubtful)]
    if words:
        parts.append("Not understood: " + ", ".join(f"“{word}”" for word in words) + ".")
        tries += _corrected(prompt, words, best.table)
    if not parts:
        parts.append("Each word is known, but not this way of putting them together.")
    parts.append("These are built-in rules, not a language model.")
    if known and not known[0].known:
        names = ", ".join(table.name for table in known)
        parts.append(f"The columns of {names} are not known yet: run the cells first.")
    elif not known:
        parts.append("No table is loaded yet.")
    return Answer(why=" ".join(parts), tries=(*tries, *_offers(context, known)))


def _corrected(prompt: str, words: list[str], table: Table) -> list[str]:
    """The ask with a misspelt word put right."""
    names = {column.name.lower(): column.name for column in table.usable_columns()}
    parts = {part for name in names for part in re.findall(r"[^\W_]+", name)}
    spellings = sorted(VOCABULARY | parts | set(names))
    for word in words:
        close = difflib.get_close_matches(word.lower(), spellings, n=1, cutoff=0.75)
        if not close:
            return []
        prompt = re.sub(rf"\b{re.escape(word)}\b", close[0], prompt)
    return [prompt]


def _offers(context: Context, known: tuple[Table, ...]) -> tuple[str, ...]:
    """Asks that fit the data at hand."""
    offers = []
    for table in known:
        of = f" in {table.name}" if len(known) > 1 else ""
        numbers = [name for name in table.numeric() if not re.search(r"id$|^index", name, re.I)]
        kinds = table.categories()
        if numbers and kinds:
            offers.append(f"plot the mean {numbers[0]} by {kinds[0]}{of}")
        if numbers:
            offers.append(f"histogram of {numbers[0]}{of}")
        offers.append(f"describe {table.name}")
    return tuple(offers) or tuple(f"load {name}" for name in context.files[:_TRIES])


def _fresh(name: str, context: Context) -> str:
    """A variable's name that is not in use."""
    used = {variable.name for variable in context.variables}
    number = 2
    fresh = name
    while fresh in used:
        fresh, number = f"{name}_{number}", number + 1
    return fresh
