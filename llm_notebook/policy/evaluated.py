"""Texts that libraries evaluate: pandas' queries, formulas, what sympy and numba take for code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from llm_notebook.policy import sql
from llm_notebook.policy.values import ANY, TEXT, UNKNOWN, Value, texts

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_CALLABLE = re.compile(
    r"abs|sin|cos|tan|exp|log|log10|log1p|expm1|sqrt|arcsin|arccos|arctan|sinh|cosh|tanh|floor|ceil"
)
_FUNCTION = re.compile(
    r"(?:np|numpy)\.(?:log|log10|log1p|log2|exp|sqrt|abs|power|square|sin|cos|tan|where|maximum"
    r"|minimum|clip)|C|I|Q|bs|cr|cc|te|center|scale|standardize|poly|log|exp|sqrt|abs|Treatment|Sum"
    r"|Diff|Poly|Helmert|factor|reorder|after_stat|stage|a?(?:sin|cos|tan)h?|cot|sec|csc|atan2|ln"
    r"|Abs|gamma|factorial|Rational|Integer|Symbol|Eq|Max|Min|floor|ceiling|erf|binomial|Piecewise"
    r"|Derivative|Integral|diff|re|im|conjugate|sign|Heaviside|DiracDelta|root|cbrt"
)
_TYPE = re.compile(
    r"(?:types\.)?(?:void|boolean|b1|bool_|intp|uintp|[iuf][1248]|c8|c16|u?int(?:8|16|32|64)"
    r"|float(?:32|64)|complex(?:64|128)|f8|Tuple|UniTuple)"
)
_LAYOUT = re.compile(r"[\w(), ]*->[\w(), ]*")
# Methods of values that stay in the namespace.
_METHODS = frozenset(
    "isin isna isnull notna notnull str dt contains startswith endswith lower upper strip len mean "
    "median min max sum std between year month day hour quantile abs round shift diff rank values "
    "columns index size count unique nunique tolist astype dayofweek weekday date".split()
)
_NODES = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Name, ast.Constant),
    *(ast.Load, ast.Call, ast.keyword, ast.Attribute, ast.List, ast.Tuple, ast.Subscript),
    *(ast.Slice, ast.IfExp, ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
_DISPLAYS = (ast.List, ast.Tuple, ast.Dict, ast.Set)
_LABELS = frozenset({"title", "label", "xlabel", "ylabel", "zlabel"})
# A name between backticks, a text between quotes, or one other character.
_PIECE = re.compile(r"`([^`'\"\\#\n]*)`|('[^'`\\\n]*'|\"[^\"`\\\n]*\")|([^`])", re.DOTALL)


def query(names: Names, why: str, node: ast.AST, call: Call) -> None:
    """``df.query``, ``df.eval``, ``pd.eval``: a Python expression over columns and ``@names``."""
    argument = call.argument(0, "expr", "expression", "query")
    value = call.value_of(argument) if argument is not None else UNKNOWN
    known = texts(value or UNKNOWN)
    if known is None:
        if isinstance(argument, ast.JoinedStr) and _is_harmless_pattern(argument):
            return
        names.report("unknown", f"{why} of a text that is not known", node)
        return
    for text in known:
        found = _is_harmless(text)
        if found is None or sql.is_statement(text):
            kind, target = sql.strictest((text,))
            names.report(kind, f"{why}, which runs SQL", node, target)
        elif not found:
            names.report("unknown", f"{why}, which evaluates code", node, text[:200])


def _is_harmless_pattern(pattern: ast.JoinedStr) -> bool:
    """Whether what is filled in are numbers, written so (``{x:.2f}``)."""
    whole = ""
    for part in pattern.values:
        if isinstance(part, ast.Constant):
            whole += str(part.value)
            continue
        spec = part.format_spec if isinstance(part, ast.FormattedValue) else None
        if not (isinstance(spec, ast.JoinedStr) and _is_number_format(spec)):
            return False
        whole += "0"
    return bool(_is_harmless(whole))


def _is_number_format(spec: ast.JoinedStr) -> bool:
    text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{" for p in spec.values)
    return bool(re.fullmatch(r"[+\-]?\d*,?(?:\.\d+)?[dfeg]", text))


def _is_harmless(text: str) -> bool | None:
    """Whether an expression of pandas is; None where it is no Python at all."""
    plain = _without_backticks(text)
    if plain is None:
        return False
    lines = plain.splitlines()
    if len(lines) > 1 and "#" in plain:  # pandas reads line by line, and we would all at once
        return False
    plain = re.sub(r"@\s*(\w)", r"_local_\1", " ".join(plain.split()))
    try:
        tree = ast.parse(plain or "0")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = [_is_harmless(line) for line in lines] if len(lines) > 1 else [None]
        return None if None in found else all(found)
    return all(map(_is_harmless_part, ast.walk(tree)))


def _without_backticks(text: str) -> str | None:
    """A text with a plain name for each between backticks; None where that cannot be told.

    A backtick in a text between quotes is none to pandas, and older ones cut there.
    """
    if "`" not in text:
        return text
    whole, place = "", 0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None or (piece[3] and piece[3] in "'\"\\#"):
            return None
        whole += piece[0] if piece[1] is None else "_column"
        place = piece.end()
    return whole


def _is_harmless_part(one: ast.AST) -> bool:
    if isinstance(one, ast.Attribute):
        return one.attr in _METHODS
    if isinstance(one, ast.Name):
        return not one.id.startswith("__")
    if isinstance(one, ast.Call):
        func = one.func
        if isinstance(func, ast.Name):
            return bool(_CALLABLE.fullmatch(func.id))
        return isinstance(func, ast.Attribute)
    return not isinstance(one, ast.Lambda | ast.Import | ast.ImportFrom | ast.FunctionDef)


def _is_arithmetic(text: str, functions: re.Pattern[str]) -> bool:
    """Whether an expression computes with names, and calls these functions at most."""
    try:
        tree = ast.parse(" ".join(text.split()) or "0", mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    called = {id(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
    for one in ast.walk(tree):
        if not isinstance(one, _NODES) or (isinstance(one, ast.Name) and one.id[:2] == "__"):
            return False
        if id(one) in called and not functions.fullmatch(ast.unparse(one)):
            return False
        if isinstance(one, ast.Attribute) and id(one) not in called and one.attr not in _METHODS:
            return False
    return True


def formula(names: Names, why: str, node: ast.AST, call: Call) -> None:
    """``ols("y ~ log(x)")``: what stands in a formula is evaluated."""
    argument = call.argument(0, "formula", "formula_like")
    if argument is not None:
        formula_value(names, why, node, argument, call.value_of(argument) or UNKNOWN)
    else:
        names.report("unknown", f"{why} of a formula that is not known", node)


def formula_value(names: Names, why: str, node: ast.AST, argument: ast.expr, value: Value) -> None:
    """A formula, or a dict of them."""
    if isinstance(argument, ast.Constant) and not isinstance(argument.value, str):
        return
    known = texts(value)
    if isinstance(argument, ast.Dict):
        parts = [one.value for one in argument.values if isinstance(one, ast.Constant)]
        known = tuple(map(str, parts)) if len(parts) == len(argument.values) else None
    if known is None:
        names.report("unknown", f"{why} of a formula that is not known", node)
    elif not all(map(_is_formula, known)):
        names.report("unknown", f"{why}, which evaluates code", node, known[0][:200])


def _is_formula(text: str) -> bool:
    # Its own operators, as operators of Python. What stands in quotes is not evaluated.
    return "#" not in text and _is_arithmetic(re.sub("[~:]", "+", text).lstrip(" +"), _FUNCTION)


def symbolic(names: Names, why: str, node: ast.AST, call: Call) -> None:
    """``sympy.simplify("x + 1")``: a text is code to libraries such as sympy and plotnine."""
    _evaluated(names, why, node, call, lambda text: _is_arithmetic(text, _FUNCTION))


def signature(names: Names, why: str, node: ast.AST, call: Call) -> None:
    """``numba.jit("int32(int32)")``: the types are evaluated."""
    for word in call.node.keywords:
        is_off = isinstance(word.value, ast.Constant) and word.value.value is False
        if word.arg == "cache" and not is_off:
            names.report("writes", f"{why} with cache", node)
    _evaluated(
        names, why, node, call, lambda t: bool(_LAYOUT.fullmatch(t)) or _is_arithmetic(t, _TYPE)
    )


def _evaluated(
    names: Names, why: str, node: ast.AST, call: Call, is_known: Callable[[str], bool]
) -> None:
    words = [one.value for one in call.node.keywords if one.arg not in _LABELS]
    for argument in (*call.node.args, *words):
        value = call.value_of(argument) or UNKNOWN
        # What is not known may be one of the cell's own texts.
        may_be = names.has_code_in_text and (ANY in value or isinstance(argument, _DISPLAYS))
        if may_be or any(atom in TEXT for atom in value):
            names.report("unknown", f"{why} of a text that is not known", node)
        for text in _texts_within(argument, value):
            if re.search(r"[(@]|__", text) and not is_known(text):
                names.report("unknown", f"{why}, which evaluates code", node, text[:200])


def _texts_within(argument: ast.expr, value: Value) -> Iterator[str]:
    yield from texts(value) or ()
    if isinstance(argument, _DISPLAYS):
        for one in ast.walk(argument):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value
