"""Mend the cell that failed, where the error names something that is only misspelt."""

from __future__ import annotations

from llm_notebook.core.context import ErrorInfo
from llm_notebook.llm.offline.diagnosis import Diagnosis
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import IMPORTS, Plan, Question, Refusal, Result
from llm_notebook.llm.offline.scene import Scene

_NOT_THE_RULES = "These are built-in rules, not a language model."
_MENDED = {
    "NameError": "variable or function",
    "KeyError": "column",
    "AttributeError": "attribute",
    "ModuleNotFoundError": "module",
    "ImportError": "name in that module",
    "FileNotFoundError": "file",
    "TypeError": "argument",
}


def _has_error(scene: Scene) -> bool:
    return scene.error is not None


def _fix(ask: Ask) -> Result:
    error = ask.scene.error
    assert error is not None
    named = ask.phrase("kind").replace(" ", "")
    if named and named not in (error.type.lower(), error.type.lower().removesuffix("error")):
        return Refusal(f"The error at hand is not that one but {error.type}: {error.message}")
    found = Diagnosis(ask.scene, error)
    if not found.label or not found.source:
        return Refusal("The cell that failed is not shown whole, so the rules cannot mend it.")
    if error.type not in _MENDED or not found.wrong:
        return Refusal(
            f"{error.type} is not among what the rules can mend, which are misspelt names. "
            f"Ask to explain it instead. {_NOT_THE_RULES}"
        )
    if ask.has("right"):
        return _mended(found, ask.text("right"))
    if error.type == "NameError" and found.wrong in IMPORTS:
        line = IMPORTS[found.wrong]
        return Plan(f"Import {found.wrong}", f"{line}\n\n{found.source}", "", True, found.label)
    if error.type == "NameError" and (cells := found.given_in()):
        return Refusal(
            f"{found.wrong} gets its value in {' and '.join(cells)}, which has not run since the "
            "kernel started, or ran after this. Run it first; nothing needs to be changed."
        )
    if not found.near:
        near = (
            "none that is spelt nearly so"
            if found.known or error.type == "KeyError"
            else "no other that the rules know of"
        )
        return Refusal(f"There is no {_what(found)} {found.wrong!r}, and {near}. {_NOT_THE_RULES}")
    if len(found.near) > 1:
        choices = tuple((name, f'fix this error with "{name}"') for name in found.near)
        return Question(f"Which one should stand in the place of {found.wrong}?", choices)
    return _mended(found, found.near[0])


def _mended(found: Diagnosis, right: str) -> Result:
    source = found.mended(right) if right in found.known else None
    if source is None or source == found.source:
        return Refusal(
            f"{found.wrong!r} stands in {found.label} in a way that the rules cannot change safely."
        )
    why = f"There is no {_what(found)} {found.wrong!r}; {right!r} is the nearest."
    return Plan(f"{right} instead of {found.wrong}", source, why, True, found.label)


def _what(found: Diagnosis) -> str:
    return "argument" if found.is_argument else _MENDED[found.error.type]


def _rule(pattern: str) -> Rule:
    return Rule(pattern, _fix, conditions=False, needs_table=False, when=_has_error)


_FIX = "fix|repair|correct|solve|resolve|mend|debug"
_THIS = "this|that|last|it"
_ERROR = "error|cell|code|problem|bug|exception|traceback|mistake|typo"

_RULES = (
    _rule(f"{_FIX} {_THIS}? {_ERROR}?"),
    _rule(f"{_FIX} {_THIS}? {_ERROR} in|of this|that? cell|code"),
    _rule(f"{_FIX} {_THIS}? {{error_kind:kind}} error"),
    _rule(f'{_FIX} {_THIS}? {_ERROR}? with|using|by_using <right">'),
)


def _error(type: str, message: str, line: str = "") -> ErrorInfo:
    return ErrorInfo(type, message, line, cell="target")


_KEY = 'df.groupby("speces")["body_mass_g"].mean()'

_EXAMPLES = (
    Example(
        "fix this error", "n == 8", "n = len(dff)", _error("NameError", "name 'dff' is not defined")
    ),
    Example(
        "fix the error",
        "_['Adelie'] == 3700 and title == 'speces'",
        f'title = "speces"\n{_KEY}',
        _error("KeyError", "'speces'", _KEY),
    ),
    Example(
        "fix this KeyError",
        "len(_) == 8",
        'birds = df[df["sex"] != ""]\nbirds[["speces", "island"]]',
        _error("KeyError", "\"['speces'] not in index\""),
    ),
    Example(
        "fix it",
        "len(_) == 5",
        "df.haed()",
        _error("AttributeError", "'DataFrame' object has no attribute 'haed'", "df.haed()"),
    ),
    Example(
        "fix the cell",
        "len(_) == 8",
        "df.Island",
        _error("AttributeError", "'DataFrame' object has no attribute 'Island'"),
    ),
    Example(
        "fix this",
        "len(t) == 8",
        'import pandas as pd\nt = pd.read_cvs("penguins.csv")',
        _error("AttributeError", "module 'pandas' has no attribute 'read_cvs'"),
    ),
    Example(
        "fix this error",
        "_ == 3",
        "import statistcs\nstatistcs.mean([3])",
        _error("ModuleNotFoundError", "No module named 'statistcs'", "import statistcs"),
    ),
    Example(
        "fix the import error",
        "_['a'] == 2",
        'from collections import Countr\nCountr("aab")',
        _error("ImportError", "cannot import name 'Countr' from 'collections' (/usr/lib/x.py)"),
    ),
    Example(
        "fix this error",
        "len(_) == 8",
        'import pandas as pd\npd.read_csv("pengiuns.csv")  # the data',
        _error("FileNotFoundError", "[Errno 2] No such file or directory: 'pengiuns.csv'"),
    ),
    Example(
        "fix this error",
        "fig is not None",
        "fig, ax = plt.subplots()",
        _error("NameError", "name 'plt' is not defined"),
    ),
    Example(
        "fix this error",
        "choices == ['low_2023', 'low_2024']",
        "low_2022",
        _error("NameError", "name 'low_2022' is not defined"),
    ),
    Example(
        "fix this TypeError",
        "_['body_mass_g'].iloc[0] == 5400",
        'df.sort_values("body_mass_g", ascendin=False)',
        _error(
            "TypeError",
            "DataFrame.sort_values() got an unexpected keyword argument 'ascendin'",
            'df.sort_values("body_mass_g", ascendin=False)',
        ),
    ),
    Example(
        "fix this error",
        "_ == 6",
        "def total(price, count=1):\n    return price * count\n\ntotal(3, cuont=2)",
        _error("TypeError", "total() got an unexpected keyword argument 'cuont'"),
    ),
    Example(
        "fix this error",
        "len(ax.patches) == 3",
        'df["island"].value_counts().plot.bar(colr="red")',
        _error("AttributeError", "Rectangle.set() got an unexpected keyword argument 'colr'"),
    ),
    Example(
        "fix this error",
        "_ == [2, 1]",
        "sorted([1, 2], revers=True)",
        _error("TypeError", "'revers' is an invalid keyword argument for sort()"),
    ),
    Example(
        'fix this error with "low_2024"',
        "_ == 4",
        "low_2022",
        _error("NameError", "name 'low_2022' is not defined"),
    ),
)

INTENT = Intent(
    "putting right a misspelt name, argument, column, module or file that an error names",
    _RULES,
    _EXAMPLES,
    rank=11,
)
