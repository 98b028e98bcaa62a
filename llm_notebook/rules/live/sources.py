"""The source of what a notebook's cells defined, checked against what really runs.

`linecache` holds the cells as text, but anything may have been written there. So
the text is compiled again, and counts only where that gives the very code that
the function has.
"""

from __future__ import annotations
import __future__

import ast
import linecache
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_MOST = 200_000
NONE: frozenset[str] = frozenset()
_GENERATED = frozenset({"__class__", "__qualname__", "NotImplemented", "cls", "__setattr__"})
_FUTURE = sum(getattr(__future__, name).compiler_flag for name in ("annotations",))


def source_of(function: FunctionType) -> str | None:
    """The source of a function of the notebook; None where it cannot be told for certain."""
    code = function.__code__
    text = _cell(code)
    if text is None or not _holds(text, code):
        return None
    return _segment(text, code.co_name, code.co_firstlineno)


def class_source(cls: type, functions: list[FunctionType]) -> str | None:
    """The source of a class of the notebook, where all of its functions stand in it."""
    fields = _fields(cls)
    codes = [f.__code__ for f in functions]
    written = [code for code in codes if not _is_generated(code, fields)]
    if not written:
        return ""
    text = _cell(written[0])
    if text is None or not all(_holds(text, code) for code in written):
        return None
    name = type.__dict__["__name__"].__get__(cls)
    tree = ast.parse(text)
    found = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name]
    return ast.get_source_segment(text, found[0]) if len(found) == 1 else None


def _fields(cls: type) -> frozenset[str]:
    """The names of a dataclass's fields; empty for any other class."""
    found = type.__dict__["__dict__"].__get__(cls).get("__dataclass_fields__")
    return frozenset(name for name in found if type(name) is str) if type(found) is dict else NONE


def _is_generated(code: CodeType, fields: frozenset[str]) -> bool:
    """Whether a method does no more than what `dataclasses` writes: it touches its fields only."""
    if not fields or code.co_filename != "<string>" or any(_inner(code)):
        return False
    return all(
        name in fields or name in _GENERATED or name.startswith(("_dflt_", "__dataclass_"))
        for name in (*code.co_names, *code.co_freevars)
    )


def _cell(code: CodeType) -> str | None:
    """The text of the cell that code came from, as it lies there; nothing is loaded."""
    entry: Any = dict.get(linecache.cache, code.co_filename)
    if type(entry) is not tuple or len(entry) != 4 or type(entry[2]) is not list:
        return None
    if not all(type(line) is str for line in entry[2]):
        return None
    text = "".join(entry[2])
    return text if len(text) <= _MOST else None


def _holds(text: str, code: CodeType) -> bool:
    flags = _FLAGS | (code.co_flags & _FUTURE)
    return any(found == code for found in _codes(text, code.co_filename, flags))


@lru_cache(maxsize=64)
def _codes(text: str, filename: str, flags: int) -> tuple[CodeType, ...]:
    try:
        tree = ast.parse(text)
        # IPython compiles a cell statement by statement, unless it awaits something.
        units: list[ast.Module] = [tree, *(ast.Module([node], []) for node in tree.body)]
        codes = [compile(unit, filename, "exec", flags, dont_inherit=True) for unit in units]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(found for code in codes for found in _inner(code))


def _inner(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inner(constant)


@lru_cache(maxsize=256)
def _segment(text: str, name: str, line: int) -> str | None:
    """The statement that begins at a line and defines a function or holds a lambda."""
    best: ast.stmt | None = None
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt):
            continue
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        if not first <= line <= (node.end_lineno or first):
            continue
        is_def = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        is_it = is_def and first == line and getattr(node, "name", "") == name
        if (is_it or name == "<lambda>") and (best is None or node.lineno >= best.lineno):
            best = node
    if best is None:
        return None
    first = min([best.lineno, *(d.lineno for d in getattr(best, "decorator_list", ()))])
    lines = text.split("\n")[first - 1 : best.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] if not line[:indent].strip() else line for line in lines)
