"""Settings of libraries, and calls that import or start what a text names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from llm_notebook.policy.targets import is_address
from llm_notebook.policy.values import UNKNOWN, Value, is_plain, texts

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_DRAWING = frozenset({"agg", "svg", "pdf", "cairo", "template", "inline"})
"""Backends of matplotlib that neither open a window nor serve a page."""

_BACKENDS = frozenset(
    "matplotlib plotly altair hvplot holoviews loky threading multiprocessing numpy torch pytorch "
    "tensorflow jax pandas polars nccl gloo pyarrow numexpr python sequential auto".split()
)
"""What the keyword ``backend`` names in libraries that are known."""

_SHOWN = frozenset("notebook png svg jpeg json plotly_mimetype jupyterlab vscode colab".split())
_PICTURE = re.compile(r"(?i)im\d*|.*ima?ge?\d*|.*img.*|.*image.*|pic|picture|photo")
_QUIET_GROUPS = frozenset(
    "font axes xtick ytick legend figure lines grid patch image hist boxplot scatter errorbar "
    "savefig contour hatch mathtext".split()
)
_STYLE = re.compile(r"[\w -]+|seaborn-v0_8[\w-]*")


def backend(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``matplotlib.use``: it imports what it is told."""
    if call is None:
        return
    argument = call.argument(0, "backend")
    known = texts((call.value_of(argument) if argument is not None else None) or UNKNOWN)
    if known is None or any("." in one or ":" in one for one in known):
        names.report("unknown", f"{why} of a name that is not known", node)
    elif not all(one.lower() in _DRAWING for one in known):
        names.report("starts", f"{why} of what opens windows or serves pages", node, known[0])


def imported(names: Names, why: str, node: ast.AST, value: Value) -> None:
    """The keyword ``backend``, and settings of that name: a module to import."""
    known = texts(value)
    if known is None or not _BACKENDS.issuperset(one.lower() for one in known):
        names.report("unknown", f"{why}, which imports what it names", node)


def option(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``pd.set_option``: names are patterns, and one of the options names a module."""
    if call is None:
        return
    first = call.node.args[0] if call.node.args else None
    pairs: list[tuple[Value, Value]]
    if isinstance(first, ast.Dict):
        pairs = list(_of_dict(first))
    else:
        pairs = list(zip(call.values[::2], (*call.values[1::2], UNKNOWN), strict=False))
    for key, value in pairs:
        known = texts(key)
        if known is None:
            names.report("unknown", f"{why} of a name that is not known", node)
        elif any(map(_is_of_backend, known)):
            imported(names, why, node, value)
    if call.is_open_ended:
        names.report("unknown", f"{why} of a name that is not known", node)


def _of_dict(node: ast.Dict) -> Iterator[tuple[Value, Value]]:
    from llm_notebook.policy.values import Atom

    for pair in zip(node.keys, node.values, strict=True):
        key, value = (
            (Atom("const", one.value),)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
            else UNKNOWN
            for one in pair
        )
        yield key, value


def _is_of_backend(pattern: str) -> bool:
    try:
        return bool(re.search(pattern, "plotting.backend", re.IGNORECASE))
    except re.error:
        return True


def style(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``plt.style.use``: a name, or a file or an address, or a module to import."""
    argument = None if call is None else call.argument(0, "style")
    if call is None or argument is None:
        return
    parts = argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument]
    for part in parts:
        if isinstance(part, ast.Dict):
            continue
        value = call.value_of(part)
        if value is None and isinstance(part, ast.Constant):
            known: tuple[str, ...] | None = (str(part.value),)
        else:
            known = texts(value or UNKNOWN)
        for one in known or ("",):
            if is_address(one):
                names.report("contacts", why, node, one)
            elif "/" in one or one.endswith(".mplstyle"):
                names.report("reads", why, node, one)
            elif not _STYLE.fullmatch(one):
                names.report("unknown", f"{why} of a style that is not known", node, one)


def rc(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``plt.rc("text", usetex=True)``, ``rcParams.update``: some settings start programs."""
    if call is None:
        return
    if why.endswith(".rc"):
        groups = texts(call.values[0]) if call.values else None
        is_quiet = groups is not None and _QUIET_GROUPS.issuperset(groups)
        if not is_quiet and (groups != ("text",) or call.is_open_ended):
            names.report("unknown", f"{why} of settings that are not known", node)
        return
    for value in (*call.values, *call.keywords.values()):
        given(names, why, node, value)


def given(names: Names, why: str, node: ast.AST, value: Value) -> None:
    """Settings as a dict, which must be written out in the cell."""
    if not all(atom.kind == "const" or is_plain(atom.of) for atom in value):
        names.report("unknown", f"{why} of settings that are not known", node)


def show(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``fig.show("browser")`` opens a window, as pictures of PIL always do."""
    if call is None:
        return
    known = texts(call.values[0]) if call.values else ()
    if known and not _SHOWN.issuperset(known):
        names.report("starts", f"{why} by {known[0]}", node)
    base = node.value if isinstance(node, ast.Attribute) else node
    while isinstance(base, ast.Attribute | ast.Call | ast.Subscript):
        base = base.func if isinstance(base, ast.Call) else base.value
    if isinstance(base, ast.Name) and _PICTURE.fullmatch(base.id):
        names.report("starts", f"{why}, which opens a picture in a window", node)


def source(names: Names, value: Value, word: ast.keyword) -> None:
    """``CountVectorizer(input="filename")``: the texts that it gets are files to read."""
    if {"filename", "file"} & set(texts(value) or ()):
        names.report("reads", f"the keyword {word.arg}", word.value)
