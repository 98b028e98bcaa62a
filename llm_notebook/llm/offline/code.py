"""Small pieces of Python source."""

from __future__ import annotations

import json
import re

from llm_notebook.core.context import Variable
from llm_notebook.llm.offline.words import UNITS, forms

_LONGEST = 80


def quoted(text: str) -> str:
    """A Python literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def listed(names: list[str]) -> str:
    """One quoted name, or a list of them."""
    return quoted(names[0]) if len(names) == 1 else f"[{', '.join(map(quoted, names))}]"


def said(name: str) -> str:
    """A column's name as in a sentence: ``body_mass_g`` becomes "body mass"."""
    words = re.findall(r"[^\W_]+", name)
    if len(words) > 1 and forms(name)[-1] in UNITS:
        words = words[:-1]
    return " ".join(words) or name


def label(name: str) -> str:
    """A column's name on an axis: ``body_mass_g`` becomes "body mass (g)"."""
    words = re.findall(r"[^\W_]+", name)
    if len(words) > 1 and forms(name)[-1] in UNITS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    return " ".join(words) or name


def sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def spoken_type(variable: Variable) -> str:
    """A live variable's type and size: ``pandas.DataFrame, 8 x 6``."""
    size = " x ".join(str(part) for part in variable.shape)
    return f"{' '.join(variable.type.split())}{f', {size}' if size else ''}"


def ticked(text: str) -> str:
    """A name as code in a sentence, on one line, cut where it is long."""
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}`"
