"""Records as a model may see them: redacted, and cut to what they may cost."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from llm_notebook.context.pieces import clean, estimate_tokens
from llm_notebook.context.redaction import redact
from llm_notebook.context.values import shorten
from llm_notebook.core.context import ErrorInfo, Variable, quoted

_ERROR_TOKENS = 250

Kinds = tuple[str, ...]
"""What kinds of secrets were taken out."""


class _Cleaner:
    """Redacts, and remembers what kinds of secrets it has met."""

    def __init__(self) -> None:
        self._kinds: dict[str, None] = {}

    @property
    def kinds(self) -> Kinds:
        return tuple(self._kinds)

    def __call__(self, text: str, tokens: int | None = None) -> str:
        text, found = redact(text) if tokens is None else clean(text, tokens)
        self._kinds.update(dict.fromkeys(found))
        return text

    def value(self, name: str, text: str) -> str:
        """A value, which may be secret for its name only: `db_password` holds any word."""
        clean = self(text)
        if clean == text and (found := redact(f"{name} = {text!r}")[1]):
            self._kinds.update(dict.fromkeys(found))
            clean = f"‹{found[0]} removed›"
        return shorten(clean)


def fit_variable(variable: Variable, tokens: int) -> tuple[Variable, Kinds]:
    """The variable with as many columns as fit."""
    cleaned = _Cleaner()
    replace = msgspec.structs.replace
    values = tuple(cleaned.value(variable.name, value) for value in variable.values)
    fitted = replace(variable, columns=(), values=values)
    cost = estimate_tokens(fitted.text()) + 10
    # One look at all the names together is cheaper than one at each.
    is_clean = not redact("\n".join(column.name for column in variable.columns))[1]
    columns = []
    for column in variable.columns:
        shown = replace(
            column,
            name=column.name if is_clean else cleaned(column.name),
            values=tuple(cleaned.value(column.name, value) for value in column.values),
        )
        cost += estimate_tokens(shown.text())
        if cost > tokens:
            break
        columns.append(shown)
    return replace(fitted, columns=tuple(columns)), cleaned.kinds


def fit_error(error: ErrorInfo) -> tuple[ErrorInfo, Kinds]:
    """The error with a message that is not too long."""
    cleaned = _Cleaner()
    shown = ErrorInfo(
        type=cleaned(error.type, _ERROR_TOKENS),
        message=cleaned(error.message, _ERROR_TOKENS),
        line=cleaned(error.line, _ERROR_TOKENS),
        frame=cleaned(error.frame, _ERROR_TOKENS),
        cell=error.cell,
    )
    return shown, cleaned.kinds


def fit_files(names: Iterable[str], tokens: int) -> tuple[tuple[str, ...], Kinds]:
    """As many names as fit."""
    cleaned = _Cleaner()
    files = []
    for name in names:
        shown = cleaned(name)
        tokens -= estimate_tokens(quoted(shown))
        if tokens < 0:
            break
        files.append(shown)
    return tuple(files), cleaned.kinds
