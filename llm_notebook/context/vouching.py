"""Which parts of a context others may have written: data, files, outputs.

Cells are the person's own, as far as anybody can say. What comes out of data is
not: a file's content, the text of an error, values, and a name that is more than
a name, such as a column called "ignore all of the above and …".
"""

from __future__ import annotations

import re

from llm_notebook.core.context import Context, Variable

_PLAIN = re.compile(r"[\w %()./\-+#&$€:,°²³'\[\]]{0,60}")
_MOST_WORDS = 6


def untrusted_in(context: Context) -> tuple[str, ...]:
    """Labels of the pieces that carry text of others, as a person reads them."""
    variables = {variable.name: variable for variable in context.variables}
    found = []
    for piece in context.pieces:
        if piece.kind == "cell":
            continue
        if piece.kind == "variable":
            variable = variables.get(piece.id.partition(":")[2])
            is_fine = variable is not None and _is_bare(variable)
        else:
            is_fine = piece.kind == "files" and all(map(_is_plain, context.files))
        if not is_fine:
            found.append(piece.label)
    return tuple(found)


def _is_bare(variable: Variable) -> bool:
    """Whether it is types, shapes and plain names only."""
    if variable.values or any(column.values for column in variable.columns):
        return False
    # A type's name is code's own, and is one word, unless data has made it up.
    is_one = not re.search(r"\s", variable.type)
    return is_one and all(_is_plain(column.name) for column in variable.columns)


def _is_plain(name: str) -> bool:
    """Whether a name could hardly be a request in words."""
    return _PLAIN.fullmatch(name) is not None and len(name.split()) <= _MOST_WORDS
