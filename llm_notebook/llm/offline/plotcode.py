"""Small changes to the source of a cell that draws one plot.

The source is changed where a value stands and otherwise left as it was
written, comments and layout included.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator

from llm_notebook.llm.offline.code import quoted, said, sentence
from llm_notebook.llm.offline.grammar import SAID, Ask
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.sourcecode import SourceCode
from llm_notebook.llm.offline.turning import turned

_DRAWS = ("plot", "boxplot", "hist")
_KEEP_A_SERIES = (
    "sort_values", "sort_index", "head", "tail", "nlargest", "nsmallest", "round", "dropna",
    "fillna", "cumsum", "reindex",
)  # fmt: skip
_ALIKE = ("line", "bar", "barh", "area", "pie")
# Arguments that only some kinds of plot take.
_OWN = {"rot": ("bar", "line", "area"), "stacked": ("bar", "barh", "area"), "autopct": ("pie",)}
NO_PLOT = Refusal("The active cell holds no single plot that the rules can change.")


def changed(ask: Ask, title: str, change: Callable[[PlotCode], bool]) -> Plan | Refusal:
    """The plan of one change to the plot of the cell at hand."""
    try:
        code = PlotCode(ask.source)
        if not change(code):
            return NO_PLOT
        source = code.changed()
    except SyntaxError:
        return NO_PLOT
    if source == ask.source:
        return Refusal("The active cell has that already.")
    return Plan(title, source, replaces=True)


class PlotCode(SourceCode):
    """The source of one cell."""

    def set_text(self, what: str, text: str) -> bool:
        """Set ``title``, ``xlabel`` or ``ylabel``; False where no one plot has it."""
        value = quoted(text)
        places = [*self._keywords("set", what), *self._arguments(f"set_{what}", what)]
        places += [*self._keywords("plot", what)]
        if len(places) == 1:
            self.put(places[0], value)
            return True
        sets = list(self._calls(lambda call: _name(call) == "set" and bool(call.keywords)))
        drawn = self._drawn()
        if places or len(drawn) != 1:
            return False
        if len(sets) == 1:
            self.insert(self.end(sets[0].keywords[-1].value), f", {what}={value}")
            return True
        return self.append(f"set_{what}({value});")

    def append(self, call: str) -> bool:
        """Call a method of the axes after the one plot; False where there is none."""
        drawn = self._drawn()
        if len(drawn) != 1:
            return False
        statement = drawn[0]
        after = f"\nax.{call}"
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            assert isinstance(target, ast.Name)
            after = after.replace("ax", target.id, 1)
        else:
            self.insert(self.start(statement), "ax = ")
        self._insert_line(statement, after)
        return True

    def kind(self) -> str:
        """How the cell's one plot is drawn, such as ``bar`` or ``scatter``; else empty."""
        call = self._one_call()
        if call is None:
            return ""
        kinds = [
            k.value.value
            for k in call.keywords
            if isinstance(k.value, ast.Constant)
            if k.arg == "kind"
        ]
        name = str(kinds[0]) if kinds else _name(call)
        return {"plot": "line", "boxplot": "box"}.get(name, name)

    def set_argument(self, name: str, value: str) -> bool:
        """Give the call that draws an argument; False where no one plot is drawn."""
        call = self._one_call()
        if call is None or any(keyword.arg is None for keyword in call.keywords):
            return False
        for keyword in call.keywords:
            if keyword.arg == name:
                self.put(keyword.value, value)
                return True
        end = self.end(call) - 1
        has_arguments = bool(call.args or call.keywords)
        comma = ", " if has_arguments and self.bytes[:end].rstrip()[-1:] != b"," else ""
        self.insert(end, f"{comma}{name}={value}")
        return True

    def redraw(self, kind: str) -> bool:
        """Draw the same values as another kind of chart; False where that is not clear."""
        call, old = self._one_call(), self.kind()
        if call is None or old not in _ALIKE:
            return False
        if {old, kind} == {"bar", "barh"}:
            return self.turn_bars(horizontal=kind == "barh")
        if "barh" in (old, kind) or (kind == "pie" and any(k.arg == "y" for k in call.keywords)):
            return False
        func = call.func
        if not isinstance(func, ast.Attribute):
            return False
        places = [k.value for k in call.keywords if k.arg == "kind"]
        if places:
            self.put(places[0], quoted(kind))
        elif func.attr == "plot":
            self.insert(self.end(func), f".{kind}")
        else:
            self.put_attribute(func, kind)
        kept = [k for k in call.keywords if kind in _OWN.get(k.arg or "", (kind,))]
        if len(kept) < len(call.keywords) and not call.args and not places:
            start, end = self.start(call.keywords[0]), self.end(call.keywords[-1].value)
            texts = [self.bytes[self.start(k) : self.end(k.value)].decode() for k in kept]
            self.changes.append((start, end, ", ".join(texts)))
        return True

    def described(self) -> str:
        """What is drawn, in words: "mean price by city"; empty where it is not that plain."""
        found = re.findall(
            r'\.groupby\("([^"]+)"[^)]*\)\["([^"]+)"\]\.(\w+)\(\)', self.bytes.decode()
        )
        counts = re.findall(r'\["([^"]+)"\]\.value_counts\(', self.bytes.decode())
        if self._one_call() is None or len(found) + len(counts) != 1:
            return ""
        if counts:
            return f"Number of rows by {said(counts[0])}"
        key, value, agg = found[0]
        return sentence(f"{SAID[agg]} {said(value)} by {said(key)}") if agg in SAID else ""

    def draws_one_series(self, live: Collection[str]) -> bool:
        """Whether there is surely one bar or point at each place; `live` names live columns."""
        call = self._one_call()
        if call is None or not isinstance(call.func, ast.Attribute):
            return False
        of = call.func.value
        if isinstance(of, ast.Attribute) and of.attr == "plot":
            of = of.value
        names = [k.value for k in call.keywords if k.arg == "y"]
        return bool(names and isinstance(names[0], ast.Constant)) or self._is_series(of, live)

    def _is_series(self, node: ast.AST, live: Collection[str]) -> bool:
        match node:
            case ast.Name(id=name):
                given = [
                    statement.value
                    for statement in self.tree.body
                    if isinstance(statement, ast.Assign)
                    and isinstance(statement.targets[0], ast.Name)
                    and statement.targets[0].id == name
                ]
                return self._is_series(given[-1], live) if given else name in live
            case ast.Subscript(slice=ast.Constant(value=str())):
                return True
            case ast.Call(func=ast.Attribute(attr="value_counts" | "size")):
                return True
            case ast.Call(func=ast.Attribute(attr=attr, value=of)) if attr in SAID:
                # The mean of a table is a value for each of its columns.
                return self._is_series(of, live) or ".groupby(" not in ast.unparse(of)
            case ast.Call(func=ast.Attribute(attr=attr, value=of)) if attr in _KEEP_A_SERIES:
                return self._is_series(of, live)
        return False

    def _one_call(self) -> ast.Call | None:
        drawn = self._drawn()
        if len(drawn) != 1:
            return None
        call = drawn[0].value
        return call if isinstance(call, ast.Call) else None

    def turn_bars(self, *, horizontal: bool) -> bool:
        """Make the bars lie or stand; False where there are none, or it is not clear how."""
        return turned(self, horizontal=horizontal)

    def _drawn(self) -> list[ast.Assign | ast.Expr]:
        """Top-level statements that draw with pandas and whose axes can be named."""
        return [
            node
            for node in self.tree.body
            if (
                isinstance(node, ast.Expr)
                or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
            )
            and isinstance(node.value, ast.Call)
            and _draws(node.value)
        ]

    def _calls(self, wanted: Callable[[ast.Call], bool]) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and wanted(node):
                yield node

    def _keywords(self, of: str, name: str) -> Iterator[ast.expr]:
        for call in self._calls(lambda call: _draws(call) if of == "plot" else _name(call) == of):
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)

    def _arguments(self, method: str, bare: str) -> Iterator[ast.expr]:
        for call in self._calls(lambda call: _name(call) == method or _is_plt(call, bare)):
            yield from call.args[:1]

    def _insert_line(self, statement: ast.stmt, text: str) -> None:
        end = self.end(statement)
        while self.bytes[end : end + 1] in (b";", b" "):
            end += 1
        self.insert(end, text)


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
