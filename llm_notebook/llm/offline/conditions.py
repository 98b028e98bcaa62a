"""The condition of an ask ("where sex is female and year over 2007") as pandas code."""

from __future__ import annotations

import re

import msgspec

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.reading import Reading
from llm_notebook.llm.offline.schema import is_bool, is_numeric, is_text, is_time

_RELATIONS = {
    ">": "greater than|more than|larger than|higher than|bigger than|above|over|exceeds|longer than"
    "|older than|after|exceeding",
    ">=": "at least|no less than|greater than or equal to|more than or equal to|not less than",
    "<": "less than|fewer than|smaller than|lower than|below|under|shorter than"
    "|younger than|before",
    "<=": "at most|no more than|less than or equal to|not more than",
    "==": "is|are|was|equals|is equal to|equal to|is exactly|were|of",
    "!=": "is not|are not|is not equal to|not equal to|does not equal",
}
_OPERATORS = {"=": "==", "≥": ">=", "≤": "<=", "≠": "!="}
_PHRASES = {phrase: sign for sign, text in _RELATIONS.items() for phrase in text.split("|")}
_ANY_PHRASE = "|".join(sorted(_PHRASES, key=len, reverse=True))
_MISSING = "missing|null|nan|na|empty"
_CONDITION = re.compile(
    r"(?P<column>C\d+) (?:"
    rf"(?:is |has |are )(?P<present>not |no )?(?:{_MISSING})(?: values?)?"
    r"|(?:is |are |was )?(?:in )?(?:range )?(?:of )?between (?P<low>N\d+) (?P<high>N\d+)"
    r"|(?P<part>contains|starts with|ends with) (?P<text>S\d+|[VW]\d+)"
    r"|(?P<bare>[NS]\d+)"
    rf"|(?:(?:is |are |was |were |of )?(?P<phrase>{_ANY_PHRASE})"
    r"|(?:is )?(?P<operator>O\d+)) (?P<value>N\d+|S\d+|[VW]\d+(?: [VW]\d+)*))"
)
WORDS = frozenset(
    word
    for phrase in [
        *_PHRASES,
        *_MISSING.split("|"),
        "between and or not where whose is which for in when if with having that who has have",
        "contains starts ends with range no value values those these only among",
    ]
    for word in phrase.split()
)
_PARTS = {"contains": "contains", "starts with": "startswith", "ends with": "endswith"}


class Selection(msgspec.Struct, frozen=True):
    """Rows of a table: the expression, what is to be said of it, and words that are values."""

    code: str
    remarks: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class _Mask(msgspec.Struct, frozen=True):
    code: str
    remark: str = ""
    values: tuple[str, ...] = ()


def selection(reading: Reading, condition: str) -> Selection | None:
    """The expression that picks the rows of a condition.

    None where the condition cannot be understood, for example because it mixes
    "and" with "or", or compares text with a number.
    """
    text = re.sub(r"between (N\d+) (?:and|to) (N\d+)", r"between \1 \2", condition)
    connectives = {" and ", " or "} & set(re.findall(r" and | or ", text))
    if len(connectives) > 1:
        return None
    connective = connectives.pop() if connectives else " and "
    masks = []
    column = ""
    for part in text.split(connective):
        # "age is over 3 and under 9", "city is Rome or Oslo": the column is said once.
        named = re.match(r"(C\d+ (?:is )?)", part)
        column = named[1] if named else column
        mask = _mask(part if named else column + part, reading)
        if mask is None or (not named and connective == " and " and " is " in part):
            return None
        masks.append(mask)
    remarks = tuple(dict.fromkeys(mask.remark for mask in masks if mask.remark))
    values = tuple(value for mask in masks for value in mask.values)
    sign = " & " if connective == " and " else " | "
    code = masks[0].code if len(masks) == 1 else sign.join(f"({mask.code})" for mask in masks)
    table = reading.table.name
    rows = f"{table}.filter({code})" if reading.table.library == "polars" else f"{table}[{code}]"
    return Selection(rows, remarks, values)


def _mask(text: str, reading: Reading) -> _Mask | None:
    match = _CONDITION.fullmatch(text)
    if match is None:
        return None
    column = reading.column(reading.columns[match["column"]])
    series = f"{reading.table.name}[{quoted(column.name)}]"
    polars = reading.table.library == "polars"
    if match["low"]:
        low, high = reading.texts[match["low"]], reading.texts[match["high"]]
        between = "is_between" if polars else "between"
        return _Mask(f"{series}.{between}({low}, {high})") if is_numeric(column) else None
    if match["bare"]:
        return _mask(f"{match['column']} is {match['bare']}", reading)
    if match["part"]:
        return (
            _with_part(match["part"], match["text"], series, reading) if is_text(column) else None
        )
    if match["value"] is None:
        has, lacks = ("is_not_null", "is_null") if polars else ("notna", "isna")
        return _Mask(f"{series}.{has if match['present'] else lacks}()")
    if match["phrase"]:
        sign = _PHRASES[match["phrase"]]
    else:
        sign = reading.texts[match["operator"]]
        sign = _OPERATORS.get(sign, sign)
    slots = match["value"].split()
    words = tuple(reading.texts[slot] for slot in slots if slot[0] in "VW")
    value = " ".join(reading.texts[slot] for slot in slots)
    if len(slots) > 1 and not all(reading.texts[slot].isalnum() for slot in slots):
        # Put together again it may not be what was written; another reading takes it whole.
        return None
    if slots[0][0] == "N":
        if is_time(column) and re.fullmatch(r"[12]\d{3}", value):
            return _Mask(f"{series}.dt.year{'()' if polars else ''} {sign} {value}")
        return _Mask(f"{series} {sign} {value}") if is_numeric(column) else None
    if sign not in ("==", "!=") and not (is_time(column) and slots[0][0] == "S"):
        return None
    if is_bool(column):
        if value.lower() not in ("true", "false"):
            return None
        positive = (value.lower() == "true") == (sign == "==")
        return _Mask(series if positive else f"~{series}", values=words)
    if is_time(column) and not polars and re.match(r"\d{4}", value):
        return _Mask(f"{series} {sign} {quoted(value)}", values=words)
    if not is_text(column):
        return None
    if words and value == value.lower() != value.upper():
        lower = "to_lowercase" if polars else "lower"
        remark = f"“{value}” is compared without regard to capitals; put it in quotes otherwise."
        return _Mask(f"{series}.str.{lower}() {sign} {quoted(value)}", remark, words)
    return _Mask(
        f"{series} {sign} {quoted(value)}", f"“{value}” is compared exactly as written.", words
    )


def _with_part(part: str, slot: str, series: str, reading: Reading) -> _Mask:
    text = quoted(reading.texts[slot])
    words = (reading.texts[slot],) if slot[0] in "VW" else ()
    if reading.table.library == "polars":
        method = {"contains": f"contains({text}, literal=True)"}.get(
            part, f"{_PARTS[part].replace('with', '_with')}({text})"
        )
        return _Mask(f"{series}.str.{method}", values=words)
    regex = ", regex=False" if part == "contains" else ""
    return _Mask(f"{series}.str.{_PARTS[part]}({text}{regex}, na=False)", values=words)
