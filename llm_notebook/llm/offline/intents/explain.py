"""Explain an error, a cell or the selected lines, in words."""

from __future__ import annotations

from llm_notebook.core.context import ErrorInfo
from llm_notebook.llm.offline.diagnosis import Diagnosis
from llm_notebook.llm.offline.error_words import explained
from llm_notebook.llm.offline.grammar import Ask, Rule
from llm_notebook.llm.offline.intent import Example, Intent
from llm_notebook.llm.offline.outcome import Refusal, Result, Told
from llm_notebook.llm.offline.outline import outline
from llm_notebook.llm.offline.scene import Scene

_OPENINGS = "explain|why|what (?:does|did|do|is|went|happened|happens)|how does|describe th"


def _asks_why(scene: Scene) -> bool:
    return scene.about.wants == "text" or scene.starts(_OPENINGS)


def _error(ask: Ask) -> Result:
    error = ask.scene.error
    if error is None:
        return Refusal("No error is at hand: the last cell that ran ended well.")
    text = explained(Diagnosis(ask.scene, error))
    if text is None:
        return Refusal(
            f"{error.type} is not among the errors that the rules can explain. "
            "These are built-in rules, not a language model."
        )
    return Told(f"What {error.type} means here", text)


def _code(ask: Ask) -> Result:
    scene = ask.scene
    about = scene.about
    if about.is_about_error:
        return _error(ask)
    cell = scene.cell(scene.label)
    if cell is None or not scene.source.strip():
        return Refusal("No cell is at hand that is shown whole and holds something to explain.")
    if cell.type != "code":
        return Refusal("The rules can explain code only. They are not a language model.")
    try:
        said = outline(scene, scene.source, about.first, about.last)
    except SyntaxError as fault:
        return Refusal(f"{scene.label} cannot be read as Python ({fault.msg}).")
    where = scene.label
    if about.first is not None and about.last is not None:
        lines = f"{about.first} to {about.last}" if about.first != about.last else f"{about.first}"
        where += f", line{'s' if about.first != about.last else ''} {lines}"
    if not said:
        said = "- Nothing is read, called or defined here."
    return Told(
        f"What {where} does",
        f"**{where}**, as far as its syntax says:\n\n{said}\n\n"
        "This is read from the syntax and from the names and types of the live variables, by "
        "built-in rules, not a language model. Nothing was run, and what it is for is not said by "
        "syntax.",
    )


def _rules(*patterns: str, build: object) -> list[Rule]:
    return [
        Rule(p, build, conditions=False, needs_table=False, when=_asks_why)  # type: ignore[arg-type]
        for p in patterns
    ]


_THIS = "this|that|it|last|selected|these|those|active"
_CODE = "cell|code|line|lines|selection|snippet|source|plot|program"
_ERROR = "error|exception|traceback|failure|problem"
_FAIL = "fail|crash|break|error|not_work|go_wrong|stop|failing|failed|crashing"

_RULES = (
    *_rules(
        f"explain|describe|what_is|what_does|what_was|why {_THIS}? {_ERROR} mean|about|here?",
        f"why does|did|is {_THIS}? {_CODE}? {_FAIL}",
        f"what went_wrong|happened|is_wrong here|with? {_THIS}? {_CODE}?",
        f"explain what went_wrong|happened|is_wrong|failed here|with? {_THIS}? {_CODE}?",
        build=_error,
    ),
    *_rules(
        f"explain|describe {_THIS}? {_CODE}? of_code?",
        f"explain what {_THIS}? {_CODE}? does|do|means|mean",
        f"what does|do|is {_THIS}? {_CODE}? do|mean|doing|for?",
        f"how does {_THIS}? {_CODE}? work",
        f"what happens in|here? {_THIS}? {_CODE}?",
        build=_code,
    ),
)


def _info(type: str, message: str, line: str = "") -> ErrorInfo:
    return ErrorInfo(type, message, line, cell="target")


_BARS = 'ax = df.groupby("species")["body_mass_g"].mean().plot.bar()\nax.set(title="Birds");'

_EXAMPLES = (
    Example(
        "Explain this error: KeyError: 'speces'",
        "'in c2, line 2' in text and 'Did you mean `species`?' in text and '`island`' in text"
        " and 'not a language model' in text and '`df` is pandas.DataFrame, 8 x 6' in text",
        'x = 1\ndf["speces"]',
        _info("KeyError", "'speces'", 'df["speces"]'),
        wants="text",
    ),
    Example(
        "why does this fail?",
        "'`dff`' not in text and 'Did you mean `df`?' in text",
        "len(dff)",
        _info("NameError", "name 'dff' is not defined", "len(dff)"),
    ),
    Example(
        "what went wrong",
        "'c1 gives `df` its value: run that first' in text",
        "len(df)",
        _info("NameError", "name 'df' is not defined", "len(df)"),
        wants="text",
    ),
    Example(
        "explain the error",
        "'`+` stands between a value of type `int` and one of type `str`' in text",
        '1 + "a"',
        _info("TypeError", "unsupported operand type(s) for +: 'int' and 'str'", '1 + "a"'),
        wants="text",
    ),
    Example(
        "explain this error",
        "'does not read as a number' in text",
        'float("a")',
        _info("ValueError", "could not convert string to float: 'a'", 'float("a")'),
        wants="text",
    ),
    Example(
        "explain this error",
        "'`low_2023 - 3` must have been zero' in text and '`low_2023` is int' in text",
        "1 / (low_2023 - 3)",
        _info("ZeroDivisionError", "division by zero", "1 / (low_2023 - 3)"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'Did you mean `penguins.csv`?' in text",
        'open("pengiuns.csv")',
        _info("FileNotFoundError", "[Errno 2] No such file or directory: 'pengiuns.csv'"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'beyond the end' in text",
        "[1][2]",
        _info("IndexError", "list index out of range", "[1][2]"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'has no partner that closes it' in text and 'nothing of it ran' in text",
        "len(df",
        _info("SyntaxError", "'(' was never closed", "len(df"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'is not installed where this kernel runs' in text",
        "import zzqx",
        _info("ModuleNotFoundError", "No module named 'zzqx'", "import zzqx"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'Did you mean `Counter`?' in text",
        "from collections import Countr",
        _info("ImportError", "cannot import name 'Countr' from 'collections' (x)"),
        wants="text",
    ),
    Example(
        "explain this error",
        "'Did you mean `head`?' in text",
        "df.haed()",
        _info("AttributeError", "'DataFrame' object has no attribute 'haed'", "df.haed()"),
        wants="text",
    ),
    Example(
        "Explain this cell",
        "'Reads: `df` (pandas.DataFrame, 8 x 6)' in text and 'Defines: `ax`' in text"
        " and '`groupby` (puts the rows into groups)' in text and '`species`' in text"
        " and 'as far as its syntax says' in text and 'Shows' not in text",
        _BARS,
        wants="text",
    ),
    Example(
        "what does this do?",
        "'c2, line 2' in text and '`set`' in text and 'groupby' not in text",
        _BARS,
        wants="text",
        lines=(2, 2),
    ),
    Example(
        "explain",
        "'the value of its last line' in text and '`value_counts` (counts each value)' in text",
        'df["species"].value_counts()',
        wants="text",
    ),
    Example("how does this code work?", "'Shows' not in text", "print(1)", wants="text"),
    Example(
        "explain the selected lines",
        "'function `f(a, b=1)`' in text and 'a loop' in text and '`g` (not a live' in text",
        "def f(a, b=1):\n    for x in a:\n        g(x)\nf([])",
        wants="text",
        lines=(1, 3),
    ),
)

INTENT = Intent(
    "what an error, a cell or selected lines mean, in words", _RULES, _EXAMPLES, rank=10
)
