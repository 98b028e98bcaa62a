"""The source of one cell, changed where a value stands and otherwise left as it was written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from llm_notebook.llm.offline.code import quoted

_BODY_IS_PYTHON = ("time", "timeit", "capture", "prun")


class SourceCode:
    """The source of one cell. Comments and layout stay as they are.

    Parameters
    ----------
    source : str
        Raises SyntaxError where it is not Python, apart from IPython's lines
        that begin with ``%`` or ``!``.
    """

    def __init__(self, source: str) -> None:
        self.bytes = source.encode()
        self.tree = parsed(source)
        self._line_starts = [0]
        for line in self.bytes.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self.changes: list[tuple[int, int, str]] = []

    def changed(self) -> str:
        """The source with the changes made so far."""
        result = self.bytes
        for start, end, text in sorted(self.changes, reverse=True):
            result = result[:start] + text.encode() + result[end:]
        return result.decode()

    def put(self, place: ast.expr, text: str) -> None:
        """Put `text` in the place of an expression.

        Raises SyntaxError where the expression does not stand where the tree
        says, as happens inside f-strings before Python 3.12.
        """
        stands = self.bytes[self.start(place) : self.end(place)].decode(errors="replace")
        if isinstance(place, ast.Name) and stands != place.id:
            raise SyntaxError("A name stands elsewhere than expected.")
        if isinstance(place, ast.Constant) and ast.dump(parsed(f"({stands})")) != ast.dump(
            parsed(f"({ast.unparse(place)})")
        ):
            raise SyntaxError("A text stands elsewhere than expected.")
        self.changes.append((self.start(place), self.end(place), text))

    def put_text(self, place: ast.Constant, text: str) -> None:
        """Put another text in the place of one, in the same quotes where they do."""
        stands = self.bytes[self.start(place) : self.end(place)].decode(errors="replace")
        is_plain = text.isprintable() and not set(text) & {"'", "\\"}
        is_single = stands.startswith("'") and not stands.startswith("'''")
        self.put(place, f"'{text}'" if is_single and is_plain else quoted(text))

    def insert(self, at: int, text: str) -> None:
        """Put `text` before the byte `at`."""
        self.changes.append((at, at, text))

    def put_attribute(self, node: ast.Attribute, name: str) -> None:
        """Give an attribute another name."""
        end = self.end(node)
        start = end - len(node.attr.encode())
        if self.bytes[start:end] != node.attr.encode():
            raise SyntaxError("An attribute stands elsewhere than expected.")
        self.changes.append((start, end, name))

    def start(self, node: ast.stmt | ast.expr | ast.keyword | ast.alias) -> int:
        """Where a node begins, in bytes."""
        return self._line_starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """Where a node ends, in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._line_starts[node.end_lineno - 1] + node.end_col_offset

    def nodes(self, line: int | None = None) -> Iterator[ast.AST]:
        """All nodes, or those that stand on one line (from 1)."""
        for node in ast.walk(self.tree):
            if line is None or getattr(node, "lineno", None) == line:
                yield node


def parsed(source: str) -> ast.Module:
    """The tree of a cell, its magics passed over at their places."""
    try:
        return ast.parse(source)
    except SyntaxError:
        magic = re.match(r"\s*%%(\w+)", source)
        if magic and magic[1] not in _BODY_IS_PYTHON:
            raise
        return ast.parse(re.sub(r"(?m)^(\s*)[%!]", r"\1#", source))
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from None


def root(node: ast.AST) -> str:
    """The name at the start of ``name.a["b"].c()``; empty where it starts otherwise."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def texts(node: ast.AST) -> list[ast.Constant]:
    """The text constants of ``"a"`` or ``["a", "b"]``."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [p for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]


def words(node: ast.AST) -> list[str]:
    """The texts of ``"a"`` or ``["a", "b"]``."""
    return [str(part.value) for part in texts(node)]
