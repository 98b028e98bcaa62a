"""Texts that libraries evaluate: pandas' queries and the formulas of statistics."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from llm_notebook.policy.values import UNKNOWN, texts

if TYPE_CHECKING:
    from llm_notebook.policy.calls import Call
    from llm_notebook.policy.names import Names

_QUOTED = re.compile(r"`[^`]*`")
_CALLABLE = re.compile(
    r"abs|sin|cos|tan|exp|log|log10|log1p|expm1|sqrt|arcsin|arccos|arctan|sinh|cosh|tanh|floor|ceil"
)
_FORMULA_CALL = re.compile(r"([\w.]+)\s*\(")
_FORMULA_FUNCTION = re.compile(
    r"(?:np|numpy)\.(?:log|log10|log1p|log2|exp|sqrt|abs|power|square|sin|cos|tan|where|maximum"
    r"|minimum|clip)|C|I|Q|bs|cr|cc|te|center|scale|standardize|poly|log|exp|sqrt|abs|Treatment|Sum"
    r"|Diff|Poly|Helmert|[~+\-*/:|]?"
)
# Methods of values that stay in the namespace.
_METHODS = frozenset(
    "isin isna isnull notna notnull str dt contains startswith endswith lower upper strip len mean "
    "median min max sum std between year month day hour quantile abs round shift diff rank values "
    "columns index size count unique nunique tolist astype dayofweek weekday date".split()
)


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
        if not _is_harmless(text):
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
    return _is_harmless(whole)


def _is_number_format(spec: ast.JoinedStr) -> bool:
    text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{" for p in spec.values)
    return bool(re.fullmatch(r"[+\-]?\d*,?(?:\.\d+)?[dfeg]", text))


def _is_harmless(text: str) -> bool:
    plain = _QUOTED.sub("_", text).replace("@", "").strip()
    try:
        tree = ast.parse(" ".join(plain.split()) or "0")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "(" not in plain and "__" not in plain and "[" not in plain
    for one in ast.walk(tree):
        if isinstance(one, ast.Attribute) and one.attr not in _METHODS:
            return False
        if isinstance(one, ast.Name) and one.id.startswith("__"):
            return False
        if isinstance(one, ast.Call):
            func = one.func
            if isinstance(func, ast.Name) and not _CALLABLE.fullmatch(func.id):
                return False
            if not isinstance(func, ast.Name | ast.Attribute):
                return False
        if isinstance(one, ast.Lambda | ast.Import | ast.ImportFrom | ast.FunctionDef):
            return False
    return True


def formula(names: Names, why: str, node: ast.AST, call: Call) -> None:
    """``ols("y ~ log(x)")``: what stands in a formula is evaluated."""
    argument = call.argument(0, "formula", "formula_like")
    known = texts((call.value_of(argument) if argument is not None else None) or UNKNOWN)
    if known is None:
        names.report("unknown", f"{why} of a formula that is not known", node)
        return
    for text in known:
        calls = _FORMULA_CALL.findall(text)
        if "__" in text or not all(_FORMULA_FUNCTION.fullmatch(one) for one in calls):
            names.report("unknown", f"{why}, which evaluates code", node, text[:200])
