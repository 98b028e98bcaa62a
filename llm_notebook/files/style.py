"""How a notebook's JSON is written, so that what is new in it looks like the rest."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from llm_notebook.files.spans import Member, members

# A character beyond ASCII as an escape, where the backslash is not itself escaped.
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Style:
    """How objects and lists are laid out.

    Attributes
    ----------
    newline : str
        Empty where a value stands on one line.
    unit : str
        What a level is indented by.
    colon, comma : str
        With the blanks around them.
    ascii : bool
        Whether characters beyond ASCII are written as escapes.
    """

    newline: str = "\n"
    unit: str = " "
    colon: str = ": "
    comma: str = ","
    ascii: bool = False

    def between(self, indent: str) -> str:
        """What stands before a member or an item at this indentation, save its comma."""
        return self.newline + indent if self.newline else ""

    def dump(self, value: Any, indent: str) -> str:
        """A value as JSON, its further lines indented by `indent`."""
        text = json.dumps(
            value,
            ensure_ascii=self.ascii,
            indent=self.unit if self.newline else None,
            separators=(self.comma, self.colon),
        )
        text = _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
        return text.replace("\n", self.newline + indent) if self.newline else text

    def joined(self, brackets: str, parts: list[str], indent: str, outer: str) -> str:
        """Parts that are JSON already as an object or a list, at this indentation."""
        if not parts:
            return brackets
        lead = self.between(indent)
        return (
            brackets[0] + lead + (self.comma + lead).join(parts) + self.between(outer) + brackets[1]
        )


def style_of(text: str, at: int, outer: str) -> tuple[Style, str]:
    """The style of the object that begins at `at`, and the indentation of its members.

    Parameters
    ----------
    outer : str
        The indentation of the object itself.
    """
    found = members(text, at)
    ascii = text.isascii() and _ESCAPED.search(text) is not None
    if not found:
        return Style(ascii=ascii), outer + " "
    colon = _colon(text, found[0])
    lead = text[at + 1 : found[0].start]
    if "\n" in lead:
        indent = lead[lead.rindex("\n") + 1 :]
        unit = indent.removeprefix(outer) if indent.startswith(outer) else indent
        return Style("\r\n" if "\r\n" in lead else "\n", unit, colon, ",", ascii), indent
    comma = ", " if len(found) < 2 else text[found[0].item.end : found[1].start]
    return Style("", "", colon, comma if "\n" not in comma else ", ", ascii), ""


def indent_at(text: str, at: int) -> str:
    """The white space before `at` on its line; empty where something else stands there."""
    start = text.rfind("\n", 0, at) + 1
    before = text[start:at]
    return before if not before.strip(" \t") else ""


def _colon(text: str, member: Member) -> str:
    colon = text[member.key_end : member.item.start]
    return colon if "\n" not in colon else ": "
