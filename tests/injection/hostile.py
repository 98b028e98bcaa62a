"""Text that would act on whoever shows it, and a way to put it into every field of a record."""

from __future__ import annotations

import re
import types
import typing
from typing import Any, Literal, get_args, get_origin

import msgspec

from llm_notebook.core.deceptive import spans

SEQUENCES = {
    "clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "link": "\x1b]8;;http://127.0.0.1:9/leak\x1b\\here\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[3J\x1b[H",
    "up and over": "\x1b[5A\x1b[2K\rAccepted.",
    "title of the window": "\x1b]0;owned\x07",
    "answerback": "\x1b[c\x1b[6n\x1bP$qm\x1b\\\x1bZ",
    "mode": "\x1b[?1049h\x1b[?2004l\x1b[8m\x1bc",
    "eight bits": "\x9b2J\x9d52;c;eA==\x9c\x90q\x9c",
    "private": "\x1b_Gf=100;AAAA\x1b\\\x1b^x\x1b\\",
    "backspaces": "rm -rf /\x08\x08\x08\x08\x08\x08\x08\x08ls      ",
    "order": "safe\u202e\u2066 evil\u2069",
    "unseen": "a\u200bb\ufeff\u2063\u00ad\U000e0041",
    "alike": "\u0435xec",
}
HOSTILE = "start " + " ".join(SEQUENCES.values()) + " end"

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def harm(shown: str) -> list[str]:
    """What of a text could act on a terminal or fool a reader; our own colours are none."""
    text = _COLOURS.sub("", shown)
    return [repr(text[span.start : span.end]) for span in spans(text) if span.kind != "gap"]


def filled(kind: type[Any], **fixed: Any) -> Any:
    """A record with hostile text wherever text may stand."""
    fields = msgspec.structs.fields(kind)
    values = {field.name: _value(field.type) for field in fields if field.name not in fixed}
    return kind(**values, **fixed)


def _value(kind: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return _value(next(each for each in arguments if each is not type(None)))
    if origin is tuple:
        return tuple(_value(each) for each in arguments if each is not ...)
    if origin is dict:
        return {"text/plain": HOSTILE} if arguments[1] is str else {}
    if kind is str:
        return HOSTILE
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return filled(kind)
    return kind() if isinstance(kind, type) else None
