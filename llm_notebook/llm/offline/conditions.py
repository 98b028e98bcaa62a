"""The condition of an ask ("where sex is female and year over 2007") as pandas code."""

from __future__ import annotations

import re

import msgspec

from llm_notebook.core.context import Column
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
_VALUE = r"(?:N\d+|S\d+|[VW]\d+(?: [VW]\d+)*)"
_CONDITION = re.compile(
    r"(?P<column>C\d+) (?:"
    rf"(?:is |has |are )(?P<present>not |no )?(?:{_MISSING})(?: values?)?"
    r"|(?:is |are |was )?(?:in )?(?:range )?(?:of )?between (?P<low>[NS]\d+) (?P<high>[NS]\d+)"
    r"|(?P<part>contains|starts with|ends with) (?P<text>S\d+|[VW]\d+)"
    r"|(?P<bare>[NS]\d+)"
    rf"|(?:(?:is |are |was |were |of )?(?P<phrase>{_ANY_PHRASE})"
    rf"|(?:is )?(?P<operator>O\d+)) (?P<value>{_VALUE}))"
)
_IS_VALUE = re.compile(_VALUE)
# "is A, B or C": the commas are read as "and" by now.
_LIST = re.compile(rf"(?<= )({_VALUE}(?: and {_VALUE})+) or (?={_VALUE}(?: or |$))")
_NEITHER = re.compile(rf"\b(is|are|was|were) neither ({_VALUE}) nor (?={_VALUE}$)")
_EITHER = re.compile(rf" either (?={_VALUE} or )")
WORDS = frozenset(
    word
    for phrase in [
        *_PHRASES,
        *_MISSING.split("|"),
        "between and or not where whose is which for in when if with having that who has have",
        "contains starts ends with range no value values those these only among either neither nor",
    ]
    for word in phrase.split()
)
# Words that say how to compare, or what to leave out. They are no part of a value without quotes.
_NO_VALUE = (
    "either neither nor any anything everything something nothing none but except excluding "
    "exclude unless without"
)
_NOT_BESIDE_A_VALUE = (
    f"{_NO_VALUE} both never nobody always almost nearly roughly approximately about around "
    "exactly including include than rather instead only just also too usually mostly maybe perhaps "
    "probably not no some each every like if when while because then whatever whichever isn"
)
_PART_OF_A_LIST = re.compile(r"(?:one|some|any|many|most|each|all|part|none) of\b", re.I)
# "almost North", but not "van Gogh".
_BEFORE_A_NAME = "the a an de da di du la le les el al van von der den of"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
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
    column: str = ""
    sign: str = ""


def selection(reading: Reading, condition: str) -> Selection | None:
    """The expression that picks the rows of a condition.

    None where the condition cannot be understood, for example because it mixes
    "and" with "or", compares text with a number, or would fit no row or each.
    """
    text = re.sub(r"between ([NS]\d+) (?:and|to) ([NS]\d+)", r"between \1 \2", condition)
    text = _EITHER.sub(" ", _NEITHER.sub(r"\1 not \2 or ", text))
    text = _LIST.sub(lambda found: found[0].replace(" and ", " or "), text)
    connectives = {" and ", " or "} & set(re.findall(r" and | or ", text))
    if len(connectives) > 1:
        return None
    connective = connectives.pop() if connectives else " and "
    masks, sign = _masks(text.split(connective), reading, connective.strip())
    if not masks:
        return None
    remarks = tuple(dict.fromkeys(mask.remark for mask in masks if mask.remark))
    values = tuple(value for mask in masks for value in mask.values)
    code = masks[0].code if len(masks) == 1 else sign.join(f"({mask.code})" for mask in masks)
    table = reading.table.name
    rows = f"{table}.filter({code})" if reading.table.library == "polars" else f"{table}[{code}]"
    return Selection(rows, remarks, values)


_UNCLEAR: tuple[list[_Mask], str] = [], ""


def _masks(parts: list[str], reading: Reading, connective: str) -> tuple[list[_Mask], str]:
    """The parts of a condition, and what joins them; none where one of them is not clear.

    Each part is read with the column and the relation that it leaves out.
    """
    masks: list[_Mask] = []
    column = stem = ""
    carried = 0
    for part in parts:
        # "age is over 3 and under 9", "city is Rome or Oslo": the column is said once.
        named = re.match(r"(C\d+ )(is )?", part)
        is_bare = _IS_VALUE.fullmatch(part) is not None
        last = masks[-1] if masks else None
        if named:
            column = named[0]
        elif last is None or (is_bare and last.sign not in ("==", "!=", *_PARTS)):
            # "over 3 or 5": the second is neither a limit nor a value.
            return _UNCLEAR
        elif is_bare:
            carried += 1
        elif last.sign in ("!=", "notna") and connective == "or":
            # "is not Rome or missing": the "not" may be meant for both.
            return _UNCLEAR
        elif part.startswith("is "):
            column = column.removesuffix("is ")
        whole = part if named else (stem if is_bare else column) + part
        mask = _mask(whole, reading)
        if mask is None:
            return _UNCLEAR
        masks.append(mask)
        stem = _stem(whole)
    negated = [mask for mask in masks if mask.sign == "!="]
    if connective == "or" and carried and negated:
        # "is not Rome or Oslo": neither. Beside another condition it is not clear what "or" joins.
        return (masks, " & ") if carried == len(masks) - 1 else _UNCLEAR
    if _is_idle(masks, connective):
        return _UNCLEAR
    return masks, " & " if connective == "and" else " | "


def _stem(whole: str) -> str:
    """The column and the relation of a part: what stands before its value."""
    match = _CONDITION.fullmatch(whole)
    assert match is not None
    group = next((name for name in ("value", "text", "bare") if match[name]), None)
    return whole[: match.start(group)] if group else ""


def _is_idle(masks: list[_Mask], connective: str) -> bool:
    """Whether no row can fit, as with "is Rome and Oslo", or each, as with "or" between "not"."""
    sign = "==" if connective == "and" else "!="
    codes: dict[str, set[str]] = {}
    for mask in masks:
        if mask.sign == sign:
            codes.setdefault(mask.column, set()).add(mask.code)
    return any(len(different) > 1 for different in codes.values())


def _mask(text: str, reading: Reading) -> _Mask | None:
    match = _CONDITION.fullmatch(text)
    if match is None:
        return None
    column = reading.column(reading.columns[match["column"]])
    series = f"{reading.table.name}[{quoted(column.name)}]"
    polars = reading.table.library == "polars"
    if match["low"]:
        return _between(match["low"], match["high"], column, series, reading)
    if match["bare"]:
        return _mask(f"{match['column']} is {match['bare']}", reading)
    if match["part"]:
        return (
            _with_part(match["part"], match["text"], series, reading) if is_text(column) else None
        )
    if match["value"] is None:
        has, lacks = ("is_not_null", "is_null") if polars else ("notna", "isna")
        sign = "notna" if match["present"] else "isna"
        return _Mask(f"{series}.{has if match['present'] else lacks}()", sign=sign)
    if match["phrase"]:
        sign = _PHRASES[match["phrase"]]
    else:
        sign = reading.texts[match["operator"]]
        sign = _OPERATORS.get(sign, sign)
    found = _compared(sign, match["value"].split(), column, series, reading)
    return found and msgspec.structs.replace(found, column=column.name, sign=sign)


def _compared(
    sign: str, slots: list[str], column: Column, series: str, reading: Reading
) -> _Mask | None:
    polars = reading.table.library == "polars"
    words = tuple(reading.texts[slot] for slot in slots if slot[0] in "VW")
    value = _unquoted(slots, reading) if words else reading.texts[slots[0]]
    if value is None:
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
    if is_time(column) and not polars and _DATE.fullmatch(value):
        return _Mask(f"{series} {sign} {quoted(value)}", _said_of_day(sign, value), words)
    if not is_text(column):
        return None
    if words and value == value.lower() != value.upper():
        lower = "to_lowercase" if polars else "lower"
        remark = f"“{value}” is compared without regard to capitals; put it in quotes otherwise."
        return _Mask(f"{series}.str.{lower}() {sign} {quoted(value)}", remark, words)
    return _Mask(
        f"{series} {sign} {quoted(value)}", f"“{value}” is compared exactly as written.", words
    )


def _unquoted(slots: list[str], reading: Reading) -> str | None:
    """The value as it is written; None where its words may say more than a value."""
    value = reading.written(*slots)
    if value is None:
        return None
    words = re.findall(r"[^\W_]+", value)
    lower = {word.lower() for word in words}
    if not words or set(_NO_VALUE.split()) & lower or _PART_OF_A_LIST.match(value):
        return None
    if len(words) > 1 and set(_NOT_BESIDE_A_VALUE.split()) & lower:
        return None
    is_before_a_name = words[0].islower() and any(word.istitle() for word in words)
    return None if is_before_a_name and words[0] not in _BEFORE_A_NAME.split() else value


def _between(low: str, high: str, column: Column, series: str, reading: Reading) -> _Mask | None:
    polars = reading.table.library == "polars"
    ends = [reading.texts[low], reading.texts[high]]
    method = "is_between" if polars else "between"
    if low[0] == high[0] == "N" and is_numeric(column):
        first, last = sorted(ends, key=float)
        return _Mask(f"{series}.{method}({first}, {last})")
    if is_time(column) and not polars and all(map(_DATE.fullmatch, ends)):
        first, last = sorted(ends)
        return _Mask(
            f"{series}.between({quoted(first)}, {quoted(last)})", _said_of_day("between", last)
        )
    return None


def _said_of_day(sign: str, date: str) -> str:
    """What is to be said where a time later on that day would be taken otherwise than meant."""
    is_clear = sign in ("<", ">=") or len(date) > len("2024-03-01")
    return "" if is_clear else f"“{date}” is the beginning of that day."


def _with_part(part: str, slot: str, series: str, reading: Reading) -> _Mask | None:
    words = (reading.texts[slot],) if slot[0] in "VW" else ()
    value = _unquoted([slot], reading) if words else reading.texts[slot]
    if value is None:
        return None
    text = quoted(value)
    if reading.table.library == "polars":
        method = {"contains": f"contains({text}, literal=True)"}.get(
            part, f"{_PARTS[part].replace('with', '_with')}({text})"
        )
        return _Mask(f"{series}.str.{method}", values=words, sign=part)
    regex = ", regex=False" if part == "contains" else ""
    return _Mask(f"{series}.str.{_PARTS[part]}({text}{regex}, na=False)", values=words, sign=part)
