"""What shell code does, by a real parser.

It is asked in any case; what the parser adds are the effects by name, with where
they stand. Without the parser (the extra ``shell``), or where it finds an error, it
is said that the code is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, cast

from llm_notebook.core.decision import EffectKind, PredictedEffect
from llm_notebook.policy.knowledge import words
from llm_notebook.policy.tables.commands import (
    COMMANDS,
    DELETES_WITH,
    GIT_CONTACTS,
    RUNS_WITH,
    WRAPPERS,
    WRITES_WITH,
)
from llm_notebook.policy.targets import is_own

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_KINDS = words(COMMANDS)
_MOST = 200
_WORDS = frozenset({"word", "string", "raw_string", "number", "concatenation", "ansi_c_string"})
_PART_TYPES = frozenset({"command_name", "simple_expansion", "expansion"})
_DECLARATIONS = frozenset({"declaration_command", "unset_command"})


def effects(code: str, line: int, column: int) -> list[PredictedEffect]:
    """What shell code does that begins at that place of the cell; never empty."""
    start = PredictedEffect("starts", "", "shell code", line, column)
    parser = _parser()
    if parser is None:
        why = "shell code, which is not read without the extra 'shell'"
        return [start, PredictedEffect("unknown", "", why, line, column)]
    tree = parser.parse(code.encode(errors="replace"))
    found = _Reading(code, line, column)
    found.read(tree.root_node)
    if tree.root_node.has_error:
        found.add("unknown", "", "shell code that cannot be parsed whole", tree.root_node)
    return [start, *found.effects.values()]


@cache
def _parser() -> Parser | None:
    try:
        import tree_sitter
        import tree_sitter_bash
    except ImportError:
        return None
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class _Reading:
    """The effects of one piece of shell code."""

    def __init__(self, code: str, line: int, column: int) -> None:
        self._lines = code.split("\n")
        self._line = line
        self._column = column
        self.effects: dict[tuple[str, int, int], PredictedEffect] = {}

    def read(self, root: Node) -> None:
        """Walk over all nodes, in the order of the text."""
        stack = [root]
        while stack:
            node = stack.pop()
            if node.type == "command":
                self._command(node)
            elif node.type == "file_redirect":
                self._redirect(node)
            elif node.type in _DECLARATIONS:
                self.add("environment", "", _text(node).split()[0], node)
            stack.extend(reversed(node.children))

    def add(self, kind: EffectKind, target: str, why: str, node: Node) -> None:
        """Add an effect, at most one of a kind at a place."""
        if len(self.effects) >= _MOST:
            return
        row, offset = node.start_point
        text = self._lines[row] if row < len(self._lines) else ""
        place = len(text.encode(errors="replace")[:offset].decode(errors="ignore")) + 1
        if row == 0:
            place += self._column - 1
        if is_own(target):
            kind = "authority"
        key = (kind, self._line + row, place)
        self.effects.setdefault(key, PredictedEffect(kind, target[:200], why, key[1], place))

    def _redirect(self, node: Node) -> None:
        operator = next((child.type for child in node.children if not child.is_named), "")
        target = next((_text(c) for c in node.children if c.type in _WORDS), "")
        if target.isdigit() or target in ("", "/dev/null"):
            return
        if target.startswith(("/dev/tcp/", "/dev/udp/")):
            self.add("contacts", target, operator, node)
        elif ">" in operator:
            self.add("writes", target, operator, node)
        elif operator == "<":
            self.add("reads", target, operator, node)

    def _command(self, node: Node) -> None:
        parts = list(_parts(node))
        while len(parts) > 1 and _base(parts[0]) in WRAPPERS:
            plain = [at for at, word in enumerate(parts) if at and _is_word(word)]
            if not plain:
                break
            # Options may take a word of their own: what is known as a command is one.
            start = next((at for at in plain if _base(parts[at]) in _KINDS), plain[0])
            parts = parts[start:]
        if not parts:
            return
        name, rest = _base(parts[0]), parts[1:]
        for kind in _kinds(name, rest):
            self.add(kind, _target(name, rest), name, node)


def _kinds(name: str, rest: list[str]) -> Iterator[EffectKind]:
    if name.startswith(("$", "`", "{", '"$')):
        yield "unknown"
        return
    if name in ("python", "python3") and rest[:2] == ["-m", "pip"]:
        name = "pip"
    if name == "git":
        yield "contacts" if set(rest[:2]) & GIT_CONTACTS else "writes"
    kind = _KINDS.get(name, "starts" if name not in ("git", "sed") else "reads")
    if kind != "none" and name != "git":
        yield cast(EffectKind, kind)
    for table, more in ((WRITES_WITH, "writes"), (DELETES_WITH, "deletes"), (RUNS_WITH, "unknown")):
        if any(word.startswith(table.get(name, ("\0",))) for word in rest):
            yield cast(EffectKind, more)


def _target(name: str, rest: list[str]) -> str:
    """What the command is about: an address if there is one, else its first or last word."""
    plain = [word for word in rest if not word.startswith("-")]
    for word in plain:
        if "://" in word:
            return word
    if name == "dd":
        return next((word[3:] for word in plain if word.startswith("of=")), "")
    if name in ("cp", "mv", "ln", "install") and plain:
        return plain[-1]
    if name in ("chmod", "chown", "chgrp", "sed", "grep", "awk") and len(plain) > 1:
        return plain[1]
    if _KINDS.get(name) == "installs":
        return " ".join(plain[1:])
    return plain[0] if plain else ""


def _parts(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.type in _WORDS or child.type in _PART_TYPES:
            yield _text(child)


def _text(node: Node) -> str:
    text = (node.text or b"").decode(errors="replace")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


def _is_word(text: str) -> bool:
    return not text.startswith("-") and "=" not in text[:20]


def _base(command: str) -> str:
    """The name without its folder and without what keeps an alias away."""
    return command.strip("'\"").replace("\\", "").rpartition("/")[2] or command
