"""The algebra of proposals: find, apply, take back, check and show edits.

Pure functions over `Snapshot` and `Proposal`. The laws they keep, where
equality is over (type, source) in order, and over ids where both have them::

    apply(a, diff(a, b)) == b
    apply(apply(a, p), invert(p, a)) == a
    apply_hunks(x, y, all of line_hunks(x, y)) == y

Every function takes bounded time on any input: near linear in the size of the
notebook, however many cells are equal and however long a line is.
"""

from llm_notebook.diff.applying import apply, check, invert
from llm_notebook.diff.edits import diff
from llm_notebook.diff.hunks import Hunk, apply_hunks, line_hunks
from llm_notebook.diff.render import render_html, render_text
from llm_notebook.diff.text import shown

__all__ = [
    "Hunk",
    "apply",
    "apply_hunks",
    "check",
    "diff",
    "invert",
    "line_hunks",
    "render_html",
    "render_text",
    "shown",
]
