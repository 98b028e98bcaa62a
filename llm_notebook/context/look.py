"""What ``@`` could mean while somebody types it: a ranked lexical search.

Every word that was typed must occur. A name that starts with the words is
better than one that holds them, and a name better than a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from llm_notebook.context.files import paths_below
from llm_notebook.context.mentions import headings_of
from llm_notebook.context.variables import describe_one, tables_in, visible_names
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.protocol import Hit

MAX_HITS = 12
_MAX_SEARCHED = 20_000
_DETAIL = 80

Kind = Literal["file", "folder"]
_Found = tuple[float, int, Hit]
"""Score, place in its list, hit."""


def look(
    query: str, snapshot: Snapshot, namespace: Mapping[str, object], folder: Path | None
) -> tuple[Hit, ...]:
    """Cells, variables, files and folders that ``@query`` could mean, best first.

    Parameters
    ----------
    query : str
        What stands behind the ``@`` so far, with or without a quote; empty for
        what is mentioned most.
    snapshot : Snapshot
    namespace : mapping of str to object
        The live variables. Only names and types are read.
    folder : Path or None
        The notebook's folder.

    Returns
    -------
    tuple of Hit
        At most 12.
    """
    words = query.strip().strip('"').casefold().split()
    names = visible_names(namespace)
    found = [
        *_variables(words, names),
        *_cells(words, snapshot.cells),
        *_paths(words, folder),
    ]
    found.sort(key=lambda hit: (-hit[0], hit[1]))
    return tuple(_shown(hit, names) for _, _, hit in found[:MAX_HITS])


def _score(words: list[str], name: str, text: str = "") -> float:
    """From 0 (a word is missing) to 4 (the name itself)."""
    name = name.casefold()
    if not words:
        return 1.0
    query = " ".join(words)
    if name == query:
        return 4.0
    if name.startswith(query):
        return 3.0
    if all(re.search(rf"(?:\b|_){re.escape(word)}", name) for word in words):
        return 2.5
    if all(word in name for word in words):
        return 2.0
    if text and all(word in text or word in name for word in words):
        return 1.0
    return 0.0


def _variables(words: list[str], names: Mapping[str, object]) -> Iterator[_Found]:
    tables = {name: -i for i, name in enumerate(tables_in(names))}
    for place, name in enumerate(reversed(list(names))):
        score = _score(words, name)
        if score:
            # Of equals, data comes before everything else.
            bonus = 0.3 if name in tables else 0.0
            yield score + bonus, place, Hit("variable", f"@{name}", name)


def _cells(words: list[str], cells: tuple[Cell, ...]) -> Iterator[_Found]:
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        label = f"c{index + 1}"
        for _, heading in headings_of(cell)[:1]:
            plain = heading.replace('"', " ").strip()
            score = _score(words, plain)
            if score and plain and plain.casefold() not in seen:
                seen.add(plain.casefold())
                yield (
                    score + 0.2,
                    index,
                    Hit("cell", f'@"{plain[:200]}"', plain, f"Cell {index + 1}"),
                )
        source = cell.source[:_MAX_SEARCHED]
        score = _score(words, label, source.casefold())
        if score and (words or cell.type == "code") and source.strip():
            yield score - (0 if words else 0.5), index, _cell_hit(label, index, source, words)


def _cell_hit(label: str, index: int, source: str, words: list[str]) -> Hit:
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    # The line that holds what was looked for says more than the first.
    fits = (line for line in lines if any(word in line.casefold() for word in words))
    return Hit("cell", f"@{label}", f"Cell {index + 1}", next(fits, lines[0])[:_DETAIL])


def _paths(words: list[str], folder: Path | None) -> Iterator[_Found]:
    for place, path in enumerate(paths_below(folder)):
        score = max(
            _score(words, path.rstrip("/").rpartition("/")[2]), _score(words, path) if words else 0
        )
        if score:
            kind: Kind = "folder" if path.endswith("/") else "file"
            mention = f'@"{path}"' if re.search(r"[\s\"'@,;:!?()\[\]{}<>`]", path) else f"@{path}"
            # Deep ones are meant less often.
            yield score - 0.1 * path.count("/"), place, Hit(kind, mention, path)


def _shown(hit: Hit, names: Mapping[str, object]) -> Hit:
    """With the detail that is read only for what is shown."""
    detail = hit.detail
    if hit.kind == "variable":
        variable = describe_one(hit.label, names[hit.label])
        size = " x ".join(map(str, variable.shape))
        detail = f"{variable.type} {size}".strip()
    return Hit(hit.kind, hit.mention, hit.label, detail)
