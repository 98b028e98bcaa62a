"""What an error means, in words: the kind of it, and what its message and the data say."""

from __future__ import annotations

import ast
import re

from llm_notebook.llm.fences import fenced
from llm_notebook.llm.offline.code import spoken_type, ticked
from llm_notebook.llm.offline.diagnosis import Diagnosis
from llm_notebook.llm.offline.sourcecode import parsed

_MOST = 12
KINDS = {
    "NameError": "Python met a name that stands for nothing at this moment.",
    "KeyError": "Something was looked up by its name, such as a column of a table or a key of a "
    "dict, and there is nothing of that name.",
    "TypeError": "A function or an operator was given a value of a kind that it cannot work with, "
    "or not the arguments that it takes.",
    "ValueError": "A value is of the right kind, but this one cannot be used here.",
    "ImportError": "The module is there, but it has nothing of the name that was to be imported.",
    "ModuleNotFoundError": "This kernel's Python finds no module of that name.",
    "AttributeError": "Something was looked up with a dot, and the object has nothing of "
    "that name.",
    "ZeroDivisionError": "Something was divided by zero.",
    "FileNotFoundError": "There is no file of that name where the kernel looked for it.",
    "IndexError": "A position was asked for that lies beyond the end.",
    "SyntaxError": "Python could not read the cell, so nothing of it ran.",
    "IndentationError": "The lines of the cell are not indented alike, so nothing of it ran.",
}
_PATTERNS = (
    (r"name '(\w+)' is not defined", ""),
    (
        r"unsupported operand type\(s\) for (.+?): '(\w+)' and '(\w+)'",
        "`{0}` stands between a value of type `{1}` and one of type `{2}`, which do not go "
        "together. Turn one of them into the kind of the other first.",
    ),
    (r"can only concatenate str \(not \"(\w+)\"\)", "A text is put together with a `{0}`; "
     "turn that into a text with `str(...)` first."),
    (r"'(\w+)' object is not callable", "A value of type `{0}` is called with `(...)` as if it "
     "were a function. Often a variable has taken the name of a function."),
    (r"'(\w+)' object is not subscriptable", "A value of type `{0}` has no parts to take out "
     "with `[...]`."),
    (r"'(\w+)' object is not iterable", "A value of type `{0}` cannot be gone through one by one."),
    (r"missing (\d+) required positional arguments?: (.+)", "The call leaves out {1}."),
    (r"got an unexpected keyword argument '(\w+)'", "The function takes no argument `{0}`."),
    (r"could not convert string to float: (.+)", "The text {0} does not read as a number."),
    (r"invalid literal for int\(\) with base 10: (.+)", "The text {0} does not read as a whole "
     "number."),
    (r"The truth value of a (\w+) is ambiguous", "A `{0}` holds many truth values where one is "
     "needed. Join conditions with `&` and `|`, each in brackets, or use `.any()` or `.all()`."),
    (r"Length of values \((\d+)\) does not match length of index \((\d+)\)", "{0} values are put "
     "into a table of {1} rows."),
    (r"'(.+?)' was never closed", "The `{0}` has no partner that closes it."),
    (r"unterminated string literal", "A text begins with a quote and has none at its end."),
    (r"expected ':'", "A line such as `if`, `for` or `def` must end in a colon."),
    (r"expected an indented block", "After a line that ends in a colon the next one is indented."),
    (r"Perhaps you forgot a comma", "Between two values a comma may be missing."),
)  # fmt: skip


def explained(found: Diagnosis) -> str | None:
    """The explanation; None where the rules do not know this kind of error."""
    error = found.error
    if error.type not in KINDS:
        return None
    place = f" in {found.label}" if found.label else ""
    if found.line:
        place += f", line {found.line}"
    first = " ".join(error.message.partition("\n")[0].split())
    parts = [f"**{error.type}**{place}: {first}"]
    if error.line:
        parts.append(fenced(" ".join(error.line.splitlines()), "python"))
    parts.append(KINDS[error.type])
    parts += _said_by_message(first)
    parts += _said_by_data(found)
    parts.append(_near(found))
    parts.append(
        "Read from the error, the cell's syntax and the names and types of the live variables, by "
        "built-in rules, not a language model. Nothing was run."
    )
    return "\n\n".join(part for part in parts if part)


def _said_by_message(message: str) -> list[str]:
    for pattern, text in _PATTERNS:
        if match := re.search(pattern, message):
            return [text.format(*match.groups())] if text else []
    return []


def _said_by_data(found: Diagnosis) -> list[str]:
    parts = []
    wrong = ticked(found.wrong)
    match found.error.type:
        case "NameError" if cells := found.given_in():
            parts.append(f"{' and '.join(cells)} gives {wrong} its value: run that first.")
        case "KeyError" if found.tables and found.known:
            names = ", ".join(map(ticked, found.known[:_MOST]))
            more = f" and {len(found.known) - _MOST} more" if len(found.known) > _MOST else ""
            parts.append(f"The columns of {' and '.join(found.tables)} are {names}{more}.")
        case "FileNotFoundError" if found.known:
            names = ", ".join(map(ticked, found.known[:_MOST]))
            parts.append(f"Data files beside the notebook: {names}.")
        case "ModuleNotFoundError" if not found.near:
            parts.append(
                f"If {wrong} is spelt as meant, it is not installed where this kernel runs. "
                "`%pip install` installs a package, whose name may differ from the module's."
            )
        case "ZeroDivisionError":
            parts += [
                f"In that line {ticked(name)} must have been zero." for name in _divisors(found)
            ]
    if live := _live(found):
        parts.append("Live variables in that line:\n" + "\n".join(f"- {line}" for line in live))
    return parts


def _near(found: Diagnosis) -> str:
    if not found.near or (found.error.type == "NameError" and found.given_in()):
        return ""
    names = " or ".join(map(ticked, found.near))
    fix = f" “Fix this error” proposes {names}." if len(found.near) == 1 else ""
    return f"Did you mean {names}?{fix}"


def _live(found: Diagnosis) -> list[str]:
    """The live variables that the line names, with their types."""
    names = dict.fromkeys(re.findall(r"[^\W\d]\w*", found.error.line))
    variables = [found.scene.variable(name) for name in names]
    return [
        f"`{v.name}` is {spoken_type(v)}" for v in variables if v is not None and v.kind != "module"
    ][:_MOST]


def _divisors(found: Diagnosis) -> list[str]:
    try:
        tree = parsed(found.error.line.strip().rstrip(":"))
    except SyntaxError:
        return []
    return [
        ast.unparse(node.right)
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)
    ][:1]
