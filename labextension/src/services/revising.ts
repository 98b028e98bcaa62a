/** A stale edit put on the notebook as it is now. */
import { cellHash } from '../hash';
import type { Edit } from '../protocol.gen';
import { viewEdits, type ICells } from './edits';

/**
 * The edits with this one fitted to the cells as they are now.
 *
 * What stood behind a cell that is gone goes behind `target`, or to the end; a
 * replace of a cell that is gone brings it as a new one.
 *
 * @returns The same edits where it is not stale; null where there is nothing left to do.
 */
export function rebased(
  edits: ReadonlyArray<Edit>,
  index: number,
  cells: ICells,
  target: string | null
): ReadonlyArray<Edit> | null {
  const edit = edits[index];
  if (!edit || viewEdits(edits, cells)[index]!.applies) {
    return edits;
  }
  const cell = cells.read(edit.cell_id);
  const known = new Set([
    ...cells.ids,
    ...edits.slice(0, index).flatMap(other => (other.op === 'insert' ? [other.cell_id] : []))
  ]);
  const fallback = (): string | null =>
    target !== null && known.has(target) && target !== edit.cell_id
      ? target
      : (cells.ids.findLast(id => id !== edit.cell_id) ?? null);
  const anchored = (after: string | null): string | null =>
    after === null || (known.has(after) && after !== edit.cell_id) ? after : fallback();
  const expects = cell ? cellHash(cell.type, cell.source) : '';

  if (edit.op === 'insert') {
    return edits.with(index, { ...edit, after: anchored(edit.after) });
  }
  if (cell === null) {
    if (edit.op !== 'replace') {
      return null;
    }
    const { cell_id, cell_type, source } = edit;
    return edits.with(index, { op: 'insert', cell_id, cell_type, source, after: fallback() });
  }
  if (edit.op === 'move') {
    return edits.with(index, { ...edit, expects, after: anchored(edit.after) });
  }
  return edits.with(index, { ...edit, expects });
}
