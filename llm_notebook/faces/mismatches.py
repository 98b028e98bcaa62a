"""Page and kernel are not of one version: what a person is told."""

from __future__ import annotations

from llm_notebook import __version__
from llm_notebook.core.errors import Problem
from llm_notebook.core.protocol import PROTOCOL_VERSION

UNCHANGED = "Nothing was changed."


def unreadable(error: Exception) -> Problem:
    """A message of the page does not decode."""
    return Problem(
        "protocol",
        f"The page sent a message that this kernel cannot read ({error}).",
        UNCHANGED,
        "Reload the page and restart the kernel, so that both are of one version.",
    )


def other_version(protocol: int) -> Problem:
    """The page speaks another protocol."""
    return Problem(
        "protocol",
        f"The page speaks protocol {protocol} and this kernel's package "
        f"({__version__}) speaks {PROTOCOL_VERSION}.",
        UNCHANGED,
        "Install one version in both places, then reload the page.",
    )
