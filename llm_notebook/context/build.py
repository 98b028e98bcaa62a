"""Assemble the context of one ask: choose, budget, redact.

Tokens are estimated as a quarter of the characters, which is close enough to
keep a prompt small and needs no tokenizer. The budget goes, in this order, to

1. the target cell, and the last error;
2. the schemas of the variables that are involved, up to half of what is left;
3. the nearest markdown cell above the target;
4. the slice, as `slice_cells` ranks it, or the last few cells where nothing
   leads anywhere;
5. cells above it of nothing but imports;
6. other tables, modules, and the names of data files.

A piece that does not fit is left out and the next one is tried. Only the
target and the markdown cell are ever cut, visibly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from llm_notebook.context.choose import mentions, names_in, slice_cells
from llm_notebook.context.files import data_files
from llm_notebook.context.redaction import redact
from llm_notebook.context.source import NOTHING, Facts, is_prompt, read_source
from llm_notebook.context.variables import describe, modules_in, tables_in, visible_names
from llm_notebook.core.context import Context, ContextCell, ErrorInfo, Variable
from llm_notebook.core.notebook import Cell, Snapshot

MAX_VARIABLES = 40
_MAX_TABLES_READ = 40
_MAX_MODULES = 15
_LAST_CELLS = 3
_MARKDOWN_TOKENS = 300
_IMPORT_TOKENS = 120
_ERROR_CHARACTERS = 1000
_CUT = "‹{} characters not shown›"


def estimate_tokens(text: str) -> int:
    """About how many tokens a model reads for this text: a quarter of its characters."""
    return len(text) // 4 + 1


def build_context(
    snapshot: Snapshot,
    prompt: str,
    target: str | None,
    namespace: Mapping[str, object],
    error: ErrorInfo | None = None,
    folder: Path | None = None,
    budget: int = 3000,
) -> Context:
    """Choose what a model is shown for one ask.

    Parameters
    ----------
    snapshot : Snapshot
    prompt : str
        The person's words. They are not part of the result, so whoever sends
        them redacts them with `redact`.
    target : str or None
        Id of the cell that was active, or of the ``%%llm`` cell.
    namespace : mapping of str to object
        The live variables. Only types, shapes and columns are read.
    error : ErrorInfo or None
        The last error.
    folder : Path or None
        The notebook's folder, to name the data files in it.
    budget : int
        Estimated tokens of everything together. A target cell is shown even
        if it alone is larger, cut to the budget.

    Returns
    -------
    Context
        Its `redacted_cells` are shown differently from what the notebook
        holds. A proposal that replaces one of them would lose what was taken
        out, so the session has to say so.
    """
    return _Builder(snapshot, prompt, target, namespace, error, budget).build(folder)


class _Builder:
    def __init__(
        self,
        snapshot: Snapshot,
        prompt: str,
        target: str | None,
        namespace: Mapping[str, object],
        error: ErrorInfo | None,
        budget: int,
    ) -> None:
        self.cells = snapshot.cells
        self.prompt = prompt
        self.error = error
        self.names = visible_names(namespace)
        self.facts = [_facts(cell) for cell in self.cells]
        ids = [cell.id for cell in self.cells]
        self.target = ids.index(target) if target in ids else None
        self.position = len(ids) if self.target is None else self.target
        self.left = self.budget = budget
        self.kinds: dict[str, None] = {}
        self.shown: dict[int, Cell] = {}
        self.changed: set[int] = set()
        self.variables: dict[str, Variable] = {}

    def build(self, folder: Path | None) -> Context:
        if self.target is not None:
            self._show(self.target, cut_to=self.budget)
        error = self._clean_error()
        wanted, ranked = self._follow()
        self._add_variables(wanted, self.left // 2)
        for index in range(self.position - 1, -1, -1):
            if self.cells[index].type == "markdown" and self.cells[index].source.strip():
                self._show(index, cut_to=min(_MARKDOWN_TOKENS, self.left))
                break
        for index in ranked:
            self._show(index)
        for index, fact in enumerate(self.facts[: self.position]):
            if fact.only_imports and estimate_tokens(self.cells[index].source) <= _IMPORT_TOKENS:
                self._show(index)
        self._add_variables(tables_in(self.names), self.left)
        self._add_variables(modules_in(self.names)[:_MAX_MODULES], self.left)
        files = self._clean_files(data_files(folder))
        return Context(
            cells=tuple(
                ContextCell(f"c{i + 1}", cell, is_target=i == self.target)
                for i, cell in sorted(self.shown.items())
            ),
            labels={f"c{i}": cell.id for i, cell in enumerate(self.cells, 1)},
            variables=tuple(self.variables.values()),
            files=files,
            error=error,
            redacted=tuple(self.kinds),
            redacted_cells=tuple(f"c{i + 1}" for i in sorted(self.changed)),
        )

    def _follow(self) -> tuple[list[str], list[int]]:
        """Names to describe, most wanted first, and indices of cells by rank."""
        own = NOTHING if self.target is None else self.facts[self.target]
        known = set(self.names).union(*(f.defines | f.touches for f in self.facts))
        asked = names_in(self.prompt, known)
        if not asked:
            asked = self._tables_meant()
        needed = [*asked, *sorted(own.uses)]
        if self.error:
            needed += sorted(read_source(self.error.line.strip()).uses)
        ranked, involved = slice_cells(self.facts, self.position, needed)
        if not ranked and not own.uses:
            last = self._last_cells()
            uses = {name for i in last for name in self.facts[i].uses | self.facts[i].defines}
            ranked, more = slice_cells(self.facts, min(last, default=0), sorted(uses))
            ranked, involved = [*last, *(i for i in ranked if i not in last)], involved | more
        made = own.defines | own.touches
        return [*needed, *sorted(made), *sorted(involved)], ranked

    def _tables_meant(self) -> list[str]:
        """Live tables whose columns the prompt speaks of, best match first."""
        tables = tables_in(self.names)[:_MAX_TABLES_READ]
        scores = {
            table.name: mentions(self.prompt, [column.name for column in table.columns])
            for table in describe(self.names, tables, _MAX_TABLES_READ)
        }
        return sorted((t for t in scores if scores[t]), key=lambda t: -scores[t])[:3]

    def _last_cells(self) -> list[int]:
        cells = [
            i
            for i, cell in enumerate(self.cells)
            if cell.type == "code" and cell.source.strip() and not is_prompt(cell.source)
        ]
        above = [i for i in cells if i < self.position]
        return (above or cells)[: -_LAST_CELLS - 1 : -1]

    def _show(self, index: int, cut_to: int | None = None) -> None:
        cell = self.cells[index]
        if index in self.shown or (not cell.source.strip() and index != self.target):
            return
        if cut_to is None and estimate_tokens(cell.source) > self.left:
            return
        source = self._clean(cell.source if cut_to is None else _cut(cell.source, cut_to * 4))
        if source != cell.source:
            self.changed.add(index)
        self.shown[index] = Cell(cell.id, cell.type, source)
        self.left = max(0, self.left - estimate_tokens(source))

    def _add_variables(self, names: Iterable[str], allowance: int) -> None:
        wanted = (name for name in names if name not in self.variables)
        for variable in describe(self.names, wanted, MAX_VARIABLES - len(self.variables)):
            clean, cost = self._fit(variable, allowance)
            if cost > allowance:
                continue
            self.variables[clean.name] = clean
            allowance -= cost
            self.left = max(0, self.left - cost)

    def _fit(self, variable: Variable, allowance: int) -> tuple[Variable, int]:
        """The variable with the columns that fit, redacted, and what it costs."""
        cost = estimate_tokens(variable.name + variable.type + variable.dtype) + 3
        columns = []
        for column in variable.columns:
            price = estimate_tokens(column.name + column.dtype) + 1
            if cost + price > allowance:
                break
            columns.append(msgspec.structs.replace(column, name=self._clean(column.name)))
            cost += price
        return msgspec.structs.replace(variable, columns=tuple(columns)), cost

    def _clean_error(self) -> ErrorInfo | None:
        if self.error is None:
            return None
        message = self._clean(_cut(self.error.message, _ERROR_CHARACTERS))
        line = self._clean(_cut(self.error.line, _ERROR_CHARACTERS))
        self.left = max(0, self.left - estimate_tokens(self.error.type + message + line))
        return ErrorInfo(self.error.type, message, line)

    def _clean_files(self, names: Iterable[str]) -> tuple[str, ...]:
        files = []
        for name in names:
            price = estimate_tokens(name)
            if price <= self.left:
                files.append(self._clean(name))
                self.left -= price
        return tuple(files)

    def _clean(self, text: str) -> str:
        text, kinds = redact(text)
        self.kinds.update(dict.fromkeys(kinds))
        return text


def _facts(cell: Cell) -> Facts:
    return read_source(cell.source) if cell.type == "code" else NOTHING


def _cut(text: str, characters: int) -> str:
    """The start and the end of a text that is too long, whole lines where possible."""
    if len(text) <= characters:
        return text
    head, tail = text[: characters * 2 // 3], text[-(characters // 3) :] if characters > 2 else ""
    head = head[: head.rfind("\n") + 1] or head
    tail = tail[tail.find("\n") + 1 :] or tail
    return f"{head}{_CUT.format(len(text) - len(head) - len(tail))}\n{tail}"
