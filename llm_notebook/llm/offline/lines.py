"""The line of words and slots that an ask is read as: where its condition begins."""

from __future__ import annotations

import re

_RELATION = (
    r"(?:O\d|is|are|was|were|over|above|below|under|between|greater|less|more|larger|smaller|higher"
    r"|lower|fewer|at least|at most|equal|equals|exceeds|contains|starts|ends|before|after"
    r"|has|no)\b"
)
_GROUPS = re.compile(
    r" ((?:for|in|of|at|from|with|and group|and grouped|grouped)? ?(?:each|every|by|different|per)"
    r" C\d+)$"
)
CONDITION_STARTS = re.compile(
    rf" (?:whose|for which|in which|when|if) (?=C\d+ {_RELATION})| whose "
    rf"| (?:with|having|that have|which have|who have|that has|have|that|which|who)"
    rf" (?=C\d+ {_RELATION})"
    r"| (?:with|having|has|have|had|that has|that have) (?=C\d+ of [NSVW]\d)"
    r"| (?:in|for|at|on|during) (?=C\d+ [NS]\d+$)"
)

_FIRST = re.compile(
    r"(?:for|among|of) (?:those |these |only |T |rows |records |entries )*"
    r"(?:where|with|whose|having|that have|which have|who have) (C\d+ .+)"
)


def condition_first(line: str) -> tuple[str, str]:
    """A line with its commas read as "and", and the condition that it begins with.

    As in "for those cars with a price over 5, plot the weight": the comma says
    where the condition ends.
    """
    head, comma, rest = line.partition(" , ")
    found = _FIRST.fullmatch(head) if comma else None
    if found is None or " where " in f" {rest} ":
        return re.sub(r" ?,(?= |$)", " and", line).strip(), ""
    return re.sub(r" ?,(?= |$)", " and", rest).strip(), found[1]


def split(line: str) -> tuple[str, str]:
    """A line without its condition, and the condition."""
    main, _, condition = f" {line}".partition(" where ")
    # "... where the price is over 5 for each city": the groups are not part of the condition.
    if tail := _GROUPS.search(condition):
        return f"{main} {tail[1]}".strip(), condition[: tail.start()]
    return main.strip().removesuffix(" and"), condition


def without_mention_of_table(text: str) -> str:
    """Drop "of T", "in the T data" and the like; the table is known by now."""
    mention = (
        r"\b(?:of|in|from|using|on|for|with|among) (?:T|(?:data|dataframe|table|dataset"
        r"|entries|records))"
    )
    # "movie genre", where the table is called movies.
    text = re.sub(r"\bT (?=C\d)", "", text)
    tail = r"(?: (?:T|data|dataframe|table|dataset))?(?= |$)"
    return " ".join(re.sub(mention + tail, "", text).split())
