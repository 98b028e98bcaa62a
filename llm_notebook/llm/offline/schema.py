"""The tables that the assistant can speak about, from live variables and from sources."""

from __future__ import annotations

import ast
import re
from collections import Counter

import msgspec

from llm_notebook.core.context import Column, Context

_READERS = re.compile(r"read_(csv|table|excel|json|parquet|feather)")
_NUMERIC = re.compile(r"(?:u?int\d*|float\d*|double|decimal\d*)(?![a-z])", re.I)
_TEXT = re.compile(r"object|str|string|utf8|large_string|categor|enum", re.I)
# What pandas may also have as something else than text: several levels, numbers, truth values,
# nothing, points in time, objects. Such a column cannot be addressed by what is shown of it.
_UNSURE = re.compile(
    r"-?\d+(?:\.\d+)?|\(.*, .*\)|<.*>|True|False|None|nan|NaT|\d{4}-\d\d-\d\d.*|", re.S
)
_LONGEST_NAME = 100
_TIME = re.compile(r"datetime|timestamp|period|date", re.I)


class Table(msgspec.Struct, frozen=True):
    """A table of pandas or polars by the name of its variable.

    Attributes
    ----------
    alias : str
        What the rows are called, from the name of the file that was read:
        ``penguins`` for ``df = pd.read_csv("penguins.csv")``.
    known : bool
        False where the variable is only read in a source that may not have
        run, so that its columns are not known.
    library : {"pandas", "polars"}
    """

    name: str
    columns: tuple[Column, ...] = ()
    known: bool = True
    alias: str = ""
    library: str = "pandas"

    def usable_columns(self) -> tuple[Column, ...]:
        """Without names that code could not address safely: doubled ones, and numbers."""
        names = Counter(column.name for column in self.columns)
        return tuple(
            column
            for column in self.columns
            if names[column.name] == 1 and not self._is_unsure(column.name)
        )

    def _is_unsure(self, name: str) -> bool:
        """Whether the name as shown may not be the name in the table."""
        cut = len(name) >= _LONGEST_NAME
        return cut or (self.library == "pandas" and _UNSURE.fullmatch(name) is not None)

    def numeric(self) -> list[str]:
        """Names of the columns that hold numbers."""
        return [column.name for column in self.usable_columns() if is_numeric(column)]

    def categories(self) -> list[str]:
        """Names of the columns that hold text, categories or truth values."""
        return [
            column.name
            for column in self.usable_columns()
            if not is_numeric(column) and not is_time(column)
        ]


def is_numeric(column: Column) -> bool:
    """Whether a column's values can be added up."""
    return _NUMERIC.match(column.dtype) is not None


def is_time(column: Column) -> bool:
    """Whether a column holds points in time."""
    return _TIME.match(column.dtype) is not None


def is_bool(column: Column) -> bool:
    """Whether a column holds truth values."""
    return column.dtype.lower().startswith("bool")


def is_text(column: Column) -> bool:
    """Whether a column may hold texts."""
    return _TEXT.match(column.dtype) is not None


def tables(context: Context) -> tuple[Table, ...]:
    """The live tables; without any, those that the notebook's sources read from files."""
    read = {name: file for source in _sources(context) for name, file in _reads(source)}
    live = tuple(
        Table(
            variable.name,
            variable.columns,
            alias=read.get(variable.name, ""),
            library="polars" if variable.type.startswith("polars") else "pandas",
        )
        for variable in context.variables
        if variable.kind == "table"
        and variable.name.isidentifier()
        and not variable.name.startswith("_")
        and re.match(r"(?:geo)?pandas.*DataFrame$|polars.*[^y]Frame$", variable.type)
        and not variable.type.endswith("LazyFrame")
    )
    if live:
        return live
    return tuple(Table(name, known=False, alias=file) for name, file in read.items())


def has_name(context: Context, name: str, statement: str) -> bool:
    """Whether `name` is live, or a cell of the notebook holds the import `statement`."""
    if any(variable.name == name for variable in context.variables):
        return True
    return any(
        line.strip() == statement for source in _sources(context) for line in source.splitlines()
    )


def _sources(context: Context) -> list[str]:
    return [shown.cell.source for shown in context.cells if shown.cell.type == "code"]


def _reads(source: str) -> list[tuple[str, str]]:
    """Names that a source reads a file into, with the file's name up to its first dot."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr=method), args=args),
            ) if _READERS.fullmatch(method):
                path = args[0].value if args and isinstance(args[0], ast.Constant) else ""
                found.append((name, re.split(r"[/\\]", str(path))[-1].partition(".")[0]))
    return found
