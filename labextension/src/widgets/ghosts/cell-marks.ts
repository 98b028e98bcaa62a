/** Marks on the cells themselves, in CSS: an input gives way to a diff, or is struck out. */
import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';

import type { IPlace } from './places';

const MARKS = {
  replace: 'llm-mod-replaced',
  delete: 'llm-mod-deleted',
  move: 'llm-mod-moved'
} as const;

export class CellMarks {
  constructor(private readonly notebook: Notebook) {}

  /** @param drawn - The places whose ghosts are there. */
  update(drawn: ReadonlyArray<IPlace>, cells: ReadonlyMap<string, Cell>): void {
    const marks = new Map<Cell, string>();
    for (const { kind, lost, slot } of drawn) {
      const cell = cells.get(slot.cell);
      if (cell && kind in MARKS && !lost) {
        marks.set(cell, MARKS[kind as keyof typeof MARKS]);
      }
    }
    for (const cell of [...this.marked.keys()]) {
      if (marks.get(cell) !== this.marked.get(cell)) {
        this.mark(cell, null);
      }
    }
    marks.forEach((name, cell) => this.mark(cell, name));
  }

  /** A person who turns to a cell whose input gave way to a diff gets the input back. */
  follow(): void {
    const { activeCell, mode } = this.notebook;
    for (const cell of this.marked.keys()) {
      const editing = mode === 'edit' && cell === activeCell;
      const had = cell.hasClass('llm-mod-editing');
      cell.toggleClass('llm-mod-editing', editing);
      if (editing && !had) {
        cell.editor?.focus();
      }
    }
  }

  clear(): void {
    [...this.marked.keys()].forEach(cell => this.mark(cell, null));
  }

  private mark(cell: Cell, name: string | null): void {
    const had = this.marked.get(cell);
    if (had === name) {
      return;
    }
    if (had && !cell.isDisposed) {
      cell.removeClass(had);
    }
    this.marked.delete(cell);
    if (name) {
      cell.addClass(name);
      this.marked.set(cell, name);
    }
  }

  private readonly marked = new Map<Cell, string>();
}
