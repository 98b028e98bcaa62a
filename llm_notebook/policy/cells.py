"""IPython's own syntax taken out of a cell: what is left is Python at the same places."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from llm_notebook.policy.tables.magics import BARE, RUNS_ITS_LINE

LONGEST = 200_000
"""Characters of a cell that are read; what is longer is not known."""

_MOST = 60
_MOST_WORK = 1_000_000
_CELL = re.compile(r"\s*%%(\w[\w.]*)[ \t]*([^\n]*)\n?")
_LINE = re.compile(r"^(\s*)%(\w[\w.]*)(.*)$", re.DOTALL)
_SHELL = re.compile(r"^(\s*)!{1,2}(.*)$", re.DOTALL)
_ASSIGNED = re.compile(r"^(\s*[^=!%\"'#(]+?=\s*)([!%])(?!=)(.*)$", re.DOTALL)
_HELP = re.compile(r"^\s*(?:\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*]+\s*\?{1,2})\s*;?\s*$")
_BARE = re.compile(r"^[ \t]*(\w+)(?![ \t]*[=!()<>,+*/%^&|.\[:;])(?:[ \t]+([^\n]*))?[ \t]*$")
# IPython takes prompts away that were copied along, within texts as well.
_PROMPTS = re.compile(
    r"(?:\s*\n)?(?:[^\n]*\n)?(?:\.\.\.(?: |\n|$)|\s*(?:>>>|\.{3,}:|(?:\[\w+\])?\s*In\s*\[\d+\]:))"
)
_BREAKS = re.compile("[\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_FLAGS = re.compile(r"(?:\s*-(?:[nrpt]\s*\d+|[a-zA-Z]+)\b)*\s*")
_COMPOUND = re.compile(r"(?:for|while|with|if|try|def|class|async|match)\b|@")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_VALID = frozenset("\\'\"abfnrtvxNuU01234567\n")


@dataclass(frozen=True, slots=True)
class Command:
    """A magic or a shell line.

    Attributes
    ----------
    name : str
        The magic's; ``!`` for a shell line.
    text : str
        What stands behind the name.
    body : str or None
        A cell magic's body, or a statement with a body of its own behind a line magic.
    line, column : int
        Where it stands, from 1.
    text_line, text_column : int
        Where its text stands, or its body if there is one.
    """

    name: str
    text: str
    line: int
    column: int
    text_line: int
    text_column: int
    body: str | None = None


@dataclass(slots=True)
class Parts:
    """A cell: its Python as a tree, None where it has none or cannot be parsed."""

    tree: ast.Module | None
    python: str
    commands: list[Command] = field(default_factory=list)
    problem: str = ""
    problem_line: int = 1


def split(source: str) -> Parts:
    """Take a cell apart. Never raises."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > LONGEST:
        return Parts(None, "", problem="the cell is too long to be read")
    if _BREAKS.search(source):
        return Parts(None, "", problem="line breaks that Python and IPython read differently")
    if _PROMPTS.match(source):
        return Parts(None, "", problem="prompts of a shell stand before its lines")
    special = "%" in source or "!" in source or "?" in source
    if special:
        found = _CELL.match(source)
        if found:
            return Parts(None, "", [_cell_command(source, found)])
    bare = _bare(source)
    if bare is not None:
        return Parts(None, "", [bare])
    text = _ESCAPE.sub(_flat, source) if "\\" in source else source
    tree, problem, line = _parse(text)
    if tree is None and special:
        return _masked(text.split("\n"), source.split("\n"))
    return Parts(tree, text, [], problem, line)


def _cell_command(source: str, found: re.Match[str]) -> Command:
    before = source[: found.start(1)]
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n") - 2
    return Command(found[1], found[2], line, column, line + 1, 1, source[found.end() :])


def _bare(source: str) -> Command | None:
    """``rm -r x`` alone in a cell: IPython takes it for a magic."""
    if len(source) > 2000:
        return None
    stripped = source.strip()
    if "\n" in stripped:
        return None
    found = _BARE.match(stripped)
    if found is None or found[1] not in BARE:
        return None
    return Command(found[1], found[2] or "", 1, 1, 1, found.start(2) + 1)


def _flat(escape: re.Match[str]) -> str:
    # An unknown escape would make the parser warn in the person's notebook; as a
    # text, a slash tells the same.
    return escape[0] if escape[1] in _VALID else f"/{escape[1]}"


def _parse(text: str) -> tuple[ast.Module | None, str, int]:
    try:
        return ast.parse(text), "", 1
    except SyntaxError as error:
        return None, f"it is not Python: {error.msg}", error.lineno or 1
    except (ValueError, RecursionError, MemoryError) as error:
        return None, f"it cannot be parsed ({type(error).__name__})", 1


def _masked(lines: list[str], shown: list[str]) -> Parts:
    """Mask what the parser stumbles over, one place after the other.

    A line is masked only where the parser blames it, so never within a text or a
    bracket: there it would be Python, and IPython would run it.
    """
    commands: list[Command] = []
    for _ in range(min(_MOST, 2 + _MOST_WORK // (1 + sum(map(len, lines))))):
        text = "\n".join(lines)
        tree, problem, line = _parse(text)
        if tree is not None:
            return Parts(tree, text, commands)
        is_masked = 1 <= line <= len(lines) and _mask(lines, shown, line - 1, commands)
        if not is_masked or "\n".join(lines) == text:
            return Parts(None, "", commands, problem, line)
    return Parts(None, "", commands, "it has too many magics to be read", 1)


def _mask(lines: list[str], shown: list[str], at: int, commands: list[Command]) -> bool:
    """Mask the magic or the shell line that begins there; whether there is one."""
    end = at
    while end + 1 < len(lines) and lines[end].endswith("\\"):
        end += 1
    whole = "\n".join(shown[at : end + 1])
    first = shown[at]
    found = _SHELL.match(whole)
    if found:
        place = found.start(2)
        commands.append(Command("!", found[2], at + 1, len(found[1]) + 1, at + 1, place + 1))
        lines[at] = f"{found[1]}pass"
    elif _HELP.match(first) and end == at:
        lines[at] = f"{first[: len(first) - len(first.lstrip())]}pass"
    elif found := _LINE.match(whole):
        _line_magic(lines, at, found, commands)
    elif found := _ASSIGNED.match(whole):
        _value(lines, at, found, commands)
    else:
        return False
    for number in range(at + 1, end + 1):
        lines[number] = ""
    return True


def _line_magic(lines: list[str], at: int, found: re.Match[str], commands: list[Command]) -> None:
    indent, name, rest = found[1], found[2], found[3]
    text = rest.strip()
    column = len(indent) + 1
    place = found.start(3) + len(rest) - len(rest.lstrip()) + 1
    commands.append(Command(name, text, at + 1, column, at + 1, place))
    if name not in RUNS_ITS_LINE or not text or "\n" in text:
        lines[at] = f"{indent}pass"
        return
    start = found.start(3) + flags_end(rest)
    statement = found.string[start:]
    if _COMPOUND.match(statement):
        commands[-1] = Command(name, text, at + 1, column, at + 1, start + 1, statement)
        lines[at] = f"{indent}pass"
        return
    # `%time x = f()` becomes `if 1:   x = f()`: the statement stays where it was.
    lines[at] = f"{indent}if 1:".ljust(start) + (statement or "pass")


def flags_end(rest: str) -> int:
    """Where the options of ``%timeit`` and its like end."""
    found = _FLAGS.match(rest)
    return found.end() if found else 0


def _value(lines: list[str], at: int, found: re.Match[str], commands: list[Command]) -> None:
    before, sign, rest = found[1], found[2], found[3]
    place = found.start(3) + 1
    if sign == "!":
        commands.append(Command("!", rest, at + 1, len(before) + 1, at + 1, place))
    else:
        name, _, text = rest.strip().partition(" ")
        column = place + len(name) + 1
        body = None
        if name in RUNS_ITS_LINE:
            start = flags_end(text)
            column, body = column + start, text[start:]
        commands.append(Command(name, text, at + 1, len(before) + 1, at + 1, column, body))
    lines[at] = f"{before}None"
