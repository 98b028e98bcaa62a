"""Small changes to what a cell computes: which rows, which aggregate, in which order."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection

from llm_notebook.llm.offline.code import quoted
from llm_notebook.llm.offline.grammar import SAID, Ask
from llm_notebook.llm.offline.outcome import Plan, Refusal
from llm_notebook.llm.offline.schema import tables
from llm_notebook.llm.offline.sourcecode import SourceCode, root, texts, words

_SETS = ("set", "set_title", "set_xlabel", "set_ylabel", "title", "xlabel", "ylabel")
_ORDERS = ("sort_values", "sort_index")
UNCLEAR = Refusal("The cell does not compute one thing from one table that the rules can change.")


def changed(
    ask: Ask, title: str, change: Callable[[DataCode], bool], why: str = ""
) -> Plan | Refusal:
    """The plan of one change to what the cell at hand computes."""
    code = code_of(ask)
    try:
        if code is None or not change(code):
            return UNCLEAR
        source = code.changed()
    except SyntaxError:
        return UNCLEAR
    if source == ask.source:
        return Refusal("The cell has that already.")
    return Plan(title, source, why, replaces=True)


def code_of(ask: Ask) -> DataCode | None:
    """The cell at hand; None where it is not Python."""
    try:
        return DataCode(ask.source, [table.name for table in tables(ask.scene.context)])
    except SyntaxError:
        return None


class DataCode(SourceCode):
    """The source of one cell that computes something from one table.

    Parameters
    ----------
    source : str
        Raises SyntaxError where it is not Python.
    tables : collection of str
        Names of the live tables.
    """

    def __init__(self, source: str, tables: Collection[str]) -> None:
        super().__init__(source)
        self._tables = set(tables)
        # Names that the cell gives to rows of a table: the table's name and the statement.
        self._picked: dict[str, tuple[str, ast.stmt]] = {}
        for node in self.tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Subscript(value=ast.Name(id=of), slice=by),
                ) if not texts(by):
                    known = self._picked[of][0] if of in self._picked else of
                    if known in self._tables:
                        self._picked[name] = known, node

    @property
    def table(self) -> str:
        """The one table that the cell reads; empty where there is none or more than one."""
        read = {self._picked.get(n.id, (n.id, None))[0] for n in self._names()} & self._tables
        return read.pop() if len(read) == 1 else ""

    def keys(self) -> list[str]:
        """The names of columns that the cell groups by, counts or draws along x."""
        found: list[str] = []
        for node in self.nodes():
            match node:
                case ast.Call(func=ast.Attribute(attr="groupby"), args=[first, *_]):
                    found += words(first)
                case ast.Call(func=ast.Attribute(attr="value_counts", value=ast.Subscript() as of)):
                    found += words(of.slice)
                case ast.keyword(arg="x" | "by", value=value):
                    found += words(value)
        return list(dict.fromkeys(found))

    def columns(self) -> list[str]:
        """The other texts of the cell that may be names of columns."""
        return list(dict.fromkeys(word for node in self.nodes() for word in words(node)))

    def pick(self, mask: Callable[[str], str], fresh: Callable[[str], str]) -> bool:
        """Keep the rows of a mask, which is made for the name of the table; False if unclear.

        `fresh` makes a name that is not in use.
        """
        if not self.table:
            return False
        last = next(reversed(self._picked), None)
        if last is None:
            name, body = self.table, self.tree.body
            new = fresh("selected")
        else:
            name = new = last
            body = self.tree.body[self.tree.body.index(self._picked[last][1]) + 1 :]
        used = [s for s in body if any(n.id == name for n in self._names(s))]
        if not used or any(self._stores(name, statement) for statement in used):
            return False
        # What the cell has picked before must not be passed by.
        if last is not None and any(n.id == self.table for s in body for n in self._names(s)):
            return False
        self.insert(self.start(used[0]), f"{new} = {name}[{mask(name)}]\n")
        if new != name:
            for statement in used:
                for node in self._names(statement):
                    if node.id == name:
                        self.put(node, new)
        return True

    def aggregate(self, new: str, old: str) -> bool:
        """Use another aggregate, in words as well; `old` may be empty. False if unclear."""
        calls = [
            node.func
            for node in self.nodes()
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SAID
            and (root(node) in self._tables or root(node) in self._picked)
        ]
        if len(calls) != 1 or (old and calls[0].attr != old):
            return False
        was = calls[0].attr
        self.put_attribute(calls[0], new)
        spoken = re.compile(rf"\b{SAID[was]}\b", re.I)
        for place in self._said():
            text = spoken.sub(lambda m: _like(m[0], SAID[new]), str(place.value))
            if text != place.value:
                self.put(place, quoted(text))
        return True

    def sort(self, by: str, *, ascending: bool) -> bool:
        """Sort groups by their value (`by` empty, or the column aggregated) or by their key."""
        chains = [node for node in self.nodes() if self._is_groups(node)]
        if len(chains) != 1:
            return False
        chain = chains[0]
        assert isinstance(chain, ast.Call)
        keys = self.keys()
        if len(keys) != 1:
            return False
        if by and by != keys[0] and f'["{by}"]' not in ast.unparse(chain).replace("'", '"'):
            return False
        method = "sort_index" if by == keys[0] else "sort_values"
        # Bars that lie are drawn from the bottom, and read from the top.
        ascending = ascending != self._lies()
        call = f".{method}({'' if ascending else 'ascending=False'})"
        for node in self.nodes():
            match node:
                case ast.Call(func=ast.Attribute(attr=attr, value=value)) if (
                    attr in _ORDERS and value is chain
                ):
                    self.changes.append((self.end(chain), self.end(node), call))
                    return True
        self.insert(self.end(chain), call)
        return True

    def _lies(self) -> bool:
        """Whether the cell draws bars that lie, the first of them at the bottom."""
        found = ast.unparse(self.tree).replace('"', "'")
        lies = re.search(r"\.barh\(|\bkind='barh'", found)
        return lies is not None and "invert_yaxis" not in found

    def top(self, count: int) -> bool:
        """Keep the groups of the highest values; False where that is not clear."""
        chains = [node for node in self.nodes() if self._is_groups(node)]
        if len(chains) != 1 or not isinstance(chains[0], ast.Call):
            return False
        self.insert(self.end(chains[0]), f".nlargest({count})")
        return True

    def _is_groups(self, node: ast.AST) -> bool:
        """Whether it is one value for each group: ``t.groupby("a")["b"].mean()`` or counts."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        if root(node) not in self._tables and root(node) not in self._picked:
            return False
        if node.func.attr == "value_counts":
            return isinstance(node.func.value, ast.Subscript)
        of = node.func.value
        return (
            node.func.attr in SAID
            and isinstance(of, ast.Subscript)
            and isinstance(of.slice, ast.Constant)
            and isinstance(of.value, ast.Call)
            and isinstance(of.value.func, ast.Attribute)
            and of.value.func.attr == "groupby"
        )

    def _said(self) -> list[ast.Constant]:
        """Texts that a person reads on the plot."""
        found: list[ast.Constant] = []
        for node in self.nodes():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _SETS:
                    values = [*node.args, *(keyword.value for keyword in node.keywords)]
                else:
                    values = [k.value for k in node.keywords if k.arg in _SETS]
                found += [part for value in values for part in texts(value)]
        return found

    def _names(self, under: ast.AST | None = None) -> list[ast.Name]:
        return [
            node
            for node in ast.walk(under or self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        ]

    def _stores(self, name: str, under: ast.AST) -> bool:
        return any(
            isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            for node in ast.walk(under)
        )


def _like(model: str, text: str) -> str:
    return text[:1].upper() + text[1:] if model[:1].isupper() else text
