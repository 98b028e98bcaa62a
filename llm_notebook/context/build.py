"""Assemble the context of one ask: choose, budget, redact.

The budget goes, in this order, to

1. the target cell, then what is to be changed: the selected cells, and those
   that an earlier version of the proposal brought in or touched;
2. what the prompt mentions with ``@``: cells, variables, files and folders;
3. the error;
4. the schemas of the variables that are involved, up to half of what is left;
5. the nearest markdown cell above the target;
6. the slice, as `slice_cells` ranks it, or the last few cells where nothing
   leads anywhere, and the cell that ended in the error;
7. cells above the target of nothing but imports;
8. other tables, modules, and the names of data files.

A piece that does not fit is left out and the next one is tried. Only the
target, the markdown cell and contents of files are ever cut, visibly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from llm_notebook.context.attach import attach
from llm_notebook.context.choose import mentions, names_in, slice_cells
from llm_notebook.context.files import data_files
from llm_notebook.context.fit import fit_error, fit_files, fit_variable
from llm_notebook.context.mentions import mentions_in, resolve
from llm_notebook.context.nulls import Reading
from llm_notebook.context.pieces import Tray, clean, estimate_tokens
from llm_notebook.context.source import NOTHING, Facts, is_prompt, read_source
from llm_notebook.context.variables import describe, modules_in, tables_in, visible_names
from llm_notebook.core.context import Context, ContextCell, ErrorInfo, Variable
from llm_notebook.core.notebook import Cell, Snapshot
from llm_notebook.core.origin import Scope
from llm_notebook.core.protocol import Surveyed

DEFAULT_BUDGET = 3000
MAX_VARIABLES = 40
_MAX_TABLES_READ = 40
_MAX_MODULES = 15
_LAST_CELLS = 3
_MARKDOWN_TOKENS = 300
_IMPORT_TOKENS = 120
_FILE_TOKENS = 800
_WHOLE = 1_000_000


def build_context(
    snapshot: Snapshot,
    prompt: str,
    target: str | None,
    namespace: Mapping[str, object],
    error: ErrorInfo | None = None,
    folder: Path | None = None,
    budget: int = DEFAULT_BUDGET,
    *,
    scope: Scope | None = None,
    without: Iterable[str] = (),
    values: bool = False,
    extra: Mapping[str, str] | None = None,
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
        The live variables. Only types, shapes, columns and null counts are
        read, and a few values where `values` says so.
    error : ErrorInfo or None
        The error that the ask is about, or the last one.
    folder : Path or None
        The notebook's folder, to name the data files in it and to open what
        the prompt mentions.
    budget : int
        Estimated tokens of everything together. A target cell is shown even
        if it alone is larger, cut to the budget.
    scope : Scope or None
        What may be changed; its cells are wanted most.
    without : iterable of str
        Ids of pieces that the person took out.
    values : bool
        Whether a few values of the data may be shown.
    extra : mapping of str to str, optional
        Ids of further cells that the model has to see, each with why, such as
        those that the version before changed.

    Returns
    -------
    Context
        Its `redacted_cells` are shown differently from what the notebook
        holds. A proposal that replaces one of them would lose what was taken
        out, so the session has to say so.
    """
    tray = Tray(budget, without)
    builder = _Builder(snapshot, prompt, target, namespace, error, tray, values=values)
    wanted = dict.fromkeys(scope.cells if scope else (), "selected")
    return builder.build(folder, wanted | dict(extra or {}), values=values)


def survey(survey_id: str, context: Context) -> Surveyed:
    """A context as a person is shown it before it is sent."""
    tokens = sum(piece.tokens for piece in context.pieces)
    return Surveyed(survey_id, context.pieces, tokens, context.budget, context.left_out)


class _Builder:
    def __init__(
        self,
        snapshot: Snapshot,
        prompt: str,
        target: str | None,
        namespace: Mapping[str, object],
        error: ErrorInfo | None,
        tray: Tray,
        *,
        values: bool,
    ) -> None:
        self.cells = snapshot.cells
        self.prompt = prompt
        self.error = error
        self.tray = tray
        self.names = visible_names(namespace)
        self.facts = [_facts(cell) for cell in self.cells]
        self.at = {cell.id: index for index, cell in enumerate(self.cells)}
        self.target = self.at.get(target) if target is not None else None
        self.position = len(self.cells) if self.target is None else self.target
        self.shown: dict[int, Cell] = {}
        self.changed: set[int] = set()
        self.variables: dict[str, Variable] = {}
        self.files: tuple[str, ...] = ()
        self.mentioned: list[str] = []
        self.reading = Reading(nulls=True, values=values)

    def build(self, folder: Path | None, wanted: Mapping[str, str], *, values: bool) -> Context:
        tray = self.tray
        if self.target is not None:
            self._show(self.target, "the active cell", cut_to=tray.budget, is_removable=False)
        for cell_id, why in wanted.items():
            if cell_id in self.at:
                self._show(self.at[cell_id], why)
        self._add_mentioned(folder, values=values)
        error = self._add_error()
        asked, involved, ranked = self._follow()
        self._add_variables(asked, "you named it", tray.left // 2)
        self._add_variables(involved, "used here", tray.left // 2)
        for index in range(self.position - 1, -1, -1):
            if self.cells[index].type == "markdown" and self.cells[index].source.strip():
                self._show(index, "the text above", cut_to=min(_MARKDOWN_TOKENS, tray.left))
                break
        for index, why in ranked.items():
            self._show(index, why)
        if self.error and self.error.cell in self.at:
            self._show(self.at[self.error.cell], "it ended in the error")
        for index, fact in enumerate(self.facts[: self.position]):
            if fact.only_imports and estimate_tokens(self.cells[index].source) <= _IMPORT_TOKENS:
                self._show(index, "imports")
        self._add_variables(tables_in(self.names), "another table", tray.left)
        imported = {name for i in self.shown for name in self.facts[i].imports}
        modules = [name for name in modules_in(self.names) if name not in imported]
        self._add_variables(modules[:_MAX_MODULES], "a module", tray.left)
        self._add_files(data_files(folder))
        return Context(
            cells=tuple(
                ContextCell(f"c{i + 1}", cell, is_target=i == self.target)
                for i, cell in sorted(self.shown.items())
            ),
            labels={f"c{i}": cell.id for i, cell in enumerate(self.cells, 1)},
            variables=tuple(self.variables.values()),
            files=self.files,
            error=error,
            redacted=tuple(dict.fromkeys(kind for piece in tray.pieces for kind in piece.redacted)),
            redacted_cells=tuple(f"c{i + 1}" for i in sorted(self.changed)),
            pieces=tray.pieces,
            left_out=tray.left_out,
            budget=tray.budget,
        )

    def _follow(self) -> tuple[list[str], list[str], dict[int, str]]:
        """Names that are asked for, further ones to describe, and indices of cells by rank."""
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
            more, names = slice_cells(self.facts, min(last, default=0), sorted(uses))
            ranked = dict.fromkeys(last, "one of the last cells") | {
                i: why for i, why in more.items() if i not in last
            }
            involved = involved | names
        made = own.defines | own.touches
        return asked, [*needed, *self.mentioned, *sorted(made), *sorted(involved)], ranked

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

    def _show(
        self, index: int, why: str, cut_to: int = _WHOLE, *, is_removable: bool = True
    ) -> None:
        cell = self.cells[index]
        label = f"Cell {index + 1}"
        if index in self.shown or (not cell.source.strip() and index != self.target):
            return
        cost = estimate_tokens(cell.source)
        if cut_to == _WHOLE and cost > self.tray.left and self.tray.wants("cell", cell.id):
            self.tray.refuse("cell", cell.id, label, "did not fit", cost)
            return
        source, kinds = clean(cell.source, cut_to)
        if not self.tray.add("cell", cell.id, label, source, why, kinds, is_removable=is_removable):
            return
        if source != cell.source:
            self.changed.add(index)
        self.shown[index] = Cell(cell.id, cell.type, source)

    def _add_mentioned(self, folder: Path | None, *, values: bool) -> None:
        for text in mentions_in(self.prompt):
            mention = resolve(text, self.cells, self.names)
            half = self.tray.left // 2
            for index in mention.cells:
                # Of a section that would fill everything, its start.
                if index != mention.cells[0] and self.tray.left < half:
                    break
                self._show(index, "you mentioned it")
                self.mentioned += sorted(self.facts[index].defines)
            if mention.variable:
                self._add_variables([mention.variable], "you mentioned it", self.tray.left // 2)
            room = min(_FILE_TOKENS, self.tray.left // 2)
            found = attach(text, folder, room, values=values)
            if found is None:
                if not mention.cells and not mention.variable:
                    self.tray.refuse("file", text, f"@{text}", "nothing here is called that")
            elif found.problem:
                self.tray.refuse(found.kind, found.name, found.name, found.problem)
            else:
                self.tray.add(
                    found.kind,
                    found.name,
                    found.name,
                    found.text,
                    "you mentioned it",
                    found.redacted,
                )

    def _add_variables(self, names: Iterable[str], why: str, allowance: int) -> None:
        wanted = [name for name in names if name not in self.variables]
        room = MAX_VARIABLES - len(self.variables)
        for variable in describe(self.names, wanted, room, self.reading):
            fitted, kinds = fit_variable(variable, allowance)
            text = fitted.text()
            if self.tray.add(
                "variable", variable.name, variable.name, text, why, kinds, allowance=allowance
            ):
                self.variables[variable.name] = fitted
                allowance -= estimate_tokens(text)

    def _add_error(self) -> ErrorInfo | None:
        if self.error is None:
            return None
        error, kinds = fit_error(self.error)
        is_in = self.tray.add("error", "", "Error", error.text(), "the last error", kinds)
        return error if is_in else None

    def _add_files(self, names: Iterable[str]) -> None:
        files, kinds = fit_files(names, self.tray.left)
        label, text = f"{len(files)} data files", Context(files=files).files_text()
        if files and self.tray.add("files", "", label, text, "beside the notebook", kinds):
            self.files = files


def _facts(cell: Cell) -> Facts:
    return read_source(cell.source) if cell.type == "code" else NOTHING
