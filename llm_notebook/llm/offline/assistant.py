"""From an ask and what stands around it to a reply in the edit format."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import chain

import msgspec

from llm_notebook.llm.offline import conditions, doubts, limits, several
from llm_notebook.llm.offline.framing import Frame, framings
from llm_notebook.llm.offline.grammar import Rule
from llm_notebook.llm.offline.intent import intents
from llm_notebook.llm.offline.lines import split
from llm_notebook.llm.offline.offering import not_understood, offers
from llm_notebook.llm.offline.outcome import IMPORTS, Plan, Question, Refusal, Result, Told
from llm_notebook.llm.offline.reader import readings
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.replying import replied
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.schema import Table, has_name, tables
from llm_notebook.llm.offline.words import tokenize

_NO_TABLE = Table("", known=False)
_TRIES = 3
_LONGEST_ASK = 500
_WORDS_ONLY = (
    "An explanation was asked for, and this is something to do. The rules can explain an error, "
    "a cell or selected lines; ask the other way for a change."
)


def reply(scene: Scene) -> str:
    """The reply to an ask, in the edit format."""
    return replied(answer(scene), scene)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of every intent, in the order in which they are tried."""
    return tuple(chain.from_iterable(intent.rules for intent in intents().values()))


def answer(scene: Scene) -> Result:
    """What becomes of an ask. What is offered to click is known to be understood."""
    found = _understood(scene)
    if isinstance(found, Question):
        found = doubts.settled(found, scene, _understood) or _attempt(scene, asks=False)
    if scene.about.wants == "text" and not isinstance(found, Told | Refusal):
        return Refusal(_WORDS_ONLY)
    if isinstance(found, Plan) and (why := limits.broken(found, scene)):
        found = Refusal(why)
    if not isinstance(found, Refusal):
        return found
    sure: list[str] = []
    for text in dict.fromkeys(found.tries):
        if len(sure) < _TRIES and text != scene.prompt and _is_answered(text, scene):
            sure.append(text)
    return Refusal(found.why, tuple(sure))


def _understood(scene: Scene) -> Result:
    """What becomes of an ask as a whole, or of its parts one after another."""
    whole = _attempt(scene)
    if not isinstance(whole, Refusal):
        return whole
    return several.in_turn(scene, _attempt) or whole


def _is_answered(prompt: str, scene: Scene) -> bool:
    return isinstance(_attempt(msgspec.structs.replace(scene, prompt=prompt)), Plan)


def _attempt(scene: Scene, *, asks: bool = True) -> Result:
    """The plan, or the question as it first comes up; with `asks` False never a question."""
    if len(scene.prompt) > _LONGEST_ASK:
        return Refusal("The built-in rules read one short sentence at a time.")
    tokens = tokenize(scene.words)
    usable = tuple(rule for rule in rules() if rule.when is None or rule.when(scene))
    known = tables(scene.context)
    done: list[tuple[Reading, Plan | Told]] = []
    asked: list[Question] = []
    refused: list[Refusal] = []
    unread: list[Reading] = []
    for table in known or (_NO_TABLE,):
        for reading in readings(tokens, table, scene, vocabulary(usable)):
            unread.append(reading)
            result = _read(reading, usable)
            if isinstance(result, Question):
                asked.append(result)
            elif isinstance(result, Refusal):
                refused.append(result)
            elif result is not None:
                done.append((reading, result))
            if result is not None:
                break
    if done:
        found = doubts.which_table(scene.prompt, done)
        if asks or not isinstance(found, Question):
            return found
        asked = [found]
    elif asks and (question := doubts.which_column(scene.prompt, unread)) is not None:
        asked.append(question)
    if asked:
        return asked[0] if asks else doubts.refusal(asked[0])
    if refused:
        more = offers(scene.prompt, scene.context, known)
        return Refusal(refused[0].why, refused[0].tries + more)
    return not_understood(scene, known, unread, vocabulary(usable))


@lru_cache
def vocabulary(usable: tuple[Rule, ...]) -> frozenset[str]:
    """The words that these rules know."""
    words = frozenset(word for rule in usable for word in rule.words if word.islower())
    return words | conditions.WORDS


def _read(reading: Reading, usable: tuple[Rule, ...]) -> Result | None:
    """The first rule that understands the whole of a reading."""
    lines = [
        (core, reading.under(condition or reading.front), frame)
        for line, frame in framings(reading.line)
        for core, condition in [split(line)]
        if not (condition and reading.front)
    ]
    for rule in usable:
        if rule.needs_table and not reading.table.name:
            continue
        for core, under, frame in lines if rule.frames else lines[:1]:
            result = _tried(rule, core, under, frame)
            if result is not None:
                return result
    return None


def _tried(rule: Rule, core: str, reading: Reading, frame: Frame) -> Result | None:
    if reading.condition and not rule.conditions:
        return None
    ask = rule.match(reading, core, frame)
    if ask is None:
        return None
    prefix = ""
    if reading.condition:
        found = conditions.selection(reading, reading.condition)
        if found is None:
            return None
        frame_name = reading.scene.fresh("selected")
        reading.frame, prefix = frame_name, f"{frame_name} = {found.code}\n"
        reading.remarks = [*reading.remarks, *found.remarks]
    result = rule.build(ask)
    if isinstance(result, Plan | Question) and ask.is_polars and rule.needs_table:
        result = result if rule.polars else _for_pandas_only(reading.table)
    if isinstance(result, Question):
        is_one_of_many = len(tables(reading.scene.context)) > 1
        return doubts.whole(result, reading, several=is_one_of_many)
    return _dress(result, prefix, reading) if isinstance(result, Plan) else result


def _for_pandas_only(table: Table) -> Refusal:
    return Refusal(
        f"{table.name} is a polars table, and this the rules can write for pandas only.",
        (f"convert {table.name} to pandas",),
    )


def _dress(plan: Plan, prefix: str, reading: Reading) -> Plan:
    context = reading.scene.context
    imports = [IMPORTS[name] for name in plan.uses if not has_name(context, name, IMPORTS[name])]
    head = "\n".join(imports) + "\n\n" if imports else ""
    why = " ".join([plan.why, *dict.fromkeys(reading.remarks)]).strip()
    return msgspec.structs.replace(plan, code=head + prefix + plan.code, why=why)
