/** What an ask in place is about: the selected lines, or the selected cells. */
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { Notebook } from '@jupyterlab/notebook';

import type { Scope } from '../../protocol.gen';

/** @param numbers - Positions of cells from 1, ascending. */
export function cellsLabel(numbers: ReadonlyArray<number>): string {
  if (numbers.length === 1) {
    return `Cell ${numbers[0]}`;
  }
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last && last[1] === number - 1) {
      last[1] = number;
    } else {
      runs.push([number, number]);
    }
  }
  return `Cells ${runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')}`;
}

export function linesLabel(first: number, last: number, cell: number): string {
  return first === last
    ? `Line ${first} of cell ${cell}`
    : `Lines ${first}–${last} of cell ${cell}`;
}

/** Selected lines from 1, both included; null where nothing is selected. */
export function selectedLines(
  range: CodeEditor.IRange
): { readonly first: number; readonly last: number } | null {
  const [start, end] =
    range.start.line < range.end.line ||
    (range.start.line === range.end.line && range.start.column <= range.end.column)
      ? [range.start, range.end]
      : [range.end, range.start];
  if (start.line === end.line && start.column === end.column) {
    return null;
  }
  // A selection that ends before a line's first character does not hold that line.
  const last = end.column === 0 && end.line > start.line ? end.line - 1 : end.line;
  return { first: start.line + 1, last: last + 1 };
}

export interface IScopeOf {
  readonly scope: Scope;
  readonly label: string;
}

/** The scope of an ask at the active cell, or null in an empty notebook. */
export function scopeOf(notebook: Notebook): IScopeOf | null {
  const { activeCell, activeCellIndex } = notebook;
  if (!activeCell) {
    return null;
  }
  const lines =
    notebook.mode === 'edit' && activeCell.editor
      ? selectedLines(activeCell.editor.getSelection())
      : null;
  if (lines) {
    return {
      scope: { cells: [activeCell.model.id], ...lines },
      label: linesLabel(lines.first, lines.last, activeCellIndex + 1)
    };
  }
  const chosen = notebook.widgets
    .map((cell, index) => ({ cell, index }))
    .filter(({ cell, index }) =>
      notebook.mode === 'edit' ? index === activeCellIndex : notebook.isSelectedOrActive(cell)
    );
  return {
    scope: { cells: chosen.map(({ cell }) => cell.model.id), first: null, last: null },
    label: cellsLabel(chosen.map(({ index }) => index + 1))
  };
}
