"""The condition of an ask ("where sex is female and year over 2007") as pandas code."""

from __future__ import annotations

import re

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_time

_RELATIONS = {
    ">": "greater than|more than|larger than|higher than|bigger than|above|over|exceeds",
    ">=": "at least|no less than",
    "<": "less than|fewer than|smaller than|lower than|below|under",
    "<=": "at most|no more than",
    "==": "is|are|was|equals|is equal to|equal to|is exactly",
    "!=": "is not|are not|is not equal to|not equal to|does not equal",
}
_OPERATORS = {"=": "==", "≥": ">=", "≤": "<=", "≠": "!="}
_PHRASES = {phrase: sign for sign, text in _RELATIONS.items() for phrase in text.split("|")}
_MISSING = "missing|null|nan|na|empty"
_CONDITION = re.compile(
    r"(?P<column>C\d+) (?:"
    rf"is (?P<present>not )?(?:{_MISSING})"
    r"|(?:is )?between (?P<low>N\d+) (?P<high>N\d+)"
    rf"|(?:(?:is |are |was )?(?P<phrase>{'|'.join(sorted(_PHRASES, key=len, reverse=True))})"
    r"|(?P<operator>O\d+)) (?P<value>N\d+|S\d+|W\d+(?: W\d+)*))"
)
WORDS = frozenset(
    word
    for phrase in [*_PHRASES, *_MISSING.split("|"), "between and or not where whose is"]
    for word in phrase.split()
)


def selection(reading: Reading) -> str | None:
    """The expression that picks the rows of the reading's condition.

    None where the condition cannot be understood, for example because it mixes
    "and" with "or", or compares text with a number. Values that were taken for
    unknown words are taken off that list.
    """
    text = re.sub(r"between (N\d+) and (N\d+)", r"between \1 \2", reading.condition)
    connectives = {" and ", " or "} & set(re.findall(r" and | or ", text))
    if len(connectives) > 1:
        return None
    connective = connectives.pop() if connectives else " and "
    parts = [_mask(part, reading) for part in text.split(connective)]
    if None in parts:
        return None
    masks = [part for part in parts if part is not None]
    table = reading.table.name
    if len(masks) == 1:
        return f"{table}[{masks[0]}]"
    sign = " & " if connective == " and " else " | "
    return f"{table}[{sign.join(f'({mask})' for mask in masks)}]"


def _mask(text: str, reading: Reading) -> str | None:
    match = _CONDITION.fullmatch(text)
    if match is None:
        return None
    column = reading.column(reading.columns[match["column"]])
    series = f"{reading.table.name}[{quoted(column.name)}]"
    if match["low"]:
        low, high = reading.texts[match["low"]], reading.texts[match["high"]]
        return f"{series}.between({low}, {high})" if is_numeric(column) else None
    if match["value"] is None:
        return f"{series}.notna()" if match["present"] else f"{series}.isna()"
    if match["phrase"]:
        sign = _PHRASES[match["phrase"]]
    else:
        sign = reading.texts[match["operator"]]
        sign = _OPERATORS.get(sign, sign)
    slots = match["value"].split()
    value = " ".join(reading.texts[slot] for slot in slots)
    if slots[0][0] == "N":
        return f"{series} {sign} {value}" if is_numeric(column) else None
    if sign not in ("==", "!=") and not (is_time(column) and slots[0][0] == "S"):
        return None
    if slots[0][0] == "W":
        for slot in slots:
            reading.unknown.remove(reading.texts[slot])
    if is_bool(column):
        if value.lower() not in ("true", "false"):
            return None
        positive = (value.lower() == "true") == (sign == "==")
        return series if positive else f"~{series}"
    if is_numeric(column):
        return None
    if not is_time(column):
        reading.remarks.append(f"“{value}” is compared exactly as written.")
    return f"{series} {sign} {quoted(value)}"
