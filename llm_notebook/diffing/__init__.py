"""The algebra of proposals: find, apply, take back, check and show edits.

Pure functions over `Snapshot` and `Proposal`. The laws they keep, where
equality is over (type, source) in order, and over ids where both have them::

    apply(a, diff(a, b)) == b
    apply(apply(a, p), invert(p, a)) == a
    apply_hunks(x, y, all of line_hunks(x, y)) == y

Every function takes bounded time on any input: near linear in the size of the
notebook, however many cells are equal and however long a line is.
"""

from llm_notebook.diffing.applying import apply, check, invert, taken_back
from llm_notebook.diffing.choosing import Chosen, choose
from llm_notebook.diffing.edits import diff, edits_between
from llm_notebook.diffing.hunks import Hunk, apply_hunks, line_hunks
from llm_notebook.diffing.leash import Cut, cut
from llm_notebook.diffing.merging import merge
from llm_notebook.diffing.pairing import in_place_of
from llm_notebook.diffing.parts import follow, reanchor
from llm_notebook.diffing.patches import placed
from llm_notebook.diffing.render import Unit, render, render_html, render_text, units
from llm_notebook.diffing.scope import out_of_scope
from llm_notebook.diffing.text import shown

__all__ = [
    "Chosen",
    "Cut",
    "Hunk",
    "Unit",
    "apply",
    "apply_hunks",
    "check",
    "choose",
    "cut",
    "diff",
    "edits_between",
    "follow",
    "in_place_of",
    "invert",
    "line_hunks",
    "merge",
    "out_of_scope",
    "placed",
    "reanchor",
    "render",
    "render_html",
    "render_text",
    "shown",
    "taken_back",
    "units",
]
