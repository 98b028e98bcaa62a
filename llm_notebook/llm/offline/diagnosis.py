"""What an error is about: the name that is wrong, where it stands, and what is near to it."""

from __future__ import annotations

import ast
import builtins
import importlib.metadata
import re
import sys
from functools import cached_property

from llm_notebook.core.context import ErrorInfo
from llm_notebook.llm.offline.arguments import given, taken
from llm_notebook.llm.offline.members import MODULES, OBJECTS
from llm_notebook.llm.offline.nearness import nearest
from llm_notebook.llm.offline.scene import Scene
from llm_notebook.llm.offline.sourcecode import SourceCode, parsed, root, texts

_MESSAGES = {
    "NameError": r"name '(?P<wrong>\w+)' is not defined",
    "KeyError": r"(?P<wrong>.*)",
    "AttributeError": r"(?:module '(?P<module>[\w.]+)'|'(?P<type>\w+)' object) has no attribute "
    r"'(?P<wrong>\w+)'",
    "ModuleNotFoundError": r"No module named '(?P<wrong>[\w.]+)'",
    "ImportError": r"cannot import name '(?P<wrong>\w+)' from '(?P<module>[\w.]+)'",
    "FileNotFoundError": r"\[Errno 2\] No such file or directory: '(?P<wrong>.+)'",
}
_ARGUMENTS = (
    r"(?:(?P<function>[\w.<>]+)\(\) )?got an unexpected keyword argument '(?P<wrong>\w+)'",
    r"'(?P<wrong>\w+)' is an invalid keyword argument for (?P<function>\w+)\(\)",
)
_MEANT = r"Did you mean:? '(\w+)'"
_KEYS = r"Column not found: (.+)|\['(.+)'\] not in index"


class Diagnosis:
    """What is known of an error without running anything.

    Attributes
    ----------
    error : ErrorInfo
    label : str
        The cell that ended in it; empty where it is not shown whole.
    source : str
    line : int or None
        Which line of the cell raised it, from 1.
    wrong : str
        The name, column, attribute, module, path or argument that does not exist.
    is_argument : bool
        Whether it is an argument by name.
    """

    def __init__(self, scene: Scene, error: ErrorInfo) -> None:
        self.scene, self.error = scene, error
        self.label = scene.label_of(error.cell) if error.cell else scene.label
        self.source = scene.source_of(self.label)
        if error.line and not self._lines():
            # It was raised in a function that another cell defines.
            others = [c.label for c in scene.context.cells if error.line in c.cell.source]
            if len(others) == 1:
                self.label, self.source = others[0], scene.source_of(others[0])
        at = self._lines()
        told = re.fullmatch(r"line (\d+)", error.frame)
        if told and int(told[1]) in at:
            at = [int(told[1])]
        self.line = at[0] if len(at) == 1 else None
        message = error.message.partition("\n")[0]
        # matplotlib raises an AttributeError where an argument is not known.
        kinds = _ARGUMENTS if error.type in ("TypeError", "AttributeError") else ()
        patterns = (*kinds, _MESSAGES.get(error.type, "$^"))
        match = next(filter(None, (re.search(one, message) for one in patterns)), None)
        self._found = match.groupdict() if match else {}
        self.is_argument = match is not None and match.re.pattern in _ARGUMENTS
        meant = re.search(_MEANT, message)
        self._meant = [meant[1]] if meant else []
        self.wrong = self._found.get("wrong") or ""
        if error.type == "KeyError":
            self.wrong = _key(self.wrong)

    @cached_property
    def tables(self) -> list[str]:
        """Live tables that the line, or else the cell, names."""
        known = [v.name for v in self.scene.context.variables if v.kind == "table"]
        for text in (self.error.line, self.source):
            named = [name for name in known if re.search(rf"\b{re.escape(name)}\b", text)]
            if named:
                return named
        return []

    @cached_property
    def known(self) -> list[str]:
        """What exists in the place of what is wrong."""
        return list(dict.fromkeys([*self._meant, *self._known()]))

    def _known(self) -> list[str]:
        found = self._found
        if self.is_argument:
            sources = [c.cell.source for c in self.scene.context.cells if c.cell.type == "code"]
            return taken(self._given(), found.get("function") or "", sources)
        match self.error.type:
            case "NameError":
                names = [variable.name for variable in self.scene.context.variables]
                return [*names, *(n for n in dir(builtins) if n.islower() and n[0] != "_")]
            case "KeyError":
                return self._columns()
            case "AttributeError" if found.get("module"):
                return _members(found["module"] or "")
            case "AttributeError":
                columns = [name for name in self._columns() if name.isidentifier()]
                kind = found.get("type") or ""
                own = OBJECTS.get(kind) or dir(getattr(builtins, kind, object))
                return [*own, *(columns if kind == "DataFrame" else [])]
            case "ModuleNotFoundError":
                return sorted({*sys.stdlib_module_names, *_installed()})
            case "ImportError":
                return _members(found.get("module") or "")
            case "FileNotFoundError":
                return list(self.scene.context.files)
        return []

    @cached_property
    def near(self) -> list[str]:
        """What of it is nearest to what is wrong; more than one where they are as near."""
        if self._meant:
            # Python has looked at what there really is.
            return self._meant
        return nearest(self.wrong, self.known) if self.wrong else []

    def given_in(self) -> list[str]:
        """Labels of other cells that give the wrong name its value."""
        cells = self.scene.context.cells
        return [
            shown.label
            for shown in cells
            if shown.cell.type == "code"
            if shown.label != self.label
            if self.wrong in _stored(shown.cell.source)
        ]

    def mended(self, right: str) -> str | None:
        """The cell with what is wrong put right; None where that is not clear."""
        fixes = {
            "NameError": self._rename,
            "KeyError": self._rekey,
            "AttributeError": self._reattribute,
            "ModuleNotFoundError": self._reimport,
            "ImportError": self._reimport_name,
            "FileNotFoundError": self._repath,
        }
        try:
            code = SourceCode(self.source)
            fix = self._reargument if self.is_argument else fixes[self.error.type]
            return code.changed() if fix(code, right) else None
        except (SyntaxError, KeyError):
            return None

    def _lines(self) -> list[int]:
        """The lines of the cell that read like the one that raised it."""
        wanted = self.error.line.strip()
        lines = enumerate(self.source.split("\n"), 1)
        return [number for number, line in lines if wanted and line.strip() == wanted]

    def _columns(self) -> list[str]:
        variables = [self.scene.variable(name) for name in self.tables]
        return list(dict.fromkeys(c.name for v in variables if v is not None for c in v.columns))

    def _rename(self, code: SourceCode, right: str) -> bool:
        names = [n for n in code.nodes() if isinstance(n, ast.Name) and n.id == self.wrong]
        for node in names:
            code.put(node, right)
        return bool(names) and self.wrong not in _stored(self.source)

    def _rekey(self, code: SourceCode, right: str) -> bool:
        """Only where the text is a subscript or an argument of something that begins as a table."""
        of = set(self.tables)
        for statement in code.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if root(value) in of:
                    of.add(name)
        places: list[ast.Constant] = []
        for node in code.nodes():
            if isinstance(node, ast.Subscript) and root(node) in of:
                places += texts(node.slice)
            elif isinstance(node, ast.Call) and root(node) in of:
                for value in (*node.args, *(keyword.value for keyword in node.keywords)):
                    places += texts(value)
        wrong = {id(place): place for place in places if place.value == self.wrong}
        for place in wrong.values():
            code.put_text(place, right)
        return bool(wrong)

    def _reattribute(self, code: SourceCode, right: str) -> bool:
        every = [n for n in code.nodes() if isinstance(n, ast.Attribute) and n.attr == self.wrong]
        here = every if len(every) == 1 else [n for n in every if n.end_lineno == self.line]
        if len(here) != 1 or not right.isidentifier():
            return False
        code.put_attribute(here[0], right)
        return True

    def _given(self, code: SourceCode | None = None) -> list[tuple[ast.Call, ast.keyword]]:
        """The calls that give the wrong argument; those on the line, where there are several."""
        try:
            places = given(
                code or SourceCode(self.source), self.wrong, self._found.get("function") or ""
            )
        except SyntaxError:
            return []
        here = [place for place in places if place[1].lineno == self.line]
        return here if len(places) > 1 and here else places

    def _reargument(self, code: SourceCode, right: str) -> bool:
        places = self._given(code)
        for _, keyword in places:
            start = code.start(keyword)
            code.changes.append((start, start + len(self.wrong.encode()), right))
        return len(places) == 1

    def _reimport(self, code: SourceCode, right: str) -> bool:
        places = [n for n in code.nodes() if isinstance(n, ast.Import | ast.ImportFrom)]
        pattern = re.compile(rb"\b" + re.escape(self.wrong.encode()) + rb"\b")
        found = False
        for node in places:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
            if self.wrong not in names:
                continue
            match = pattern.search(code.bytes, code.start(node), code.end(node))
            if match is not None:
                code.changes.append((*match.span(), right))
                found = True
        # What the old name stood for further down has another name now.
        for name in code.nodes():
            if isinstance(name, ast.Name) and name.id == self.wrong:
                code.put(name, right)
        return found

    def _reimport_name(self, code: SourceCode, right: str) -> bool:
        aliases = [
            alias
            for node in code.nodes()
            if isinstance(node, ast.ImportFrom) and node.module == self._found.get("module")
            for alias in node.names
            if alias.name == self.wrong
        ]
        for alias in aliases:
            start = code.start(alias)
            code.changes.append((start, start + len(self.wrong.encode()), right))
            if alias.asname is None:
                self._rename(code, right)
        return bool(aliases)

    def _repath(self, code: SourceCode, right: str) -> bool:
        places = [p for n in code.nodes() for p in texts(n) if p.value == self.wrong]
        wrong = {id(place): place for place in places}
        for place in wrong.values():
            code.put_text(place, right)
        return bool(wrong)


def _key(message: str) -> str:
    try:
        key = ast.literal_eval(message)
    except (ValueError, SyntaxError):
        return ""
    if not isinstance(key, str):
        return ""
    match = re.fullmatch(_KEYS, key)
    return next(filter(None, match.groups()), "") if match else key


def _members(module: str) -> list[str]:
    return list(MODULES.get(module, ()))


def _installed() -> list[str]:
    return [name for name in importlib.metadata.packages_distributions() if name[:1].isalpha()]


def _stored(source: str) -> set[str]:
    """Names that a cell gives a value, defines or imports."""
    try:
        tree = parsed(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
    return found
