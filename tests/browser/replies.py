"""Replies for the scripted model, in the format that models answer in."""

from __future__ import annotations


def insert(place: str, source: str, kind: str = "code") -> str:
    """A new cell: ``after c2``, ``before c1`` or ``first``."""
    language = "markdown" if kind == "markdown" else "python"
    return f"@@ insert {place} {kind}\n```{language}\n{source}\n```\n"


def replace(label: str, source: str) -> str:
    """Another source for a cell."""
    return f"@@ replace {label}\n```python\n{source}\n```\n"


def reply(*edits: str, title: str = "A title") -> str:
    """A whole reply."""
    return f"title: {title}\nwhy: A reason.\n{''.join(edits)}@@ end\n"
