"""What is read of a cell: its statements, and what each takes, makes and changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm_notebook.truth.bodies import Body


@dataclass(slots=True)
class Statement:
    """One statement at the top of a cell.

    Attributes
    ----------
    key : int
        The same for the same code, however it is laid out.
    used : set of str
        Names that it takes from before it.
    loaded : set of str
        All names that it reads, its own too.
    bound, maybe, dropped : set of str
        Names that it binds for certain, perhaps, and deletes for certain.
    changed : set of str
        Names whose value from before it may change in place.
    altered : set of str
        The same of values that it made itself, which may be shared.
    imports : dict of str to str
        Names that an import binds, and what they are then.
    bodies : dict of str to Body
    calls : list of (str, frozenset of str)
        Whom it calls, and what it hands over.
    joins : set of (str, str, str)
        Two names that may stand for the same object, and how: the one may be or hold the other
        (``same``), be a part of it (``part``), or have it put in (``into``).
    results : list of (str, str, frozenset of str)
        A name that is assigned to what a call gives back: name, callee, arguments.
    plains : dict of str to frozenset of str
        Names that are numbers or texts then, where the names of the set are.
    once : set of str
        Names that stand for an iterator then.
    draws : set of str
        What a draw by chance goes through; empty for none.
    dynamic : bool
    last_line : int
        Of the cell, from 1; 0 where it is not known.
    binds_last : bool
        It binds nothing where it fails.
    """

    key: int
    used: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    altered: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    calls: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    joins: set[tuple[str, str, str]] = field(default_factory=set)
    results: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    plains: dict[str, frozenset[str]] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)
    draws: set[str] = field(default_factory=set)
    star: str = ""
    dynamic: bool = False
    last_line: int = 0
    binds_last: bool = False


@dataclass(frozen=True, slots=True)
class CellFacts:
    """A code cell, statement by statement.

    Attributes
    ----------
    key : int
        The same for the same code.
    doubt : str
        Why it cannot be followed; empty where it can.
    is_broken : bool
        It is no Python, so nothing of it can run.
    """

    key: int
    statements: tuple[Statement, ...] = ()
    doubt: str = ""
    is_broken: bool = False
