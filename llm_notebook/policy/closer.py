"""The closer looks: members whose effect depends on their arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from llm_notebook.core.decision import EffectKind
from llm_notebook.policy import by_name, evaluated, importing, knowledge, settings, sql
from llm_notebook.policy.targets import is_address, is_own
from llm_notebook.policy.values import (
    ANY,
    FILE,
    PATH,
    UNKNOWN,
    Atom,
    Value,
    instance,
    is_buffer,
    is_plain,
    texts,
)

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

Look = Callable[["Names", str, ast.AST, "Call | None"], None]

_NONE = (None, False)
_STREAMS = frozenset({Atom("ref", "sys.stdout"), Atom("ref", "sys.stderr")})
_MODE = frozenset("rwxabt+U")


def look(names: Names, rule: str, why: str, node: ast.AST, call: Call | None) -> None:
    """Report what a rule of the tables makes of a mention or a call."""
    known = _LOOKS.get(rule)
    if known is not None:
        known(names, why, node, call)
        return
    condition, _, kind = rule.partition(":")
    if not kind:
        effect(names, cast(EffectKind, rule), why, node, call)
    elif condition == "called":
        if call is not None:
            look(names, kind, why, node, call)
    elif condition == "path":
        if call is None or _has_path(call):
            effect(names, cast(EffectKind, kind), why, node, call)
    else:  # "key:filename writes"
        word, _, kind = kind.partition(" ")
        if call is None or call.is_open_ended or any(_is_given(call, w) for w in word.split("|")):
            effect(names, cast(EffectKind, kind), why, node, call)


def effect(names: Names, kind: EffectKind, why: str, node: ast.AST, call: Call | None) -> None:
    """Report an effect with where it goes."""
    target = ""
    if call is not None:
        if kind in ("reads", "writes"):
            first = next(call.paths(), None)
            if first is not None and is_buffer(first):
                return
        target = call.target()
        if kind == "reads" and is_address(target):
            kind = "contacts"
    if is_own(target):
        kind = "authority"
    names.report(kind, why, node, target)


def keyword(names: Names, kind: str, word: ast.keyword, value: Value) -> None:
    """A keyword that makes any call act, such as ``download=True``."""
    if word.arg == "file" and (is_buffer(value) or _STREAMS.issuperset(value)):
        return
    if isinstance(word.value, ast.Constant) and word.value.value in _NONE:
        return
    why = f"the keyword {word.arg}"
    if kind == "backend":
        settings.imported(names, why, word.value, value)
    elif kind == "rc":
        settings.given(names, why, word.value, value)
    elif kind == "input":
        settings.source(names, value, word)
    elif kind == "formula":
        evaluated.formula_value(names, why, word.value, word.value, value)
    else:
        known = (texts(value) or ("",))[0]
        kind = "contacts" if kind == "reads" and is_address(known) else kind
        names.report(cast(EffectKind, kind), why, word.value, known)


def _is_given(call: Call, word: str) -> bool:
    argument = call.argument(10**6, word)
    if argument is None:
        return False
    return not (isinstance(argument, ast.Constant) and argument.value in _NONE)


def _has_path(call: Call) -> bool:
    if call.is_open_ended:
        return True
    for argument in (*call.node.args[:1], *(w.value for w in call.node.keywords if _is_path(w))):
        if isinstance(argument, ast.Constant) and argument.value is None:
            continue
        return True
    return False


def _is_path(word: ast.keyword) -> bool:
    from llm_notebook.policy.tables.methods import PATH_WORDS

    return word.arg in PATH_WORDS


def _open(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is None:
        names.report("unknown", f"hands on {why}", node)
        return
    # The mode is the first argument of Path.open, the second elsewhere.
    mode = call.argument(0 if why.endswith("Path.open") else 1, "mode")
    value = call.value_of(mode) if mode is not None else None
    modes = ("r",) if value is None else texts(value)
    if why == ".open" and call.values:  # a path's or a module's: who knows
        modes = (*(modes or ()), *(texts(call.values[0]) or ("w",)))
        modes = tuple(one for one in modes if set(one) <= _MODE) or ("r",)
    if modes is None or any(set(one) & set("wax+") for one in modes):
        effect(names, "writes", why, node, call)
    else:
        effect(names, "reads", why, node, call)


def _asks(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is not None and (why != "help" or call.node.args):
        names.report("unknown", f"{why}, which waits for a person", node)


def _code(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    is_function = call is not None and isinstance(call.argument(0), ast.Lambda)
    if call is None or not is_function or call.keywords.keys() - {"number", "repeat"}:
        names.report("unknown", f"{why}, which runs code from a text", node)


def _numpy_load(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is None or call.is_open_ended or _is_given(call, "allow_pickle"):
        names.report("unknown", f"{why} with allow_pickle, which runs code", node)
    effect(names, "reads", why, node, call)


def _query(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is None:
        names.report("unknown", f"hands on {why}", node)
    elif call.values or call.keywords:
        evaluated.query(names, why, node, call)


def _formula(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is not None:
        evaluated.formula(names, why, node, call)


def _symbolic(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is not None:
        evaluated.symbolic(names, why, node, call)


def _signature(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is not None:
        evaluated.signature(names, why, node, call)


def _plainly(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``gym.make("CartPole-v1")``: a name of its own; with a colon it imports a module."""
    if call is not None:
        known = texts(call.values[0]) if call.values else None
        if known is None or any(":" in one for one in known):
            names.report("unknown", f"{why} of a name that is not known", node)


def _truncate(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """Of a file; the one of pandas has other arguments."""
    if call is not None and not call.keywords.keys() & {"before", "after", "axis"}:
        effect(names, "writes", why, node, call)


def _sql(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is not None:
        known = texts(call.values[0]) if call.values else None
        kind, target = sql.strictest(known)
        names.report(kind, f"{why}, which runs SQL", node, target)


def _styled(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    names.report("displays", f"{why}, which shows the text of cells as HTML", node)


def _display(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if isinstance(node, ast.alias) and not node.asname:
        return
    if call is None or call.is_open_ended or _is_given(call, "raw"):
        names.report("displays", f"{why} of raw data", node)


def _module(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    if call is None or not call.values or texts(call.values[0]) is None:
        names.report("unknown", f"{why} of a name that is not known", node)


def _dynamic(names: Names, why: str, node: ast.AST, call: Call | None) -> None:
    """``unknown``, but that some builtins can be seen through."""
    if call is not None and why in ("getattr", "setattr", "delattr", "__import__"):
        place = 0 if why == "__import__" else 1
        given = texts(call.values[place]) if len(call.values) > place else None
        if given is not None and not call.is_open_ended:
            if why in ("setattr", "delattr"):
                _stored(names, call, given, node)
            return
        why = f"{why} of a name that is not known"
    effect(names, "unknown", why, node, call)


def _stored(names: Names, call: Call, given: tuple[str, ...], node: ast.AST) -> None:
    for name in given:
        for atom in call.values[0]:
            if atom.kind == "ref" or name[:2] == "__":
                names.report("unknown", f"changes {atom.of}.{name}".replace(" .", " "), node)


_LOOKS: dict[str, Look] = {
    "open": _open,
    "asks": _asks,
    "code": _code,
    "numpy_load": _numpy_load,
    "names": by_name.names_of,
    "apply": by_name.apply,
    "query": _query,
    "formula": _formula,
    "symbolic": _symbolic,
    "signature": _signature,
    "plainly": _plainly,
    "truncate": _truncate,
    "backend": settings.backend,
    "option": settings.option,
    "style": settings.style,
    "rc": settings.rc,
    "show": settings.show,
    "sql": _sql,
    "styled": _styled,
    "display": _display,
    "module": _module,
    "unknown": _dynamic,
}

_MADE: dict[str, Value] = {
    "builtins.open": FILE,
    "pathlib.Path.cwd": PATH,
    "pathlib.Path.home": PATH,
}


def result(names: Names, callee: Value, call: Call) -> Value:
    """What a call may give."""
    found: list[Atom] = []
    for atom in callee:
        if atom.kind != "ref":
            found.append(PATH[0] if atom == PATH[0] else ANY)
        elif atom.of in _MADE:
            found.extend(_MADE[atom.of])
        elif atom.of in ("builtins.__import__", "importlib.import_module", "importlib.__import__"):
            for name in texts(call.values[0]) or () if call.values else ():
                if atom.of == "builtins.__import__" and len(call.values) < 4:
                    name = _imported(names, name, call)
                found.append(importing.by_text(names, name, call.node))
        elif atom.of == "builtins.getattr" and len(call.values) > 1:
            for name in texts(call.values[1]) or ():
                found.extend(names.member(call.values[0], name, call.node, call))
        elif knowledge.is_class(atom.of) or is_plain(atom.of):
            made = instance(atom.of)
            names.makes_paths |= made == PATH[0]
            found.append(made)
            if is_plain(atom.of):  # an earlier cell may have given the name another meaning
                found.append(ANY)
        else:
            found.append(ANY)
    return tuple(dict.fromkeys(found)) or UNKNOWN


def _imported(names: Names, name: str, call: Call) -> str:
    """``__import__("os.path")`` gives ``os``; with a list of names, ``os.path``."""
    if "." in name and "fromlist" not in call.keywords:
        importing.by_text(names, name, call.node)
        return name.partition(".")[0]
    return name
