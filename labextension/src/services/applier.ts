/**
 * Applying edits to the shared model.
 *
 * One transaction between two ends of capture makes one undo step. Inside the
 * transaction the model's own list of cells is stale after an insert or a
 * delete, so the order of ids is kept here.
 */
import type { ISharedCell, SharedCell, YNotebook } from '@jupyter/ydoc';
import type { PartialJSONObject, PartialJSONValue } from '@lumino/coreutils';

import { PROVENANCE_KEY } from '../protocol.gen';
import type { Edit, Insert, Replace } from '../protocol.gen';
import { viewEdits, type ICells } from './edits';

/** The cells of a shared notebook by their ids, in order. */
export function sharedCells(notebook: YNotebook): Map<string, ISharedCell> {
  return new Map(notebook.cells.map(cell => [cell.id, cell]));
}

/** The cells of a shared notebook, for preconditions. */
export function cellsOf(notebook: YNotebook, byId = sharedCells(notebook)): ICells {
  return {
    ids: [...byId.keys()],
    read: id => {
      const cell = byId.get(id);
      return cell ? { id, type: cell.cell_type, source: cell.getSource() } : null;
    }
  };
}

/**
 * Why a cell that these edits touch may not be changed; empty where all may.
 */
export function lockedReason(notebook: YNotebook, edits: ReadonlyArray<Edit>): string {
  const byId = sharedCells(notebook);
  for (const edit of edits) {
    const metadata = byId.get(edit.cell_id)?.getMetadata();
    if (edit.op === 'replace' && metadata?.editable === false) {
      return 'A cell that it changes is marked as not editable. The notebook was not touched.';
    }
    if (edit.op === 'delete' && (metadata?.deletable === false || metadata?.editable === false)) {
      return 'A cell that it deletes is marked as not deletable. The notebook was not touched.';
    }
  }
  return '';
}

/** What the cells that are written hold beside type and source. */
export interface IWriting {
  /** What is put under our key of their metadata; undefined takes it away. */
  provenance(edit: Insert | Replace): PartialJSONValue | undefined;
  /** The whole cell, where it comes back as it was. */
  whole?(edit: Insert | Replace): SharedCell.Cell | undefined;
}

/**
 * Apply edits in one undoable transaction.
 *
 * @returns The ids of inserted and replaced cells in order.
 * @throws Where a precondition fails; then nothing was applied.
 */
export function applyEdits(
  notebook: YNotebook,
  edits: ReadonlyArray<Edit>,
  writing: IWriting
): string[] {
  const cells = sharedCells(notebook);
  const live = cellsOf(notebook, cells);
  if (!viewEdits(edits, live).every(view => view.applies)) {
    throw new Error('A precondition no longer holds; nothing was applied.');
  }
  const order = [...live.ids];
  const touched = new Set<string>();

  const put = (after: string | null, id: string, json: SharedCell.Cell): void => {
    const index = after === null ? 0 : order.indexOf(after) + 1;
    cells.set(id, notebook.insertCell(index, json));
    order.splice(index, 0, id);
  };
  const take = (id: string): void => {
    const index = order.indexOf(id);
    notebook.deleteCell(index);
    order.splice(index, 1);
  };
  const written = (edit: Insert | Replace, metadata: PartialJSONObject): SharedCell.Cell =>
    writing.whole?.(edit) ?? newCell(edit, writing.provenance(edit), metadata);

  notebook.undoManager.stopCapturing();
  notebook.transact(() => {
    for (const edit of edits) {
      const cell = cells.get(edit.cell_id);
      if (edit.op === 'insert') {
        touched.add(edit.cell_id);
        put(edit.after, edit.cell_id, written(edit, {}));
      } else if (cell === undefined) {
        throw new Error(`No cell ${edit.cell_id}`); // the preconditions held, so never
      } else if (edit.op === 'replace') {
        touched.add(edit.cell_id);
        if (cell.cell_type === edit.cell_type) {
          setSource(cell, edit.source);
          const provenance = writing.provenance(edit);
          if (provenance === undefined) {
            cell.deleteMetadata(PROVENANCE_KEY);
          } else {
            cell.setMetadata(PROVENANCE_KEY, provenance);
          }
        } else {
          const before = order[order.indexOf(edit.cell_id) - 1] ?? null;
          const json = written(edit, cell.getMetadata());
          take(edit.cell_id);
          put(before, edit.cell_id, json);
        }
      } else if (edit.op === 'delete') {
        touched.delete(edit.cell_id);
        take(edit.cell_id);
      } else {
        const json = cell.toJSON();
        take(edit.cell_id);
        put(edit.after, edit.cell_id, json);
      }
    }
  });
  notebook.undoManager.stopCapturing();
  return order.filter(id => touched.has(id));
}

function newCell(
  edit: Insert | Replace,
  provenance: PartialJSONValue | undefined,
  metadata: PartialJSONObject
): SharedCell.Cell {
  return {
    cell_type: edit.cell_type,
    id: edit.cell_id,
    source: edit.source,
    metadata: provenance === undefined ? metadata : { ...metadata, [PROVENANCE_KEY]: provenance },
    ...(edit.cell_type === 'code' ? { outputs: [], execution_count: null } : {})
  };
}

/** Write only what differs, so that the cursor and other people's edits elsewhere stay. */
function setSource(cell: ISharedCell, source: string): void {
  const old = cell.getSource();
  let start = 0;
  const shorter = Math.min(old.length, source.length);
  while (start < shorter && old[start] === source[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === source[source.length - 1 - end]) {
    end++;
  }
  // Never between the halves of a surrogate pair: Yjs would lose them.
  if (start > 0 && isHigh(old.charCodeAt(start - 1))) {
    start--;
  }
  if (end > 0 && isLow(old.charCodeAt(old.length - end))) {
    end--;
  }
  if (old !== source) {
    cell.updateSource(start, old.length - end, source.slice(start, source.length - end));
  }
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
