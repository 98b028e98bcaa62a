"""What a cell defines, changes and uses, read from its syntax. Nothing is executed.

IPython's own syntax is masked before parsing: magics, shell lines, help lines.
A cell that Python cannot parse is read line by line with the broken lines left
out, and as a bag of words where even that fails, so a slice never raises.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from llm_notebook.context.names import NameReader

MAX_PARSED = 200_000
"""Characters of a cell that are read. What lies behind takes no part in the slice."""

PROMPT_MAGICS = frozenset({"llm"})
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun", "debug", "pypy", "python_local"})
_STATEMENT_MAGICS = frozenset({"time", "timeit", "prun", "memit", "mprun", "lprun"})

_CELL_MAGIC = re.compile(r"\s*%%(\w+)([^\n]*)")
_LINE_MAGIC = re.compile(r"^(\s*)%{1,2}(\w+)[ \t]*(.*)$")
_SHELL_LINE = re.compile(r"^(\s*)!{1,2}(.*)$")
_MAGIC_VALUE = re.compile(r"^(\s*)([\w.,\[\]\"' \t]+?)\s*=\s*[%!]\s*\S.*$")
_HELP_LINE = re.compile(r"^(\s*)(?:\?{1,2}\s*([\w.*]+)|([\w.*]+)\s*\?{1,2})\s*;?\s*$")
_SHELL_NAME = re.compile(r"(?<!\{)\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_ASSIGNED = re.compile(r"^([^\W\d]\w*)[ \t]*=(?!=)", re.MULTILINE)
_ESCAPE = re.compile(r"\\N\{[^}\n]*\}|\\([^\n'\"])")


@dataclass(frozen=True, slots=True)
class Facts:
    """How one cell takes part in the flow of data.

    Attributes
    ----------
    defines : frozenset of str
        Names that the cell binds whatever happens.
    touches : frozenset of str
        Names that it may bind, or whose value it changes in place.
    uses : frozenset of str
        Names that it needs from elsewhere.
    imports : frozenset of str
        Those of `defines` and `touches` that an import binds.
    assigns : frozenset of str
        Those of `touches` of which a part is assigned to, or that are seeded.
    bodies : tuple of (str, frozenset of str)
        Its functions and classes, each with the names that it needs when it is called.
    deferred : frozenset of str
        Those of `uses` that only such bodies need.
    star : bool
        It imports everything from a module, so it may define any name.
    only_imports : bool
        Nothing but imports, apart from magics and strings.
    """

    defines: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    assigns: frozenset[str] = frozenset()
    bodies: tuple[tuple[str, frozenset[str]], ...] = ()
    deferred: frozenset[str] = frozenset()
    star: bool = False
    only_imports: bool = False


NOTHING = Facts()


def cell_magic(source: str) -> str:
    """The name of the cell magic that the source starts with, or an empty text."""
    match = _CELL_MAGIC.match(source)
    return match[1] if match else ""


def is_prompt(source: str) -> bool:
    """Whether this is a ``%%llm`` cell: a request in words, not code."""
    return cell_magic(source) in PROMPT_MAGICS


def read_source(source: str) -> Facts:
    """Read the facts of one code cell. Never raises."""
    return _read(source[:MAX_PARSED])


def parsed(source: str, *, whole: bool = False) -> ast.Module | None:
    """The tree of a code cell, without IPython's own syntax; None where there is none.

    Parameters
    ----------
    whole : bool
        None also where lines had to be left out because they are no Python.
    """
    source = source[:MAX_PARSED].replace("\r\n", "\n").replace("\r", "\n")
    magic = _CELL_MAGIC.match(source)
    if magic and magic[1] not in _PYTHON_MAGICS:
        return None
    tree, dropped = _parse(source[magic.end() :] if magic else source)
    return None if whole and dropped else tree


@lru_cache(maxsize=4096)
def _read(source: str) -> Facts:
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    magic = _CELL_MAGIC.match(source)
    extra: set[str] = set()
    if magic:
        if magic[1] not in _PYTHON_MAGICS:
            return NOTHING
        if magic[1] == "capture":
            extra.update(word for word in magic[2].split() if word.isidentifier())
        source = source[magic.end() :]
    tree, dropped = _parse(source)
    if tree is None:
        return _bag_of_words(source)
    try:
        reader = NameReader.of(tree)
    except RecursionError:
        return _bag_of_words(source)
    return Facts(
        defines=frozenset(reader.bound | extra),
        touches=frozenset(reader.touched.union(_ASSIGNED.findall(dropped)) - reader.bound),
        uses=frozenset(reader.used.union(_IDENTIFIER.findall(dropped))),
        imports=frozenset(reader.imported),
        assigns=frozenset(reader.assigned - {""}),
        bodies=tuple((name, frozenset(free)) for name, free in reader.bodies.items()),
        deferred=frozenset(reader.deferred),
        star=reader.star,
        only_imports=bool(reader.imported or reader.star) and all(map(_is_import, tree.body)),
    )


def _is_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _parse(source: str) -> tuple[ast.Module | None, str]:
    """The tree, and the lines that had to be dropped to get one."""
    # Plain first: a line of a string that happens to start with % stays itself.
    tree, _ = _try_parse(source)
    if tree is not None:
        return tree, ""
    lines = [_mask(line) for line in source.split("\n")]
    dropped: list[str] = []
    for _ in range(10):
        tree, number = _try_parse("\n".join(lines))
        if tree is not None:
            return tree, "\n".join(dropped)
        if not 1 <= number <= len(lines) or lines[number - 1].strip() == "pass":
            break
        line = lines[number - 1]
        dropped.append(line)
        lines[number - 1] = f"{line[: len(line) - len(line.lstrip())]}pass"
    return None, ""


def _try_parse(source: str) -> tuple[ast.Module | None, int]:
    """The tree, or None and the line to blame (0 where there is none)."""
    # An unknown escape such as "\d" would make the parser warn in the person's
    # notebook. Values of strings play no part here, so escapes are flattened;
    # `warnings.catch_warnings` would race with a cell that runs meanwhile.
    flat = _ESCAPE.sub(_flatten, source)
    try:
        return ast.parse(flat), 0
    except SyntaxError as error:
        return None, error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return None, 0


def _flatten(escape: re.Match[str]) -> str:
    # A brace stays: behind an escape it may still open a field of an f-string.
    return f"_{escape[1]}" if escape[1] in ("{", "}") else "__"


def _mask(line: str) -> str:
    if match := _SHELL_LINE.match(line):
        names = [a or b for a, b in _SHELL_NAME.findall(match[2])]
        return f"{match[1]}({', '.join([*names, ''])})" if names else f"{match[1]}pass"
    if match := _LINE_MAGIC.match(line):
        if match[2] in _STATEMENT_MAGICS:
            statement = re.sub(r"^(?:-\w+(?:[ \t]+\d+)?[ \t]+)+", "", match[3])
            return f"{match[1]}{statement or 'pass'}"
        return f"{match[1]}pass"
    if match := _HELP_LINE.match(line):
        return f"{match[1]}pass"
    if match := _MAGIC_VALUE.match(line):
        return f"{match[1]}{match[2]} = None"
    return line


def _bag_of_words(source: str) -> Facts:
    """Every word as a use, and what stands left of a plain ``=`` as maybe defined."""
    return Facts(
        touches=frozenset(_ASSIGNED.findall(source)),
        uses=frozenset(_IDENTIFIER.findall(source)),
    )
