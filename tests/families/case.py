"""What one family of code is to show in a dry run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[dict[str, Any]], object]
"""Looks at a `Preview`, as JSON; false where it is not as it should be."""


@dataclass(frozen=True)
class Case:
    """One cell that is previewed in a fresh kernel, after its setup was run there.

    Attributes
    ----------
    setup : tuple of str
        Cells that are run for real first.
    cell : str
        The cell that is previewed.
    status : tuple of str
        The preview's status must be one of these.
    check : callable
        What must be true of the preview besides.
    same : bool
        The cell is run for real afterwards, and must give the same outputs.
    needs : tuple of str
        Packages without which the case is skipped.
    budget : float
        Seconds.
    memory : int
        Bytes; 0: what a dry run has by itself.
    moving : tuple of str
        Variables that a thread of the kernel changes meanwhile, and so are not compared.
    """

    name: str
    cell: str
    setup: tuple[str, ...] = ()
    status: tuple[str, ...] = ("previewed",)
    check: Check = field(default=lambda preview: True)
    same: bool = True
    needs: tuple[str, ...] = ()
    budget: float = 30.0
    memory: int = 0
    moving: tuple[str, ...] = ()


def texts(preview: dict[str, Any]) -> str:
    """All that the cell printed and displayed as text."""
    found = []
    for cell in preview["cells"]:
        for output in cell["outputs"]:
            found.append(output["text"] + output["data"].get("text/plain", ""))
    return "\n".join(found)


def says(*words: str) -> Check:
    """Each of the words stands in what the cell printed or displayed."""
    return lambda preview: all(word in texts(preview) for word in words)


def shows(mime: str) -> Check:
    """An output of this MIME type is there."""
    return lambda preview: any(
        mime in output["data"] for cell in preview["cells"] for output in cell["outputs"]
    )


def raises(name: str) -> Check:
    """The cell ended in this exception."""
    return lambda preview: any((c["error"] or {}).get("name") == name for c in preview["cells"])


def gives_reason(*words: str) -> Check:
    """The preview's reason holds each of the words."""
    return lambda preview: all(word.lower() in preview["reason"].lower() for word in words)
