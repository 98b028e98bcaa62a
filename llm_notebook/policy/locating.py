"""Where a node stands in the cell that a person sees."""

from __future__ import annotations

import ast


class Places:
    """Lines and columns, both from 1, columns in characters.

    Parameters
    ----------
    source : str
        What was parsed. Its lines are the cell's, from `first` on.
    first : int
        The line of the cell at which it begins.
    """

    def __init__(self, source: str, first: int = 1) -> None:
        self._source = source
        self._lines: list[str] | None = None
        self._first = first

    def of(self, node: ast.AST) -> tuple[int, int]:
        """Line and column; of an attribute, those of its name, where the eye looks."""
        line: int = getattr(node, "lineno", 1)
        offset: int = getattr(node, "col_offset", 0)
        if isinstance(node, ast.Attribute) and node.end_col_offset is not None:
            end = node.end_lineno or line
            start = node.end_col_offset - len(node.attr.encode())
            if start >= 0:
                line, offset = end, start
        if self._lines is None:
            self._lines = self._source.split("\n")
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        if not text.isascii():
            offset = len(text.encode()[:offset].decode(errors="ignore"))
        return line + self._first - 1, offset + 1
