"""Going on with what is being typed: what a model is sent, and what of its reply is typed."""

from __future__ import annotations

import re

from llm_notebook.core.context import Context
from llm_notebook.core.deceptive import spans
from llm_notebook.llm.enclosing import RULE, Enclosure
from llm_notebook.llm.prompt import cell_name
from llm_notebook.llm.wire import Message

LINES = 12
"""Lines that are offered at once, at most: more is a proposal."""

SYSTEM = f"""\
You complete code that a person is typing into a cell of a Jupyter notebook. Answer with the text \
that belongs at the cursor and with nothing else: no explanation, no fence, and nothing of what \
stands before or behind the cursor. Be brief: finish the line, or the few lines of one thought. \
Use the variables and columns that exist, with their exact names; never make one up. Where nothing \
is missing, answer with nothing.
{RULE}"""

_THOUGHT = re.compile(r"^\s*<think(?:ing)?>.*?(?:</think(?:ing)?>\s*|$)", re.S)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})[^\n]*\n")


def completing_messages(
    prefix: str, suffix: str, context: Context, target: str
) -> tuple[Message, ...]:
    """The messages for one completion. The same input gives the same text.

    Parameters
    ----------
    prefix, suffix : str
        The cell before and behind the cursor, secrets taken out.
    context : Context
        What else is shown; the cell itself is left out of it.
    target : str
        Id of the cell.
    """
    shown = [(cell_name(c), c.cell.source) for c in context.cells if c.cell.id != target]
    if context.variables:
        shown.append(("live variables", "\n".join(found.text() for found in context.variables)))
    if context.files:
        shown.append(("names of data files beside the notebook", context.files_text()))
    if suffix.strip():
        shown.append(("behind the cursor", suffix))
    shown.append(("before the cursor, which stands at its very end", prefix))
    enclosure = Enclosure(*(text for _, text in shown))
    parts = [enclosure.data(kind, text) for kind, text in shown]
    return (Message("system", SYSTEM), Message("user", "\n\n".join(parts)))


def is_enough(reply: str) -> bool:
    """Whether no more of a reply needs to be waited for."""
    return _bare(reply).count("\n") > LINES


def continuation(reply: str, prefix: str, suffix: str, *, is_whole: bool) -> str:
    """The text to type, out of a model's reply; empty where there is none.

    Models wrap code in fences, repeat the line that they go on with, and run on
    into what stands behind the cursor. All of that is taken off, and so is the first
    line with a character that is not what it seems, with all that follows it.

    Parameters
    ----------
    is_whole : bool
        Whether the reply has ended by itself. Else its last line may be cut,
        and is left out where it is not the only one.
    """
    text = _bare(reply)
    lines = text.split("\n")
    if not is_whole and len(lines) > 1:
        lines.pop()
    text = "\n".join(lines[:LINES])
    text = _without_repeated(text, prefix)
    text = _without_following(text.rstrip(), suffix)
    found = spans(text)
    if found:
        # It would be typed as it is: nothing that a person could not see there.
        text = text[: found[0].start].rpartition("\n")[0]
    return "" if not text.strip() else text


def _bare(reply: str) -> str:
    """A reply without thoughts and without the fence around it."""
    text = _THOUGHT.sub("", reply)
    fence = _FENCE.match(text)
    if fence is None:
        return text
    text = text[fence.end() :]
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() == fence[1]:
            return "\n".join(lines[:number])
    return text


def _without_repeated(text: str, prefix: str) -> str:
    """Without the start of the line, or of the cell, that a model says again."""
    if prefix.strip() and text.startswith(prefix):
        return text[len(prefix) :]
    line = prefix.rpartition("\n")[2]
    bare = line.lstrip()
    for said in (line, bare):
        if said.strip() and text.startswith(said):
            return text[len(said) :]
    return text


def _without_following(text: str, suffix: str) -> str:
    """Without an end that stands behind the cursor already."""
    following = suffix.strip("\n")
    rest_of_line = suffix.partition("\n")[0].rstrip()
    if following.strip() and text.endswith(following.rstrip()):
        text = text[: len(text) - len(following.rstrip())]
        return text.rstrip() if suffix.startswith("\n") else text
    if rest_of_line and text.endswith(rest_of_line):
        return text[: len(text) - len(rest_of_line)]
    return text
