/** Edits held against live cells: the preconditions, as in `llm_notebook.diff`. */
import { cellHash } from '../hash';
import type { Cell, Edit } from '../protocol.gen';
import type { IEditView } from '../tokens';

/** The notebook as far as preconditions need it. */
export interface ICells {
  readonly ids: ReadonlyArray<string>;
  read(id: string): Cell | null;
}

/**
 * Hold each edit against the notebook as the earlier ones leave it.
 *
 * An edit that does not apply changes nothing for those after it.
 */
export function viewEdits(edits: ReadonlyArray<Edit>, cells: ICells): IEditView[] {
  const order = [...cells.ids];
  const fresh = new Map<string, Cell>();
  const read = (id: string): Cell | null =>
    order.includes(id) ? (fresh.get(id) ?? cells.read(id)) : null;

  return edits.map((edit, index) => {
    const cell = read(edit.cell_id);
    const before = edit.op === 'insert' ? '' : (cell?.source ?? '');
    const anchor = edit.op === 'insert' ? edit.after : edit.cell_id;
    const applies = holds(edit, cell, order);
    if (applies) {
      advance(edit, order, fresh, cell);
    }
    return { index, edit, anchor, before, applies };
  });
}

function holds(edit: Edit, cell: Cell | null, order: ReadonlyArray<string>): boolean {
  if (edit.op === 'insert') {
    return cell === null && (edit.after === null || order.includes(edit.after));
  }
  if (cell === null || cellHash(cell.type, cell.source) !== edit.expects) {
    return false;
  }
  if (edit.op === 'move') {
    return edit.after === null || (edit.after !== edit.cell_id && order.includes(edit.after));
  }
  return true;
}

function advance(edit: Edit, order: string[], fresh: Map<string, Cell>, cell: Cell | null): void {
  if (edit.op === 'delete' || edit.op === 'move') {
    order.splice(order.indexOf(edit.cell_id), 1);
  }
  if (edit.op === 'insert' || edit.op === 'move') {
    order.splice(edit.after === null ? 0 : order.indexOf(edit.after) + 1, 0, edit.cell_id);
  }
  if (edit.op === 'insert' || edit.op === 'replace') {
    fresh.set(edit.cell_id, {
      id: edit.cell_id,
      type: edit.cell_type,
      source: edit.source
    });
  } else if (cell !== null) {
    fresh.set(edit.cell_id, cell);
  }
}
