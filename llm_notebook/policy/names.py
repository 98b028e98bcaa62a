"""What names and attributes stand for in a cell, and what mentioning them does.

All bindings of a cell are one table, and a name may be any of the values it is bound
to anywhere; so an order of execution that the text does not show changes nothing.
What counts is that code *mentions* a thing that acts, not that it calls it: whoever
gets hold of ``os.system`` can call it from where no syntax shows it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from llm_notebook.core.decision import EffectKind, PredictedEffect
from llm_notebook.policy import closer, importing, knowledge
from llm_notebook.policy.calls import Call
from llm_notebook.policy.free_names import free_name
from llm_notebook.policy.locating import Places
from llm_notebook.policy.tables.names import ATTRIBUTES, DUNDERS
from llm_notebook.policy.values import (
    ANY,
    PATH,
    UNKNOWN,
    Atom,
    Value,
    instance,
    is_plain,
    joined,
)

_SETTINGS = ("rcParams", "options", "config", "defaultParams", "theme", "mp")
# What reads from memory is told by these names.
_TRUSTED = frozenset({"io", "StringIO", "BytesIO"})
_STORABLE = frozenset({"__name__", "__doc__", "__qualname__", "__module__", "__all__"})


class Names:
    """The table of names of one cell, and what was found out.

    Attributes
    ----------
    env : dict of str to Value
        What each name may stand for.
    stars : set of str
        Modules of which all names were imported.
    strangers : set of str
        Modules of which nothing is known.
    makes_paths : bool
        The cell makes path objects, so that any value may be one.
    has_code_in_text : bool
        A text of the cell looks like code that acts.
    functions : set of str
        Names that the cell gives to functions of its own.
    dicts : dict of str to list of ast.Dict
        What the cell writes out as dicts, by the names that it gives them.
    found : dict
        The effects, by what makes them different.
    """

    def __init__(
        self, places: Places, known: Mapping[str, str], sources: Mapping[str, str], depth: int = 0
    ) -> None:
        self.places = places
        self.known = known
        self.sources = sources
        self.depth = depth
        self.env: dict[str, Value] = {}
        self.stars: set[str] = set()
        self.strangers: set[str] = set()
        self.makes_paths = False
        self.has_code_in_text = False
        self.functions: set[str] = set()
        self.dicts: dict[str, list[ast.Dict]] = {}
        self.found: dict[tuple[str, int, int, str], PredictedEffect] = {}
        self._loaded: set[str] = set()
        self._parameters: list[set[str]] = []
        self._is_restless = False

    def report(self, kind: EffectKind, why: str, node: ast.AST, target: str = "") -> None:
        """Add an effect, once for a place."""
        line, column = self.places.of(node)
        self.found.setdefault(
            (kind, line, column, why), PredictedEffect(kind, target, why, line, column)
        )

    def bind(self, name: str, value: Value) -> None:
        """Let a name stand for one thing more."""
        old = self.env.get(name)
        new = value if old is None else joined(old, value)
        if new != old:
            self.env[name] = new
            if name in self._loaded:
                self._is_restless = True

    def claim(self, name: str, node: ast.AST) -> None:
        """Report what giving a thing this name does."""
        if name[:2] == "__" and name not in DUNDERS:
            self.report("unknown", f"changes {name}", node, name)
        if name in _TRUSTED:
            self.report("unknown", f"gives {name} another meaning", node, name)
        if knowledge.METHODS.get(name) == "displays":
            self.report("displays", f"defines {name}", node)

    def name(self, node: ast.Name, call: Call | None = None, receiver: bool = False) -> Value:
        """What a name may be; `receiver`: it stands before a dot."""
        name = node.id
        if node.ctx.__class__ is not ast.Load:
            self.claim(name, node)
            self.bind(name, UNKNOWN)
            return UNKNOWN
        self._loaded.add(name)
        found = self.env.get(name)
        if found is None:
            found = free_name(self, node, call)
        else:
            found = self._bound(node, found, call, receiver)
        if not receiver:
            bound = self.env.get(name) or found
            for atom in found:
                if atom.kind != "ref" or not knowledge.is_module(atom.of):
                    continue
                # The names of many libraries are as well those of functions and variables.
                if atom in bound or not knowledge.is_vetted(atom.of):
                    importing.handed_on(self, atom.of, node)
        return found

    def _bound(self, node: ast.Name, found: Value, call: Call | None, receiver: bool) -> Value:
        name = node.id
        for atom in found:
            if atom.kind == "ref":
                self.judge(knowledge.of_path(atom.of), atom.of, node, call)
        rule = knowledge.BUILTINS.get(name, "pure")
        if rule != "pure" and not receiver and not any(name in one for one in self._parameters):
            self.judge(rule, name, node, call)
        # In another scope it may still be what notebooks mean by it.
        module = knowledge.by_convention(name)
        return joined(found, (Atom("ref", module),)) if module else found

    def stored(self, base: Value, node: ast.Attribute) -> None:
        """An attribute is assigned to, or deleted."""
        name = node.attr
        if knowledge.METHODS.get(name) == "displays":
            self.report("displays", f"defines {name}", node)
        if name in ATTRIBUTES or (name[:2] == "__" and name not in _STORABLE):
            self.report("unknown", f"changes {name}", node, name)
        for atom in base:
            if atom.kind != "ref":
                continue
            is_setting = any(part in _SETTINGS for part in atom.of.split("."))
            if not is_setting or name == "backend":
                self.report("unknown", f"changes {atom.of}.{name}", node, atom.of)

    def written(self, base: Value | None, node: ast.AST) -> None:
        """Into a live thing is written by index, as into a file that stands for an array."""
        for atom in base or ():
            if atom.kind == "inst" and not is_plain(atom.of):
                rule = knowledge.of_instance(atom.of, "__setitem__")
                self.judge(rule, f"writing into a {atom.of}", node, None)

    def member(
        self, base: Value, name: str, node: ast.AST, call: Call | None, within: bool = False
    ) -> Value:
        """An attribute of a value, got by a dot or by ``getattr``.

        `within`: another attribute follows, and the longer name tells more.
        """
        is_hidden = name[:1] == "_" and name[:2] == "__" and name not in DUNDERS
        if is_hidden or (name in ATTRIBUTES and not any(atom.kind == "ref" for atom in base)):
            self.report("unknown", f"the attribute {name}", node, name)
        found: list[Atom] = []
        for atom in base:
            if atom.kind == "ref":
                path = f"{atom.of}.{name}"
                found.append(Atom("ref", path))
                if not within:
                    self.judge(knowledge.of_path(path), path, node, call)
            elif atom.kind == "inst":
                if not is_plain(atom.of):
                    self._of_instance(atom.of, name, node, call)
                if atom.of == "pathlib.Path":
                    found.append(PATH[0])
                else:
                    found.append(ANY)
            else:
                if atom.kind == "any":
                    self._of_anything(name, node, call)
                found.append(ANY)
        return tuple(dict.fromkeys(found))

    def _of_instance(self, of: str, name: str, node: ast.AST, call: Call | None) -> None:
        self.judge(knowledge.of_instance(of, name), f"{of}.{name}", node, call)

    def _of_anything(self, name: str, node: ast.AST, call: Call | None) -> None:
        rule = knowledge.of_method(name)
        if rule is None and self.makes_paths and call is not None:
            rule = knowledge.PATH_METHODS.get(name)
        if rule is not None:
            self.judge(rule, f".{name}", node, call)

    def judge(self, rule: str | None, why: str, node: ast.AST, call: Call | None) -> None:
        """Report what a rule of the tables makes of it; None: nothing is known of it."""
        if rule is None:
            if why.partition(".")[0] not in self.strangers:  # said at its import
                self.report("unknown", f"{why}, of a module that is not known", node, why)
        elif rule != "pure":
            closer.look(self, rule, why, node, call)

    def seeded(self, name: str) -> Value | None:
        """What a live variable is; None where nobody said."""
        of = self.known.get(name)
        kind, colon, path = (of or "").partition(":")
        if of is None or (path or of).startswith("__main__."):
            return None  # of the notebook itself: its source tells, if anything does
        return (Atom("ref", path),) if colon and kind != "type" else (instance(of),)
