"""What an expression may be, as far as syntax tells."""

from __future__ import annotations

from typing import NamedTuple

from llm_notebook.policy.tables.names import BUFFERS, PLAIN


class Atom(NamedTuple):
    """One thing that a value may be.

    Attributes
    ----------
    kind : str
        ``ref``: what a dotted name stands for; ``inst``: an instance of that type;
        ``const``: a text that is known; ``any``: something else.
    of : str
    """

    kind: str
    of: str = ""


Value = tuple[Atom, ...]
"""All that it may be: one of these."""

ANY = Atom("any")
UNKNOWN: Value = (ANY,)
PLAIN_VALUE: Value = (Atom("inst", "builtins.list"),)
TEXT: Value = (Atom("inst", "builtins.str"),)
BYTES: Value = (Atom("inst", "builtins.bytes"),)
SOME_TEXT: Value = (*TEXT, ANY)
"""Most likely a text; a library's value, too, can be what comes of adding to one."""
PATH: Value = (Atom("inst", "pathlib.Path"),)
FILE: Value = (Atom("inst", "io.TextIOWrapper"),)

_MOST = 32


def joined(one: Value, other: Value) -> Value:
    """What is one or the other."""
    if one == other:
        return one
    new = tuple(atom for atom in other if atom not in one)
    if len(one) + len(new) > _MOST:  # only texts are that many
        kept = tuple(atom for atom in (*one, *new) if atom.kind != "const")
        return (*kept, ANY) if ANY not in kept else kept
    return one + new


def texts(value: Value) -> tuple[str, ...] | None:
    """The texts that it may be; None where it may be anything else."""
    if any(atom.kind != "const" for atom in value):
        return None
    return tuple(atom.of for atom in value)


def is_buffer(value: Value) -> bool:
    """Whether it is a file in memory."""
    return all(atom.kind == "inst" and atom.of in BUFFERS for atom in value)


def is_text(value: Value) -> bool:
    """Whether it is a text or bytes, known or not."""
    return all(
        atom.kind == "const" or atom.of in ("builtins.str", "builtins.bytes") for atom in value
    )


def is_path(value: Value) -> bool:
    """Whether it may be a path object."""
    return any(atom.kind == "inst" and atom.of == "pathlib.Path" for atom in value)


def instance(of: str) -> Atom:
    """An instance of a type that goes by this qualified name."""
    if "." not in of:
        of = f"builtins.{of}"
    if of in ("_io.StringIO", "_io.BytesIO"):
        of = of[1:]
    if of.startswith("pathlib.") and of.endswith("Path") and "Pure" not in of:
        of = "pathlib.Path"
    return Atom("inst", of)


def is_plain(of: str) -> bool:
    """Whether the type is a builtin one, whose methods stay in the namespace."""
    module, _, name = of.partition(".")
    return module == "builtins" and name in PLAIN
