"""The case tables `families/*.toml` as records.

A case is judged by the whole chain, and again without the layers that it names.
The first must not be ALLOW. That the second is ALLOW in at least one case of each
family shows that the layers do it, and that these tests would notice. The layers are
approvers, by the name that their reasons carry (`llm_notebook.rules.approvers`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One way.

    Attributes
    ----------
    family, name : str
    cells : tuple of str
        Proposed code.
    layers : frozenset of str
        The rules that hold it, each of which must speak up.
    order : dict
        What else the court is told; see `tests.bypass.court.in_kernel`.
    """

    family: str
    name: str
    cells: tuple[str, ...]
    layers: frozenset[str]
    order: dict[str, Any]


def _read(family: str, entry: dict[str, Any]) -> Case:
    name, by = entry.pop("name"), entry.pop("by")
    cells = tuple(entry.pop("cells", ()))
    if entry.pop("is_unknown", False):
        entry["untrusted"] = None
    return Case(family, name, cells, frozenset(by.split()), entry)


ALL = tuple(
    _read(path.stem, entry)
    for path in sorted((Path(__file__).parent / "families").glob("*.toml"))
    for entry in tomllib.loads(path.read_text("utf-8"))["case"]
)
