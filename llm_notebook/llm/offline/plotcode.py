"""Small changes to the source of a cell that draws one plot.

The source is changed where a value stands and otherwise left as it was
written, comments and layout included.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from llm_notebook.llm.offline.code import quoted

_DRAWS = ("plot", "boxplot", "hist")


class PlotCode:
    """The source of one cell.

    Parameters
    ----------
    source : str
        Raises SyntaxError where it is not plain Python.
    """

    def __init__(self, source: str) -> None:
        self._bytes = source.encode()
        self._tree = ast.parse(source)
        self._line_starts = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self._changes: list[tuple[int, int, str]] = []

    def changed(self) -> str:
        """The source with the changes made so far."""
        result = self._bytes
        for start, end, text in sorted(self._changes, reverse=True):
            result = result[:start] + text.encode() + result[end:]
        return result.decode()

    def set_text(self, what: str, text: str) -> bool:
        """Set ``title``, ``xlabel`` or ``ylabel``; False where no one plot has it."""
        value = quoted(text)
        places = [*self._keywords("set", what), *self._arguments(f"set_{what}", what)]
        places += [*self._keywords("plot", what)]
        if len(places) == 1:
            self._put(places[0], value)
            return True
        sets = list(self._calls(lambda call: _name(call) == "set" and bool(call.keywords)))
        drawn = self._drawn()
        if places or len(drawn) != 1:
            return False
        if len(sets) == 1:
            self._insert(self._end(sets[0].keywords[-1].value), f", {what}={value}")
            return True
        statement = drawn[0]
        after = f"\nax.set_{what}({value});"
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            assert isinstance(target, ast.Name)
            after = after.replace("ax", target.id, 1)
        else:
            self._insert(self._start(statement), "ax = ")
        self._insert_line(statement, after)
        return True

    def turn_bars(self, *, horizontal: bool) -> bool:
        """Make the bars lie or stand, with their axis labels; False where there are none."""
        old, new = ("bar", "barh") if horizontal else ("barh", "bar")
        calls = list(self._calls(lambda call: _name(call) == old))
        kinds = [
            place
            for place in self._keywords("plot", "kind")
            if isinstance(place, ast.Constant) and place.value == old
        ]
        if len(calls) + len(kinds) == 0:
            return False
        for place in kinds:
            self._put(place, quoted(new))
        for call in calls:
            assert isinstance(call.func, ast.Attribute)
            end = self._end(call.func)
            self._changes.append((end - len(old), end, new))
            for number, keyword in enumerate(call.keywords):
                if keyword.arg == "rot" and not call.args and len(call.keywords) == 1:
                    self._changes.append((self._start(keyword), self._end(keyword.value), ""))
                elif keyword.arg == "rot" and number:
                    before = call.keywords[number - 1].value
                    self._changes.append((self._end(before), self._end(keyword.value), ""))
        self._swap_labels()
        return True

    def _swap_labels(self) -> None:
        other = {"xlabel": "ylabel", "ylabel": "xlabel"}
        for call in self._calls(lambda call: _name(call) in ("set", "plot", "bar", "barh")):
            for keyword in call.keywords:
                if keyword.arg in other:
                    start = self._start(keyword)
                    self._changes.append((start, start + len("xlabel"), other[keyword.arg]))
        for call in self._calls(lambda call: _name(call).removeprefix("set_") in other):
            assert isinstance(call.func, ast.Attribute)
            end = self._end(call.func)
            label = other[_name(call).removeprefix("set_")]
            self._changes.append((end - len(label), end, label))

    def _drawn(self) -> list[ast.Assign | ast.Expr]:
        """Top-level statements that draw with pandas and whose axes can be named."""
        return [
            node
            for node in self._tree.body
            if (
                isinstance(node, ast.Expr)
                or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
            )
            and isinstance(node.value, ast.Call)
            and _draws(node.value)
        ]

    def _calls(self, wanted: Callable[[ast.Call], bool]) -> Iterator[ast.Call]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and wanted(node):
                yield node

    def _keywords(self, of: str, name: str) -> Iterator[ast.expr]:
        for call in self._calls(lambda call: _draws(call) if of == "plot" else _name(call) == of):
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)

    def _arguments(self, method: str, bare: str) -> Iterator[ast.expr]:
        for call in self._calls(lambda call: _name(call) == method or _is_plt(call, bare)):
            yield from call.args[:1]

    def _put(self, place: ast.expr, text: str) -> None:
        self._changes.append((self._start(place), self._end(place), text))

    def _insert(self, at: int, text: str) -> None:
        self._changes.append((at, at, text))

    def _insert_line(self, statement: ast.stmt, text: str) -> None:
        end = self._end(statement)
        while self._bytes[end : end + 1] in (b";", b" "):
            end += 1
        self._insert(end, text)

    def _start(self, node: ast.stmt | ast.expr | ast.keyword) -> int:
        return self._line_starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._line_starts[node.end_lineno - 1] + node.end_col_offset


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _draws(call: ast.Call) -> bool:
    """Whether a call is ``x.plot(...)``, ``x.plot.kind(...)``, ``x.boxplot(...)`` or the like."""
    func = call.func
    if not isinstance(func, ast.Attribute) or _is_plt(call, func.attr):
        return False
    return func.attr in _DRAWS or (
        isinstance(func.value, ast.Attribute) and func.value.attr == "plot"
    )


def _is_plt(call: ast.Call, name: str) -> bool:
    func = call.func
    return (
        isinstance(func, ast.Attribute)
        and func.attr == name
        and isinstance(func.value, ast.Name)
        and func.value.id == "plt"
    )
